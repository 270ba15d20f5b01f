"""Reading scores by SQL, never by loops over nbgrader's objects."""

import json
from collections.abc import Mapping
from datetime import UTC
from typing import Any

from nbgrader.api import (
    Assignment,
    BaseCell,
    Comment,
    Grade,
    Gradebook,
    SubmittedAssignment,
    SubmittedNotebook,
)
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from pmcampus.gradebook.tables import VERDICT
from pmcampus.model.assessment import answer_cell
from pmcampus.model.cohort import ItemRecord, Record
from pmcampus.model.verdict import Mark

Row = Mapping[str, Any]


def marked_digests(book: Gradebook, assessment: str) -> dict[str, tuple[str, str]]:
    """Learner to (paper, submission) of the latest verdict: what need not be marked again."""
    rows = book.db().execute(_latest(assessment)).mappings()
    return {row["learner"]: (row["paper"], row["submission"]) for row in rows}


def records(book: Gradebook, assessment: str) -> dict[str, Record]:
    """Each learner's latest submission with the scores that count now, a marker's included.

    Three queries, whatever the size of the cohort.
    """
    session = book.db()
    scores = _of_cells(session, assessment, Grade, Grade.manual_score, Grade.extra_credit)
    comments = _of_cells(session, assessment, Comment, Comment.manual_comment)
    found = {}
    for row in session.execute(_latest(assessment)).mappings():
        learner, verdict = row["learner"], json.loads(row["verdict"])
        found[learner] = Record(
            learner=learner,
            handed_in=row["handed_in"].replace(tzinfo=UTC) if row["handed_in"] else None,
            version=row["version"],
            items=tuple(
                _item(
                    item,
                    scores.get((learner, item["cell"])),
                    comments.get((learner, answer_cell(item["cell"]))),
                )
                for item in verdict["items"]
            ),
            notes=tuple(verdict["notes"]),
            refused=verdict["refused"],
        )
    return found


def _item(item: Row, grade: Row | None, comment: Row | None) -> ItemRecord:
    score, mark = item["score"], Mark(item["mark"])
    if grade and grade["manual_score"] is not None:
        score = grade["manual_score"] + (grade["extra_credit"] or 0.0)
        mark = Mark.FULL if score >= item["points"] else Mark.PARTIAL if score > 0 else Mark.ZERO
    return ItemRecord(
        cell=item["cell"],
        points=item["points"],
        score=score,
        mark=mark,
        message=item["message"],
        comment=(comment and comment["manual_comment"]) or "",
        notes=tuple(item["notes"]),
    )


def _latest(assessment: str) -> Any:
    last = (
        select(func.max(VERDICT.c.id))
        .where(VERDICT.c.assessment == assessment)
        .group_by(VERDICT.c.learner)
        .scalar_subquery()
    )
    return select(VERDICT).where(VERDICT.c.id.in_(last)).order_by(VERDICT.c.learner)


def _of_cells(session: Session, assessment: str, table: Any, *columns: Any) -> dict[tuple[str, str], Row]:
    """Rows of grades or comments by learner and cell name."""
    query = (
        select(SubmittedAssignment.student_id.label("learner"), BaseCell.name.label("cell"), *columns)
        .select_from(table)
        .join(BaseCell, BaseCell.id == table.cell_id)
        .join(SubmittedNotebook, SubmittedNotebook.id == table.notebook_id)
        .join(SubmittedAssignment, SubmittedAssignment.id == SubmittedNotebook.assignment_id)
        .join(Assignment, Assignment.id == SubmittedAssignment.assignment_id)
        .where(Assignment.name == assessment)
    )
    return {(row["learner"], row["cell"]): dict(row) for row in session.execute(query).mappings()}
