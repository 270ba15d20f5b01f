"""Where learners stand: states, assessments as columns, the overview and the matrix of progress."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from pmcampus.model.measure import Exclusion, Measure


class State(StrEnum):
    """Where a learner stands with an assessment or an item."""

    NOT_HANDED_IN = "not handed in"
    UNMARKED = "handed in, not marked"
    REFUSED = "cannot be read"
    AWAITING = "awaiting a marker"
    PASSED = "passed"
    NOT_YET = "not yet passed"
    EXCUSED = "excused"
    MARKED = "marked"  # an item; passing is of assessments
    ERROR = "error"  # an item that could not be judged


@dataclass(frozen=True)
class ItemHead:
    """An item as a column: its graded cell, title, competency with its level, and points."""

    cell: str
    title: str
    competency: str
    points: float
    automatic: bool
    level: str = ""


@dataclass(frozen=True)
class AssessmentHead:
    """An assessment as the cohort takes it; `passing_score` is per cent of the points.

    `hurdles` are graded cells with the least points there, below which no sum passes.
    """

    id: str
    title: str
    version: str
    kind: str
    points: float
    passing_score: float
    due: datetime | None
    items: tuple[ItemHead, ...]
    hurdles: tuple[tuple[str, float], ...] = ()
    module: str = ""


@dataclass(frozen=True)
class AssessmentLine:
    """One assessment over the cohort; the counts of states add up to `enrolled`."""

    head: AssessmentHead
    enrolled: int
    handed_in: int
    passed: int
    not_yet: int
    awaiting: int
    refused: int
    unmarked: int
    not_handed_in: int
    excused: int
    median_share: Measure


@dataclass(frozen=True)
class GroupLine:
    """A team or role: `progress` is the median over its learners."""

    name: str
    learners: int
    handed_in: int
    progress: Measure


@dataclass(frozen=True)
class Overview:
    """The cohort at a glance. `awaiting` counts submissions in which a person has an item left to mark."""

    cohort: str
    pathway: str
    fictitious: bool
    as_of: datetime
    enrolled: int
    active: int
    handed_in: int
    passed_all: int
    awaiting: int
    progress: Measure
    assessments: tuple[AssessmentLine, ...]
    teams: tuple[GroupLine, ...]
    roles: tuple[GroupLine, ...]
    exclusions: tuple[Exclusion, ...] = ()
    active_days: int = 7


@dataclass(frozen=True)
class Column:
    """A column of the matrix: an assessment's or an item's id, title and points."""

    id: str
    title: str
    points: float


@dataclass(frozen=True)
class Cell:
    """One learner in one column; `score` counts what is marked so far, None without any."""

    state: State
    score: float | None = None
    points: float = 0.0
    version: str = ""
    late: bool = False


@dataclass(frozen=True)
class MatrixRow:
    """One learner's line."""

    learner: str
    role: str
    team: str
    cells: tuple[Cell, ...]
    score: float | None
    points: float


@dataclass(frozen=True)
class MatrixPage:
    """A page of learners by assessments, or by the items of one; `learners` counts all that match.

    `assessment` is None for the matrix of assessments. Pages count from 1.
    """

    assessment: AssessmentHead | None
    columns: tuple[Column, ...]
    rows: tuple[MatrixRow, ...]
    page: int
    size: int
    learners: int

    @property
    def pages(self) -> int:
        """How many there are, at least one."""
        return max(1, -(-self.learners // self.size))
