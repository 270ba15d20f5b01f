"""The gradebook looked over: what an audit compares with the ledger."""

from collections.abc import Iterator

from nbgrader.api import Assignment, Gradebook, Notebook
from sqlalchemy import select, text

from pmcampus.gradebook import attempts
from pmcampus.gradebook.bulk import Place, auto_scores
from pmcampus.gradebook.bulk import hand_marks as marks_of_people
from pmcampus.gradebook.rows import entries
from pmcampus.gradebook.surviving import file_damage
from pmcampus.gradebook.tables import STANDING
from pmcampus.gradebook.triggers import all_sums, faulty_triggers
from pmcampus.ledger import Entry
from pmcampus.ledgerfile import ByHand


def all_rows(book: Gradebook) -> tuple[Entry, ...]:
    """The whole ledger, in order."""
    return tuple(entries(book.db()))


def damage(book: Gradebook) -> list[str]:
    """What SQLite finds wrong with its file; a server looks after its own."""
    return file_damage(book.db()) if book.engine.dialect.name == "sqlite" else []


def lacking_triggers(book: Gradebook) -> list[str]:
    """Names of triggers that are gone, switched off or changed."""
    return faulty_triggers(book.db().connection())


def hand_marks(book: Gradebook) -> tuple[ByHand, ...]:
    """What people marked and wrote, in order."""
    found = marks_of_people(book.db())
    book.db().rollback()
    return found


def machine_scores(book: Gradebook) -> dict[Place, dict[str, float | None]]:
    """nbgrader's automatic scores by learner and assessment, then by cell."""
    return auto_scores(book.db())


def wrong_standings(book: Gradebook) -> Iterator[Place]:
    """Learner and assessment where the progress table differs from nbgrader's scores."""
    session = book.db()
    given = text(all_sums(session.connection().dialect.name))
    kept, summed = (
        {
            (row.learner, row.assessment): (row.score, {*row.waits.split(",")})
            for row in session.execute(query)
        }
        for query in (select(STANDING), given)
    )
    yield from sorted(place for place in kept | summed if kept.get(place) != summed.get(place))


def wrong_attempts(book: Gradebook) -> Iterator[Place]:
    """Learner and assessment where the table of attempts differs from the ledger."""
    yield from attempts.wrong_attempts(book.db().connection())


def has_notebook(book: Gradebook, assessment: str) -> bool:
    """Whether nbgrader knows the cells of this assessment."""
    query = select(Notebook.id).join(Assignment, Assignment.id == Notebook.assignment_id)
    return book.db().execute(query.where(Assignment.name == assessment)).first() is not None
