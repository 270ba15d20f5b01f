"""Who should be asked how they are: rules that a person can check, never a score or a decision."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from pmcampus.model.measure import TINY, Measure
from pmcampus.model.tracking import Reason
from pmcampus.statistics.shares import share_of

QUIET_DAYS = 7
MISSED = 2
FAILURES = 2
LOWEST = 0.10
ENOUGH = 10  # below so many learners there is no lowest tenth


@dataclass(frozen=True)
class Course:
    """What rules know of one learner.

    Attributes:
        last: the last hand-in, or the start of the cohort.
        is_open: whether something can still be handed in by them.
        missed: assessments whose time is over and that they have not handed in.
        scores: assessment to their share of the points now.
        failures: works that could not be read, or in which an answer ended in an error.
    """

    learner: str
    last: datetime | None
    is_open: bool
    missed: Sequence[str] = ()
    scores: Mapping[str, float] = field(default_factory=dict)
    passed: frozenset[str] = frozenset()
    failures: Sequence[str] = ()


def applying(course: Course, *, now: datetime, lowest: Mapping[str, float]) -> list[tuple[str, str]]:
    """The rules that apply, each with the assessment that it is about where it is about one.

    Args:
        lowest: assessment to the score share under which a tenth of the cohort lies.
    """
    found = []
    if course.is_open and course.last is not None and (now - course.last).days >= QUIET_DAYS:
        found.append(("quiet", ""))
    if len(course.missed) >= MISSED:
        found.append(("missed", ""))
    for assessment, share in sorted(course.scores.items()):
        if assessment not in course.passed and share < lowest.get(assessment, 0.0):
            found.append(("lowest tenth", assessment))
    if len(course.failures) >= FAILURES:
        found.append(("failures", course.failures[-1]))
    return found


def reasons(course: Course, *, now: datetime, lowest: Mapping[str, float]) -> tuple[Reason, ...]:
    """The same in words."""
    said: dict[str, Callable[[str], str]] = {
        "quiet": lambda _: f"nothing handed in for {(now - (course.last or now)).days} days",
        "missed": lambda _: (
            f"{len(course.missed)} assessments are over and not handed in: {', '.join(course.missed)}"
        ),
        "lowest tenth": lambda assessment: (
            f"{100 * course.scores[assessment]:.0f} % of the points; nine in ten have at least "
            f"{100 * lowest[assessment]:.0f} %"
        ),
        "failures": lambda _: f"{len(course.failures)} works could not be read or ended in an error",
    }
    return tuple(
        Reason(rule, said[rule](assessment), assessment)
        for rule, assessment in applying(course, now=now, lowest=lowest)
    )


def lowest_tenth(shares: Mapping[float, int]) -> float | None:
    """The tenth percentile (the smallest value that at least a tenth do not exceed); None for too few.

    Args:
        shares: share of points to how many have it.
    """
    n = sum(shares.values())
    if n < ENOUGH:
        return None
    seen = 0
    for value in sorted(shares):
        seen += shares[value]
        if seen >= LOWEST * n:
            return value
    return None


def precision_and_recall(
    flagged: frozenset[str], failed: frozenset[str]
) -> tuple[tuple[int, int], tuple[int, int]]:
    """How often the rules were right, on a cohort that is over.

    Returns:
        Of those flagged, how many did not pass, and of how many; then of those who did not pass, how many
        were flagged, and of how many.
    """
    both = len(flagged & failed)
    return (both, len(flagged)), (both, len(failed))


def rules_measured(flagged: frozenset[str], failed: frozenset[str]) -> tuple[Measure, Measure]:
    """The same as two measures with their intervals; with too few behind one, why there is none.

    Saito and Rehmsmeier (2015), doi:10.1371/journal.pone.0118432.
    """
    precision, recall = precision_and_recall(flagged, failed)
    return (
        _share("precision", precision, "to whom a rule applied"),
        _share("recall", recall, "who did not pass"),
    )


def _share(metric: str, found: tuple[int, int], who: str) -> Measure:
    count, n = found
    if n < TINY:
        why = f"insufficient evidence: {n} {'learner' if n == 1 else 'learners'} {who}, {TINY} are needed"
        return Measure(metric, None, n, reason=why)
    return share_of(metric, count, n)
