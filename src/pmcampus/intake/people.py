"""Who is meant: from what a learning platform calls a person to the learner's id, never by guessing."""

import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import tzinfo
from pathlib import Path

from pmcampus.errors import CohortError
from pmcampus.intake.identities import Identity
from pmcampus.model.cohort import Learner
from pmcampus.spreadsheets import Line, Table, live, read_table

MAX_MAP = 20_000_000  # bytes
# Columns in which each platform's own number stands, and those that may hold our learner's id.
NUMBERS = {"moodle": ("Identifier", "Participant", "moodle", "number"), "canvas": ("ID", "canvas", "number")}
IDS = ("learner", "ID number", "SIS User ID", "SIS Login ID", "Username", "username", "identifier")
EMAILS = ("Email address", "Email", "email")
NAMES = ("Full name", "Student", "name")


@dataclass(frozen=True)
class Match:
    """The learner, or why there is none."""

    learner: str | None
    why: str = ""


@dataclass(frozen=True)
class People:
    """A cohort's learners as platforms know them.

    Attributes:
        numbers: platform and number to the learners who have it; two platforms count from 1 each.
        line_of: each learner's line of the map.
    """

    ids: dict[str, str]
    numbers: dict[tuple[str, str], set[str]]
    names: dict[str, set[str]]
    line_of: dict[str, Line]
    sortable: tuple[tuple[frozenset[str], str], ...] = ()
    zone: tzinfo | None = None
    has_map: bool = False

    def by_id(self, text: str) -> Match:
        """The learner with this id, in any case of letters."""
        found = self.ids.get(text.strip().casefold())
        return Match(found) if found else Match(None, f"{text!r} is not on the roster")

    def by_number(self, number: str, platform: str) -> Match:
        """The learner who has this number on the platform, by the map or the roster."""
        found = self.numbers.get((platform, number.strip()), set())
        if len(found) == 1:
            return Match(next(iter(found)))
        if found:
            return Match(None, f"number {number} stands for {len(found)} learners")
        where = "the map has no number" if self.has_map else "no map was given (--map) for number"
        return Match(None, f"{where} {number}")

    def by_name(self, name: str) -> Match:
        """The one learner of this name; of two with the same name, neither."""
        found = self.names.get(plain(name), set())
        if len(found) == 1:
            return Match(next(iter(found)))
        fact = f"{len(found)} learners are called so" if found else "nobody on the roster is called so"
        return Match(None, fact)

    def by_sortable(self, name: str) -> Match:
        """The one learner whose names, last ones first and run together, read so."""
        wanted = plain(name)
        found = {learner for forms, learner in self.sortable if wanted in forms}
        if len(found) == 1:
            return Match(next(iter(found)))
        fact = f"{len(found)} learners are called so" if found else "nobody on the roster is called so"
        return Match(None, fact)


def people(
    learners: Iterable[Learner],
    table: Table | None = None,
    *,
    identities: Iterable[Identity] = (),
    zone: tzinfo | None = None,
) -> People:
    """The learners, and what the map says about them.

    A line of the map is a learner's when exactly one learner fits it: by id, by e-mail address, or, where
    neither says anything, by a name that only one has.

    Args:
        identities: what the cohort knows of addresses and numbers.
        zone: of the moments in the map.
    """
    known = list(learners)
    ids = {learner.id.casefold(): learner.id for learner in known}
    names: dict[str, set[str]] = defaultdict(set)
    for learner in known:
        names[plain(learner.name)].add(learner.id)
    keys: dict[str, set[str]] = defaultdict(set)
    numbers: dict[tuple[str, str], set[str]] = defaultdict(set)
    for learner in known:
        keys[learner.id.casefold()].add(learner.id)
    for one in identities:
        if one.learner.casefold() in ids:
            for key in filter(None, (one.email, one.oneroster)):
                keys[key.casefold()].add(ids[one.learner.casefold()])
            for own in (("moodle", one.moodle), ("canvas", one.canvas)):
                numbers[own].add(ids[one.learner.casefold()])
    line_of = _lines_of(table, keys, {name: set(found) for name, found in names.items()}) if table else {}
    for learner_id, line in line_of.items():
        row = line.fields
        for platform, columns in NUMBERS.items():
            for column in columns:
                for number in re.findall(r"\d+", row.get(column, ""))[:1]:
                    numbers[platform, number].add(learner_id)
        name = plain(_first(row, NAMES))
        if name:
            names[name].add(learner_id)
    sortable = tuple((_turned(learner.name), learner.id) for learner in known)
    return People(ids, dict(numbers), dict(names), line_of, sortable, zone, table is not None)


def agreed(by_number: Match, by_name: Match, number: str) -> Match:
    """Whom number and name mean; nobody where the name is another's.

    Moodle gives people other numbers in each assignment, so a number from elsewhere may be somebody else's.
    """
    if by_number.learner and by_name.learner not in (None, by_number.learner):
        return Match(None, f"number {number} is {by_number.learner}'s, and the name {by_name.learner}'s")
    if by_number.learner or "stands for" in by_number.why:
        return by_number
    return by_name if by_name.learner else Match(None, f"{by_name.why}, and {by_number.why}")


def read_map(path: Path) -> Table:
    """A map: our own (learner, moodle, canvas, email, name), Moodle's grading worksheet, Canvas's gradebook.

    Raises:
        CohortError: it cannot be read, or no column of it says who somebody is.
    """
    try:
        if path.stat().st_size > MAX_MAP:
            raise CohortError(
                f"{path}: the map is larger than {MAX_MAP // 1_000_000} MB; give a smaller one."
            )
        content = path.read_bytes()
    except OSError as problem:
        raise CohortError(f"{path}: the map cannot be read ({problem.strerror}).") from problem
    table = read_table(content, source=str(path))
    if not {*IDS, *EMAILS, *NAMES} & set(table.columns):
        raise CohortError(
            f"{path}:1: no column says who somebody is; give a Moodle grading worksheet, a Canvas gradebook, "
            "or a table with the columns learner and moodle or canvas."
        )
    return table


def plain(name: str) -> str:
    """A name without case, accents' encoding, and what platforms leave out or replace."""
    folded = unicodedata.normalize("NFKC", name).casefold()
    return "".join(sign for sign in folded if sign.isalnum())


def _turned(name: str) -> frozenset[str]:
    """Every way in which last names can stand first: `Ada Maria Test` gives `testadamaria` too."""
    words = name.replace(",", " ").split()
    return frozenset(plain("".join(words[at:] + words[:at])) for at in range(len(words)))


def _lines_of(table: Table, keys: dict[str, set[str]], names: dict[str, set[str]]) -> dict[str, Line]:
    """Each learner's line of the map; none for a learner whom two lines fit."""
    lines = [
        Line(line.number, {name: live(text.strip()) for name, text in line.fields.items()})
        for line in table.lines
    ]
    same_name = Counter(plain(_first(line.fields, NAMES)) for line in lines)
    found: dict[str, list[Line]] = defaultdict(list)
    for line in lines:
        row = line.fields
        said = [row[column].casefold() for column in (*IDS, *EMAILS) if row.get(column)]
        who = set().union(*(keys.get(key, set()) for key in said))
        if not who and not row.get("learner"):
            name = plain(_first(row, NAMES))
            who = names.get(name, set()) if same_name[name] == 1 else set()
        if len(who) == 1:
            found[next(iter(who))].append(line)
    return {learner: own[0] for learner, own in found.items() if len(own) == 1}


def _first(row: Mapping[str, str], columns: Iterable[str]) -> str:
    return next((row[column] for column in columns if row.get(column)), "")
