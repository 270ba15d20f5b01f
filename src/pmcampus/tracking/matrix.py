"""The progress matrix: a page of learners by assessments, or by the items of one."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from operator import attrgetter

from pmcampus.coursedir import submitted_path
from pmcampus.errors import CohortError
from pmcampus.gradebook import counting, works
from pmcampus.model.cohort import Learner
from pmcampus.model.tracking import AssessmentHead, Cell, Column, MatrixPage, MatrixRow, State
from pmcampus.terms import counted
from pmcampus.tracking.cohort import OpenCohort
from pmcampus.tracking.heads import needed

LARGEST = 500
NO_WORK = works.LastWork()
Place = tuple[str, str]
ItemCells = Mapping[str, Cell]


def matrix(
    t: OpenCohort, assessment: str | None, *, team: str | None, role: str | None, page: int, size: int
) -> MatrixPage:
    """A page of it; see `Tracking.matrix`."""
    wanted = chosen(t, team=team, role=role)
    if not 1 <= size <= LARGEST or not 1 <= page <= max(1, -(-len(wanted) // size)):
        raise CohortError(f"there is no page {page} of these learners; pages count from 1.")
    learners = wanted[(page - 1) * size : page * size]
    if assessment is None:
        rows = by_assessment(t, learners)
        columns = tuple(Column(head.id, head.title, head.points) for head in t.heads.values())
        return MatrixPage(None, columns, rows, page, size, len(wanted))
    head = t.head(assessment)
    columns = tuple(Column(item.cell, item.title, item.points) for item in head.items)
    return MatrixPage(head, columns, by_item(t, learners, head), page, size, len(wanted))


def chosen(t: OpenCohort, *, team: str | None = None, role: str | None = None) -> list[Learner]:
    """The learners of this team and role, in the order of their ids.

    Raises:
        CohortError: nobody is in this team, or has this role.
    """
    found = sorted(t.learners.values(), key=attrgetter("id"))
    for word, name in (("team", team), ("role", role)):
        if name is not None and not any(getattr(one, word) == name for one in found):
            raise CohortError(f"no learner of this cohort has the {word} {name[:80]!r}; see roster.csv.")
    return [one for one in found if (not team or one.team == team) and (not role or one.role == role)]


def by_assessment(t: OpenCohort, learners: Sequence[Learner]) -> tuple[MatrixRow, ...]:
    """A row for each learner with a cell for each assessment."""
    cells = standing_cells(t, learners, tuple(t.heads.values()))
    return tuple(
        _row(learner, tuple(cells[learner.id, head.id] for head in t.heads.values())) for learner in learners
    )


def by_item(t: OpenCohort, learners: Sequence[Learner], head: AssessmentHead) -> tuple[MatrixRow, ...]:
    """A row for each learner with a cell for each item."""
    whole = standing_cells(t, learners, (head,))
    items = items_of(t, whole, head.id)
    rows = []
    for learner in learners:
        place = (learner.id, head.id)
        cells = item_cells(head, whole[place], items.get(place, {}))
        # The sum is the assessment's own, not the items': lateness may have cost some of it.
        rows.append(replace(_row(learner, cells), score=whole[place].score, points=whole[place].points))
    return tuple(rows)


def items_of(
    t: OpenCohort, whole: Mapping[Place, Cell], assessment: str | None = None
) -> dict[Place, ItemCells]:
    """The items of the works that these cells stand for; none where nothing counts."""
    learners = sorted({learner for learner, _ in whole})
    last = works.last_works(t.book, learners, assessment)
    found: dict[Place, ItemCells] = {}
    for place, graded in counting.item_scores(t.book, learners, assessment).items():
        cell = whole.get(place)
        if cell is not None and cell.score is not None:
            errors = last[place].errors if place in last else frozenset()
            found[place] = {
                name: Cell(_item_state(name, score, errors), score, points, cell.version, cell.late)
                for name, (score, points) in graded.items()
            }
    return found


def item_cells(head: AssessmentHead, whole: Cell, items: ItemCells) -> tuple[Cell, ...]:
    """The cells of an assessment's items: what is not there stands where the whole stands."""
    return tuple(
        items.get(item.cell) or Cell(whole.state, None, item.points, whole.version, whole.late)
        for item in head.items
    )


def standing_cells(
    t: OpenCohort, learners: Sequence[Learner], heads: Sequence[AssessmentHead], *, excuse: bool = True
) -> dict[Place, Cell]:
    """Where these learners stand: a cell for each assessment.

    Args:
        excuse: show who is excused as such; without it, where they would stand.
    """
    ids = [learner.id for learner in learners]
    only = heads[0].id if len(heads) == 1 else None
    scores = counting.scores_in(t.book, ids, only)
    waiting = counting.awaiting(t.book, learners=ids, assessment=only)
    last = works.last_works(t.book, ids, only)
    missed = {
        head.id: counting.below(t.book, head.id, dict(head.hurdles), learners=ids).keys()
        for head in heads
        if head.hurdles
    }
    found: dict[Place, Cell] = {}
    for learner in ids:
        for head in heads:
            place = (learner, head.id)
            work = last.get(place, NO_WORK)
            if place not in scores or work.refused > work.row:
                lies = not work.refused and submitted_path(t.folder, learner, head.id).exists()
                state = State.REFUSED if work.refused else State.UNMARKED if lies else State.NOT_HANDED_IN
                state = State.EXCUSED if excuse and place in t.excused else state
                found[place] = Cell(state, None, head.points)
                continue
            late = bool(work.row and t.is_late(learner, head.id, work.handed_in))
            terms = t.terms(learner, head.id)
            score = counted(scores[place], head.points, work.handed_in, terms).score
            enough = score >= needed(head) and learner not in missed.get(head.id, ())
            state = State.AWAITING if place in waiting else State.PASSED if enough else State.NOT_YET
            if excuse and place in t.excused and state is not State.PASSED:
                state = State.EXCUSED
            found[place] = Cell(state, score, head.points, work.version, late)
    return found


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
