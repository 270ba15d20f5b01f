"""Rules that say whom to ask: each in words that can be checked, and how often they were right."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.metrics import precision_score, recall_score

from pmcampus.statistics.risk import Course, lowest_tenth, precision_and_recall, reasons, rules_measured

NOW = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)
BUSY = Course("ada", NOW - timedelta(days=2), is_open=True, scores={"counting": 0.7})


def rules(course: Course) -> list[str]:
    """Which rules apply."""
    return [reason.rule for reason in reasons(course, now=NOW, lowest={"counting": 0.4})]


def test_who_is_at_work_is_left_alone() -> None:
    """No rule applies."""
    assert rules(BUSY) == []


def test_each_rule_begins_where_it_says() -> None:
    """Seven days, two missed, below what nine in ten have, two failures; one less and nobody asks."""
    assert rules(replace(BUSY, last=NOW - timedelta(days=7))) == ["quiet"]
    assert rules(replace(BUSY, last=NOW - timedelta(days=7), is_open=False)) == []
    assert rules(replace(BUSY, missed=("one", "two"))) == ["missed"]
    assert rules(replace(BUSY, missed=("one",))) == []
    assert rules(replace(BUSY, scores={"counting": 0.39})) == ["lowest tenth"]
    assert rules(replace(BUSY, scores={"counting": 0.4})) == []
    assert rules(replace(BUSY, scores={"counting": 0.39}, passed=frozenset({"counting"}))) == []
    assert rules(replace(BUSY, failures=("counting", "counting"))) == ["failures"]
    assert rules(replace(BUSY, failures=("counting",))) == []


@given(st.lists(st.integers(0, 20), min_size=10, max_size=60))
def test_the_lowest_tenth_is_numpys(scores: list[int]) -> None:
    """The inverse of the empirical distribution at one tenth."""
    counts = {float(score): scores.count(score) for score in set(scores)}

    assert lowest_tenth(counts) == np.percentile(scores, 10, method="inverted_cdf")


def test_few_learners_have_no_lowest_tenth() -> None:
    """Nine of them."""
    assert lowest_tenth({5.0: 9}) is None


def test_how_often_the_rules_were_right_is_sklearns_precision_and_recall() -> None:
    """On a cohort that is over: counts, so that small numbers are seen as such."""
    people = [f"p{i}" for i in range(20)]
    flagged, failed = frozenset(people[:6]), frozenset(people[4:9])
    true, said = [p in failed for p in people], [p in flagged for p in people]

    (right, of_flagged), (found, of_failed) = precision_and_recall(flagged, failed)

    assert right / of_flagged == precision_score(true, said)
    assert found / of_failed == recall_score(true, said)


def test_the_two_shares_have_their_n_and_wilsons_interval() -> None:
    """Six flagged, two of them rightly; eight failed. Wilson's ends are of 2 in 6 and 2 in 8."""
    people = [f"p{i}" for i in range(20)]

    precision, recall = rules_measured(frozenset(people[:6]), frozenset(people[4:12]))

    assert (precision.value, precision.n, recall.value, recall.n) == (2 / 6, 6, 0.25, 8)
    assert precision.interval is not None and recall.interval is not None
    assert (precision.interval.low, precision.interval.high) == pytest.approx((0.0968, 0.7000), abs=1e-3)
    assert (recall.interval.low, recall.interval.high) == pytest.approx((0.0715, 0.5907), abs=1e-3)


@pytest.mark.parametrize(("flagged", "failed"), [(4, 6), (0, 6), (6, 1)])
def test_too_few_on_one_side_are_no_evidence(flagged: int, failed: int) -> None:
    """Four whom a rule named, or one who did not pass: the other side keeps its number."""
    people = [f"p{i}" for i in range(20)]

    found = rules_measured(frozenset(people[:flagged]), frozenset(people[:failed]))

    for measure, n in zip(found, (flagged, failed), strict=True):
        assert (measure.value is None) == (n < 5)
        assert measure.reason.startswith("insufficient evidence") == (n < 5)
    assert "1 learner who" in rules_measured(frozenset(), frozenset("a"))[1].reason
