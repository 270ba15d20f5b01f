"""Alpha, KR-20 and SEM against pingouin and by hand."""

import numpy as np
import pandas as pd
import pingouin
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pmcampus.statistics.reliability import alpha, kr20, mean_and_sd, sem
from pmcampus.statistics.scores import Scores
from tests.statistics.test_items import POINTS, made


def test_alpha_and_its_interval_are_pingouins() -> None:
    """Sixty learners, four items of different points."""
    scores = made(60)
    value, (low, high) = pingouin.cronbach_alpha(pd.DataFrame(np.array(scores.shares) * POINTS))

    found = alpha(scores)

    assert found.value == pytest.approx(value)
    assert found.interval is not None
    assert (round(found.interval.low, 3), round(found.interval.high, 3)) == (low, high)


def test_kr20_of_right_and_wrong_is_alpha() -> None:
    """Kuder and Richardson's formula is the special case; pingouin's alpha gives the same number."""
    rows = (np.random.default_rng(3).random((40, 6)) < np.linspace(0.2, 0.9, 6)).astype(float)
    scores = Scores((1.0,) * 6, rows.tolist())

    assert kr20(scores).value == pytest.approx(pingouin.cronbach_alpha(pd.DataFrame(rows))[0])


def test_kr20_by_hand() -> None:
    """Three learners, two items: p = 2/3 and 1/3, variance of the sums 2/3."""
    found = kr20(Scores((1.0, 1.0), [[1.0, 1.0], [1.0, 0.0], [0.0, 0.0]]))

    assert found.value == pytest.approx(2 * (1 - (2 / 9 + 2 / 9) / (2 / 3)))


def test_kr20_refuses_part_points_in_words() -> None:
    """Half a point is neither right nor wrong."""
    found = kr20(Scores((2.0, 2.0), [[0.5, 1.0], [1.0, 0.0], [0.0, 0.0]]))

    assert found.value is None
    assert "part of its points" in found.reason


@pytest.mark.parametrize(
    ("rows", "word"),
    [
        ([[1.0], [0.0]], "two scored items"),
        ([[1.0, 0.0]], "two complete"),
        ([[1.0, 0.0], [1.0, 0.0]], "all sums are equal"),
        ([[1.0, 0.0], [0.0, 1.0]], "all sums are equal"),
    ],
)
def test_undefined_is_a_reason_and_not_a_number(rows: list[list[float]], word: str) -> None:
    """One item, one learner, or no spread: no NaN."""
    scores = Scores((1.0,) * len(rows[0]), rows)

    for found in (alpha(scores), sem(scores), kr20(scores)):
        assert found.value is None
        assert word in found.reason


def test_sem_is_the_spread_that_alpha_leaves() -> None:
    """In points, from pandas' standard deviation and pingouin's alpha."""
    scores = made(50)
    points = pd.DataFrame(np.array(scores.shares) * POINTS)

    expected = points.sum(axis=1).std() * np.sqrt(1 - pingouin.cronbach_alpha(points)[0])

    assert sem(scores).value == pytest.approx(expected)


@given(st.lists(st.lists(st.sampled_from([0.0, 0.5, 1.0]), min_size=4, max_size=4), min_size=3, max_size=20))
@settings(max_examples=40, deadline=None)
def test_alpha_is_at_most_one_and_does_not_see_order_or_scale(rows: list[list[float]]) -> None:
    """Rows turned round, points times three, items turned round: the same alpha."""
    found = alpha(Scores(POINTS, rows))
    others = (
        alpha(Scores(POINTS, rows[::-1])),
        alpha(Scores(tuple(3 * p for p in POINTS), rows)),
        alpha(Scores(POINTS[::-1], [row[::-1] for row in rows])),
    )
    for other in others:
        assert other.value == pytest.approx(found.value)
    if found.value is not None:
        assert found.value <= 1 + 1e-9
        assert found.interval is not None
        assert found.interval.low <= found.value + 1e-9 <= found.interval.high + 2e-9


def test_the_mean_has_a_t_interval() -> None:
    """As pingouin's t test gives it."""
    scores = made(40)
    total = (np.array(scores.shares) * POINTS).sum(axis=1)
    expected = pingouin.ttest(total, 0).filter(like="CI").iloc[0, 0]

    mean, sd = mean_and_sd(scores)

    assert mean.interval is not None
    assert [round(mean.interval.low, 2), round(mean.interval.high, 2)] == pytest.approx(list(expected))
    assert sd.value == pytest.approx(total.std(ddof=1))
