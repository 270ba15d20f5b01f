"""What a cohort's tracking shows, page by page: frozen values that text, CSV, JSON, HTML and dashboard share.

Learners go by their id. Names stay in the roster, which `Tracking.learners` has. All values of tracking can
be imported from here.
"""

from dataclasses import dataclass
from datetime import datetime

from pmcampus.model.competence import (
    CompetencyLine,
    CompetencyMap,
    Cover,
    CoverLine,
    Evidence,
    Held,
    Mastery,
    MasteryPage,
    ModuleAdvice,
    Readiness,
)
from pmcampus.model.measure import Exclusion, Measure
from pmcampus.model.quality import (
    Bin,
    Gain,
    ItemAnalysis,
    ItemLine,
    RaterAgreement,
    TestQuality,
    VariantFairness,
    VariantGroup,
    VariantLine,
)
from pmcampus.model.standing import (
    AssessmentHead,
    AssessmentLine,
    Cell,
    Column,
    GroupLine,
    ItemHead,
    MatrixPage,
    MatrixRow,
    Overview,
    State,
)

__all__ = [
    "AssessmentHead",
    "AssessmentLine",
    "AtRisk",
    "AtRiskPage",
    "Attempt",
    "Bin",
    "Cell",
    "Column",
    "CompetencyLine",
    "CompetencyMap",
    "Cover",
    "CoverLine",
    "Evidence",
    "Gain",
    "GroupLine",
    "Held",
    "ItemAnalysis",
    "ItemHead",
    "ItemLine",
    "LearnerPage",
    "Mastery",
    "MasteryPage",
    "MatrixPage",
    "MatrixRow",
    "ModuleAdvice",
    "Overview",
    "RaterAgreement",
    "Readiness",
    "Reason",
    "RiskReview",
    "Rows",
    "RuleCheck",
    "State",
    "TeamPage",
    "TestQuality",
    "VariantFairness",
    "VariantGroup",
    "VariantLine",
]


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
class AtRiskPage:
    """A page of them, out of `total`; those with most reasons come first."""

    rows: tuple[AtRisk, ...]
    total: int
    page: int = 1
    size: int = 50

    @property
    def pages(self) -> int:
        """How many pages there are."""
        return max(1, -(-self.total // self.size))


@dataclass(frozen=True)
class RuleCheck:
    """How often the rules were right: applied at a moment, against what became of the learners.

    Attributes:
        at: the moment; only what was handed in by then counts for the rules.
        n: learners whose outcome is known, of whom `flagged` had a reason then, `failed` did not pass in the
            end, and `both` are in both.
    """

    at: datetime
    n: int
    flagged: int
    failed: int
    both: int
    precision: Measure
    recall: Measure
    exclusions: tuple[Exclusion, ...] = ()


@dataclass(frozen=True)
class RiskReview:
    """Whom to ask, a page of them, and how often the same rules were right in this cohort."""

    asked: AtRiskPage
    check: RuleCheck


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


@dataclass(frozen=True)
class Rows:
    """The rows behind a number: every line can be looked up in ledger, gradebook or roster."""

    title: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    total: int
    page: int = 1
    size: int = 50
