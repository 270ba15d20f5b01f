"""A cohort's folder: its form, its roster, and what learners handed in.

The folder holds people's names and work, so it never lies inside the curriculum's repository.
"""

import os
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from pathlib import Path

import yaml
from pydantic import TypeAdapter, ValidationError

from pmcampus.errors import CohortError
from pmcampus.files import write_text
from pmcampus.forms import load_form
from pmcampus.model.cohort import LEDGER_HEAD, CohortForm, Learner, LearnerId
from pmcampus.spreadsheets import UNSEEN, Note, live, read_table, silent, table_text

COLUMNS = ("learner", "name", "role", "team")
LEARNER_ID = TypeAdapter(LearnerId)
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


def database_url(folder: Path, cohort: CohortForm, *, may_be_lost: bool = False) -> str:
    """The gradebook's address; a relative SQLite file lies in the cohort's folder.

    The environment variable PMCAMPUS_GRADEBOOK wins, so that a password need not stand in a file.

    Args:
        may_be_lost: for those who put it back, or say themselves that it is gone.

    Raises:
        CohortError: the file is gone though something was marked; a new one would show nobody's work.
    """
    url = _in_folder(folder, os.environ.get("PMCAMPUS_GRADEBOOK") or cohort.gradebook)
    file = url.removeprefix("sqlite:///")
    if not may_be_lost and file != url and not Path(file).exists() and (folder / LEDGER_HEAD).is_file():
        raise CohortError(
            f"{file}: the gradebook is missing, and work was marked in it; put back a copy, or write it anew "
            "with `pmcampus ledger rebuild` from an export."
        )
    return url


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


def parse_roster(
    content: bytes,
    *,
    source: str,
    roles: frozenset[str],
    encoding: str | None = None,
    note: Note = silent,
) -> list[Learner]:
    """The learners of a roster in CSV with the columns learner, name, role, team.

    Blanks around a field are taken away.

    Args:
        encoding: how the file was saved; by default UTF-8, or what its first bytes say.
        note: hears what was read in another way than it stands.

    Raises:
        CohortError: encoding, columns, a repeated or impossible id, or an unknown role.
    """
    table = read_table(content, source=source, required=COLUMNS, encoding=encoding, may_name=True, note=note)
    padded = [line.number for line in table.lines if any(f != f.strip() for f in line.fields.values())]
    if padded:
        note(f"{source}: blanks around fields were taken away in {_lines(padded)}.")
    rows = ((f"{source}:{line.number}", line.fields) for line in table.lines)
    return checked_learners(rows, source=source, roles=roles)


def checked_learners(
    rows: Iterable[tuple[str, Mapping[str, str]]], *, source: str, roles: frozenset[str]
) -> list[Learner]:
    """The learners of these lines, each with the place where it stands, sorted by id.

    Raises:
        CohortError: see `parse_roster`.
    """
    learners: dict[str, Learner] = {}
    for where, row in rows:
        learner = _learner({name: live(row[name].strip()) for name in COLUMNS}, where, roles)
        key = learner.id.casefold()
        if key in learners:
            raise CohortError(
                f"{where}: the learner {learner.id!r} is there twice; each id needs a line of its own."
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
    return table_text(COLUMNS, ((one.id, one.name, one.role, one.team) for one in learners))


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


def _lines(numbers: list[int]) -> str:
    shown = ", ".join(map(str, numbers[:3]))
    return f"line {shown}" if len(numbers) == 1 else f"{len(numbers)} lines, such as {shown}"


def _learner(row: dict[str, str], where: str, roles: frozenset[str]) -> Learner:
    for column in COLUMNS:
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
