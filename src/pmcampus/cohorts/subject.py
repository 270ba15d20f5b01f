"""Everything that a cohort holds about one learner, for that learner (GDPR, article 15)."""

import io
import json
import zipfile
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import Any

from pmcampus import gradebook
from pmcampus.accesslog import KEY, SHELF, looks, open_log
from pmcampus.allowancefile import load_allowances
from pmcampus.appeals import appeals
from pmcampus.cohort import role_ids
from pmcampus.cohortdir import database_url, load_cohort, load_roster
from pmcampus.cohorts.erasure import SHELVES, still_naming
from pmcampus.errors import CohortError
from pmcampus.files import write_bytes
from pmcampus.intake.identities import load_identities
from pmcampus.kept import kept_path
from pmcampus.ledger import Entry, to_line

WHAT = {
    "learner.json": "name, role, team and numbers in other systems, as the cohort has them",
    "allowances.json": "extensions, attempts and excuses, with the reasons given",
    "ledger.json": "every verdict on your work, with the digest of the bytes it was read from",
    "marked_by_people.json": "scores and comments that people gave",
    "files/": "what you handed in, receipts, marked notebooks and feedback",
    "kept/": "the bytes of every submission that was marked or received, by SHA-256",
    "team_cases.json": "what the logs of team cases say that you did",
    "appeals.json": "what you asked to have looked at again, and the answers",
    "access_log.json": "when pages about you were seen or changed, and what; not by whom",
    "elsewhere.json": "other files of the cohort that hold your id, such as a team case: ask for them",
}


def subject_access(folder: Path, learner: str, out: Path, *, root: Path, now: datetime) -> int:
    """How many files are in the archive that was written.

    Raises:
        CohortError: nobody of this id is on the roster; nothing was written.
    """
    cohort = load_cohort(folder)
    person = next((o for o in load_roster(folder, cohort, roles=role_ids(root)) if o.id == learner), None)
    if person is None:
        raise CohortError(f"{learner!r} is not on the roster of {folder}; check the id.")
    with gradebook.open_gradebook(database_url(folder, cohort), cohort.course) as book:
        rows = [row for row in gradebook.all_rows(book) if row.learner == learner]
        by_hand = [mark for mark in gradebook.hand_marks(book) if mark.learner == learner]
    identity = next((asdict(one) for one in load_identities(folder) if one.learner == learner), {})
    named = still_naming(folder, learner)
    files = sorted({*_own_files(folder, learner), *_named_after(folder, learner, named)})
    kept = {row.submission for row in rows} | _receipted(files)
    said: dict[str, Any] = {
        "about.json": {
            "cohort": cohort.title,
            "learner": learner,
            "made": now.isoformat(timespec="seconds"),
            "what": WHAT,
        },
        "learner.json": asdict(person) | identity,
        "allowances.json": [one for one in map(asdict, load_allowances(folder)) if one["learner"] == learner],
        "ledger.json": list(map(_plain, rows)),
        "marked_by_people.json": list(map(asdict, by_hand)),
        "team_cases.json": _deeds(folder, learner),
        "appeals.json": [case.model_dump(mode="json") for case in appeals(folder, learner=learner)],
        "access_log.json": _looks_at(folder, learner),
        "elsewhere.json": [name for name in named if folder / name not in files],
    }
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, value in said.items():
            text = json.dumps(value, indent=2, ensure_ascii=False, default=str) + "\n"
            archive.writestr(zipfile.ZipInfo(name, now.timetuple()[:6]), text)
        for path in files:
            archive.writestr(f"files/{path.relative_to(folder).as_posix()}", path.read_bytes())
        for fingerprint in sorted(kept):
            path = kept_path(folder, fingerprint)
            if path.is_file():
                archive.writestr(f"kept/{path.name}", path.read_bytes())
        count = len(archive.namelist())
    write_bytes(out, buffer.getvalue(), durable=True)
    out.chmod(0o600)
    return count


def _own_files(folder: Path, learner: str) -> list[Path]:
    places = [folder / shelf / learner for shelf in SHELVES]
    handed_out = folder / "handed-out"
    places += [shelf / learner for shelf in handed_out.iterdir()] if handed_out.is_dir() else []
    found = [path for place in places for path in place.rglob("*")]
    return sorted(path for path in found if path.is_file() and not path.is_symlink())


def _receipted(files: list[Path]) -> set[str]:
    found = set()
    for path in files:
        if path.suffix == ".json" and "receipts" in path.parts:
            found.add(str(json.loads(path.read_bytes()).get("sha256", "")))
    return found


def _named_after(folder: Path, learner: str, names: list[str]) -> list[Path]:
    """Files of team cases that carry the learner's id as their name: commitments, ratings, notebooks."""
    ends = (learner, f"--{learner}")
    return [folder / name for name in names if name.startswith("cases/") and Path(name).stem.endswith(ends)]


def _deeds(folder: Path, learner: str) -> list[Any]:
    """What the logs of team cases say that this learner did."""
    lines = [
        json.loads(line)
        for path in sorted(folder.glob("cases/*/log.jsonl"))
        for line in path.read_text("utf-8").splitlines()
        if line.strip()
    ]
    return [line for line in lines if learner in (line.get("who"), line.get("event", {}).get("who"))]


def _looks_at(folder: Path, learner: str) -> list[dict[str, str]]:
    """Each line of the access log about this learner, without who it was: that is about somebody else."""
    if not (folder / SHELF / KEY).is_file():
        return []
    log = open_log(folder)
    own = log.pseudonym("learner", learner)
    return [
        look.model_dump(mode="json", exclude={"who", "learner"})
        for look in looks(log.lines())
        if look is not None and look.learner == own
    ]


def _plain(row: Entry) -> dict[str, Any]:
    stored: dict[str, Any] = json.loads(to_line(row))
    return stored | {"verdict": json.loads(row.verdict)}
