"""What a cohort has reached in one assessment, as a value that every report shows alike."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from math import fsum
from statistics import median

from pmcampus.model.cohort import ItemRecord, Learner, Record
from pmcampus.model.tracking import ItemHead, State
from pmcampus.model.verdict import Mark
from pmcampus.terms import Counted, Terms, counted

__all__ = ["Group", "ItemHead", "ItemSummary", "Progress", "Row", "State", "progress"]


@dataclass(frozen=True)
class Row:
    """One learner's line.

    `score` counts what is marked so far, less what lateness costs; `share` (0 to 1) is of what was
    earned, before that. None without a submission.
    """

    learner: Learner
    state: State
    late: bool
    handed_in: datetime | None
    score: float | None
    share: float | None
    marks: tuple[ItemRecord | None, ...]
    hurdles_missed: tuple[str, ...]
    refused: str | None = None
    counted: Counted | None = None


@dataclass(frozen=True)
class Group:
    """A team or a role: how many, how many handed in, and the median share of points (0 to 1) of those."""

    name: str
    learners: int
    handed_in: int
    passed: int
    median_share: float | None


@dataclass(frozen=True)
class ItemSummary:
    """One item over the cohort: submissions marked, mean share of points (0 to 1), and those with none."""

    item: ItemHead
    marked: int
    mean_share: float | None
    without_points: int
    awaiting: int


@dataclass(frozen=True)
class Progress:
    """The whole: `rows` by learner, `items` as columns, groups, and who is missing."""

    cohort: str
    assessment: str
    title: str
    version: str
    fictitious: bool
    as_of: datetime
    due: datetime | None
    passing_score: float
    points: float
    items: tuple[ItemHead, ...]
    rows: tuple[Row, ...]
    summaries: tuple[ItemSummary, ...]
    teams: tuple[Group, ...]
    roles: tuple[Group, ...]
    grace: timedelta = timedelta()

    def count(self, state: State) -> int:
        """Learners in this state."""
        return sum(row.state is state for row in self.rows)

    @property
    def missing(self) -> tuple[Row, ...]:
        """Who has not handed in, or handed in a file that cannot be read."""
        return tuple(row for row in self.rows if row.state in (State.NOT_HANDED_IN, State.REFUSED))


def progress(
    learners: Iterable[Learner],
    records: Mapping[str, Record],
    *,
    items: tuple[ItemHead, ...],
    hurdles: Mapping[str, tuple[float, str]],
    passing_score: float,
    cohort: str,
    assessment: str,
    title: str,
    version: str,
    unmarked: frozenset[str] = frozenset(),
    fictitious: bool = False,
    as_of: datetime,
    due: datetime | None,
    grace: timedelta = timedelta(),
    terms: Mapping[str, Terms] | None = None,
) -> Progress:
    """Progress from the roster and the gradebook's records.

    Args:
        unmarked: ids of learners whose file lies there and was not marked yet.
        hurdles: graded cell to the points an attempt must reach there, and why.
        passing_score: per cent of the points.
        as_of: the moment of the report, which tests pass in.
        grace: how long after the due moment work is not late yet.
        terms: what holds for single learners; the others have the cohort's due moment and grace.
    """
    points = fsum(item.points for item in items)
    common = Terms(due=due, deadline=due + grace if due else None)
    own = terms or {}
    rows = tuple(
        _row(
            learner,
            records.get(learner.id),
            items,
            hurdles,
            passing_score * points / 100,
            own.get(learner.id, common),
        )
        for learner in sorted(learners)
    )
    rows = tuple(replace(row, state=State.UNMARKED) if row.learner.id in unmarked else row for row in rows)
    excused = {learner for learner, found in own.items() if found.excused}
    rows = tuple(
        replace(row, state=State.EXCUSED)
        if row.learner.id in excused and row.state is not State.PASSED
        else row
        for row in rows
    )
    return Progress(
        cohort=cohort,
        assessment=assessment,
        title=title,
        version=version,
        fictitious=fictitious,
        as_of=as_of,
        due=due,
        passing_score=passing_score,
        points=points,
        items=items,
        rows=rows,
        summaries=tuple(_summary(item, index, rows) for index, item in enumerate(items)),
        teams=_groups(rows, lambda learner: learner.team),
        roles=_groups(rows, lambda learner: learner.role),
        grace=grace,
    )


def _row(
    learner: Learner,
    record: Record | None,
    items: tuple[ItemHead, ...],
    hurdles: Mapping[str, tuple[float, str]],
    needed: float,
    terms: Terms,
) -> Row:
    if record is None or (record.refused is not None and not record.items):
        state = State.NOT_HANDED_IN if record is None else State.REFUSED
        return Row(
            learner=learner,
            state=state,
            late=bool(record and record.late(terms.deadline)),
            handed_in=record.handed_in if record else None,
            score=None,
            share=None,
            marks=(None,) * len(items),
            hurdles_missed=(),
            refused=record.refused if record else None,
        )
    by_cell = {item.cell: item for item in record.items}
    scored = [item for item in record.items if item.score is not None]
    reachable = sum(item.points for item in scored)
    missed = tuple(
        why
        for cell, (least, why) in hurdles.items()
        if cell in by_cell and (by_cell[cell].score or 0.0) < least
    )
    found = counted(record.score, sum(item.points for item in items), record.handed_in, terms)
    if not record.is_final:
        state = State.AWAITING
    else:
        state = State.PASSED if found.score >= needed and not missed else State.NOT_YET
    return Row(
        learner=learner,
        state=state,
        late=record.late(terms.deadline),
        handed_in=record.handed_in,
        score=found.score,
        share=record.score / reachable if reachable else None,
        marks=tuple(by_cell.get(item.cell) for item in items),
        hurdles_missed=missed,
        counted=found,
    )


def _summary(item: ItemHead, index: int, rows: tuple[Row, ...]) -> ItemSummary:
    marks = [row.marks[index] for row in rows]
    present = [mark for mark in marks if mark is not None]
    scores = [mark.score for mark in present if mark.score is not None]
    return ItemSummary(
        item=item,
        marked=len(scores),
        mean_share=sum(scores) / (item.points * len(scores)) if scores and item.points else None,
        without_points=sum(score == 0 for score in scores) if item.points else 0,
        awaiting=sum(mark.mark is Mark.AWAITING for mark in present),
    )


def _groups(rows: tuple[Row, ...], key: Callable[[Learner], str]) -> tuple[Group, ...]:
    groups = []
    for name in sorted({key(row.learner) for row in rows}):
        members = [row for row in rows if key(row.learner) == name]
        shares = [row.share for row in members if row.share is not None]
        groups.append(
            Group(
                name=name,
                learners=len(members),
                handed_in=sum(row.score is not None for row in members),
                passed=sum(row.state is State.PASSED for row in members),
                median_share=median(shares) if shares else None,
            )
        )
    return tuple(groups)
