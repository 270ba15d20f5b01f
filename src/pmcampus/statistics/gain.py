"""What a class gained between two parallel tests, in per cent of the points of each."""

import math
from collections.abc import Sequence
from typing import Any

from pmcampus.model.measure import Interval, Measure
from pmcampus.statistics import resampling
from pmcampus.statistics.door import optimize, stats
from pmcampus.statistics.shares import normal_quantile

Pairs = Sequence[tuple[float, float]]
TWO = "at least two learners with both tests are needed"


def hake(pairs: Pairs) -> Measure:
    """Hake's class gain `<g> = (post - pre) / (100 - pre)` of the means, matched learners only.

    It favours classes that knew more before; read it beside `d_z`.

    Hake (1998), doi:10.1119/1.18809.
    """
    import numpy as np

    rows = np.array(pairs, dtype=float).reshape(len(pairs), 2)
    value = float(_hake(rows.mean(axis=0, keepdims=True))[0]) if len(rows) else math.nan
    if math.isnan(value):
        why = "everybody had full marks before" if len(rows) else "nobody has both tests"
        return Measure("hake", None, len(rows), reason=why)
    ends = None
    if len(rows) > 1:
        drawn = np.concatenate([_hake(block @ rows / len(rows)) for block in resampling.weights(len(rows))])
        ends = resampling.interval(value, drawn, len(rows), low=float("-inf"), high=1.0)
    return Measure("hake", value, len(rows), ends)


def _hake(means: Any) -> Any:
    """The gain of each row of two means; no number where everybody had full marks before."""
    import numpy as np

    before, after = means[:, 0], means[:, 1]
    room = np.where(before < 100 - 1e-9, 100 - before, np.nan)
    return (after - before) / room


def change(pre: float, post: float) -> float | None:
    """One learner's normalised change; None for who is dropped: full marks, or none, in both tests.

    The gain as a part of what could be gained, or the loss as a part of what could be lost.

    Marx and Cummings (2007), doi:10.1119/1.2372468.
    """
    if math.isclose(pre, post, abs_tol=1e-9):  # sums of parts of points differ in their last digit
        pre = post = round(pre, 9)
    if post > pre:
        return (post - pre) / (100 - pre)
    if post < pre:
        return (post - pre) / pre
    return None if pre in (0, 100) else 0.0


def mean_change(pairs: Pairs) -> Measure:
    """The mean normalised change `c` of those who are not dropped."""
    import numpy as np

    found = [value for pre, post in pairs if (value := change(pre, post)) is not None]
    if not found:
        return Measure("change", None, 0, reason="nobody has both tests, or all had full marks or none twice")
    value, n, ends = sum(found) / len(found), len(found), None
    if n > 1:
        drawn = np.concatenate([block @ np.array(found) / n for block in resampling.weights(n)])
        ends = resampling.interval(value, drawn, n, low=-1.0, high=1.0)
    return Measure("change", value, n, ends)


def d_z(pairs: Pairs) -> Measure:
    """Cohen's d for paired values: mean difference over the standard deviation of the differences.

    Its interval inverts the noncentral t distribution. Lakens (2013), doi:10.3389/fpsyg.2013.00863.
    """
    import numpy as np

    differences = np.array([post - pre for pre, post in pairs], dtype=float)
    n = len(differences)
    if n < 2:
        return Measure("d-z", None, n, reason=TWO)
    spread = differences.std(ddof=1)
    if spread < 1e-9:
        return Measure("d-z", None, n, reason="all changed by the same amount, so there is no spread")
    value = float(differences.mean() / spread)
    return Measure("d-z", value, n, _noncentral(value, n))


def _noncentral(value: float, n: int) -> Interval:
    t = value * n**0.5
    low, high = _shift(t, n - 1, 0.975), _shift(t, n - 1, 0.025)
    if low is None or high is None:  # the distribution cannot be computed so far out
        reach = normal_quantile(0.95) * (1 / n + value**2 / (2 * n)) ** 0.5
        return Interval(value - reach, value + reach, 0.95, "normal")
    return Interval(low / n**0.5, high / n**0.5, 0.95, "noncentral t")


def _shift(t: float, freedom: int, chance: float) -> float | None:
    """The shift under which so large a part of the noncentral t distribution lies below `t`."""
    below = stats().nct.cdf
    side = -1.0 if chance > 0.5 else 1.0
    reach = 1.0
    while reach < 100:
        seen = below(t, freedom, t + side * reach)
        if not 0 <= seen <= 1:
            return None
        if (seen > chance) == (chance > 0.5):
            ends = sorted((t, t + side * reach))
            try:
                return float(optimize().brentq(lambda shift: below(t, freedom, shift) - chance, *ends))
            except ValueError:  # on the way it is no number
                return None
        reach *= 1.5
    return None
