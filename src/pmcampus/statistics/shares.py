"""A share with its interval, however few are behind it."""

from statistics import NormalDist

from pmcampus.model.measure import Interval, Measure


def normal_quantile(level: float) -> float:
    """How many standard errors a two-sided interval of this level reaches to each side; 1.96 for 0.95."""
    return NormalDist().inv_cdf(0.5 + level / 2)


def wilson(share: float, n: float, *, level: float = 0.95) -> Interval:
    """Wilson's score interval for a share (0 to 1) seen in `n` trials, which may be an effective number.

    For shares of points instead of rights and wrongs it is on the safe side: no variable between 0 and 1
    varies more than one that is only ever 0 or 1.

    Wilson (1927), doi:10.1080/01621459.1927.10502953.

    Raises:
        ValueError: the share lies outside 0 to 1, or there is no trial.
    """
    if not 0 <= share <= 1 or n <= 0:
        raise ValueError(f"no share of {n} trials: {share}")
    z2 = normal_quantile(level) ** 2
    middle = (share + z2 / (2 * n)) / (1 + z2 / n)
    reach = (z2 * (share * (1 - share) / n + z2 / (4 * n * n))) ** 0.5 / (1 + z2 / n)
    low, high = max(0.0, middle - reach), min(1.0, middle + reach)
    return Interval(min(low, share), max(high, share), level, "Wilson")


def share_of(metric: str, count: int, n: int) -> Measure:
    """How large a part `count` is of `n`, with Wilson's interval."""
    if not n:
        return Measure(metric, None, 0, reason="there is nobody")
    return Measure(metric, count / n, n, wilson(count / n, n))
