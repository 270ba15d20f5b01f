"""Many scores at once: nbgrader's tables written anew from the ledger, and read for an audit."""

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import islice
from typing import Any
from uuid import uuid4

from nbgrader.api import (
    Assignment,
    BaseCell,
    Comment,
    Grade,
    GradeCell,
    Notebook,
    SolutionCell,
    SubmittedAssignment,
    SubmittedNotebook,
)
from sqlalchemy import delete, insert, select
from sqlalchemy.orm import Session

from pmcampus.gradebook.attempts import fill_attempts
from pmcampus.gradebook.tables import VERDICT
from pmcampus.gradebook.triggers import drop_triggers, fill_standings, put_triggers
from pmcampus.gradebook.writing import storable
from pmcampus.ledger import Entry, values_of
from pmcampus.ledgerfile import ByHand
from pmcampus.model.assessment import check_cell

CHUNK = 5000
Place = tuple[str, str]


def add_rows(session: Session, entries: Iterable[Entry]) -> None:
    """Sealed rows as they are, at the ledger's end."""
    _insert(session, VERDICT, map(values_of, entries))


def write_anew(session: Session, scored: Mapping[Place, Entry], by_hand: Sequence[ByHand]) -> None:
    """nbgrader's scores of these assessments, from these rows and from what people marked; nothing else.

    Learners, assessments and cells must be there; triggers are off meanwhile and right afterwards.
    """
    drop_triggers(session.connection())
    by_assessment: dict[str, list[Entry]] = defaultdict(list)
    for (_, assessment), entry in scored.items():
        by_assessment[assessment].append(entry)
    hand: dict[Place, dict[str, ByHand]] = defaultdict(dict)
    for mark in by_hand:
        hand[mark.learner, mark.assessment][mark.cell] = mark
    notebooks = {
        name: (assignment, notebook)
        for name, assignment, notebook in session.execute(
            select(Assignment.name, Assignment.id, Notebook.id).join(
                Notebook, Notebook.assignment_id == Assignment.id
            )
        )
    }
    for assessment, entries in sorted(by_assessment.items()):
        assignment, notebook = notebooks[assessment]
        handed = _submissions(session, assignment, notebook, entries)
        _cells(session, notebook, entries, handed, hand)
    fill_standings(session.connection())
    fill_attempts(session.connection())
    put_triggers(session.connection())
    if session.connection().dialect.name == "postgresql":  # or it plans for the tables of before
        session.connection().exec_driver_sql("ANALYZE")


def auto_scores(session: Session) -> dict[Place, dict[str, float | None]]:
    """The machine's scores by learner and assessment, then by cell."""
    found: dict[Place, dict[str, float | None]] = defaultdict(dict)
    for learner, assessment, cell, score in session.execute(_grades(Grade.auto_score)):
        found[learner, assessment][cell] = score
    return dict(found)


def hand_marks(session: Session) -> tuple[ByHand, ...]:
    """What people marked and wrote, in order."""
    found = {
        (learner, assessment, cell): ByHand(learner, assessment, cell, score, extra)
        for learner, assessment, cell, score, extra in session.execute(
            _grades(Grade.manual_score, Grade.extra_credit)
        )
        if score is not None or extra is not None
    }
    written = select(
        SubmittedAssignment.student_id, Assignment.name, BaseCell.name, Comment.manual_comment
    ).select_from(Comment)
    for learner, assessment, cell, comment in session.execute(
        _joined(written, Comment).where(Comment.manual_comment.is_not(None))
    ):
        place = (learner, assessment, cell)
        found[place] = replace(found.get(place, ByHand(*place)), comment=comment)
    return tuple(found[place] for place in sorted(found))


def _grades(*columns: Any) -> Any:
    query = select(SubmittedAssignment.student_id, Assignment.name, BaseCell.name, *columns)
    return _joined(query.select_from(Grade), Grade)


def _joined(query: Any, table: Any) -> Any:
    return (
        query.join(BaseCell, BaseCell.id == table.cell_id)
        .join(SubmittedNotebook, SubmittedNotebook.id == table.notebook_id)
        .join(SubmittedAssignment, SubmittedAssignment.id == SubmittedNotebook.assignment_id)
        .join(Assignment, Assignment.id == SubmittedAssignment.assignment_id)
    )


def _submissions(session: Session, assignment: str, notebook: str, entries: list[Entry]) -> dict[str, str]:
    """Learner to the new submitted notebook; a submission that stays keeps its id and its extension."""
    old = select(SubmittedNotebook.id).where(SubmittedNotebook.notebook_id == notebook)
    quiet = {"synchronize_session": False}
    for table in (Grade, Comment):
        session.execute(delete(table).where(table.notebook_id.in_(old)), execution_options=quiet)
    mine = SubmittedNotebook.notebook_id == notebook
    session.execute(delete(SubmittedNotebook).where(mine), execution_options=quiet)
    there = select(SubmittedAssignment).where(SubmittedAssignment.assignment_id == assignment)
    known = {submission.student_id: submission for submission in session.scalars(there)}
    learners = {entry.learner for entry in entries}
    for learner in known.keys() - learners:
        session.delete(known[learner])
    for entry in entries:
        if entry.learner in known:
            known[entry.learner].timestamp = entry.handed_in
    session.flush()
    ids = {learner: submission.id for learner, submission in known.items() if learner in learners}
    missing = [entry for entry in entries if entry.learner not in ids]
    ids |= {entry.learner: uuid4().hex for entry in missing}
    _insert(
        session,
        SubmittedAssignment.__table__,
        (
            {
                "id": ids[entry.learner],
                "assignment_id": assignment,
                "student_id": entry.learner,
                "timestamp": entry.handed_in,
            }
            for entry in missing
        ),
    )
    handed = {learner: uuid4().hex for learner in ids}
    _insert(
        session,
        SubmittedNotebook.__table__,
        (
            {"id": handed[learner], "assignment_id": id, "notebook_id": notebook}
            for learner, id in ids.items()
        ),
    )
    return handed


def _cells(
    session: Session,
    notebook: str,
    entries: list[Entry],
    handed: Mapping[str, str],
    hand: Mapping[Place, Mapping[str, ByHand]],
) -> None:
    graded = list(
        session.execute(select(GradeCell.id, GradeCell.name).where(GradeCell.notebook_id == notebook))
    )
    answers = list(
        session.execute(
            select(SolutionCell.id, SolutionCell.name).where(SolutionCell.notebook_id == notebook)
        )
    )

    def grades() -> Iterator[dict[str, Any]]:
        for entry in entries:
            items = {item["cell"]: item for item in json.loads(entry.verdict)["items"]}
            marks = hand.get((entry.learner, entry.assessment), {})
            for id, name in graded:
                auto = items[name]["score"] if name in items else None
                mark = marks.get(name) or ByHand(entry.learner, entry.assessment, name)
                yield {
                    "id": uuid4().hex,
                    "notebook_id": handed[entry.learner],
                    "cell_id": id,
                    "auto_score": auto,
                    "manual_score": mark.score,
                    "extra_credit": mark.extra,
                    "needs_manual_grade": auto is None and mark.score is None,
                }

    def comments() -> Iterator[dict[str, Any]]:
        for entry in entries:
            items = {item["cell"]: item for item in json.loads(entry.verdict)["items"]}
            marks = hand.get((entry.learner, entry.assessment), {})
            for id, name in answers:
                item = items.get(check_cell(name)) or items.get(name)
                yield {
                    "id": uuid4().hex,
                    "notebook_id": handed[entry.learner],
                    "cell_id": id,
                    "auto_comment": storable(item["message"]) if item else None,
                    "manual_comment": marks[name].comment if name in marks else None,
                }

    _insert(session, Grade.__table__, grades())
    _insert(session, Comment.__table__, comments())


def _insert(session: Session, table: Any, rows: Iterator[dict[str, Any]]) -> None:
    while chunk := list(islice(rows, CHUNK)):
        session.execute(insert(table), chunk)
