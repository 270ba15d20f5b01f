"""Writing scores: one submission is one transaction, all of it or nothing."""

import json
from collections.abc import Iterable
from dataclasses import asdict
from datetime import UTC, datetime

from nbgrader.api import (
    Assignment,
    BaseCell,
    Comment,
    Grade,
    Gradebook,
    GradeCell,
    Notebook,
    SolutionCell,
    Student,
    SubmittedAssignment,
    SubmittedNotebook,
)
from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from pmcampus.errors import CohortError
from pmcampus.gradebook.tables import VERDICT, naive
from pmcampus.model.assessment import answer_cell, check_cell
from pmcampus.model.cohort import Learner
from pmcampus.model.verdict import ItemVerdict, Verdict


def enrol(book: Gradebook, learners: Iterable[Learner]) -> None:
    """These learners in the gradebook, in one transaction; known ones get their name updated."""
    session = book.db()
    known = {student.id: student for student in session.scalars(select(Student))}
    for learner in learners:
        student = known.get(learner.id) or Student(id=learner.id)
        student.first_name, student.last_name = "", learner.name
        session.add(student)
    session.commit()


def open_assessment(book: Gradebook, assessment: str, due: datetime | None) -> None:
    """The assessment in the gradebook with its due moment."""
    session = book.db()
    found = session.scalar(select(Assignment).where(Assignment.name == assessment))
    if found is None:
        found = Assignment(name=assessment, course_id=book.course_id)
    found.duedate = naive(due)
    session.add(found)
    session.commit()


def record(
    book: Gradebook, learner: str, verdict: Verdict, *, paper: str, handed_in: datetime | None
) -> None:
    """One verdict with its scores, in one transaction. A marker's own scores and comments stay.

    A refused submission changes no score: nbgrader's tables keep what they had.
    """
    session = book.db()
    try:
        if verdict.refused is None:
            _write_scores(session, learner, verdict, handed_in)
        session.execute(
            insert(VERDICT).values(
                learner=learner,
                assessment=verdict.assessment,
                version=verdict.version,
                paper=paper,
                submission=verdict.digest,
                handed_in=naive(handed_in),
                score=verdict.score,
                verdict=json.dumps(asdict(verdict), sort_keys=True),
                recorded=naive(datetime.now(UTC)),
            )
        )
        session.commit()
    except BaseException:
        session.rollback()
        raise


def mark_by_hand(
    book: Gradebook, learner: str, assessment: str, *, cell: str, score: float, comment: str = ""
) -> None:
    """A person's score for a graded cell, where formgrader puts it too; it wins over the machine's.

    Raises:
        CohortError: the learner has no marked submission, or the cell is not graded.
    """
    session = book.db()
    query = (
        select(Grade, SubmittedNotebook.id)
        .join(SubmittedNotebook, SubmittedNotebook.id == Grade.notebook_id)
        .join(SubmittedAssignment, SubmittedAssignment.id == SubmittedNotebook.assignment_id)
        .join(Assignment, Assignment.id == SubmittedAssignment.assignment_id)
        .join(BaseCell, BaseCell.id == Grade.cell_id)
        .where(
            Assignment.name == assessment, SubmittedAssignment.student_id == learner, BaseCell.name == cell
        )
    )
    found = session.execute(query).first()
    if found is None:
        raise CohortError(
            f"{learner}: there is no marked submission with the graded cell {cell!r}; "
            f"run `pmcampus grade` for {assessment} first, or name a graded cell."
        )
    grade, notebook = found
    grade.manual_score, grade.needs_manual_grade = score, False
    written = session.scalar(
        select(Comment)
        .join(BaseCell, BaseCell.id == Comment.cell_id)
        .where(Comment.notebook_id == notebook, BaseCell.name == answer_cell(cell))
    )
    if written is not None and comment:
        written.manual_comment = comment
    session.commit()


def _write_scores(session: Session, learner: str, verdict: Verdict, handed_in: datetime | None) -> None:
    """The submission with its scores; rows that exist are updated, a marker's own are left alone."""
    notebook = session.scalars(select(Notebook).where(Notebook.name == verdict.assessment)).one()
    submission = session.scalar(
        select(SubmittedAssignment).where(
            SubmittedAssignment.assignment_id == notebook.assignment_id,
            SubmittedAssignment.student_id == learner,
        )
    )
    if submission is None:
        submission = SubmittedAssignment(assignment_id=notebook.assignment_id, student_id=learner)
        session.add(submission)
    submission.timestamp = naive(handed_in)
    session.flush()
    handed = session.scalar(
        select(SubmittedNotebook).where(
            SubmittedNotebook.assignment_id == submission.id, SubmittedNotebook.notebook_id == notebook.id
        )
    )
    if handed is None:
        handed = SubmittedNotebook(assignment_id=submission.id, notebook_id=notebook.id)
        session.add(handed)
        session.flush()
    _write_items(session, notebook.id, handed.id, {item.cell: item for item in verdict.items})


def _write_items(session: Session, notebook: str, handed: str, items: dict[str, ItemVerdict]) -> None:
    grades = {g.cell_id: g for g in session.scalars(select(Grade).where(Grade.notebook_id == handed))}
    comments = {c.cell_id: c for c in session.scalars(select(Comment).where(Comment.notebook_id == handed))}
    for cell in session.scalars(select(GradeCell).where(GradeCell.notebook_id == notebook)):
        grade = grades.get(cell.id) or Grade(cell_id=cell.id, notebook_id=handed)
        grade.auto_score = items[cell.name].score
        grade.needs_manual_grade = grade.auto_score is None and grade.manual_score is None
        session.add(grade)
    for cell in session.scalars(select(SolutionCell).where(SolutionCell.notebook_id == notebook)):
        comment = comments.get(cell.id) or Comment(cell_id=cell.id, notebook_id=handed)
        item = items.get(check_cell(cell.name)) or items.get(cell.name)
        comment.auto_comment = item.message if item else None
        session.add(comment)
