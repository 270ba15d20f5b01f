"""Resampling learners, always from the same seed: the same data give the same interval."""

from collections.abc import Callable, Iterator
from functools import lru_cache
from typing import Any

from pmcampus.model.measure import Interval
from pmcampus.statistics.shares import normal_quantile

SEED = 20240514
MANY = 2000  # from here on, fewer resamples and their standard deviation serve as well
BLOCK = 50  # resamples held in memory at a time


def resamples(n: int) -> int:
    """How many resamples are drawn from so many learners."""
    return 1000 if n <= MANY else 250


def weights(n: int) -> Iterator[Any]:
    """Blocks of resamples: a row for each, saying how often each of the `n` learners was drawn."""
    for block in _drawn(n):
        yield block.astype(float)


@lru_cache(2)
def _drawn(n: int) -> tuple[Any, ...]:
    """The same in small numbers, kept: from one seed they depend on nothing but `n`."""
    import numpy as np

    draw, blocks = np.random.default_rng(SEED), []
    for begin in range(0, resamples(n), BLOCK):
        rows = min(BLOCK, resamples(n) - begin)
        drawn = draw.integers(0, n, size=(rows, n)) + (np.arange(rows) * n)[:, None]
        blocks.append(np.bincount(drawn.ravel(), minlength=rows * n).reshape(rows, n).astype(np.uint16))
    return tuple(blocks)


def interval(estimate: float, found: Any, n: int, *, low: float, high: float) -> Interval | None:
    """The 95 per cent interval from the resampled values, kept within what the metric can be.

    Up to two thousand learners it holds the middle 95 per cent of them; above, 1.96 of their standard
    deviations to each side. None when more than one resample in twenty had no value.

    Efron and Tibshirani (1986), doi:10.1214/ss/1177013815.
    """
    import numpy as np

    usable = found[np.isfinite(found)]
    if len(usable) < 0.95 * resamples(n):
        return None
    if n <= MANY:
        ends = np.percentile(usable, [2.5, 97.5])
        method = f"bootstrap, percentiles of {len(usable)}"
    else:
        reach = normal_quantile(0.95) * usable.std(ddof=1)
        ends = (estimate - reach, estimate + reach)
        method = f"bootstrap, standard error of {len(usable)}"
    return Interval(max(low, float(ends[0])), min(high, float(ends[1])), 0.95, method)


def bootstrap(
    values: Any, statistic: Callable[[Any], float | None], *, low: float, high: float
) -> Interval | None:
    """The interval of a statistic of rows, one row for each learner."""
    import numpy as np

    n = len(values)
    estimate = statistic(values)
    if estimate is None:
        return None
    draw = np.random.default_rng(SEED)
    found = [statistic(values[draw.integers(0, n, n)]) for _ in range(resamples(n))]
    numbers = np.array([np.nan if value is None else value for value in found])
    return interval(estimate, numbers, n, low=low, high=high)
