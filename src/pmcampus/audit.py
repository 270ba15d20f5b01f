"""The ledger looked over, saved, and used to write the gradebook anew."""

import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from nbformat import NotebookNode
from nbgrader.api import Gradebook
from sqlalchemy.orm import Session

from pmcampus import gradebook
from pmcampus.casepaper import case_ids, load_case_form
from pmcampus.casesheet import evidence_of, sheet
from pmcampus.cohort import role_ids
from pmcampus.cohortdir import database_url, load_cohort, load_roster
from pmcampus.coursedir import save_cells
from pmcampus.errors import CohortError
from pmcampus.files import write_bytes
from pmcampus.kept import is_whole, kept_path, read_head, write_head
from pmcampus.ledger import NOBODY, Decision, Entry, breaks, item_scores, scored
from pmcampus.ledgerfile import Export, export_text, longer, merged, read_export
from pmcampus.model.cohort import CohortForm, Learner
from pmcampus.paper import load_paper
from pmcampus.releases.pins import cohort_paper

UNKEPT = (Decision.MIGRATED, Decision.ERASED, Decision.ERASURE)


@dataclass(frozen=True)
class Audit:
    """How many rows the ledger has, and the first fault of each kind, in sentences."""

    rows: int
    faults: tuple[str, ...]
    erased: int = 0


@dataclass(frozen=True)
class Facts:
    """What the checks look at, read once."""

    folder: Path
    book: Gradebook
    entries: tuple[Entry, ...]


def verify(folder: Path) -> Audit:
    """Whether the ledger, the kept submissions and the gradebook still say the same.

    Raises:
        CohortError: there is no cohort here, or its gradebook cannot be opened.
    """
    cohort = load_cohort(folder)
    url = database_url(folder, cohort, may_be_lost=True)
    if gradebook.is_missing(url):
        raise CohortError(
            f"{folder}: the gradebook is missing; put back a copy, or write it anew with "
            "`pmcampus ledger rebuild` from an export."
        )
    with gradebook.open_gradebook(url, cohort.course) as book:
        facts = Facts(folder, book, gradebook.all_rows(book))
        checks: tuple[Callable[[Facts], Iterator[str]], ...] = (
            _file,
            _triggers,
            _chain,
            _head,
            _kept,
            _scores,
            _standings,
            _attempts,
        )
        firsts = (next(check(facts), None) for check in checks)
        erased = sum(entry.decision == Decision.ERASED for entry in facts.entries)
        return Audit(len(facts.entries), tuple(fault for fault in firsts if fault), erased)


def export(folder: Path, file: Path) -> Export:
    """What was written into this file: the ledger, and what people marked by hand.

    Raises:
        CohortError: see `verify`; or the chain does not hold.
    """
    cohort = load_cohort(folder)
    url = database_url(folder, cohort, may_be_lost=True)
    found = gradebook.rescue(url)
    if found.fault or found.entries is None:
        raise CohortError(
            f"{folder}: the ledger cannot be saved as it stands: {found.fault or 'there is none'}; "
            "see `pmcampus ledger verify`."
        )
    made = Export(found.entries, found.by_hand)
    write_bytes(file, export_text(made).encode(), durable=True)
    return made


def rebuild(folder: Path, *, root: Path, source: Path | None = None) -> Export:
    """The gradebook's scores written anew from the longest whole ledger there is.

    A damaged SQLite file, or a ledger whose chain is broken, is put aside and not deleted.

    Args:
        source: an export; without it the ledger in the gradebook must have survived.

    Raises:
        CohortError: no whole ledger, two that differ, or a run of marking is under way.
    """
    cohort = load_cohort(folder)
    learners = load_roster(folder, cohort, roles=role_ids(root))
    url = database_url(folder, cohort, may_be_lost=True)
    if gradebook.somebody_at_work(folder):
        raise CohortError(f"{folder}: a run is marking this cohort; wait until it has ended.")
    saved = read_export(_text(source), source=str(source)) if source else None
    found = gradebook.rescue(url)
    chosen = _chosen(folder, found, saved)
    with gradebook.exclusive(url, "preparing"), gradebook.set_aside(url, found) as target:
        _write(target, cohort, learners, chosen, root)
    if chosen.entries:
        write_head(folder, chosen.entries[-1].id, chosen.entries[-1].digest)
    return chosen


def _chosen(folder: Path, found: gradebook.Surviving, saved: Export | None) -> Export:
    """The longest whole ledger, and the marks of people: the gradebook's where it can be read."""
    own = found.entries if not found.fault else None
    if own is None and saved is None:
        raise CohortError(
            f"{folder}: the gradebook holds no whole ledger ({found.fault or 'there is none'}); "
            "name an export with --from."
        )
    entries = longer(own, saved.entries) if own is not None and saved else own or (saved and saved.entries)
    hand = merged(found.by_hand, saved.by_hand if saved and not found.is_readable else ())
    return Export(entries or (), hand)


def _write(url: str, cohort: CohortForm, learners: list[Learner], chosen: Export, root: Path) -> None:
    known = {learner.id for learner in learners}
    gone = {entry.learner for entry in chosen.entries if entry.learner != NOBODY} - known
    with gradebook.open_gradebook(url, cohort.course) as book:
        gradebook.enrol(book, learners)
        gradebook.enrol_missing(book, gone)
        for assessment in sorted({entry.assessment for entry in chosen.entries}):
            gradebook.open_assessment(book, assessment, cohort.deadline(assessment))
            if not gradebook.has_notebook(book, assessment):
                official = _official(root, cohort, assessment)
                save_cells(official, database=url, course_id=cohort.course, assessment=assessment)

        def work(session: Session) -> None:
            gradebook.add_missing_rows(session, chosen.entries)
            gradebook.write_anew(session, scored(chosen.entries), chosen.by_hand)

        gradebook.transaction(book, work)


def _official(root: Path, cohort: CohortForm, assessment: str) -> NotebookNode:
    """The cells that nbgrader keeps scores by: an assessment's as pinned, or a team case's."""
    if assessment in cohort.assessments:
        return cohort_paper(cohort, assessment, root).official
    if assessment in case_ids(root):
        return sheet(load_case_form(root, assessment))
    return load_paper(root, assessment).official


def _text(path: Path) -> str:
    try:
        return path.read_text("utf-8")
    except (OSError, UnicodeDecodeError) as problem:
        raise CohortError(f"{path}: the export cannot be read ({problem}); name another file.") from problem


# --- checks: each yields its faults in order, and only the first is shown ----------------------


def _file(facts: Facts) -> Iterator[str]:
    for fault in gradebook.damage(facts.book):
        yield (
            f"gradebook: the database file is damaged ({fault}); "
            "write it anew with `pmcampus ledger rebuild`."
        )


def _triggers(facts: Facts) -> Iterator[str]:
    names = gradebook.lacking_triggers(facts.book)
    if names:
        yield (
            f"gradebook: the triggers {', '.join(names)} are gone or changed, so verdicts could be "
            "rewritten; put them back with `pmcampus ledger rebuild`."
        )


def _chain(facts: Facts) -> Iterator[str]:
    for fault in breaks(facts.entries):
        yield (
            f"row {fault.row}: {fault.fact}; restore an export made before with "
            "`pmcampus ledger rebuild --from FILE`."
        )


def _head(facts: Facts) -> Iterator[str]:
    noted = read_head(facts.folder)
    if noted and noted not in {(entry.id, entry.digest) for entry in facts.entries}:
        yield (
            f"row {noted[0]}: it was there at the end of an earlier run and is gone or another now; "
            "restore an export with `pmcampus ledger rebuild --from FILE`."
        )


def _kept(facts: Facts) -> Iterator[str]:
    seen: set[str] = set()
    for entry in facts.entries:
        if entry.decision in UNKEPT or entry.submission in seen:
            continue
        seen.add(entry.submission)
        if not is_whole(facts.folder, entry.submission):
            path = kept_path(facts.folder, entry.submission)
            yield (
                f"row {entry.id}: the submission it was read from, {os.path.relpath(path, facts.folder)}, "
                "is missing or was changed; put back a copy of this file."
            )
        elif (facts.folder / "cases" / entry.assessment).is_dir():
            yield from _case_evidence(facts.folder, entry)


def _case_evidence(folder: Path, entry: Entry) -> Iterator[str]:
    """What a team case's marks were read from: the sheet names every file with its digest."""
    for name, digest in evidence_of(kept_path(folder, entry.submission).read_bytes()).items():
        kind = name.rpartition(".")[2]
        if not is_whole(folder, digest, kind):
            path = os.path.relpath(kept_path(folder, digest, kind), folder)
            yield (
                f"row {entry.id}: {name} of the case was marked, and its kept copy {path} is missing or was "
                "changed; put back a copy of this file."
            )


def _scores(facts: Facts) -> Iterator[str]:
    machine = gradebook.machine_scores(facts.book)
    expected = scored(facts.entries)
    for place, entry in sorted(expected.items(), key=lambda pair: pair[1].id):
        wanted = item_scores(entry.verdict)
        if machine.get(place) != wanted:
            yield (
                f"row {entry.id}: the gradebook has {machine.get(place)} for {entry.learner} in "
                f"{entry.assessment}, the ledger {wanted}; "
                "write the scores anew with `pmcampus ledger rebuild`."
            )
    assessments = {entry.assessment for entry in facts.entries}
    for learner, assessment in sorted(machine.keys() - expected.keys()):
        if assessment in assessments:
            yield (
                f"{learner}, {assessment}: the gradebook has scores and the ledger has no verdict; rows were "
                "removed, or another program marked it. Restore an export, or mark it again."
            )


def _standings(facts: Facts) -> Iterator[str]:
    for learner, assessment in gradebook.wrong_standings(facts.book):
        yield (
            f"{learner}, {assessment}: the score in the progress table is not nbgrader's; "
            "put it right with `pmcampus ledger rebuild`."
        )


def _attempts(facts: Facts) -> Iterator[str]:
    for learner, assessment in gradebook.wrong_attempts(facts.book):
        yield (
            f"{learner}, {assessment}: the attempts that statistics read are not the ledger's; "
            "put them right with `pmcampus ledger rebuild`."
        )
