"""A ledger as a file of JSON lines: the rows, what people marked by hand, and a last line that proves them.

It names learners by their id and holds no names. Lines end with a digest of all lines before, so a
file that was cut off or edited is refused.
"""

import hashlib
import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass

from pmcampus.errors import CohortError
from pmcampus.ledger import Entry, first_break, from_line, to_line

FIRST = {"pmcampus": "ledger", "format": 1}


@dataclass(frozen=True, order=True)
class ByHand:
    """What a person wrote at one cell; scores count before the machine's."""

    learner: str
    assessment: str
    cell: str
    score: float | None = None
    extra: float | None = None
    comment: str | None = None


@dataclass(frozen=True)
class Export:
    """Everything that marks can be restored from."""

    entries: tuple[Entry, ...]
    by_hand: tuple[ByHand, ...]


def export_text(export: Export) -> str:
    """The file's text; the same content gives the same text."""
    lines = [json.dumps(FIRST)]
    lines += [to_line(entry) for entry in export.entries]
    lines += [json.dumps(asdict(mark), sort_keys=True) for mark in sorted(export.by_hand, key=_place)]
    body = "".join(f"{line}\n" for line in lines)
    end = {"rows": len(export.entries), "by_hand": len(export.by_hand), "sha256": _sum(body)}
    return body + json.dumps(end) + "\n"


def read_export(text: str, *, source: str) -> Export:
    """The export in this text.

    Raises:
        CohortError: it is no export, was cut off or edited, or its chain does not hold.
    """
    lines = text.split("\n")
    try:
        if json.loads(lines[0]) != FIRST:
            raise ValueError("its first line is another")
        end = json.loads(lines[-2])
        whole = lines[-1] == "" and end["sha256"] == _sum("".join(f"{line}\n" for line in lines[:-2]))
        rows, marks = int(end["rows"]), int(end["by_hand"])
    except (ValueError, IndexError, KeyError, TypeError) as problem:
        raise CohortError(
            f"{source}: this is no whole export of a ledger ({problem}); use an unchanged file."
        ) from None
    if not whole or len(lines) != rows + marks + 3:
        raise CohortError(f"{source}: this export was cut off or edited; use an unchanged copy.")
    entries = tuple(map(from_line, lines[1 : rows + 1]))
    fault = first_break(entries)
    if fault:
        raise CohortError(f"{source}: row {fault.row}: {fault.fact}; use an earlier export.")
    return Export(entries, tuple(ByHand(**json.loads(line)) for line in lines[rows + 1 : -2]))


def longer(one: tuple[Entry, ...], other: tuple[Entry, ...]) -> tuple[Entry, ...]:
    """The longer of two ledgers, of which one must be the beginning of the other.

    Raises:
        CohortError: they part at some row.
    """
    short, long = sorted((one, other), key=len)
    for mine, theirs in zip(short, long, strict=False):
        if mine.digest != theirs.digest:
            raise CohortError(
                f"row {mine.id} differs between the gradebook and the export: they are not of one history; "
                "choose the export that belongs to this cohort."
            )
    return long


def merged(first: Iterable[ByHand], second: Iterable[ByHand]) -> tuple[ByHand, ...]:
    """Both, where the first has the last word on a cell."""
    found = {_place(mark): mark for mark in second} | {_place(mark): mark for mark in first}
    return tuple(found[place] for place in sorted(found))


def _place(mark: ByHand) -> tuple[str, str, str]:
    return (mark.learner, mark.assessment, mark.cell)


def _sum(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
