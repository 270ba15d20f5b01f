"""Mastery: statsmodels' Wilson interval, the three states, and what more evidence may do."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from statsmodels.stats.proportion import proportion_confint

from pmcampus.model.tracking import Evidence, Held
from pmcampus.statistics.mastery import effective, held


def items(*scores: float, points: float = 2.0) -> list[Evidence]:
    """One item for each score."""
    return [Evidence("paper", f"item-{i}", "apply", score, points) for i, score in enumerate(scores)]


def test_the_interval_is_wilsons_as_statsmodels_has_it() -> None:
    """Six of eight equal items."""
    _, share, n = held(items(2, 2, 2, 2, 2, 2, 0, 0))
    low, high = proportion_confint(6, 8, method="wilson")

    assert n == 8
    assert share.value == pytest.approx(0.75)
    assert share.interval is not None
    assert (share.interval.low, share.interval.high) == pytest.approx((low, high))


def test_unequal_points_count_as_fewer_items() -> None:
    """Kish: one item of ten points and ten of one are worth 3.6 equal ones."""
    assert effective([10.0] + [1.0] * 10) == pytest.approx(400 / 110)
    assert effective([2.0] * 7) == pytest.approx(7)


def test_four_right_are_enough_and_three_are_insufficient_evidence() -> None:
    """All right, and still too few to be sure: that is no failure."""
    assert held(items(2, 2, 2, 2))[0] is Held.MASTERED
    assert held(items(2, 2, 2))[0] is Held.INSUFFICIENT
    assert held([])[0] is Held.INSUFFICIENT


def test_below_the_threshold_is_not_yet() -> None:
    """Three items, one of them right."""
    assert held(items(2, 0, 0))[0] is Held.NOT_YET


def test_the_same_item_twice_is_one_item() -> None:
    """Distinct items are counted, not rows."""
    assert held(items(2, 2, 2, 2) * 3, least_items=5)[0] is Held.INSUFFICIENT


@given(st.lists(st.floats(0, 2), min_size=1, max_size=30))
def test_a_better_score_never_takes_mastery_away(scores: list[float]) -> None:
    """Every score raised to full: at least the same state."""
    order = [Held.NOT_YET, Held.INSUFFICIENT, Held.MASTERED]
    now, best = held(items(*scores))[0], held(items(*[2.0] * len(scores)))[0]

    assert order.index(best) >= order.index(now)
