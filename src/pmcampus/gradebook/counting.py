"""What tracking reads, by SQL that counts in the database: no loop over learners, no object per score."""

import json
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from nbgrader.api import (
    Assignment,
    BaseCell,
    Grade,
    Gradebook,
    GradeCell,
    Student,
    SubmittedAssignment,
    SubmittedNotebook,
)
from sqlalchemy import Float, String, and_, bindparam, case, cast, func, or_, select, union_all

from pmcampus.gradebook.tables import ATTEMPT, STANDING, VERDICT, naive

Place = tuple[str, str]
GRADED = GradeCell.__table__
MAX_SCORE = GRADED.c.max_score
_OWN_STANDING = and_(
    STANDING.c.learner == SubmittedAssignment.student_id, STANDING.c.assessment == Assignment.name
)


@dataclass(frozen=True, slots=True)
class Work:
    """One attempt as the table has it: scores by graded cell, None where a person marks."""

    assessment: str
    learner: str
    number: int
    row: int
    version: str
    handed_in: datetime | None
    score: float
    points: float
    scores: Mapping[str, float | None]
    errors: frozenset[str]
    blanks: frozenset[str]


def not_enrolled(book: Gradebook, roster: Collection[str]) -> frozenset[str]:
    """Learners whom the database knows and the roster does not: they left, and count nowhere."""
    return frozenset(id for (id,) in book.db().execute(select(Student.id))) - frozenset(roster)


def score_counts(book: Gradebook, without: Collection[str] = ()) -> dict[str, dict[float, int]]:
    """By assessment, how many have each score now; one pass over an index."""
    query = select(STANDING.c.assessment, STANDING.c.score, func.count()).group_by(
        STANDING.c.assessment, STANDING.c.score
    )
    found: dict[str, dict[float, int]] = defaultdict(dict)
    for assessment, score, n in book.db().execute(_but(query, STANDING.c.learner, without)):
        found[assessment][score] = n
    return dict(found)


@dataclass(frozen=True, slots=True)
class Reached:
    """How far one learner is: the points of what they handed in, how much that is, and how often enough."""

    points: float
    handed_in: int
    enough: int


def reached(
    book: Gradebook, takes: Mapping[str, tuple[float, float]], without: Collection[str] = ()
) -> dict[str, Reached]:
    """By learner, over these assessments: their points, how many could be read, and how many score enough.

    Args:
        takes: assessment to its points, and to the points that pass it.
    """
    if not takes:
        return {}
    rows = union_all(
        *(
            select(
                cast(name, String).label("assessment"),
                cast(points, Float).label("points"),
                cast(needed, Float).label("needed"),
            )
            for name, (points, needed) in takes.items()
        )
    ).cte("worth")
    query = (
        select(
            STANDING.c.learner,
            func.sum(rows.c.points),
            func.count(),
            func.sum(case((STANDING.c.score >= rows.c.needed, 1), else_=0)),
        )
        .join(rows, rows.c.assessment == STANDING.c.assessment)
        .group_by(STANDING.c.learner)
    )
    found = book.db().execute(_but(query, STANDING.c.learner, without))
    return {learner: Reached(points, n, enough) for learner, points, n, enough in found}


def active_since(book: Gradebook, moment: datetime, until: datetime) -> frozenset[str]:
    """Learners who handed something in between the two moments."""
    query = (
        select(ATTEMPT.c.learner)
        .distinct()
        .where(ATTEMPT.c.handed_in >= naive(moment), ATTEMPT.c.handed_in <= naive(until))
    )
    return frozenset(learner for (learner,) in book.db().execute(query))


def unreadable(book: Gradebook) -> dict[Place, float | None]:
    """Learner and assessment whose latest work cannot be read, with the score of an earlier one."""
    later = ATTEMPT.alias()
    newer = select(later.c.learner).where(
        later.c.learner == ATTEMPT.c.learner,
        later.c.assessment == ATTEMPT.c.assessment,
        later.c.verdict_row > ATTEMPT.c.verdict_row,
        later.c.number > 0,
    )
    own = and_(STANDING.c.learner == ATTEMPT.c.learner, STANDING.c.assessment == ATTEMPT.c.assessment)
    query = (
        select(ATTEMPT.c.learner, ATTEMPT.c.assessment, STANDING.c.score)
        .outerjoin(STANDING, own)
        .where(ATTEMPT.c.number == 0)
        .where(~newer.exists())
    )
    return {(a, b): score for a, b, score in book.db().execute(query)}


def awaiting(book: Gradebook) -> dict[Place, tuple[float, float]]:
    """Submissions with an item that nobody marked yet: the score so far, and the points that wait."""
    session = book.db()
    worth = dict(_cursor(session, "SELECT id, max_score FROM grade_cells"))
    query = (
        "SELECT s.student_id, st.assessment, g.cell_id, st.score FROM grade g"
        " JOIN submitted_notebook d ON d.id = g.notebook_id"
        " JOIN submitted_assignment s ON s.id = d.assignment_id"
        " JOIN assignment a ON a.id = s.assignment_id"
        " JOIN standing st ON st.learner = s.student_id AND st.assessment = a.name"
        " WHERE g.auto_score IS NULL AND g.manual_score IS NULL"
    )
    found: dict[Place, tuple[float, float]] = {}
    for learner, assessment, cell, score in _cursor(session, query):
        before = found.get((learner, assessment), (score, 0.0))
        found[learner, assessment] = (score, before[1] + worth[cell])
    return found


def below(book: Gradebook, assessment: str, hurdles: Mapping[str, float]) -> dict[str, float]:
    """Learners below a hurdle of this assessment (cell to least points), with the score that they have."""
    found: dict[str, float] = {}
    counts = func.coalesce(Grade.manual_score, Grade.auto_score, 0.0) + func.coalesce(Grade.extra_credit, 0.0)
    for cell, least in hurdles.items():
        query = _graded(select(SubmittedAssignment.student_id, STANDING.c.score))
        query = query.join(STANDING, _OWN_STANDING).where(
            Assignment.name == assessment, BaseCell.name == cell, counts < least
        )
        found |= {row[0]: row[1] for row in book.db().execute(query)}
    return found


def handed_in_after(book: Gradebook, assessment: str, due: datetime) -> list[tuple[str, datetime, float]]:
    """Learners whose scored work came after this moment: when, and their score."""
    query = (
        select(SubmittedAssignment.student_id, SubmittedAssignment.timestamp, STANDING.c.score)
        .join(Assignment, Assignment.id == SubmittedAssignment.assignment_id)
        .join(STANDING, _OWN_STANDING)
        .where(Assignment.name == assessment, SubmittedAssignment.timestamp > naive(due))
    )
    return [(who, at.replace(tzinfo=UTC), score) for who, at, score in book.db().execute(query)]


def standings(book: Gradebook, learners: Sequence[str]) -> dict[Place, float]:
    """The scores that count now of these learners."""
    query = select(STANDING).where(STANDING.c.learner.in_(learners))
    return {(row.learner, row.assessment): row.score for row in book.db().execute(query)}


def scores_of(book: Gradebook, assessment: str) -> dict[str, float]:
    """By learner, the score that counts now in this assessment."""
    query = select(STANDING.c.learner, STANDING.c.score).where(STANDING.c.assessment == assessment)
    return {row[0]: row[1] for row in book.db().execute(query)}


def all_standings(book: Gradebook) -> dict[Place, float]:
    """Every score that counts now."""
    rows = _cursor(book.db(), "SELECT learner, assessment, score FROM standing")
    return {(learner, assessment): score for learner, assessment, score in rows}


def last_hand_ins(book: Gradebook) -> dict[str, datetime]:
    """By learner, when they handed something in last."""
    query = select(ATTEMPT.c.learner, func.max(ATTEMPT.c.handed_in)).group_by(ATTEMPT.c.learner)
    return {who: last.replace(tzinfo=UTC) for who, last in book.db().execute(query) if last}


def failures(book: Gradebook) -> dict[str, list[str]]:
    """By learner, the assessments of works that could not be read or in which an answer ended in an error."""
    query = (
        select(ATTEMPT.c.learner, ATTEMPT.c.assessment)
        .where(or_(ATTEMPT.c.number == 0, ATTEMPT.c.errors != "[]"))
        .order_by(ATTEMPT.c.verdict_row)
    )
    found: dict[str, list[str]] = defaultdict(list)
    for learner, assessment in book.db().execute(query):
        found[learner].append(assessment)
    return dict(found)


def item_scores(
    book: Gradebook, learners: Sequence[str], assessment: str | None = None
) -> dict[Place, dict[str, tuple[float | None, float]]]:
    """The score that counts now, and the points, of each item of these learners; None is not marked yet."""
    found: dict[Place, dict[str, tuple[float | None, float]]] = defaultdict(dict)
    query = _graded(
        select(
            SubmittedAssignment.student_id,
            Assignment.name,
            BaseCell.name,
            func.coalesce(Grade.manual_score, Grade.auto_score) + func.coalesce(Grade.extra_credit, 0.0),
            MAX_SCORE,
        )
    ).where(SubmittedAssignment.student_id.in_(learners))
    if assessment:
        query = query.where(Assignment.name == assessment)
    for learner, name, cell, score, points in book.db().execute(query):
        found[learner, name][cell] = (score, points)
    return dict(found)


def works(book: Gradebook, *, learners: Sequence[str] = (), assessment: str | None = None) -> list[Work]:
    """Attempts of these learners, or to this assessment, in the order of learner, assessment and number."""
    query = select(ATTEMPT).order_by(ATTEMPT.c.learner, ATTEMPT.c.assessment, ATTEMPT.c.number)
    if learners:
        query = query.where(ATTEMPT.c.learner.in_(learners))
    if assessment:
        query = query.where(ATTEMPT.c.assessment == assessment)
    return [_work(row) for row in book.db().execute(query).mappings()]


def first_works(book: Gradebook, assessment: str) -> tuple[list[tuple[Any, ...]], frozenset[str]]:
    """Each learner's first readable attempt, and who has a later one; plain rows, for statistics.

    A row: learner, version, scores as the text of a JSON object, errors and blanks as JSON lists.
    """
    session = book.db()
    mark = "?" if book.engine.dialect.name == "sqlite" else "%s"
    head = "FROM attempt WHERE assessment ="
    query = f"SELECT learner, version, scores, errors, blanks {head} {mark} AND number = 1 ORDER BY learner"
    rows = list(_cursor(session, query, assessment))
    query = f"SELECT DISTINCT learner {head} {mark} AND number > 1"
    return rows, frozenset(row[0] for row in _cursor(session, query, assessment))


def hand_scores(book: Gradebook, assessment: str) -> dict[str, dict[str, float]]:
    """People's scores by learner, then by graded cell; extra credit is not part of what an item measures."""
    session = book.db()
    names = _names_of_cells(session, book, assessment)
    if not names:
        return {}
    mark = "?" if book.engine.dialect.name == "sqlite" else "%s"
    query = (
        "SELECT s.student_id, g.cell_id, g.manual_score FROM grade g"
        " JOIN submitted_notebook d ON d.id = g.notebook_id"
        " JOIN submitted_assignment s ON s.id = d.assignment_id"
        f" WHERE g.manual_score IS NOT NULL AND g.cell_id IN ({', '.join([mark] * len(names))})"
    )
    found: dict[str, dict[str, float]] = defaultdict(dict)
    for learner, cell, score in _cursor(session, query, *names):
        found[learner][names[cell]] = score
    return dict(found)


def _names_of_cells(session: Any, book: Gradebook, assessment: str) -> dict[str, str]:
    """Graded cells of this assessment: the database's id to the name."""
    mark = "?" if book.engine.dialect.name == "sqlite" else "%s"
    query = (
        "SELECT c.id, c.name FROM assignment a JOIN notebook n ON n.assignment_id = a.id"
        " JOIN base_cell c ON c.notebook_id = n.id JOIN grade_cells g ON g.id = c.id"
        f" WHERE a.name = {mark}"
    )
    return dict(_cursor(session, query, assessment))


def latest_refusals(book: Gradebook, learner: str) -> dict[str, str]:
    """By assessment, why this learner's latest work could not be read."""
    query = select(VERDICT.c.assessment, VERDICT.c.verdict).where(
        VERDICT.c.id.in_(select(ATTEMPT.c.verdict_row).where(ATTEMPT.c.learner == learner))
    )
    found = {name: json.loads(text)["refused"] for name, text in book.db().execute(query)}
    return {name: why for name, why in found.items() if why}


def _graded(query: Any) -> Any:
    """Joined from scores to learners, cells and assessments."""
    return (
        query.select_from(Grade)
        .join(BaseCell, BaseCell.id == Grade.cell_id)
        .join(GRADED, GRADED.c.id == Grade.cell_id)
        .join(SubmittedNotebook, SubmittedNotebook.id == Grade.notebook_id)
        .join(SubmittedAssignment, SubmittedAssignment.id == SubmittedNotebook.assignment_id)
        .join(Assignment, Assignment.id == SubmittedAssignment.assignment_id)
    )


def _but(query: Any, learner: Any, without: Collection[str]) -> Any:
    return (
        query.where(learner.not_in(bindparam("without", sorted(without), expanding=True)))
        if without
        else query
    )


def _cursor(session: Any, query: str, *words: str) -> Iterator[Any]:
    """The driver's own cursor: ten thousand rows without an object of SQLAlchemy for each."""
    rows: Iterator[Any] = iter(session.connection().exec_driver_sql(query, words).cursor)
    return rows


def _work(row: Any) -> Work:
    moment = row["handed_in"]
    return Work(
        assessment=row["assessment"],
        learner=row["learner"],
        number=row["number"],
        row=row["verdict_row"],
        version=row["version"],
        handed_in=moment.replace(tzinfo=UTC) if moment else None,
        score=row["score"],
        points=row["points"],
        scores=json.loads(row["scores"]),
        errors=frozenset(json.loads(row["errors"])),
        blanks=frozenset(json.loads(row["blanks"])),
    )
