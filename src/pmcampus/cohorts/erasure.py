"""Erasing one learner: their files, names and scores go, and the ledger still proves everybody else's.

What is decided here, and why. A learner may ask for erasure (GDPR, article 17, `gdpr2016` in the
curriculum's references). The ledger is a chain, so a row cannot simply go. Its rows are emptied instead:
number, digest, assessment and versions stay, so that the chain can still be checked; learner, submission,
scores, messages and moments go. A new row lists which rows were emptied. Where marks must be kept by law
(article 17, paragraph 3) the institution must not run this; the command asks for the id twice.
"""

import re
import shutil
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from pmcampus import gradebook
from pmcampus.allowancefile import forget
from pmcampus.appeals import appeals
from pmcampus.cohort import role_ids
from pmcampus.cohortdir import database_url, load_cohort, load_roster, write_roster
from pmcampus.errors import CohortError
from pmcampus.files import digest
from pmcampus.intake.identities import load_identities, write_identities
from pmcampus.kept import write_head

SHELVES = ("submitted", "autograded", "feedback", "receipts", "appeals")
MAX_SEARCHED = 20_000_000  # bytes of a file that is looked through


@dataclass
class Erased:
    """What went, in numbers, and the files that still name the learner, such as a team's."""

    rows: int
    files: int
    left: list[str] = field(default_factory=list)


def erase(folder: Path, learner: str, *, root: Path, now: datetime) -> Erased:
    """The learner is gone from this cohort's folder and gradebook.

    Can be run again after a crash: what is gone already is passed over.

    Raises:
        CohortError: nobody of this id was ever here, or a run of marking is under way.
    """
    cohort = load_cohort(folder)
    if gradebook.somebody_at_work(folder):
        raise CohortError(f"{folder}: a run is marking this cohort; wait until it has ended.")
    learners = load_roster(folder, cohort, roles=role_ids(root))
    places = _places(folder, learner)
    with gradebook.open_gradebook(database_url(folder, cohort), cohort.course) as book:
        known = learner in {one.id for one in learners}
        if not known and not places and not any(row.learner == learner for row in gradebook.all_rows(book)):
            raise CohortError(f"{learner!r} is not in {folder}; check the id.")
        if known and len(learners) == 1:
            raise CohortError(f"{learner} is the only learner; delete the whole folder {folder} instead.")
        gone = gradebook.erase(book, learner, now=now)
        rows = gradebook.all_rows(book)
    if rows:
        write_head(folder, rows[-1].id, rows[-1].digest)
    files = sum(path.is_file() for place in places for path in place.rglob("*"))
    for place in places:
        shutil.rmtree(place)
    for case in appeals(folder, learner=learner):
        for path in (folder / "appeals").glob(f"{case.appeal.id}.*.json"):
            path.unlink()
            files += 1
    files += _drop_unowned(folder, {row.submission for row in rows})
    forget(folder, learner)
    identities = load_identities(folder)
    if identities:
        write_identities(folder, [one for one in identities if one.learner != learner])
    write_roster(folder, cohort, [one for one in learners if one.id != learner])
    return Erased(len(gone), files, still_naming(folder, learner))


def still_naming(folder: Path, learner: str) -> list[str]:
    """Files below the folder in whose name or text the id stands as a word."""
    word = re.compile(rb"(?<![A-Za-z0-9])" + re.escape(learner.encode()) + rb"(?![A-Za-z0-9])")
    found = []
    for path in sorted(folder.rglob("*")):
        shown = path.relative_to(folder).as_posix()
        if path.is_symlink() or not path.is_file():
            continue
        if word.search(shown.encode()) or word.search(path.read_bytes()[:MAX_SEARCHED]):
            found.append(shown)
    return found


def _places(folder: Path, learner: str) -> list[Path]:
    """The learner's own folders."""
    shelves = [folder / shelf for shelf in SHELVES]
    handed_out = folder / "handed-out"
    shelves += sorted(handed_out.iterdir()) if handed_out.is_dir() else []
    return [shelf / learner for shelf in shelves if (shelf / learner).is_dir()]


def _drop_unowned(folder: Path, in_ledger: set[str]) -> int:
    """How many kept submissions went because nobody who is still here handed them in.

    A copied file stays for the others; a crash half-way is made good by the next run.
    """
    owned = set(in_ledger)
    for path in (folder / "receipts").rglob("*.json"):
        owned |= set(re.findall(r'"sha256":"([0-9a-f]{64})"', path.read_text("utf-8", "replace")))
    for path in (folder / "submitted").rglob("*.ipynb"):
        owned.add(digest(path))
    unowned = [path for path in (folder / "kept").glob("*.ipynb") if path.stem not in owned]
    for path in unowned:
        path.unlink()
    return len(unowned)
