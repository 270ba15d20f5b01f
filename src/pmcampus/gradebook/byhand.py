"""What people mark by hand: what waits for them, and a score that is saved only where nobody was faster."""

import hashlib
import json
import math
from collections.abc import Collection
from dataclasses import dataclass
from operator import attrgetter

from nbgrader.api import Assignment, Comment, Grade, Gradebook, GradeCell, Notebook
from sqlalchemy import select

from pmcampus.errors import CohortError
from pmcampus.gradebook.cursor import among, fetched, together
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
    wanted = [learner] if learner is not None else learners
    where, words = among("s.student_id", wanted)
    query = (
        "SELECT d.id, s.student_id FROM assignment a JOIN submitted_assignment s ON s.assignment_id = a.id"
        f" JOIN submitted_notebook d ON d.assignment_id = s.id WHERE a.name = ?{where}"
    )
    owners = dict(fetched(book, query, assessment, *words))
    here, found = among("notebook_id", None if wanted is None else owners), []
    cells = _cells(book, "grade_cells", assessment, cell)
    written = _cells(book, "solution_cells", assessment, answer_cell(cell))
    where, words = together(among("cell_id", written), here)
    said = dict(fetched(book, f"SELECT notebook_id, manual_comment FROM comment WHERE true{where}", *words))
    where, words = together(among("g.cell_id", cells), here)
    query = (
        "SELECT g.notebook_id, c.max_score, g.auto_score, g.manual_score, g.extra_credit,"
        f" g.needs_manual_grade FROM grade g JOIN grade_cells c ON c.id = g.cell_id WHERE true{where}"
    )
    for notebook, points, auto, manual, extra, waits in fetched(book, query, *words):
        if notebook in owners:
            comment = said.get(notebook) or ""
            found.append(
                HandMark(owners[notebook], cell, points, auto, manual, extra or 0.0, comment, bool(waits))
            )
    book.db().rollback()
    return sorted(found, key=attrgetter("learner"))


def _cells(book: Gradebook, kind: str, assessment: str, cell: str) -> list[str]:
    """The database's ids of the cells with this name."""
    query = (
        "SELECT b.id FROM assignment a JOIN notebook n ON n.assignment_id = a.id"
        f" JOIN base_cell b ON b.notebook_id = n.id JOIN {kind} c ON c.id = b.id"
        " WHERE a.name = ? AND b.name = ?"
    )
    return [row[0] for row in fetched(book, query, assessment, cell)]


def answered(book: Gradebook, assessment: str, cell: str) -> dict[str, bool]:
    """Who has an answer at this graded cell, and whether it waits for a person."""
    query = (
        "SELECT s.student_id, g.notebook_id FROM grade g JOIN submitted_notebook d ON d.id = g.notebook_id"
        " JOIN submitted_assignment s ON s.id = d.assignment_id WHERE g.cell_id IN (??)"
    )
    ids = _cells(book, "grade_cells", assessment, cell)
    everybody = dict(fetched(book, query, ids))
    waits = {row[1] for row in fetched(book, f"{query} AND g.needs_manual_grade", ids)}
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
