"""Item statistics: difficulty, item-rest correlation, and the difference between upper and lower learners."""

import math
from collections.abc import Sequence
from typing import Any

from pmcampus.model.measure import Measure
from pmcampus.statistics import resampling
from pmcampus.statistics.scores import Scores
from pmcampus.statistics.shares import wilson

UPPER = 0.27
NO_SPREAD = "all learners have the same score here, so nothing can be told apart"
FEW = "at least three complete first attempts are needed"
ALONE = "the item is the only one that is scored"
NOT_COUNTED = "fewer than half of the first attempts have a score here"


def difficulty(shares: Sequence[float]) -> Measure:
    """The mean share of the points, `p = mean(x) / max`; high is easy. Wilson's interval."""
    if not len(shares):
        return Measure("difficulty", None, 0, reason="no first attempt has a score here")
    p = min(1.0, max(0.0, math.fsum(shares) / len(shares)))
    return Measure("difficulty", p, len(shares), wilson(p, len(shares)))


def item_rests(scores: Scores) -> list[Measure]:
    """For each item its correlation with the sum of the other items, `r = corr(x, X - x)`.

    The item itself is not in the sum: with it, even an item of pure chance would look related.
    """
    import numpy as np

    rows = scores.complete
    n, k = rows.shape
    reasons = _reasons(scores, n, k)
    if n < 3 or k < 2:
        return [Measure("item-rest", None, n, reason=reasons.get(i, FEW)) for i in range(len(scores.points))]
    centred = rows - rows.mean(axis=0)
    total = centred.sum(axis=1)
    features = np.column_stack([centred, centred**2, centred * total[:, None], total, total**2, np.ones(n)])
    estimates = _correlations(features.sum(axis=0)[None, :], k)[0]
    drawn = np.concatenate([_correlations(block @ features, k) for block in resampling.weights(n)])
    found = []
    for i in range(len(scores.points)):
        place = scores.counted.index(i) if i in scores.counted else None
        if place is None or not np.isfinite(estimates[place]):
            found.append(Measure("item-rest", None, n, reason=reasons.get(i, NO_SPREAD)))
            continue
        r = float(estimates[place])
        ends = resampling.interval(r, drawn[:, place], n, low=-1.0, high=1.0)
        found.append(Measure("item-rest", r, n, ends))
    return found


def _correlations(sums: Any, k: int) -> Any:
    """Item-rest correlations from sums over learners, a row for each set of sums."""
    import numpy as np

    x, xx, xt = sums[:, :k], sums[:, k : 2 * k], sums[:, 2 * k : 3 * k]
    t, tt, n = (sums[:, 3 * k + i, None] for i in range(3))
    y, yy, xy = t - x, tt - 2 * xt + xx, xt - xx
    var_x, var_y = n * xx - x**2, n * yy - y**2
    smallest = 1e-12 * np.maximum(1.0, n * n)
    with np.errstate(invalid="ignore", divide="ignore"):
        r = (n * xy - x * y) / np.sqrt(var_x * var_y)
    return np.where((var_x > smallest) & (var_y > smallest), np.clip(r, -1.0, 1.0), np.nan)


def d27s(scores: Scores) -> list[Measure]:
    """For each item `D = p of the upper 27 per cent - p of the lower`, groups made by the whole sum.

    Tie rule: learners with equal sums at the edge of a group share the places that are left there, each
    counting by the same fraction. So the order of the rows never matters.

    Kelley (1939), doi:10.1037/h0057123.
    """
    import numpy as np

    rows = scores.complete
    n, k = rows.shape
    reasons = _reasons(scores, n, 2 if k else 0)
    totals, level = np.unique(np.round(rows.sum(axis=1), 9), return_inverse=True) if n else ((), ())
    if n < 3 or not k or len(totals) < 2:
        why = FEW if n < 3 else NO_SPREAD
        return [Measure("d27", None, n, reason=reasons.get(i, why)) for i in range(len(scores.points))]
    shares = rows / np.array([scores.points[i] for i in scores.counted])
    estimates = _differences(np.ones((1, n)), shares, level, len(totals))[0]
    drawn = np.concatenate(
        [_differences(block, shares, level, len(totals)) for block in resampling.weights(n)]
    )
    found = []
    for i in range(len(scores.points)):
        if i not in scores.counted:
            found.append(Measure("d27", None, n, reason=reasons.get(i, NOT_COUNTED)))
            continue
        place = scores.counted.index(i)
        d = float(estimates[place])
        found.append(Measure("d27", d, n, resampling.interval(d, drawn[:, place], n, low=-1.0, high=1.0)))
    return found


def _differences(weights: Any, shares: Any, level: Any, levels: int) -> Any:
    """Upper less lower mean share of each item, a row for each row of weights."""
    import numpy as np

    n = weights.shape[1]
    order = np.argsort(level, kind="stable")  # learners of one sum beside each other
    starts = np.searchsorted(level[order], np.arange(levels))
    weights = np.take(weights, order, axis=1)
    by_level = np.add.reduceat(weights, starts, axis=1)
    size = UPPER * n
    groups = []
    for counts in (by_level, by_level[:, ::-1]):
        before = np.cumsum(counts, axis=1) - counts
        taken = np.clip(size - before, 0.0, counts)
        with np.errstate(invalid="ignore", divide="ignore"):
            groups.append(np.where(counts > 0, taken / counts, 0.0))
    lower, upper = groups[0], groups[1][:, ::-1]
    weights *= np.repeat(upper - lower, np.diff(starts, append=n), axis=1)
    return (weights @ shares[order]) / size


def _reasons(scores: Scores, n: int, k: int) -> dict[int, str]:
    """Why single items have no value, by their place."""
    found = {i: NOT_COUNTED for i in range(len(scores.points)) if i not in scores.counted}
    if k < 2 and n >= 3:
        found |= dict.fromkeys(scores.counted, ALONE)
    return found


def flags(difficulty: Measure, item_rest: Measure) -> tuple[str, ...]:
    """What to look at: very hard, very easy, hardly related to the rest, or related the wrong way."""
    found = []
    if difficulty.value is not None and difficulty.value < 0.2:
        found.append("very hard")
    if difficulty.value is not None and difficulty.value > 0.95:
        found.append("very easy")
    if item_rest.value is not None and item_rest.value < 0:
        found.append("those who do well elsewhere do badly here")
    elif item_rest.value is not None and item_rest.value < 0.15:
        found.append("hardly related to the rest")
    return tuple(found)
