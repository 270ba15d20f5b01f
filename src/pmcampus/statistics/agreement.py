"""How far several raters give the same scores: kappa and the intraclass correlation."""

from collections.abc import Sequence
from typing import Any

from pmcampus.model.measure import TINY, Interval, Measure
from pmcampus.statistics import resampling
from pmcampus.statistics.door import stats


def kappa(ratings: Sequence[Sequence[int]]) -> Measure:
    """Agreement beyond chance: two raters with quadratic weights, more by Fleiss. A row for each work.

    Cohen (1968), doi:10.1037/h0026256; Fleiss (1971), doi:10.1037/h0031619.
    """
    import numpy as np

    n = len(ratings)
    if n < 1 or len(ratings[0]) < 2:
        return Measure("kappa", None, n, reason="at least two raters who scored the same work are needed")
    table = np.array(ratings, dtype=float)
    statistic = _weighted if table.shape[1] == 2 else _fleiss
    value = statistic(table)
    if value is None:
        return Measure("kappa", None, n, reason="all scores are equal, so chance cannot be told apart")
    # Of fewer works most resamples are the same few, and the interval would look narrow.
    ends = resampling.bootstrap(table, statistic, low=-1.0, high=1.0) if n >= TINY else None
    return Measure("kappa", value, n, ends)


def _weighted(table: Any) -> float | None:
    """With quadratic weights, chance's disagreement is two variances and the squared difference of means."""
    first, second = table[:, 0], table[:, 1]
    chance = first.var() + second.var() + (first.mean() - second.mean()) ** 2
    return float(1 - ((first - second) ** 2).mean() / chance) if chance > 1e-12 else None


def _fleiss(table: Any) -> float | None:
    import numpy as np

    n, k = table.shape
    counts = np.array([(table == score).sum(axis=1) for score in np.unique(table)])
    chance = float(((counts.sum(axis=1) / (n * k)) ** 2).sum())
    same = float((counts * (counts - 1)).sum() / (n * k * (k - 1)))
    return (same - chance) / (1 - chance) if chance < 1 - 1e-12 else None


def icc(ratings: Sequence[Sequence[float]]) -> Measure:
    """ICC(2,1): two-way random, absolute agreement, one rater. A row for each work, a column for each rater.

    Shrout and Fleiss (1979), doi:10.1037/0033-2909.86.2.420.
    """
    import numpy as np

    table = np.array(ratings, dtype=float)
    if table.ndim != 2 or table.shape[0] < 2 or table.shape[1] < 2:
        n = len(ratings)
        return Measure("icc", None, n, reason="at least two works and two raters are needed")
    n, k = table.shape
    grand = table.mean()
    rows = k * ((table.mean(axis=1) - grand) ** 2).sum() / (n - 1)
    columns = n * ((table.mean(axis=0) - grand) ** 2).sum() / (k - 1)
    left = table - table.mean(axis=1)[:, None] - table.mean(axis=0)[None, :] + grand
    error = (left**2).sum() / ((n - 1) * (k - 1))
    below = rows + (k - 1) * error + k * (columns - error) / n
    if below < 1e-12:
        return Measure("icc", None, n, reason="all scores are equal, so chance cannot be told apart")
    value = float((rows - error) / below)
    return Measure("icc", value, n, _interval(value, float(rows), float(columns), float(error), n, k))


def _interval(value: float, rows: float, columns: float, error: float, n: int, k: int) -> Interval | None:
    """Shrout and Fleiss's interval for ICC(2,1)."""
    if error < 1e-12 or value >= 1:
        return None
    over = columns / error
    top = (k - 1) * (n - 1) * (k * value * over + n * (1 + (k - 1) * value) - k * value) ** 2
    freedom = top / ((n - 1) * k**2 * value**2 * over**2 + (n * (1 + (k - 1) * value) - k * value) ** 2)
    if not freedom > 0:
        return None
    f = stats().f.ppf
    high_f, low_f = float(f(0.975, n - 1, freedom)), float(f(0.975, freedom, n - 1))
    mixed = k * columns + (k * n - k - n) * error
    low = n * (rows - high_f * error) / (high_f * mixed + n * rows)
    high = n * (low_f * rows - error) / (mixed + n * low_f * rows)
    return Interval(low, high, 0.95, "Shrout and Fleiss")
