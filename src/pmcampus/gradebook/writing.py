"""Writing scores: one submission is one transaction, all of it or nothing."""

import json
from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass, field
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
from sqlalchemy import select
from sqlalchemy.orm import Session

from pmcampus.errors import CohortError
from pmcampus.gradebook.leases import Holder, spend
from pmcampus.gradebook.rows import append, last_of
from pmcampus.gradebook.tables import naive
from pmcampus.gradebook.transactions import transaction
from pmcampus.ledger import Decision, Entry
from pmcampus.model.assessment import answer_cell, check_cell
from pmcampus.model.cohort import Learner
from pmcampus.model.verdict import ItemVerdict, Verdict
from pmcampus.regrade import Change, Policy, changes, decide


def enrol(book: Gradebook, learners: Iterable[Learner]) -> None:
    """These learners in the gradebook, in one transaction; known ones get their name updated."""
    wanted = list(learners)

    def work(session: Session) -> None:
        known = {student.id: student for student in session.scalars(select(Student))}
        for learner in wanted:
            student = known.get(learner.id) or Student(id=learner.id)
            student.first_name, student.last_name = "", learner.name
            session.add(student)

    transaction(book, work)


def enrol_missing(book: Gradebook, ids: Iterable[str]) -> None:
    """Learners whom the ledger knows and the roster does not, by id alone; others stay as they are."""
    wanted = set(ids)

    def work(session: Session) -> None:
        known = set(session.scalars(select(Student.id)))
        session.add_all(
            Student(id=learner, first_name="", last_name="") for learner in sorted(wanted - known)
        )

    transaction(book, work)


def open_assessment(book: Gradebook, assessment: str, due: datetime | None) -> None:
    """The assessment in the gradebook with its due moment."""

    def work(session: Session) -> None:
        found = session.scalar(select(Assignment).where(Assignment.name == assessment))
        if found is None:
            found = Assignment(name=assessment, course_id=book.course_id)
        found.duedate = naive(due)
        session.add(found)

    transaction(book, work)


@dataclass(frozen=True)
class Conflict:
    """An item that the machine and a person marked differently; the person's score counts."""

    learner: str
    cell: str
    machine: float
    marker: float


@dataclass(frozen=True)
class Recorded:
    """What recording a verdict did; `entry` is None when the ledger already said the same."""

    entry: Entry | None
    changes: list[Change] = field(default_factory=list)
    conflicts: list[Conflict] = field(default_factory=list)


def record(
    book: Gradebook,
    learner: str,
    verdict: Verdict,
    *,
    paper: str,
    handed_in: datetime | None,
    environment: str = "",
    isolation: str = "",
    again: bool = False,
    policy: Policy = Policy.EXACT,
    holder: Holder | None = None,
    first: Callable[[], None] = lambda: None,
) -> Recorded:
    """One verdict with its scores, in one transaction. A marker's own scores and comments stay.

    A refused submission changes no score: nbgrader's tables keep what they had.

    Args:
        environment: digest of Python and packages, see `pmcampus.environment`.
        isolation: how the learner's code was locked in, in words.
        again: a regrade was asked for by name, so a row is added even when nothing changed.
        policy: whether a regrade of the same work may lower a score.
        holder: the run that marked it; its lease ends with this.
        first: what must be on disk before the database says so; called again when the database is.

    Raises:
        LeaseLost: another run marks this submission now; nothing was recorded.
        CohortError: the database stayed locked or away; nothing was recorded.
    """
    made = Entry(
        id=0,
        learner=learner,
        assessment=verdict.assessment,
        version=verdict.version,
        paper=paper,
        submission=verdict.digest,
        handed_in=naive(handed_in),
        score=float(verdict.score),
        verdict=json.dumps(asdict(verdict), sort_keys=True),
        recorded=datetime.now(UTC).replace(tzinfo=None),
        environment=environment,
        isolation=isolation,
        decision=Decision.MARKED.value,
        set_aside="",
    )

    def work(session: Session) -> Recorded:
        before = last_of(session, learner, verdict.assessment)
        if before and (before.recorded, before.key, before.found) == (made.recorded, made.key, made.verdict):
            return Recorded(None)  # the commit before a lost connection arrived after all
        if holder:
            spend(session, holder, verdict.assessment, learner)
        by_hand = manual_scores(session, learner, verdict.assessment)
        entry = decide(made, before, again=again, policy=policy, by_hand=by_hand)
        if entry is None or entry.decision != Decision.KEPT:
            first()
        if entry is None:
            return Recorded(None)
        if verdict.refused is None and entry.decision != Decision.KEPT:
            _write_scores(session, learner, verdict, handed_in)
        added = append(session, entry)
        return Recorded(added, changes(added, before, by_hand), _conflicts(learner, verdict, by_hand))

    return transaction(book, work)


def manual_scores(session: Session, learner: str, assessment: str) -> dict[str, float]:
    """A marker's scores by cell, held still until this transaction ends."""
    query = (
        select(BaseCell.name, Grade.manual_score, Grade.extra_credit)
        .select_from(Grade)
        .join(BaseCell, BaseCell.id == Grade.cell_id)
        .join(SubmittedNotebook, SubmittedNotebook.id == Grade.notebook_id)
        .join(SubmittedAssignment, SubmittedAssignment.id == SubmittedNotebook.assignment_id)
        .join(Assignment, Assignment.id == SubmittedAssignment.assignment_id)
        .where(
            Assignment.name == assessment,
            SubmittedAssignment.student_id == learner,
            Grade.manual_score.is_not(None),
        )
        .with_for_update(of=Grade)
    )
    return {name: score + (extra or 0.0) for name, score, extra in session.execute(query)}


def _conflicts(learner: str, verdict: Verdict, by_hand: dict[str, float]) -> list[Conflict]:
    return [
        Conflict(learner, item.cell, item.score, by_hand[item.cell])
        for item in verdict.items
        if item.score is not None and by_hand.get(item.cell, item.score) != item.score
    ]


def mark_by_hand(
    book: Gradebook,
    learner: str,
    assessment: str,
    *,
    cell: str,
    score: float,
    comment: str | None = None,
    still: Callable[[Grade, Comment | None], None] = lambda grade, comment: None,
) -> None:
    """A person's score for a graded cell, where formgrader puts it too; it wins over the machine's.

    Args:
        comment: None leaves the one that is there.
        still: called in the transaction with what stands there; what it raises stops the change.

    Raises:
        CohortError: the learner has no marked submission, or the cell is not graded.
    """
    query = (
        select(Grade, SubmittedNotebook.id)
        .join(SubmittedNotebook, SubmittedNotebook.id == Grade.notebook_id)
        .join(SubmittedAssignment, SubmittedAssignment.id == SubmittedNotebook.assignment_id)
        .join(Assignment, Assignment.id == SubmittedAssignment.assignment_id)
        .join(BaseCell, BaseCell.id == Grade.cell_id)
        .where(
            Assignment.name == assessment, SubmittedAssignment.student_id == learner, BaseCell.name == cell
        )
        .with_for_update(of=Grade)
    )

    def work(session: Session) -> None:
        found = session.execute(query).first()
        if found is None:
            raise CohortError(
                f"{learner}: there is no marked submission with the graded cell {cell!r}; "
                f"run `pmcampus grade` for {assessment} first, or name a graded cell."
            )
        grade, notebook = found
        written = session.scalar(
            select(Comment)
            .join(BaseCell, BaseCell.id == Comment.cell_id)
            .where(Comment.notebook_id == notebook, BaseCell.name == answer_cell(cell))
        )
        still(grade, written)
        grade.manual_score, grade.needs_manual_grade = score, False
        if written is not None and comment is not None:
            written.manual_comment = comment or None

    transaction(book, work)


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
    held = select(Grade).where(Grade.notebook_id == handed).with_for_update(of=Grade)
    grades = {g.cell_id: g for g in session.scalars(held)}
    comments = {c.cell_id: c for c in session.scalars(select(Comment).where(Comment.notebook_id == handed))}
    for cell in session.scalars(select(GradeCell).where(GradeCell.notebook_id == notebook)):
        grade = grades.get(cell.id) or Grade(cell_id=cell.id, notebook_id=handed)
        grade.auto_score = items[cell.name].score
        grade.needs_manual_grade = grade.auto_score is None and grade.manual_score is None
        session.add(grade)
    for cell in session.scalars(select(SolutionCell).where(SolutionCell.notebook_id == notebook)):
        comment = comments.get(cell.id) or Comment(cell_id=cell.id, notebook_id=handed)
        item = items.get(check_cell(cell.name)) or items.get(cell.name)
        comment.auto_comment = storable(item.message) if item else None
        session.add(comment)


def storable(message: str) -> str:
    """The message without what PostgreSQL refuses in a text."""
    return message.replace("\0", "\ufffd").encode("utf-8", "replace").decode()
