"""How items, tests and markers measure: values over first attempts, each with what was left out."""

from dataclasses import dataclass

from pmcampus.model.measure import Exclusion, Measure
from pmcampus.model.standing import AssessmentHead, ItemHead


@dataclass(frozen=True)
class ItemLine:
    """One item's statistics over first attempts.

    Attributes:
        difficulty: mean share of the points (0 to 1); high is easy.
        item_rest: correlation with the sum of the other items.
        d27: difficulty among the upper 27 per cent of learners less that among the lower.
        blank: share of first attempts that left the answer as it was handed out.
        minutes: median of what learners' own notebooks say, unverified; a reason where they say nothing.
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

    @property
    def measures(self) -> tuple[Measure, ...]:
        """All numbers about it."""
        return (self.difficulty, self.item_rest, self.d27, self.blank, self.minutes)


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
    """How far markers agree on a team case.

    Attributes:
        n: how many scores every marker gave.
        scores: team and criterion, and the score of each marker in the order of `raters`, where they are few.
    """

    case: str
    raters: tuple[str, ...]
    n: int
    exact: Measure
    kappa: Measure
    icc: Measure
    exclusions: tuple[Exclusion, ...] = ()
    scores: tuple[tuple[str, tuple[int, ...]], ...] = ()
