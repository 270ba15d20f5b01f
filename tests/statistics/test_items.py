"""Item statistics against numpy, scipy and pandas, and against what must hold for any scores."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from pmcampus.statistics.items import d27s, difficulty, flags, item_rests
from pmcampus.statistics.scores import Scores

POINTS = (4.0, 2.0, 1.0, 5.0)


def made(n: int, seed: int = 7) -> Scores:
    """Learners of different ability, items of different difficulty, some part points."""
    draw = np.random.default_rng(seed)
    ability = draw.normal(size=n)
    columns = []
    for hard, points in zip((-1.0, 0.0, 0.5, 1.0), POINTS, strict=True):
        raw = 1 / (1 + np.exp(-(ability - hard + draw.normal(scale=0.7, size=n))))
        columns.append(np.round(raw * points) / points)
    return Scores(POINTS, np.column_stack(columns).tolist())


tables = st.integers(3, 25).flatmap(
    lambda n: st.lists(
        st.lists(st.sampled_from([0.0, 0.25, 0.5, 1.0]), min_size=4, max_size=4), min_size=n, max_size=n
    )
)


def test_difficulty_is_the_mean_share_with_wilsons_interval_of_scipy() -> None:
    """Eight of ten: scipy's Wilson interval is ours."""
    found = difficulty([1.0] * 8 + [0.0] * 2)
    expected = stats.binomtest(8, 10).proportion_ci(method="wilson")

    assert found.value == pytest.approx(0.8)
    assert found.interval is not None
    assert (found.interval.low, found.interval.high) == pytest.approx((expected.low, expected.high))


def test_the_item_rest_correlation_is_pearsons_with_the_other_items() -> None:
    """Item by item as scipy's pearsonr gives it, the item itself left out of the sum."""
    scores = made(60)
    points = np.array(scores.shares) * POINTS

    for i, found in enumerate(item_rests(scores)):
        rest = points.sum(axis=1) - points[:, i]
        assert found.value == pytest.approx(stats.pearsonr(points[:, i], rest).statistic)
        assert found.interval is not None
        assert found.interval.low < found.value < found.interval.high


def test_the_bootstrap_interval_is_close_to_scipys() -> None:
    """Another implementation with another seed: ends within a few hundredths."""
    scores = made(120)
    points = np.array(scores.shares) * POINTS
    x, rest = points[:, 0], points[:, 1:].sum(axis=1)
    other = stats.bootstrap(
        (x, rest),
        lambda a, b: stats.pearsonr(a, b).statistic,
        paired=True,
        vectorized=False,
        n_resamples=1000,
        method="percentile",
        rng=np.random.default_rng(1),
    ).confidence_interval

    found = item_rests(scores)[0].interval

    assert found is not None
    assert (found.low, found.high) == pytest.approx((other.low, other.high), abs=0.04)


def test_of_many_learners_the_interval_is_made_of_fewer_resamples() -> None:
    """Three thousand learners: the method says so, and the interval is as narrow as it should be."""
    found = item_rests(made(3000))[0]

    assert found.interval is not None
    assert found.value is not None
    assert "standard error of 250" in found.interval.method
    assert found.interval.high - found.interval.low < 0.1


def test_d27_without_ties_is_the_difference_of_the_two_groups() -> None:
    """A hundred learners with a hundred different sums: 27 above, 27 below, by hand."""
    ability = np.linspace(0, 1, 100)
    scores = Scores((1.0, 10.0), np.column_stack([(ability > 0.5), ability]).astype(float).tolist())

    whole, part = d27s(scores)

    assert whole.value == pytest.approx(1.0)
    assert part.value == pytest.approx(ability[-27:].mean() - ability[:27].mean())


def test_learners_with_equal_sums_share_the_places_at_the_edge() -> None:
    """Ten learners: 2.7 places. One is best, four tie for the other 1.7, each by 1.7/4."""
    first = [1.0, 1.0, 1.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0]
    second = [1.0, 0.0, 0.0, 1.0, 1.0, 0.0, 0.0, 0.0, 0.0, 0.0]
    scores = Scores((1.0, 1.0), [list(row) for row in zip(first, second, strict=True)])

    found = d27s(scores)

    assert found[0].value == pytest.approx((1 + 1.7 * 2 / 4) / 2.7)
    assert found[1].value == pytest.approx((1 + 1.7 * 2 / 4) / 2.7)


@given(tables)
@settings(max_examples=30, deadline=None)
def test_statistics_stay_in_their_bounds_and_do_not_depend_on_the_order_of_rows(rows) -> None:
    """Whatever the scores: between -1 and 1, and the same from the last row to the first."""
    forward, back = Scores(POINTS, rows), Scores(POINTS, rows[::-1])
    for statistic in (item_rests, d27s):
        for one, other in zip(statistic(forward), statistic(back), strict=True):
            assert one.value == pytest.approx(other.value)
            assert (one.value is None) == bool(one.reason)
            if one.value is not None:
                assert -1 - 1e-9 <= one.value <= 1 + 1e-9
                if one.interval:
                    assert -1 <= one.interval.low <= one.interval.high <= 1


@given(tables)
@settings(max_examples=20, deadline=None)
def test_a_scale_of_points_changes_nothing(rows) -> None:
    """All points times ten: the same correlations and differences."""
    small, large = Scores(POINTS, rows), Scores(tuple(10 * p for p in POINTS), rows)
    for statistic in (item_rests, d27s):
        for one, other in zip(statistic(small), statistic(large), strict=True):
            assert one.value == pytest.approx(other.value)


def test_an_item_without_spread_has_a_reason_and_no_number() -> None:
    """Everybody right: not zero, not NaN, but words."""
    found = item_rests(Scores((1.0, 1.0), [[1.0, 1.0], [1.0, 0.0], [1.0, 1.0], [1.0, 0.0]]))

    assert [m.value for m in found] == [None, None]
    assert "same score" in found[0].reason


def test_learners_without_a_score_are_left_out_of_sums_and_counted() -> None:
    """One of four waits for a person: three are complete."""
    scores = Scores((1.0, 1.0), [[1.0, 1.0], [0.0, 0.0], [1.0, None], [0.0, 1.0]])

    assert scores.incomplete == 1
    assert item_rests(scores)[0].n == 3


def test_an_item_that_hardly_anybody_has_a_score_for_does_not_empty_the_sums() -> None:
    """A letter that nobody read yet is left out, and the other items keep all learners."""
    scores = Scores((1.0, 1.0, 9.0), [[1.0, 1.0, None], [0.0, 0.0, None], [1.0, 0.0, 0.5], [0.0, 1.0, None]])

    assert scores.counted == (0, 1)
    assert scores.incomplete == 0
    assert "fewer than half" in item_rests(scores)[2].reason


def test_flags_name_what_to_look_at() -> None:
    """A negative item-rest correlation is the worst of them."""
    rows = [[1.0, 0.0, 0.0, 0.0]] * 10 + [[0.0, 1.0, 1.0, 1.0]] * 10 + [[0.0, 1.0, 0.0, 1.0]] * 5
    scores = Scores(POINTS, rows)

    assert flags(difficulty([0.0] * 10), item_rests(scores)[0]) == (
        "very hard",
        "those who do well elsewhere do badly here",
    )
