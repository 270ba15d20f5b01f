"""A class's students from OneRoster CSV, 1.1 or 1.2, as a ZIP archive or a folder.

In 1.1 a person's role stands in users.csv, in 1.2 in roles.csv; who is a student of a class stands in
enrollments.csv in both. Columns as in 1EdTech's OneRoster CSV tables.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import PurePosixPath

from pydantic import ValidationError

from pmcampus.cohortdir import COLUMNS, LEARNER_ID, checked_learners
from pmcampus.errors import CohortError
from pmcampus.intake.bundles import Bundle
from pmcampus.intake.identities import Identity
from pmcampus.model.cohort import Learner
from pmcampus.plurals import counted
from pmcampus.spreadsheets import Note, Table, live, read_table, silent

MAX_TABLE = 200_000_000  # bytes
USERS = ("sourcedId", "givenName", "familyName")
ENROLLMENTS = ("classSourcedId", "userSourcedId", "role")
CLASSES = ("sourcedId", "title")
ID_COLUMNS = ("identifier", "username", "sourcedId")
VERSIONS = ("1.1", "1.2")
Row = Mapping[str, str]


@dataclass(frozen=True)
class Enrolled:
    """The students as our learners, and what OneRoster calls them."""

    learners: list[Learner]
    identities: list[Identity]


def students(
    bundle: Bundle,
    *,
    class_: str | None,
    roles: frozenset[str],
    role: str | None = None,
    team: str | None = None,
    places: Table | None = None,
    id_column: str | None = None,
    note: Note = silent,
) -> Enrolled:
    """The active students of one class.

    Args:
        class_: the class by sourcedId, classCode or title; may be left out where there is only one.
        role: the professional role of all whom `places` does not name.
        team: their team; by default the class's title.
        places: a table with the columns learner, role and team, where learner is the id, the sourcedId or
            the e-mail address.
        id_column: which column of users.csv gives the id; by default the first of identifier, username
            and sourcedId that gives everybody one.
        note: hears which column was taken.

    Raises:
        CohortError: a file or column is missing, the class is not there or not clear, somebody has no
            role, or an id cannot be one.
    """
    _refuse_version(bundle)
    users: dict[str, Row] = {}
    for row in _rows(bundle, "users.csv", USERS):
        if users.setdefault(row["sourcedId"], row) != row:
            raise CohortError(
                f"{bundle.source}: users.csv has two different lines for {row['sourcedId']!r}; leave one."
            )
    chosen = _class(bundle, class_)
    wanted = {
        row["userSourcedId"]
        for row in _rows(bundle, "enrollments.csv", ENROLLMENTS)
        if row["classSourcedId"] == chosen["sourcedId"] and row["role"].casefold() == "student"
    }
    lost = sorted(wanted - users.keys())
    if lost:
        raise CohortError(
            f"{bundle.source}: enrollments.csv names {counted(len(lost), 'user')} that users.csv has not, "
            f"such as {lost[0]!r}; export both anew."
        )
    if not wanted:
        raise CohortError(f"{bundle.source}: the class {chosen['title']!r} has no active student.")
    people = [users[key] for key in sorted(wanted)]
    column = id_column or _id_column(people)
    note(f"{bundle.source}: ids are taken from the column {column} of users.csv.")
    rows, identities = [], []
    for person in people:
        id, address = person.get(column, ""), person.get("email", "")
        own = _place(places, (id, person["sourcedId"], address))
        given = person.get("preferredGivenName") or person["givenName"]
        family = person.get("preferredFamilyName") or person["familyName"]
        row = {
            "learner": id,
            "name": " ".join(filter(None, (given, family))),
            "role": own.get("role") or role or "",
            "team": own.get("team") or team or chosen["title"],
        }
        if not row["role"]:
            raise CohortError(
                f"{bundle.source}: {id} has no professional role, which OneRoster does not know; "
                "give one for all with --role, or a table learner,role,team with --places."
            )
        rows.append((f"{bundle.source}: user {person['sourcedId']}", row))
        identities.append(Identity(id, email=address, oneroster=person["sourcedId"]))
    return Enrolled(checked_learners(rows, source=str(bundle.source), roles=roles), sorted(identities))


def is_oneroster(bundle: Bundle) -> bool:
    """Whether the bundle has the tables that we need."""
    return _path(bundle, "users.csv") is not None and _path(bundle, "enrollments.csv") is not None


def _class(bundle: Bundle, wanted: str | None) -> Row:
    rows = _rows(bundle, "classes.csv", CLASSES)
    columns = ("sourcedId", "classCode", "title")
    found = next(
        (fits for c in columns if (fits := [r for r in rows if wanted is None or r.get(c) == wanted])), []
    )
    if len(found) == 1:
        return found[0]
    shown = ", ".join(f"{row['sourcedId']} ({row['title']})" for row in (found or rows)[:10])
    fact = (
        "it has several classes" if wanted is None else f"{wanted!r} is {len(found) or 'none'} of its classes"
    )
    raise CohortError(f"{bundle.source}: {fact}; name one of {shown or 'none'} with --class.")


def _rows(bundle: Bundle, name: str, required: tuple[str, ...]) -> list[Row]:
    """The active lines of one file."""
    path = _path(bundle, name)
    if path is None:
        raise CohortError(f"{bundle.source}: {name} is missing; export it too.")
    content = bundle.read(path, limit=MAX_TABLE)
    if len(content) > MAX_TABLE:
        raise CohortError(f"{bundle.source}: {name} is larger than {MAX_TABLE // 1_000_000} MB.")
    table = read_table(content, source=f"{bundle.source}/{path}", required=required)
    rows = ({key: live(text.strip()) for key, text in line.fields.items()} for line in table.lines)
    return [row for row in rows if row.get("status", "").casefold() in ("", "active")]


def _path(bundle: Bundle, name: str) -> str | None:
    found = [path for path in bundle.names if PurePosixPath(path).name.casefold() == name.casefold()]
    return found[0] if len(found) == 1 else None


def _refuse_version(bundle: Bundle) -> None:
    if _path(bundle, "manifest.csv") is None:
        return
    rows = _rows(bundle, "manifest.csv", ("propertyName", "value"))
    said = {row["propertyName"]: row["value"] for row in rows}
    version = said.get("oneroster.version", "1.1")
    if version not in VERSIONS:
        raise CohortError(
            f"{bundle.source}: this is OneRoster {version}; {' and '.join(VERSIONS)} can be read: export one."
        )


def _id_column(people: list[Row]) -> str:
    for column in ID_COLUMNS:
        ids = [person.get(column, "") for person in people]
        if len({id.casefold() for id in ids}) == len(ids) and all(map(_can_be_id, ids)):
            return column
    raise CohortError(
        f"no column of users.csv gives everybody an id of letters, digits, dot, hyphen or underscore; "
        f"{', '.join(ID_COLUMNS)} were tried."
    )


def _can_be_id(text: str) -> bool:
    try:
        LEARNER_ID.validate_python(text)
    except ValidationError:
        return False
    return True


def _place(places: Table | None, keys: tuple[str, ...]) -> Row:
    known = {key.casefold() for key in keys if key}
    lines = places.lines if places else ()
    found = [line.fields for line in lines if line.fields[COLUMNS[0]].strip().casefold() in known]
    if len(found) > 1:
        raise CohortError(f"{keys[0]}: this learner has {len(found)} lines with role and team; leave one.")
    return {key: text.strip() for key, text in found[0].items()} if found else {}
