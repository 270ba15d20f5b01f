"""Variants' fairness against scipy and statsmodels."""

import pytest
from scipy.stats import chi2_contingency
from statsmodels.stats.multitest import multipletests

from pmcampus.statistics.fairness import unequal


def test_chi_square_is_scipys_and_q_is_statsmodels() -> None:
    """Three items with three groups each."""
    tables = {
        "one": [(20, 10), (10, 20), (15, 15)],
        "two": [(15, 15), (14, 16), (16, 14)],
        "three": [(25, 5), (18, 12), (20, 10)],
    }
    expected = {name: chi2_contingency([list(g) for g in groups]) for name, groups in tables.items()}
    adjusted = multipletests([r.pvalue for r in expected.values()], method="fdr_bh")[1]

    found = unequal(tables)

    for (name, result), q in zip(expected.items(), adjusted, strict=True):
        assert found[name].chi2.value == pytest.approx(result.statistic)
        assert found[name].p.value == pytest.approx(result.pvalue)
        assert found[name].q.value == pytest.approx(q)
        assert found[name].chi2.n == 90


def test_a_small_table_gets_a_reason_and_does_not_enter_the_correction() -> None:
    """Expected counts below five, everybody right, and a single group: three reasons, no number."""
    found = unequal(
        {"small": [(2, 2), (3, 1)], "all": [(9, 0), (9, 0)], "one": [(9, 9)], "fair": [(10, 10), (10, 10)]}
    )

    assert "too few" in found["small"].p.reason
    assert "all did the same" in found["all"].p.reason
    assert "two groups" in found["one"].p.reason
    assert found["fair"].q.value == pytest.approx(1.0)
