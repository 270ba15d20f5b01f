"""One learner taken out of the gradebook, in one transaction, with the ledger's chain left whole."""

from datetime import UTC, datetime

from nbgrader.api import Comment, Grade, Gradebook, Student, SubmittedAssignment, SubmittedNotebook
from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from pmcampus.gradebook.attempts import fill_attempts
from pmcampus.gradebook.rows import append, entries
from pmcampus.gradebook.tables import LEASE, VERDICT
from pmcampus.gradebook.transactions import transaction
from pmcampus.gradebook.triggers import drop_triggers, put_triggers
from pmcampus.ledger import Entry, erasure, tombstone, values_of


def erase(book: Gradebook, learner: str, *, now: datetime) -> tuple[Entry, ...]:
    """The learner's rows as they were; in their place stand tombstones, and new rows that list them.

    Scores, comments and the name in nbgrader's tables go too.
    """

    def work(session: Session) -> tuple[Entry, ...]:
        mine = tuple(entry for entry in entries(session) if entry.learner == learner)
        drop_triggers(session.connection())
        for entry in mine:
            blank = values_of(tombstone(entry))
            session.execute(update(VERDICT).where(VERDICT.c.id == entry.id).values(blank))
        put_triggers(session.connection())
        for assessment in sorted({entry.assessment for entry in mine}):
            own = [entry for entry in mine if entry.assessment == assessment]
            append(session, erasure(own, now=now.astimezone(UTC).replace(tzinfo=None)))
        fill_attempts(session.connection())
        _drop_scores(session, learner)
        session.execute(LEASE.delete().where(LEASE.c.learner == learner))
        return mine

    gone = transaction(book, work)
    if book.engine.dialect.name == "sqlite":  # what was deleted stays in the file's free pages otherwise
        with book.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.exec_driver_sql("VACUUM")
    return gone


def _drop_scores(session: Session, learner: str) -> None:
    """nbgrader's rows from the leaves on: its own cascade would leave submissions of nobody behind."""
    submissions = select(SubmittedAssignment.id).where(SubmittedAssignment.student_id == learner)
    notebooks = select(SubmittedNotebook.id).where(SubmittedNotebook.assignment_id.in_(submissions))
    quiet = {"synchronize_session": False}
    for statement in (
        delete(Grade).where(Grade.notebook_id.in_(notebooks)),
        delete(Comment).where(Comment.notebook_id.in_(notebooks)),
        delete(SubmittedNotebook).where(SubmittedNotebook.assignment_id.in_(submissions)),
        delete(SubmittedAssignment).where(SubmittedAssignment.student_id == learner),
        delete(Student).where(Student.id == learner),
    ):
        session.execute(statement, execution_options=quiet)
