"""What stands under a table: whom it leaves out, how to read it, and why a number is missing."""

from collections.abc import Iterable

from pmcampus.model.measure import TINY, Exclusion, Measure
from pmcampus.statistics import METRICS


def left_out(exclusions: Iterable[Exclusion]) -> tuple[str, ...]:
    """How many are not in the numbers, and why."""
    return tuple(f"Left out ({one.n}): {one.kind}." for one in exclusions)


def few(n: int) -> tuple[str, ...]:
    """A warning where a handful of people are behind the numbers."""
    return () if n >= TINY else (f"Insufficient evidence: fewer than {TINY} are behind these numbers.",)


def readings(*metrics: str) -> tuple[str, ...]:
    """How to read these numbers."""
    return tuple(f"{METRICS[key].name}: {METRICS[key].reading}" for key in metrics)


def why_missing(measures: Iterable[Measure]) -> tuple[str, ...]:
    """Each reason for a missing number, once."""
    reasons = dict.fromkeys(
        f"No {METRICS[m.metric].name}: {m.reason}." for m in measures if m.value is None and m.reason
    )
    return tuple(reasons)
