"""What marking again changed: rows of the ledger beside the ones before them."""

from dataclasses import dataclass
from datetime import UTC, datetime

from nbgrader.api import Gradebook
from sqlalchemy import select

from pmcampus.gradebook.cursor import but, equal, fetched
from pmcampus.gradebook.rows import entry_of
from pmcampus.gradebook.tables import VERDICT
from pmcampus.ledger import NOBODY, Entry
from pmcampus.regrade import Change, changes


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
    mine, words = equal("learner", learner) if learner is not None else but("learner", [NOBODY])
    if learner is not None:  # the index begins with the assessment
        mine += " AND assessment IN (SELECT name FROM assignment)"
    # Only who has several rows is looked at, by the index that holds them in order.
    query = (
        "SELECT v.id FROM (SELECT assessment, learner, MIN(id) AS earliest FROM verdict"
        f" WHERE true{mine} GROUP BY assessment, learner HAVING COUNT(*) > 1) o"
        " JOIN verdict v ON v.assessment = o.assessment AND v.learner = o.learner AND v.id > o.earliest"
    )
    again = sorted((row[0] for row in fetched(book, query, *words)), reverse=True)
    before = (
        "SELECT w.id, (SELECT MAX(b.id) FROM verdict b WHERE b.assessment = w.assessment"
        " AND b.learner = w.learner AND b.id < w.id) FROM verdict w WHERE w.id IN (??) ORDER BY w.id DESC"
    )
    wanted = list(fetched(book, before, again[first : first + most]))
    session = book.db()
    ids = {id for pair in wanted for id in pair}
    rows = {
        row["id"]: entry_of(row)
        for row in session.execute(select(VERDICT).where(VERDICT.c.id.in_(ids))).mappings()
    }
    session.rollback()
    return [_regrade(rows[after], rows[before]) for after, before in wanted], len(again)


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
