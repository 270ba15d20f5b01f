"""What marking again changed: rows of the ledger beside the ones before them."""

from dataclasses import dataclass
from datetime import UTC, datetime

from nbgrader.api import Assignment, Gradebook
from sqlalchemy import func, select

from pmcampus.gradebook.rows import entry_of
from pmcampus.gradebook.tables import VERDICT
from pmcampus.ledger import NOBODY, Change, Entry, changes


@dataclass(frozen=True)
class Regrade:
    """One later row of the ledger: when, why it was added, and the items whose points it changed.

    Points are the machine's; a person's own, which count before them, are not in the ledger.
    """

    row: int
    learner: str
    assessment: str
    version_before: str
    version: str
    recorded: datetime
    decision: str
    before: float
    after: float
    changes: tuple[Change, ...]


def regrades(
    book: Gradebook, *, learner: str | None = None, first: int = 0, most: int = 50
) -> tuple[list[Regrade], int]:
    """The latest of them first, from the one with this place on, and how many there are.

    Rows that were emptied by an erasure tell nothing of anybody and are left out.

    Args:
        learner: of this one only.
    """
    before = func.lag(VERDICT.c.id).over(
        partition_by=(VERDICT.c.assessment, VERDICT.c.learner), order_by=VERDICT.c.id
    )
    mine = [VERDICT.c.learner == learner if learner is not None else VERDICT.c.learner != NOBODY]
    if learner is not None:  # the index begins with the assessment
        mine.append(VERDICT.c.assessment.in_(select(Assignment.name)))
    pairs = select(VERDICT.c.id.label("after"), before.label("before")).where(*mine).subquery()
    again = select(pairs).where(pairs.c.before.is_not(None))
    session = book.db()
    total = session.scalar(select(func.count()).select_from(again.subquery())) or 0
    wanted = session.execute(again.order_by(pairs.c.after.desc()).offset(first).limit(most)).all()
    ids = {id for pair in wanted for id in pair}
    rows = {
        row["id"]: entry_of(row)
        for row in session.execute(select(VERDICT).where(VERDICT.c.id.in_(ids))).mappings()
    }
    session.rollback()
    return [_regrade(rows[after], rows[before]) for after, before in wanted], total


def _regrade(after: Entry, before: Entry) -> Regrade:
    return Regrade(
        row=after.id,
        learner=after.learner,
        assessment=after.assessment,
        version_before=before.version,
        version=after.version,
        recorded=after.recorded.replace(tzinfo=UTC),
        decision=after.decision,
        before=before.score,
        after=after.score,
        changes=tuple(changes(after, before, {})),
    )
