"""Kappa against scikit-learn and statsmodels, the intraclass correlation against pingouin."""

import numpy as np
import pandas as pd
import pingouin
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.metrics import cohen_kappa_score
from statsmodels.stats.inter_rater import aggregate_raters, fleiss_kappa

from pmcampus.statistics.agreement import icc, kappa

# Shrout and Fleiss (1979), table 2: six works, four raters; ICC(2,1) = 0.29 in their table 4.
PUBLISHED = [[9, 2, 5, 8], [6, 1, 3, 2], [8, 4, 6, 8], [7, 1, 2, 6], [10, 5, 6, 9], [6, 2, 4, 7]]


def theirs(table: list[list[float]]) -> pd.Series:
    """pingouin's row for two-way random effects, absolute agreement, one rater."""
    rows = [(i, j, value) for i, row in enumerate(table) for j, value in enumerate(row)]
    found = pingouin.intraclass_corr(
        pd.DataFrame(rows, columns=["work", "rater", "score"]),
        targets="work",
        raters="rater",
        ratings="score",
    )
    return found[found["Type"].isin(["ICC2", "ICC(A,1)"])].iloc[0]


def test_the_published_example_gives_the_published_number() -> None:
    """0.29, as in the paper."""
    assert icc(PUBLISHED).value == pytest.approx(0.29, abs=0.005)


def test_value_and_interval_are_pingouins() -> None:
    """On the published table and on a drawn one."""
    drawn = (
        np.random.default_rng(2).normal(size=(30, 1)) * 2 + np.random.default_rng(3).normal(size=(30, 3))
    ).tolist()
    for table in (PUBLISHED, drawn):
        row, found = theirs(table), icc(table)
        ends = next(row[name] for name in row.index if name.startswith("CI95"))
        assert found.value == pytest.approx(row["ICC"])
        assert found.interval is not None
        assert [found.interval.low, found.interval.high] == pytest.approx(list(ends), abs=0.006)


def test_no_spread_is_a_reason() -> None:
    """All scores equal: no division by nothing."""
    assert "all scores are equal" in icc([[2, 2], [2, 2], [2, 2]]).reason
    assert "two raters" in icc([[2], [3]]).reason


@given(
    st.lists(st.lists(st.integers(0, 4), min_size=3, max_size=3), min_size=2, max_size=12),
    st.integers(1, 5),
)
@settings(max_examples=40, deadline=None)
def test_it_is_at_most_one_and_does_not_see_scale_or_order(rows: list[list[float]], factor: int) -> None:
    """Scores times a factor, raters turned round, works turned round: the same."""
    found = icc(rows)
    for other in (rows[::-1], [row[::-1] for row in rows], [[factor * x for x in row] for row in rows]):
        assert icc(other).value == pytest.approx(found.value, abs=1e-9)
    assert found.value is None or found.value <= 1 + 1e-9


@given(st.lists(st.tuples(st.integers(0, 4), st.integers(0, 4)), min_size=1, max_size=4))
@settings(max_examples=60, deadline=None)
def test_two_markers_kappa_is_sklearns_with_quadratic_weights(rows: list[tuple[int, int]]) -> None:
    """The same number, and a reason where all scores are equal."""
    found = kappa(rows)
    if len({score for row in rows for score in row}) == 1:
        assert (found.value, found.reason[:20]) == (None, "all scores are equal")
    else:
        theirs = cohen_kappa_score(*zip(*rows, strict=True), labels=range(5), weights="quadratic")
        assert found.value == pytest.approx(theirs)


def test_more_markers_kappa_is_statsmodels_fleiss() -> None:
    """Three markers over thirty works, with an interval around it that is the same each time."""
    drawn = np.random.default_rng(4)
    works = drawn.integers(0, 5, size=(30, 1))
    rows = np.clip(works + drawn.integers(-1, 2, size=(30, 3)), 0, 4).tolist()
    found = kappa(rows)

    assert found.value == pytest.approx(fleiss_kappa(aggregate_raters(np.array(rows))[0]))
    assert found.interval is not None and found.interval.low < found.value < found.interval.high
    assert kappa(rows) == found


def test_few_works_have_a_kappa_without_interval() -> None:
    """Of four works most resamples are the same few; one marker has no kappa at all."""
    rows = [(1, 2), (3, 3), (4, 4), (0, 1)]

    assert kappa(rows).value is not None and kappa(rows).interval is None
    assert "at least two raters" in kappa([(1,), (2,)]).reason
