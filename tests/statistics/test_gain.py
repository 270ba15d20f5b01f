"""Learning gain by hand, against pingouin, and by what must hold."""

import numpy as np
import pingouin
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from scipy import stats

from pmcampus.statistics.gain import change, d_z, hake, mean_change

per_cent = st.integers(0, 100).map(float)
pairs = st.lists(st.tuples(per_cent, per_cent), min_size=2, max_size=20)


def test_hakes_gain_is_of_the_means() -> None:
    """From 40 to 70 per cent on average: half of the sixty that were left."""
    found = hake([(20.0, 60.0), (60.0, 80.0)])

    assert found.value == pytest.approx(0.5)
    assert found.n == 2


def test_a_class_that_knew_everything_has_no_gain() -> None:
    """The formula would divide by nothing."""
    assert "full marks before" in hake([(100.0, 90.0)]).reason


@pytest.mark.parametrize(
    ("pre", "post", "c"),
    [
        (40, 70, 0.5),
        (80, 60, -0.25),
        (50, 50, 0.0),
        (0, 0, None),
        (100, 100, None),
        (0, 100, 1.0),
        (100, 0, -1.0),
    ],
)
def test_normalised_change_as_marx_and_cummings_define_it(pre: float, post: float, c: float | None) -> None:
    """Gain of what could be gained, loss of what could be lost, and two cases dropped."""
    assert change(pre, post) == (c if c is None else pytest.approx(c))


def test_the_last_digit_of_a_sum_is_no_change() -> None:
    """Three thirds of the points are all of them: nobody who had them twice gained all there was."""
    assert (None, 0.0) == (change(100 - 1e-13, 100.0), change(100 * (0.1 + 0.2), 30.0))


def test_who_is_dropped_does_not_count_in_n() -> None:
    """Three learners, one with full marks twice."""
    found = mean_change([(40.0, 70.0), (80.0, 60.0), (100.0, 100.0)])

    assert found.value == pytest.approx(0.125)
    assert found.n == 2


def test_d_z_is_the_paired_t_over_the_root_of_n() -> None:
    """scipy's paired t test, divided by the root of n; the interval is where its own tail is 2.5 per cent."""
    draw = np.random.default_rng(5)
    before = draw.normal(50, 10, 25)
    after = before + draw.normal(6, 9, 25)
    t = stats.ttest_rel(after, before).statistic

    found = d_z(list(zip(before, after, strict=True)))

    assert found.value == pytest.approx(t / 5)
    assert found.interval is not None
    assert stats.nct.sf(t, 24, found.interval.low * 5) == pytest.approx(0.025, abs=1e-6)
    assert stats.nct.cdf(t, 24, found.interval.high * 5) == pytest.approx(0.025, abs=1e-6)


def test_d_z_is_close_to_pingouins() -> None:
    """pingouin's interval for a paired effect is an approximation; ours lies within a few hundredths."""
    draw = np.random.default_rng(6)
    before = draw.normal(50, 10, 80)
    after = before + draw.normal(3, 8, 80)
    value = float(np.mean(after - before) / np.std(after - before, ddof=1))
    low, high = pingouin.compute_esci(stat=value, nx=80, ny=80, paired=True, eftype="cohen")

    found = d_z(list(zip(before, after, strict=True)))

    assert found.value == pytest.approx(value)
    assert found.interval is not None
    assert (found.interval.low, found.interval.high) == pytest.approx((low, high), abs=0.06)


@given(pairs)
@example([(0.0, 32.0), (0.0, 33.0)])  # so far out that the noncentral t is no number
@settings(max_examples=30, deadline=None)
def test_gain_stays_in_bounds_and_does_not_see_the_order(given_pairs: list[tuple[float, float]]) -> None:
    """Hake's gain is at most one, a change between minus one and one; each has a value or a reason."""
    for statistic in (hake, mean_change, d_z):
        one, other = statistic(given_pairs), statistic(given_pairs[::-1])
        assert one.value == pytest.approx(other.value)
        assert (one.value is None) == bool(one.reason)
    found, changed = hake(given_pairs), mean_change(given_pairs)
    assert found.value is None or found.value <= 1 + 1e-9
    assert changed.value is None or -1 <= changed.value <= 1


def test_a_huge_effect_still_has_an_interval() -> None:
    """Where the noncentral t cannot be computed, the normal approximation stands in, by name."""
    found = d_z([(float(i % 2), 90.0 + i % 3) for i in range(400)])

    assert found.interval is not None
    assert found.interval.method == "normal"
