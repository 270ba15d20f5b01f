"""Whether an item is harder for some groups: chi-square on right and not right, many items at a time."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from pmcampus.model.measure import Measure
from pmcampus.statistics.door import stats

EXPECTED = 5.0  # in every cell of the table, or the distribution does not hold


@dataclass(frozen=True)
class Test:
    """One item: the statistic, its p, and q after all items were looked at."""

    __test__ = False  # not a class of tests

    chi2: Measure
    p: Measure
    q: Measure


def unequal(tables: Mapping[str, Sequence[tuple[int, int]]]) -> dict[str, Test]:
    """For each item a test of equal chances.

    Args:
        tables: item to its groups: how many got all points, and how many did not.

    Pearson's chi-square; q after Benjamini and Hochberg (1995), doi:10.1111/j.2517-6161.1995.tb02031.x.
    """
    from statsmodels.stats.multitest import multipletests

    found: dict[str, tuple[float, float, int]] = {}
    reasons: dict[str, tuple[str, int]] = {}
    for item, groups in tables.items():
        n, full = sum(sum(group) for group in groups), sum(group[0] for group in groups)
        smallest = min((sum(group) for group in groups), default=0)
        least = smallest * min(full, n - full) / n if n else 0.0
        if len(groups) < 2:
            reasons[item] = ("there are fewer than two groups", n)
        elif full in (0, n):
            reasons[item] = ("all did the same here, so no group differs", n)
        elif least < EXPECTED:
            reasons[item] = (f"too few: a cell of the table expects {least:.1f}, and 5 are needed", n)
        else:
            result = stats().chi2_contingency([list(group) for group in groups], correction=False)
            found[item] = (float(result.statistic), float(result.pvalue), n)
    adjusted = multipletests([p for _, p, _ in found.values()], method="fdr_bh")[1] if found else []
    tests = {
        item: Test(Measure("chi2", statistic, n), Measure("p", p, n), Measure("q", float(q), n))
        for (item, (statistic, p, n)), q in zip(found.items(), adjusted, strict=True)
    }
    for item, (why, n) in reasons.items():
        tests[item] = Test(*(Measure(metric, None, n, reason=why) for metric in ("chi2", "p", "q")))
    return tests
