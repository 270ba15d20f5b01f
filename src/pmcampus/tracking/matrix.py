"""The progress matrix: a page of learners by assessments, or by the items of one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from pmcampus.coursedir import submitted_path
from pmcampus.errors import CohortError
from pmcampus.gradebook import counting
from pmcampus.model.cohort import Learner
from pmcampus.model.tracking import AssessmentHead, Cell, Column, MatrixPage, MatrixRow, State
from pmcampus.terms import counted
from pmcampus.tracking.heads import needed

if TYPE_CHECKING:
    from pmcampus.tracking.session import Tracking

LARGEST = 500
Place = tuple[str, str]


def matrix(
    t: Tracking, assessment: str | None, *, team: str | None, role: str | None, page: int, size: int
) -> MatrixPage:
    """A page of it; see `Tracking.matrix`."""
    wanted = chosen(t, team=team, role=role)
    if not 1 <= size <= LARGEST or not 1 <= page <= max(1, -(-len(wanted) // size)):
        raise CohortError(f"there is no page {page} of {size} learners; pages count from 1.")
    learners = wanted[(page - 1) * size : page * size]
    if assessment is None:
        rows = by_assessment(t, learners)
        columns = tuple(Column(head.id, head.title, head.points) for head in t.heads.values())
        return MatrixPage(None, columns, rows, page, size, len(wanted))
    head = t.head(assessment)
    columns = tuple(Column(item.cell, item.title, item.points) for item in head.items)
    return MatrixPage(head, columns, by_item(t, learners, head), page, size, len(wanted))


def chosen(t: Tracking, *, team: str | None = None, role: str | None = None) -> list[Learner]:
    """The learners of this team and role, in the order of their ids.

    Raises:
        CohortError: nobody is in this team, or has this role.
    """
    for word, name, known in (
        ("team", team, {one.team for one in t.learners.values()}),
        ("role", role, {one.role for one in t.learners.values()}),
    ):
        if name is not None and name not in known:
            raise CohortError(f"no learner of this cohort has the {word} {name[:80]!r}; see roster.csv.")
    return sorted(
        one
        for one in t.learners.values()
        if (not team or one.team == team) and (not role or one.role == role)
    )


def by_assessment(t: Tracking, learners: Sequence[Learner]) -> tuple[MatrixRow, ...]:
    """A row for each learner with a cell for each assessment."""
    cells, _ = standing_cells(t, learners, tuple(t.heads.values()))
    return tuple(
        _row(learner, tuple(cells[learner.id, head.id] for head in t.heads.values())) for learner in learners
    )


def by_item(t: Tracking, learners: Sequence[Learner], head: AssessmentHead) -> tuple[MatrixRow, ...]:
    """A row for each learner with a cell for each item."""
    whole, items = standing_cells(t, learners, (head,))
    rows = []
    for learner in learners:
        place = (learner.id, head.id)
        cells = item_cells(head, whole[place], items.get(place, {}))
        # The sum is the assessment's own, not the items': lateness may have cost some of it.
        rows.append(replace(_row(learner, cells), score=whole[place].score, points=whole[place].points))
    return tuple(rows)


def item_cells(head: AssessmentHead, whole: Cell, items: dict[str, Cell]) -> tuple[Cell, ...]:
    """The cells of an assessment's items: what is not there stands where the whole stands."""
    return tuple(
        items.get(item.cell) or Cell(whole.state, None, item.points, whole.version, whole.late)
        for item in head.items
    )


def standing_cells(
    t: Tracking, learners: Sequence[Learner], heads: Sequence[AssessmentHead], *, excuse: bool = True
) -> tuple[dict[Place, Cell], dict[Place, dict[str, Cell]]]:
    """Where these learners stand: a cell for each assessment, and one for each item that was handed in.

    Args:
        excuse: show who is excused as such; without it, where they would stand.
    """
    ids = [learner.id for learner in learners]
    only = heads[0].id if len(heads) == 1 else None
    scores = counting.standings(t.book, ids)
    graded = counting.item_scores(t.book, ids, only)
    current: dict[Place, counting.Work] = {}
    refused: dict[Place, int] = {}
    for one in counting.works(t.book, learners=ids, assessment=only):
        if one.number:
            current[one.learner, one.assessment] = one
        else:
            place = (one.learner, one.assessment)
            refused[place] = max(one.row, refused.get(place, 0))
    whole: dict[Place, Cell] = {}
    items: dict[Place, dict[str, Cell]] = {}
    for learner in ids:
        for head in heads:
            place = (learner, head.id)
            if place not in graded or refused.get(place, 0) > (current[place].row if place in current else 0):
                lies = submitted_path(t.folder, learner, head.id).exists()
                state = State.REFUSED if place in refused else State.UNMARKED if lies else State.NOT_HANDED_IN
                state = State.EXCUSED if excuse and place in t.excused else state
                whole[place] = Cell(state, None, head.points)
                continue
            work = current.get(place)
            late = bool(work and t.is_late(work.learner, head.id, work.handed_in))
            version = work.version if work else ""
            earned, moment = scores.get(place, 0.0), work.handed_in if work else None
            score = counted(earned, head.points, moment, t.terms(learner, head.id)).score
            state = _state(head, score, graded[place])
            if excuse and place in t.excused and state is not State.PASSED:
                state = State.EXCUSED
            whole[place] = Cell(state, score, head.points, version, late)
            errors = work.errors if work else frozenset()
            items[place] = {
                cell: Cell(_item_state(cell, found, errors), found, points, version, late)
                for cell, (found, points) in graded[place].items()
            }
    return whole, items


def _state(head: AssessmentHead, score: float, graded: dict[str, tuple[float | None, float]]) -> State:
    if any(found is None for found, _ in graded.values()):
        return State.AWAITING
    missed = any(cell in graded and (graded[cell][0] or 0.0) < least for cell, least in head.hurdles)
    return State.PASSED if score >= needed(head) and not missed else State.NOT_YET


def _item_state(cell: str, score: float | None, errors: frozenset[str]) -> State:
    if score is None:
        return State.AWAITING
    return State.ERROR if cell in errors and not score else State.MARKED


def _row(learner: Learner, cells: tuple[Cell, ...]) -> MatrixRow:
    scored = [cell.score for cell in cells if cell.score is not None]
    return MatrixRow(
        learner=learner.id,
        role=learner.role,
        team=learner.team,
        cells=cells,
        score=sum(scored) if scored else None,
        points=sum(cell.points for cell in cells),
    )
