"""What people mark by hand: what waits for them, and a score that is saved only where nobody was faster."""

import hashlib
import json
import math
from collections.abc import Collection
from dataclasses import dataclass

from nbgrader.api import (
    Assignment,
    Comment,
    Grade,
    Gradebook,
    GradeCell,
    Notebook,
    SolutionCell,
    SubmittedAssignment,
    SubmittedNotebook,
)
from sqlalchemy import select

from pmcampus.errors import CohortError
from pmcampus.gradebook.cursor import fetched
from pmcampus.gradebook.writing import mark_by_hand, storable
from pmcampus.model.assessment import answer_cell


class MarkedMeanwhile(CohortError):
    """Somebody else marked this answer since it was shown; nothing was saved."""


class ScoreRefused(CohortError):
    """A score that this item cannot have."""


@dataclass(frozen=True)
class HandMark:
    """What stands at one graded cell of one learner now; `score` is a person's, without `extra` points."""

    learner: str
    cell: str
    points: float
    machine: float | None
    score: float | None
    extra: float
    comment: str
    waits: bool

    @property
    def state(self) -> str:
        """A short digest of all this: a form carries it, so that saving notices a change."""
        return _state(self.machine, self.score, self.extra, self.comment)


def hand_marks_of(
    book: Gradebook,
    assessment: str,
    cell: str,
    *,
    learner: str | None = None,
    learners: Collection[str] | None = None,
) -> list[HandMark]:
    """Every learner's mark at this graded cell, or that of this one or of these, in the order of ids."""
    mine = [SubmittedAssignment.student_id == learner] if learner is not None else []
    mine += [SubmittedAssignment.student_id.in_(sorted(learners))] if learners is not None else []
    submitted = (
        select(
            SubmittedAssignment.student_id,
            SubmittedNotebook.id,
            GradeCell.max_score,
            Grade.auto_score,
            Grade.manual_score,
            Grade.extra_credit,
            Grade.needs_manual_grade,
        )
        .select_from(Grade)
        .join(GradeCell, GradeCell.id == Grade.cell_id)
        .join(SubmittedNotebook, SubmittedNotebook.id == Grade.notebook_id)
        .join(SubmittedAssignment, SubmittedAssignment.id == SubmittedNotebook.assignment_id)
        .join(Assignment, Assignment.id == SubmittedAssignment.assignment_id)
        .where(Assignment.name == assessment, GradeCell.name == cell, *mine)
        .order_by(SubmittedAssignment.student_id)
    )
    said = (
        select(Comment.notebook_id, Comment.manual_comment)
        .join(SolutionCell, SolutionCell.id == Comment.cell_id)
        .join(SubmittedNotebook, SubmittedNotebook.id == Comment.notebook_id)
        .join(SubmittedAssignment, SubmittedAssignment.id == SubmittedNotebook.assignment_id)
        .join(Assignment, Assignment.id == SubmittedAssignment.assignment_id)
        .where(Assignment.name == assessment, SolutionCell.name == answer_cell(cell), *mine)
    )
    session = book.db()
    comments = {notebook: text or "" for notebook, text in session.execute(said)}
    found = [
        HandMark(
            learner=student,
            cell=cell,
            points=points,
            machine=auto,
            score=manual,
            extra=extra or 0.0,
            comment=comments.get(notebook, ""),
            waits=bool(waits),
        )
        for student, notebook, points, auto, manual, extra, waits in session.execute(submitted)
    ]
    session.rollback()
    return found


def answered(book: Gradebook, assessment: str, cell: str) -> dict[str, bool]:
    """Who has an answer at this graded cell, and whether it waits for a person."""
    query = (
        "SELECT s.student_id, g.notebook_id FROM assignment a JOIN notebook n ON n.assignment_id = a.id"
        " JOIN base_cell b ON b.notebook_id = n.id JOIN grade_cells c ON c.id = b.id"
        " JOIN grade g ON g.cell_id = c.id JOIN submitted_notebook d ON d.id = g.notebook_id"
        " JOIN submitted_assignment s ON s.id = d.assignment_id WHERE a.name = ? AND b.name = ?"
    )
    everybody = dict(fetched(book, query, assessment, cell))
    waits = {row[1] for row in fetched(book, f"{query} AND g.needs_manual_grade", assessment, cell)}
    book.db().rollback()
    return {learner: notebook in waits for learner, notebook in everybody.items()}


@dataclass(frozen=True, order=True)
class Queue:
    """How many answers at a graded cell wait for a person, and how many a person has marked."""

    assessment: str
    cell: str
    waiting: int
    marked: int


def queues(book: Gradebook, cells: Collection[tuple[str, str]]) -> list[Queue]:
    """Those of these graded cells, given by assessment and name, at which anybody has handed in."""
    named = (
        select(GradeCell.id, Assignment.name, GradeCell.name)
        .join(Notebook, Notebook.id == GradeCell.notebook_id)
        .join(Assignment, Assignment.id == Notebook.assignment_id)
        .where(GradeCell.name.in_({cell for _, cell in cells}))
    )
    session = book.db()
    ids = {id: (name, cell) for id, name, cell in session.execute(named) if (name, cell) in cells}
    # Counted by indexes that hold just these rows: all scores of a large cohort are two million.
    counts = []
    for condition in ("g.needs_manual_grade", "g.manual_score IS NOT NULL"):
        query = f"SELECT g.cell_id, COUNT(*) FROM grade g WHERE {condition} AND g.cell_id IN (??)"
        counts.append(dict(fetched(book, f"{query} GROUP BY g.cell_id", sorted(ids))))
    query = "SELECT c.id FROM grade_cells c WHERE c.id IN (??) AND EXISTS"
    query += " (SELECT 1 FROM grade g WHERE g.cell_id = c.id)"
    there = {row[0] for row in fetched(book, query, sorted(ids))}
    session.rollback()
    return sorted(Queue(*ids[id], *(found.get(id, 0) for found in counts)) for id in there)


def mark_if_unchanged(
    book: Gradebook, learner: str, assessment: str, *, cell: str, score: float, comment: str, state: str
) -> tuple[HandMark, HandMark]:
    """The mark before and after.

    Args:
        state: `HandMark.state` of what the marker was looking at.

    Raises:
        MarkedMeanwhile: the cell's mark is not what the marker was looking at.
        ScoreRefused: no number from nothing to the item's points.
        CohortError: see `mark_by_hand`.
    """
    before = hand_marks_of(book, assessment, cell, learner=learner)
    if before and not (math.isfinite(score) and 0 <= score <= before[0].points):
        raise ScoreRefused(f"{score:g} is no score for this item; give 0 to {before[0].points:g} points.")

    def still(grade: Grade, written: Comment | None) -> None:
        comment = (written and written.manual_comment) or ""
        if state != _state(grade.auto_score, grade.manual_score, grade.extra_credit or 0.0, comment):
            raise MarkedMeanwhile("Somebody else marked this answer while you were reading it.")

    mark_by_hand(book, learner, assessment, cell=cell, score=score, comment=storable(comment), still=still)
    after = hand_marks_of(book, assessment, cell, learner=learner)
    return before[0], after[0]


def _state(machine: float | None, score: float | None, extra: float, comment: str) -> str:
    return hashlib.sha256(json.dumps([machine, score, extra, comment]).encode()).hexdigest()[:16]
