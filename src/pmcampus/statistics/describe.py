"""Describing what was observed: medians and shares, without a claim beyond these learners."""

from collections.abc import Mapping


def weighted_median(counts: Mapping[float, int]) -> float:
    """The median of values of which each occurs so often, as `statistics.median` gives it.

    Raises:
        ValueError: nothing occurs.
    """
    n = sum(counts.values())
    if n < 1:
        raise ValueError("the median of nothing")
    low, high = (n - 1) // 2, n // 2
    first = second = None
    seen = 0
    for value in sorted(counts):
        seen += counts[value]
        if first is None and seen > low:
            first = value
        if seen > high:
            second = value
            break
    assert first is not None and second is not None
    return (first + second) / 2
