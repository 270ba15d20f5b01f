"""Reading scores by SQL, never by loops over nbgrader's objects."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC
from typing import Any

from nbgrader.api import (
    Assignment,
    BaseCell,
    Comment,
    Grade,
    Gradebook,
    Notebook,
    SourceCell,
    SubmittedAssignment,
    SubmittedNotebook,
)
from sqlalchemy import and_, func, select, true
from sqlalchemy.orm import Session

from pmcampus.gradebook.cursor import fetched
from pmcampus.gradebook.tables import VERDICT
from pmcampus.model.assessment import answer_cell
from pmcampus.model.cohort import ItemRecord, Record
from pmcampus.model.verdict import Mark

Row = Mapping[str, Any]


@dataclass(frozen=True)
class Marking:
    """The latest row of a learner: what it was made from, and its number."""

    row: int
    paper: str
    submission: str
    is_refused: bool


def marked(book: Gradebook, assessment: str, learners: Sequence[str] = ()) -> dict[str, Marking]:
    """Each learner's latest row, of these learners or of all: what need not be marked again."""
    mine = VERDICT.c.learner.in_(learners) if learners else true()
    query = _latest(and_(VERDICT.c.assessment == assessment, mine))
    rows = book.db().execute(query).mappings().all()
    book.db().rollback()  # a later call is to see what others recorded meanwhile
    return {
        row["learner"]: Marking(
            row["id"], row["paper"], row["submission"], json.loads(row["verdict"])["refused"] is not None
        )
        for row in rows
    }


def has_cells(book: Gradebook, assessment: str, checksums: Mapping[str, str | None]) -> bool:
    """Whether nbgrader knows exactly these cells of the assessment, by name and checksum."""
    query = (
        select(SourceCell.name, SourceCell.checksum)
        .join(Notebook, Notebook.id == SourceCell.notebook_id)
        .join(Assignment, Assignment.id == Notebook.assignment_id)
        .where(Assignment.name == assessment)
    )
    known = {row.name: row.checksum for row in book.db().execute(query)}
    book.db().rollback()
    return known == checksums


def progress_matrix(book: Gradebook) -> dict[str, dict[str, float]]:
    """The score that counts now of each learner in each assessment, by one query.

    It is nbgrader's `find_submission().score`, which triggers keep in a table of ours.
    """
    session = book.db()
    matrix: dict[str, dict[str, float]] = {}
    # The driver's own cursor: a quarter of a million rows without an object of SQLAlchemy for each.
    if book.engine.dialect.name == "sqlite":
        query, last, row = "SELECT learner, assessment, score FROM standing ORDER BY learner", None, {}
        for learner, assessment, score in fetched(book, query):
            if learner != last:
                last, row = learner, matrix.setdefault(learner, {})
            row[assessment] = score
    else:  # a row for each learner: fewer to carry over the wire; PostgreSQL writes a float's every digit
        query = "SELECT learner, json_object_agg(assessment, score)::text FROM standing GROUP BY learner"
        matrix.update((learner, json.loads(text)) for learner, text in fetched(book, query))
    session.rollback()
    return matrix


def records(book: Gradebook, assessment: str) -> dict[str, Record]:
    """Each learner's latest submission with the scores that count now, a marker's included.

    Three queries, whatever the size of the cohort.
    """
    found = _records(book, VERDICT.c.assessment == assessment, Assignment.name == assessment)
    return {learner: record for (learner, _), record in found.items()}


def records_of(book: Gradebook, learner: str) -> dict[str, Record]:
    """The same by assessment, for one learner."""
    mine = VERDICT.c.learner == learner
    # The index begins with the assessment.
    mine = and_(mine, VERDICT.c.assessment.in_(select(Assignment.name)))
    found = _records(book, mine, SubmittedAssignment.student_id == learner)
    return {assessment: record for (_, assessment), record in found.items()}


def _records(book: Gradebook, in_ledger: Any, in_gradebook: Any) -> dict[tuple[str, str], Record]:
    """By learner and assessment, from these rows of the ledger and these of nbgrader's tables."""
    session = book.db()
    scores = _of_cells(session, Grade, Grade.manual_score, Grade.extra_credit, where=in_gradebook)
    comments = _of_cells(session, Comment, Comment.manual_comment, where=in_gradebook)
    found = {}
    for row in session.execute(_latest(in_ledger)).mappings():
        place, verdict = (row["learner"], row["assessment"]), json.loads(row["verdict"])
        found[place] = Record(
            learner=row["learner"],
            handed_in=row["handed_in"].replace(tzinfo=UTC) if row["handed_in"] else None,
            version=row["version"],
            items=tuple(
                _item(
                    item,
                    scores.get((*place, item["cell"])),
                    comments.get((*place, answer_cell(item["cell"]))),
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


def _latest(wanted: Any) -> Any:
    last = (
        select(func.max(VERDICT.c.id))
        .where(wanted)
        .group_by(VERDICT.c.assessment, VERDICT.c.learner)
        .scalar_subquery()
    )
    return select(VERDICT).where(VERDICT.c.id.in_(last)).order_by(VERDICT.c.learner, VERDICT.c.assessment)


def _of_cells(session: Session, table: Any, *columns: Any, where: Any) -> dict[tuple[str, str, str], Row]:
    """Rows of grades or comments by learner, assessment and cell name."""
    query = (
        select(
            SubmittedAssignment.student_id.label("learner"),
            Assignment.name.label("assessment"),
            BaseCell.name.label("cell"),
            *columns,
        )
        .select_from(table)
        .join(BaseCell, BaseCell.id == table.cell_id)
        .join(SubmittedNotebook, SubmittedNotebook.id == table.notebook_id)
        .join(SubmittedAssignment, SubmittedAssignment.id == SubmittedNotebook.assignment_id)
        .join(Assignment, Assignment.id == SubmittedAssignment.assignment_id)
        .where(where)
    )
    rows = session.execute(query).mappings()
    return {(row["learner"], row["assessment"], row["cell"]): dict(row) for row in rows}
