"""A cohort's folder: its form, its roster, and what learners handed in.

The folder holds people's names and work, so it never lies inside the curriculum's repository.
"""

import csv
import io
import os
import re
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import yaml
from pydantic import TypeAdapter, ValidationError

from pmcampus.content import load_form, write_text
from pmcampus.errors import CohortError
from pmcampus.model.cohort import CohortForm, Learner, LearnerId

COLUMNS = ("learner", "name", "role", "team")
LEARNER_ID = TypeAdapter(LearnerId)
# Control characters, and those that turn the direction of what follows; joiners stay, names need them.
UNSEEN = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]")
TIMESTAMP = "%Y-%m-%d %H:%M:%S UTC"


def refuse_inside_content(folder: Path) -> None:
    """Nothing, when the folder lies outside every content root.

    Raises:
        CohortError: it lies inside one, where people's marks must not be.
    """
    place = folder.resolve()
    for parent in (place, *place.parents):
        if (parent / "curriculum" / "curriculum.yaml").is_file():
            raise CohortError(
                f"{folder}: a cohort holds names and marks and must lie outside the repository {parent}; "
                "choose another folder."
            )


def load_cohort(folder: Path) -> CohortForm:
    """The cohort's form.

    Raises:
        CohortError: there is no cohort here, or its form does not validate.
    """
    refuse_inside_content(folder)
    if not (folder / "cohort.yaml").is_file():
        raise CohortError(
            f"{folder}: cohort.yaml is missing; make the cohort with `pmcampus cohort new {folder}`."
        )
    form = load_form(folder, folder / "cohort.yaml", CohortForm)
    if form.model is None:
        fault = form.faults[0]
        raise CohortError(f"{folder / 'cohort.yaml'}:{fault.line}: {fault.message}")
    return form.model


def write_cohort(folder: Path, cohort: CohortForm) -> None:
    """The form, with a line that says what it is."""
    text = yaml.safe_dump(cohort.model_dump(mode="json"), sort_keys=False, allow_unicode=True)
    write_text(
        folder / "cohort.yaml",
        f"# A cohort of PM Campus: what it takes, when, and where its marks are.\n{text}",
    )


def database_url(folder: Path, cohort: CohortForm) -> str:
    """The gradebook's address; a relative SQLite file lies in the cohort's folder.

    The environment variable PMCAMPUS_GRADEBOOK wins, so that a password need not stand in a file.
    """
    return _in_folder(folder, os.environ.get("PMCAMPUS_GRADEBOOK") or cohort.gradebook)


def stored_url(folder: Path, cohort: CohortForm) -> str:
    """The address in cohort.yaml, whatever the environment says: what may be written into a file."""
    return _in_folder(folder, cohort.gradebook)


def _in_folder(folder: Path, url: str) -> str:
    head, name = "sqlite:///", url.removeprefix("sqlite:///")
    if url in ("sqlite://", head, f"{head}:memory:"):
        raise CohortError(
            f"{folder / 'cohort.yaml'}: the gradebook {url!r} names no file, so marks would be lost; "
            "write sqlite:///gradebook.db."
        )
    if not url.startswith(head):
        return url
    refuse_inside_content(folder / name)
    return url if Path(name).is_absolute() else f"{head}{(folder / name).resolve()}"


def parse_roster(content: bytes, *, source: str, roles: frozenset[str]) -> list[Learner]:
    """The learners of a roster in CSV with the columns learner, name, role, team.

    Raises:
        CohortError: encoding, columns, a padded, repeated or impossible id, or an unknown role.
    """
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as problem:
        raise CohortError(
            f"{source}: byte {problem.start + 1} is not UTF-8; save the roster as CSV in UTF-8."
        ) from problem
    reader = csv.DictReader(io.StringIO(text, newline=""))
    try:
        heads = list(reader.fieldnames or ())
    except csv.Error as problem:
        raise CohortError(
            f"{source}:1: this line cannot be read as CSV ({problem}); correct it."
        ) from problem
    missing = [name for name in COLUMNS if heads.count(name) != 1]
    if missing:
        raise CohortError(
            f"{source}:1: the column {missing[0]!r} is missing or there twice; "
            f"the first line must be {','.join(COLUMNS)}."
        )
    learners: dict[str, Learner] = {}
    for row in _rows(reader, source):
        learner = _learner(row, f"{source}:{reader.line_num}", roles)
        key = learner.id.casefold()
        if key in learners:
            raise CohortError(
                f"{source}:{reader.line_num}: the learner {learner.id!r} is there twice; "
                "each id needs a line of its own."
            )
        learners[key] = learner
    if not learners:
        raise CohortError(f"{source}: no learner is listed; add a line for each.")
    return sorted(learners.values())


def load_roster(folder: Path, cohort: CohortForm, *, roles: frozenset[str]) -> list[Learner]:
    """The enrolled learners.

    Raises:
        CohortError: nobody is enrolled yet, or the roster is faulty.
    """
    path = folder / cohort.roster
    if not path.is_file():
        raise CohortError(f"{path}: nobody is enrolled yet; run `pmcampus enrol {folder} roster.csv` first.")
    return parse_roster(path.read_bytes(), source=str(path), roles=roles)


def roster_text(learners: Iterable[Learner]) -> str:
    """These learners as a roster in CSV, in the order given."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(COLUMNS)
    writer.writerows([learner.id, learner.name, learner.role, learner.team] for learner in learners)
    return text.getvalue()


def write_roster(folder: Path, cohort: CohortForm, learners: list[Learner]) -> None:
    """The roster, in one step."""
    write_text(folder / cohort.roster, roster_text(learners))


def read_timestamp(path: Path) -> datetime | None:
    """When the notebook beside this `timestamp.txt` came in; None when nobody noted it.

    Raises:
        CohortError: the file's text is no such moment.
    """
    if not path.is_file():
        return None
    text = path.read_bytes()[:200].decode("utf-8", "replace").strip()
    try:
        return datetime.strptime(text, TIMESTAMP).replace(tzinfo=UTC)
    except ValueError as problem:
        raise CohortError(f"{path}: {text!r} is no moment; write it as 2026-11-20 17:00:00 UTC.") from problem


def _rows(reader: "csv.DictReader[str]", source: str) -> Iterator[dict[str, str]]:
    try:
        yield from reader
    except csv.Error as problem:
        raise CohortError(
            f"{source}:{reader.line_num}: this line cannot be read as CSV ({problem}); correct it."
        ) from problem


def _learner(row: dict[str, str], where: str, roles: frozenset[str]) -> Learner:
    if None in row or None in row.values():
        raise CohortError(
            f"{where}: this line has not four fields; put quotation marks round a name with a comma."
        )
    for column in COLUMNS:
        if row[column] != row[column].strip():
            raise CohortError(f"{where}: {column} {row[column]!r} has blanks around it; remove them.")
        if UNSEEN.search(row[column]):
            raise CohortError(
                f"{where}: {column} {row[column]!r} holds a line break or a sign that cannot be seen; "
                "type it anew."
            )
        if not row[column]:
            raise CohortError(f"{where}: {column} is empty; fill it in.")
    try:
        LEARNER_ID.validate_python(row["learner"])
    except ValidationError:
        raise CohortError(
            f"{where}: {row['learner']!r} cannot be an id; "
            "use letters, digits, dot, hyphen or underscore, at most 64."
        ) from None
    if row["role"] not in roles:
        raise CohortError(f"{where}: {row['role']!r} is not a role; write one of {', '.join(sorted(roles))}.")
    return Learner(row["learner"], row["name"], row["role"], row["team"])
