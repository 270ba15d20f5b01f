"""Agreement between markers beyond chance."""

import pytest

from pmcampus.model.team import Scores
from pmcampus.teamwork.agreement import agreement


def scored(marker: str, *levels: int, team: str = "team-1") -> Scores:
    """A marker's scores on criteria a, b, c and on."""
    return Scores(team=team, marker=marker, criteria=dict(zip("abcdefgh", levels, strict=False)))


def test_one_marker_agrees_with_nobody() -> None:
    """There is no kappa to report."""
    assert agreement([scored("m1", 3, 3)]) is None


def test_two_markers_who_agree_have_kappa_1() -> None:
    """And all their scores are equal."""
    found = agreement([scored("m1", 0, 2, 4, 3), scored("m2", 0, 2, 4, 3)])

    assert found is not None
    assert (1.0, 1.0, 4) == (found.value, found.exact, found.scores)


def test_a_small_difference_weighs_less_than_a_large_one() -> None:
    """3 against 4 is nearer than 0 against 4."""
    near = agreement([scored("m1", 0, 2, 4, 3), scored("m2", 0, 2, 3, 3)])
    far = agreement([scored("m1", 0, 2, 4, 3), scored("m2", 0, 2, 0, 3)])

    assert near is not None and far is not None and near.value is not None and far.value is not None
    assert near.value > far.value


def test_a_worked_example_of_cohen() -> None:
    """Two markers, two categories, 20 + 15 of 50 equal: kappa 0.4, whatever the weights."""
    pairs = [(4, 4)] * 20 + [(4, 0)] * 5 + [(0, 4)] * 10 + [(0, 0)] * 15
    several = []
    for n, (first, second) in enumerate(pairs):
        several += [scored("m1", first, team=f"t{n}"), scored("m2", second, team=f"t{n}")]
    found = agreement(several)

    assert found is not None
    assert 0.4 == pytest.approx(found.value)


def test_three_markers_get_the_kappa_of_fleiss() -> None:
    """Unweighted, and 1 when all agree."""
    found = agreement([scored(m, 0, 2, 4) for m in ("m1", "m2", "m3")])

    assert found is not None
    assert ("Fleiss' kappa, unweighted", 1.0) == (found.kind, pytest.approx(found.value))


def test_equal_scores_everywhere_have_no_kappa() -> None:
    """The report says why, instead of a number."""
    found = agreement([scored("m1", 3, 3), scored("m2", 3, 3)])

    assert found is not None
    assert found.value is None and "chance" in found.note
