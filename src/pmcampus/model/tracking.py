"""What a cohort's tracking shows, page by page: frozen values that text, CSV, JSON, HTML and dashboard share.

Learners go by their id. Names stay in the roster, which `Tracking.learners` has.
"""

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


# --- overview and matrix ------------------------------------------------------------------------


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


# --- items and tests ----------------------------------------------------------------------------


@dataclass(frozen=True)
class ItemLine:
    """One item's statistics over first attempts.

    Attributes:
        difficulty: mean share of the points (0 to 1); high is easy.
        item_rest: correlation with the sum of the other items.
        d27: difficulty among the upper 27 per cent of learners less that among the lower.
        blank: share of first attempts that left the answer as it was handed out.
        minutes: median time; its reason says so where no time is known.
        shares: every learner's share of the points, sorted, where few learners are better shown as dots.
        flags: words for what to look at.
    """

    head: ItemHead
    difficulty: Measure
    item_rest: Measure
    d27: Measure
    blank: Measure
    minutes: Measure
    shares: tuple[float, ...] = ()
    flags: tuple[str, ...] = ()


@dataclass(frozen=True)
class ItemAnalysis:
    """Item statistics of one assessment; `n` first attempts of this version, the rest in `exclusions`."""

    assessment: AssessmentHead
    n: int
    items: tuple[ItemLine, ...]
    exclusions: tuple[Exclusion, ...]


@dataclass(frozen=True)
class Bin:
    """How many lie in this stretch of per cent, the upper end left out but for the last."""

    low: float
    high: float
    n: int


@dataclass(frozen=True)
class TestQuality:
    """How well the whole assessment measures; `shares` as in `ItemLine`, of the whole test."""

    __test__ = False  # not a class of tests

    assessment: AssessmentHead
    n: int
    mean: Measure
    sd: Measure
    alpha: Measure
    kr20: Measure
    sem: Measure
    distribution: tuple[Bin, ...]
    exclusions: tuple[Exclusion, ...]
    shares: tuple[float, ...] = ()


@dataclass(frozen=True)
class Gain:
    """What changed between two parallel assessments; `pairs` (per cent before, after) where few."""

    pre: AssessmentHead
    post: AssessmentHead
    n: int
    pre_mean: Measure
    post_mean: Measure
    hake: Measure
    change: Measure
    d_z: Measure
    exclusions: tuple[Exclusion, ...]
    pairs: tuple[tuple[float, float], ...] = ()


# --- competencies -------------------------------------------------------------------------------


class Held(StrEnum):
    """Whether a competency is held at a level."""

    MASTERED = "mastered"
    NOT_YET = "not yet"
    INSUFFICIENT = "insufficient evidence"


@dataclass(frozen=True)
class Evidence:
    """One item's evidence: points reached of points, at the item's level."""

    assessment: str
    cell: str
    level: str
    score: float
    points: float


@dataclass(frozen=True)
class Mastery:
    """One learner, one competency, one level: `share` carries Wilson's interval, `items` are distinct."""

    learner: str
    competency: str
    level: str
    held: Held
    share: Measure
    items: int
    evidence: tuple[Evidence, ...] = ()


@dataclass(frozen=True)
class MasteryPage:
    """Mastery of one learner or of a page of all `total`, with the rule that was applied."""

    learners: tuple[str, ...]
    competencies: tuple[str, ...]
    rows: tuple[Mastery, ...]
    threshold: float
    least_items: int
    total: int = 0


class Cover(StrEnum):
    """How a team stands with a competency it needs."""

    COVERED = "covered"
    NOBODY = "nobody yet"
    UNKNOWN = "insufficient evidence"


@dataclass(frozen=True)
class CoverLine:
    """One competency that the team needs, at the level it needs, and who holds it there."""

    competency: str
    statement: str
    level: str
    needed_by: tuple[str, ...]
    cover: Cover
    members: tuple[str, ...]
    nearest: str = ""


@dataclass(frozen=True)
class ModuleAdvice:
    """A module that would close gaps: which, for whom it is in the pathway, and whether it is written."""

    module: str
    title: str
    hours: float
    closes: tuple[str, ...]
    written: bool


@dataclass(frozen=True)
class Readiness:
    """Which competencies a personalised-medicine team needs are covered, and the shortest way to the rest.

    Attributes:
        out_of_reach: competencies that no module teaches at the needed level.
        exact: whether the list of modules is proved shortest.
    """

    team: str
    members: tuple[str, ...]
    lines: tuple[CoverLine, ...]
    modules: tuple[ModuleAdvice, ...]
    out_of_reach: tuple[str, ...]
    exact: bool = True

    def count(self, cover: Cover) -> int:
        """Competencies that stand so."""
        return sum(line.cover is cover for line in self.lines)


# --- people -------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Reason:
    """A rule that applies to a learner, in words that can be checked against rows."""

    rule: str
    text: str
    assessment: str = ""


@dataclass(frozen=True)
class AtRisk:
    """A learner whom somebody should ask how they are; no score, only reasons."""

    learner: str
    role: str
    team: str
    reasons: tuple[Reason, ...]


@dataclass(frozen=True)
class Attempt:
    """One work that was handed in and read; `number` counts from 1, 0 when it could not be read."""

    assessment: str
    number: int
    version: str
    handed_in: datetime | None
    score: float
    points: float
    row: int


@dataclass(frozen=True)
class LearnerPage:
    """One learner's own page."""

    learner: str
    role: str
    team: str
    assessments: tuple[AssessmentHead, ...]
    cells: tuple[Cell, ...]
    items: tuple[tuple[Cell, ...], ...]
    attempts: tuple[Attempt, ...]
    progress: Measure
    mastery: tuple[Mastery, ...]
    reasons: tuple[Reason, ...]


@dataclass(frozen=True)
class TeamPage:
    """One team: its matrix, its readiness, and who needs asking."""

    team: str
    matrix: MatrixPage
    readiness: Readiness
    at_risk: tuple[AtRisk, ...]


# --- fairness and agreement ---------------------------------------------------------------------


@dataclass(frozen=True)
class VariantGroup:
    """Learners whose course number gave them the same variant or band of variants."""

    name: str
    n: int
    full: int
    mean_share: float | None


@dataclass(frozen=True)
class VariantLine:
    """One item over the variants: `p` by chi-square, `q` after Benjamini and Hochberg."""

    head: ItemHead
    groups: tuple[VariantGroup, ...]
    chi2: Measure
    p: Measure
    q: Measure
    flagged: bool


@dataclass(frozen=True)
class VariantFairness:
    """Whether the same item is harder for some variants; first attempts only."""

    assessment: AssessmentHead
    n: int
    items: tuple[VariantLine, ...]
    exclusions: tuple[Exclusion, ...]


@dataclass(frozen=True)
class RaterAgreement:
    """How far markers agree on a team case."""

    case: str
    raters: tuple[str, ...]
    n: int
    exact: Measure
    kappa: Measure
    icc: Measure
    exclusions: tuple[Exclusion, ...] = ()


@dataclass(frozen=True)
class Rows:
    """The rows behind a number: every line can be looked up in ledger, gradebook or roster."""

    title: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    total: int
    page: int = 1
    size: int = 50
