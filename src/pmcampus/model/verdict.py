"""What marking one submission gives: values that leave the grader, and nothing else."""

from dataclasses import dataclass
from enum import StrEnum


class Mark(StrEnum):
    """How an item ended."""

    FULL = "full"
    PARTIAL = "partial"
    ZERO = "zero"
    AWAITING = "awaiting a marker"
    ERROR = "error"


# By these words of the checker, statistics count answers that were left as they were.
BLANK = "Nothing was written here."


@dataclass(frozen=True)
class ItemVerdict:
    """One item's score in points; None while a person still has to mark it."""

    cell: str
    points: float
    score: float | None
    mark: Mark
    message: str = ""
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Verdict:
    """One submission, marked or refused; `digest` is the SHA-256 of the bytes handed in.

    `flags` are for a person to look at and change no score. `judged` says where the tests ran: in a
    process of their own (`isolated`), or beside the learner's code (`in-kernel`).
    """

    assessment: str
    version: str
    digest: str
    items: tuple[ItemVerdict, ...] = ()
    notes: tuple[str, ...] = ()
    refused: str | None = None
    flags: tuple[str, ...] = ()
    judged: str = "isolated"

    @property
    def score(self) -> float:
        """Points so far, without what a person still has to mark."""
        return sum(item.score or 0.0 for item in self.items)
