"""The ledger's thinking: what a row's digest covers, and whether a chain holds.

Every row of the table `verdict` carries the SHA-256 of its own content together with the digest of
the row before it. Who changes, moves or removes a row breaks the chain from there on.
"""

import hashlib
import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, fields, replace
from datetime import datetime
from enum import StrEnum
from typing import Any

from pmcampus.errors import CohortError

START = "0" * 64
NOBODY = "~erased"  # no learner's id begins so
BLANK = json.dumps({"flags": [], "items": [], "notes": [], "refused": "erased at the learner's request"})
MOMENTS = ("handed_in", "recorded")


class Decision(StrEnum):
    """Why a row was added, or what was done with what it found."""

    MARKED = "marked"
    REGRADED = "marked again"
    KEPT = "marked again, earlier score kept"
    DIFFERS = "same work, paper and environment, another verdict"
    MIGRATED = "from before the chain"
    ERASED = "erased"
    ERASURE = "record of an erasure"


@dataclass(frozen=True, slots=True)
class Entry:
    """One row of the ledger; moments are UTC without a zone.

    Attributes:
        verdict: what counts, as JSON; `score` is its points.
        set_aside: what was found and does not count because a policy kept the earlier verdict.
        previous: the digest of the row before; of the first row, sixty-four zeros.
    """

    id: int
    learner: str
    assessment: str
    version: str
    paper: str
    submission: str
    handed_in: datetime | None
    score: float
    verdict: str
    recorded: datetime
    environment: str
    isolation: str
    decision: str
    set_aside: str
    previous: str = ""
    digest: str = ""

    @property
    def key(self) -> tuple[str, str, str]:
        """The inputs that decide a verdict: the same ones give the same one."""
        return (self.submission, self.paper, self.environment)

    @property
    def found(self) -> str:
        """The verdict that marking gave, whether it counts or not."""
        return self.set_aside or self.verdict


FIELDS = tuple(field.name for field in fields(Entry))


@dataclass(frozen=True)
class Break:
    """The first row that does not fit."""

    row: int
    fact: str


def values_of(entry: Entry) -> dict[str, Any]:
    """The row's fields by name."""
    return {name: getattr(entry, name) for name in FIELDS}


def canonical(entry: Entry) -> bytes:
    """The bytes that a row's digest covers: everything but the digest, in one fixed form."""
    return json.dumps(_plain(entry, without="digest"), sort_keys=True, separators=(",", ":")).encode()


def digest_of(entry: Entry) -> str:
    """The digest that belongs to this content."""
    return hashlib.sha256(canonical(entry)).hexdigest()


def sealed(entry: Entry, after: Entry | None, *, number: int | None = None) -> Entry:
    """The entry as the next row of the chain, with the next number or the one given."""
    if number is None:
        number = after.id + 1 if after else 1
    linked = replace(entry, id=number, previous=after.digest if after else START, digest="")
    return replace(linked, digest=digest_of(linked))


def first_break(entries: Iterable[Entry]) -> Break | None:
    """The first row that is not what was written, or None when the chain holds."""
    for fault in breaks(entries):
        return fault
    return None


def breaks(entries: Iterable[Entry]) -> Iterator[Break]:
    """Every row that does not fit its own digest or the row before it.

    The content of a tombstone is gone; it holds when it is blank, stands where its digest stood, and a later
    row, sealed like any other, lists it.
    """
    before, number = START, 0
    pending: dict[int, str] = {}
    for entry in entries:
        if entry.decision == Decision.ERASED and entry == tombstone(entry):
            pending[entry.id] = entry.digest
            if entry.id <= number or entry.previous != before:
                yield Break(entry.id, "it does not follow the row before it: rows were changed or removed")
            before, number = entry.digest, entry.id
            continue
        if entry.decision == Decision.ERASURE:
            for row, digest in erased_rows(entry):
                if pending.get(row) == digest:
                    del pending[row]
        if entry.id <= number:
            yield Break(entry.id, "its number is not larger than the one before")
        elif entry.previous != before:
            yield Break(entry.id, "it does not follow the row before it: rows were changed, added or removed")
        elif entry.digest != digest_of(entry):
            yield Break(entry.id, "its content was changed after it was written")
        before, number = entry.digest, entry.id
    for row in pending:
        yield Break(row, "it was emptied, and no later row says that it was erased")


def tombstone(entry: Entry) -> Entry:
    """The row without what it said about a person: place, digest, assessment and versions stay.

    Pseudonyms alone would not do: a row's messages quote answers, and the roster's id may be a number that
    the institution knows. An erasure under article 17 of the GDPR leaves nothing to trace back.
    """
    return replace(
        entry,
        learner=NOBODY,
        submission="",
        handed_in=None,
        score=0.0,
        verdict=BLANK,
        set_aside="",
        decision=Decision.ERASED.value,
    )


def erasure(rows: Sequence[Entry], *, now: datetime) -> Entry:
    """The row to add after rows of one assessment were emptied: it lists their numbers and digests."""
    said = json.loads(BLANK) | {"erased": [[row.id, row.digest] for row in rows]}
    return replace(
        tombstone(rows[-1]),
        recorded=now,
        verdict=json.dumps(said, sort_keys=True),
        decision=Decision.ERASURE.value,
    )


def erased_rows(entry: Entry) -> list[tuple[int, str]]:
    """Which rows a record of an erasure lists, with their digests; none where it cannot be read."""
    try:
        return [(int(row), str(digest)) for row, digest in json.loads(entry.verdict)["erased"]]
    except (ValueError, TypeError, KeyError):
        return []


def to_line(entry: Entry) -> str:
    """The row as one line of JSON."""
    return json.dumps(_plain(entry), sort_keys=True)


def from_line(line: str) -> Entry:
    """The row in this line.

    Raises:
        CohortError: it is none.
    """
    try:
        stored = json.loads(line)
        if set(stored) != set(FIELDS):
            raise ValueError("its fields are not those of a ledger row")
        for name in MOMENTS:
            stored[name] = datetime.fromisoformat(stored[name]) if stored[name] else None
        return Entry(**stored)
    except (ValueError, TypeError, AttributeError) as problem:
        raise CohortError(f"this line is no row of a ledger ({problem}); use an unchanged export.") from None


def latest(entries: Iterable[Entry]) -> dict[tuple[str, str], Entry]:
    """The row that counts for each learner and assessment."""
    return {(entry.learner, entry.assessment): entry for entry in entries}


def scored(entries: Iterable[Entry]) -> dict[tuple[str, str], Entry]:
    """The row whose scores stand in the gradebook: a refusal takes nobody's score away."""
    return latest(entry for entry in entries if item_scores(entry.verdict) is not None)


def item_scores(verdict: str) -> dict[str, float | None] | None:
    """Scores by cell; None for a refused submission."""
    stored = json.loads(verdict)
    return None if stored["refused"] else {item["cell"]: item["score"] for item in stored["items"]}


def _plain(entry: Entry, without: str = "") -> dict[str, Any]:
    """The row's fields as JSON knows them."""
    values = {name: value for name, value in values_of(entry).items() if name != without}
    return values | {name: values[name].isoformat() if values[name] else None for name in MOMENTS}
