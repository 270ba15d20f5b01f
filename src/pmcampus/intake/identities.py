"""What other systems call a cohort's learners: `identities.csv` in its folder, which never leaves it.

It is written from the columns email, moodle, canvas and oneroster of a roster, or from OneRoster itself, so
that submissions find their learner, and results the person they are about.
"""

from collections.abc import Iterable
from dataclasses import asdict, dataclass, fields
from pathlib import Path

from pmcampus.errors import CohortError
from pmcampus.files import write_bytes
from pmcampus.spreadsheets import Table, live, read_table, table_text

NAME = "identities.csv"


@dataclass(frozen=True, order=True)
class Identity:
    """One learner's address and numbers elsewhere; empty where nobody said."""

    learner: str
    email: str = ""
    moodle: str = ""
    canvas: str = ""
    oneroster: str = ""


COLUMNS = tuple(field.name for field in fields(Identity))


def identities_of(table: Table) -> list[Identity]:
    """What the lines of a roster say beyond learner, name, role and team."""
    extra = {name.casefold(): name for name in table.columns if name.casefold() in COLUMNS[1:]}
    if not extra:
        return []
    return [
        Identity(
            line.fields["learner"].strip(),
            **{known: live(line.fields[name].strip()) for known, name in extra.items()},
        )
        for line in table.lines
    ]


def load_identities(folder: Path) -> list[Identity]:
    """The cohort's identities; none where the roster had no such columns.

    Raises:
        CohortError: the file cannot be read.
    """
    path = folder / NAME
    try:
        content = path.read_bytes()
    except FileNotFoundError:
        return []
    except OSError as problem:
        raise CohortError(f"{path}: the file cannot be read ({problem.strerror}).") from problem
    table = read_table(content, source=str(path), required=COLUMNS)
    return [Identity(*(live(line.fields[name].strip()) for name in COLUMNS)) for line in table.lines]


def add_identities(folder: Path, new_ones: Iterable[Identity]) -> None:
    """These too, in the cohort's folder; what is known and not said again stays.

    Raises:
        CohortError: see `with_identities`; nothing was added.
    """
    known = with_identities(folder, new_ones)
    if known:
        write_identities(folder, known)


def with_identities(folder: Path, new_ones: Iterable[Identity]) -> list[Identity]:
    """What the cohort knows, and these; nothing is written.

    Raises:
        CohortError: two learners would have one address or number, and work could reach the wrong one.
    """
    known = {one.learner: one for one in load_identities(folder)}
    for one in new_ones:
        before = asdict(known.get(one.learner, Identity(one.learner)))
        known[one.learner] = Identity(**(before | {name: said for name, said in asdict(one).items() if said}))
    for name in COLUMNS[1:]:
        owner: dict[str, str] = {}
        for one in sorted(known.values()):
            said = getattr(one, name).casefold()
            if said and owner.setdefault(said, one.learner) != one.learner:
                raise CohortError(
                    f"{owner[said]} and {one.learner} have the same {name}, {said!r}; "
                    "give each their own, or leave it empty."
                )
    return list(known.values())


def write_identities(folder: Path, identities: Iterable[Identity]) -> None:
    """The file, for its owner's eyes only."""
    rows = (asdict(one).values() for one in sorted(identities))
    write_bytes(folder / NAME, table_text(COLUMNS, rows).encode(), durable=True)
    (folder / NAME).chmod(0o600)
