"""How well a whole test measures: alpha, KR-20, and the standard error of measurement."""

from typing import Any

from pmcampus.model.measure import Interval, Measure
from pmcampus.statistics.door import stats
from pmcampus.statistics.scores import Scores

ONE_ITEM = "at least two scored items are needed"
ONE_LEARNER = "at least two complete first attempts are needed"
NO_SPREAD = "all sums are equal, so there is nothing to explain"
PARTIAL = "an item gave part of its points; KR-20 is for right and wrong only"


def alpha(scores: Scores) -> Measure:
    """Cronbach's alpha, `k/(k-1) * (1 - sum of item variances / variance of the sum)`, with Feldt's interval.

    It says how far items go together, not that they measure one thing.

    Cronbach (1951), doi:10.1007/BF02310555; interval: Feldt (1965), doi:10.1007/BF02289499.
    """
    rows = scores.complete
    n, k = rows.shape
    reason = _reason(rows)
    if reason:
        return Measure("alpha", None, n, reason=reason)
    value = k / (k - 1) * (1 - rows.var(axis=0, ddof=1).sum() / rows.sum(axis=1).var(ddof=1))
    return Measure("alpha", float(value), n, _feldt(float(value), n, k))


def kr20(scores: Scores) -> Measure:
    """Kuder and Richardson's formula 20, `k/(k-1) * (1 - sum of p*q / variance of the number right)`.

    Kuder and Richardson (1937), doi:10.1007/BF02288391.
    """
    import numpy as np

    rows = scores.complete
    n, k = rows.shape
    right = rows / np.array([scores.points[i] for i in scores.counted]) if n and k else rows
    reason = PARTIAL if not np.isin(right, (0.0, 1.0)).all() else _reason(right)
    if reason:
        return Measure("kr20", None, n, reason=reason)
    p = right.mean(axis=0)
    value = float(k / (k - 1) * (1 - (p * (1 - p)).sum() / right.sum(axis=1).var()))
    return Measure("kr20", value, n, _feldt(value, n, k))


def sem(scores: Scores) -> Measure:
    """The standard error of measurement in points, `SD of the sum * sqrt(1 - alpha)`.

    Two thirds of repeated measurements of one learner would lie within one of it, if alpha held.
    """
    found = alpha(scores)
    if found.value is None:
        return Measure("sem", None, found.n, reason=found.reason)
    spread = float(scores.complete.sum(axis=1).std(ddof=1))
    return Measure("sem", spread * (1 - found.value) ** 0.5, found.n)


def mean_and_sd(scores: Scores) -> tuple[Measure, Measure]:
    """Mean, with a t interval, and standard deviation (n - 1) of the sum, in points."""
    total = scores.complete.sum(axis=1)
    n = len(total)
    if n < 2:
        only = Measure("mean", float(total[0]) if n else None, n, reason="" if n else "there is nobody")
        return only, Measure("sd", None, n, reason=ONE_LEARNER)
    mean, sd = float(total.mean()), float(total.std(ddof=1))
    reach = float(stats().t.ppf(0.975, n - 1)) * sd / n**0.5
    return Measure("mean", mean, n, Interval(mean - reach, mean + reach, 0.95, "t")), Measure("sd", sd, n)


def _reason(rows: Any) -> str:
    n, k = rows.shape
    if k < 2:
        return ONE_ITEM
    if n < 2:
        return ONE_LEARNER
    return NO_SPREAD if rows.sum(axis=1).var() < 1e-12 else ""


def _feldt(value: float, n: int, k: int) -> Interval:
    f = stats().f.ppf
    freedom = (n - 1, (n - 1) * (k - 1))
    low = 1 - (1 - value) * float(f(0.975, *freedom))
    high = 1 - (1 - value) * float(f(0.025, *freedom))
    return Interval(low, min(1.0, high), 0.95, "Feldt")
