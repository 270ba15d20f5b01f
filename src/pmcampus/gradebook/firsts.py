"""Which file each learner handed in first, and what was handed in by when."""

from dataclasses import dataclass
from datetime import UTC, datetime

from nbgrader.api import Gradebook
from sqlalchemy import select

from pmcampus.gradebook.tables import ATTEMPT


def first_submissions(book: Gradebook, assessment: str) -> list[tuple[str, str]]:
    """Learner and SHA-256 of the first work that could be read, in the order of the ledger."""
    query = (
        select(ATTEMPT.c.learner, ATTEMPT.c.submission)
        .where(ATTEMPT.c.assessment == assessment, ATTEMPT.c.number == 1)
        .order_by(ATTEMPT.c.verdict_row)
    )
    return [(learner, work) for learner, work in book.db().execute(query)]


@dataclass(frozen=True, slots=True)
class HandIn:
    """One work: when it was handed in, where that is known, and whether it failed."""

    learner: str
    assessment: str
    number: int
    handed_in: datetime | None
    failed: bool


def hand_ins(book: Gradebook) -> list[HandIn]:
    """Every work in the order of the ledger; one that could not be read, or had an error, failed."""
    query = select(
        ATTEMPT.c.learner, ATTEMPT.c.assessment, ATTEMPT.c.number, ATTEMPT.c.handed_in, ATTEMPT.c.errors
    ).order_by(ATTEMPT.c.verdict_row)
    return [
        HandIn(who, id, number, at.replace(tzinfo=UTC) if at else None, number == 0 or errors != "[]")
        for who, id, number, at, errors in book.db().execute(query)
    ]
