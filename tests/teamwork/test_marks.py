"""Marks of a case add up as the form says, and never beyond."""

import pytest

from pmcampus.casepaper import load_case_form
from pmcampus.model.team import Scores, Seat, Team
from pmcampus.teamwork.marks import exit_paper, factors, peer_factor, team_mark
from tests.conftest import REPOSITORY

FORM = load_case_form(REPOSITORY, "dpyd-before-chemotherapy")
TEAM = Team(id="team-1", seats=tuple(Seat(learner=name, roles=("payer",)) for name in "abcd"))
ITEMS = {"record-check": 8.0, "numbers-check": 4.0}


def scores(marker: str = "m1", level: int = 4, fails: tuple[str, ...] = ()) -> Scores:
    """The same score on every criterion."""
    return Scores(
        team="team-1", marker=marker, criteria=dict.fromkeys(FORM.marks.criteria, level), critical_fails=fails
    )


def test_all_that_can_be_earned_is_100() -> None:
    """Of the form, and 60 of it by the team."""
    assert 100 == FORM.points
    assert 60 == FORM.marks.team_points == team_mark(FORM, "team-1", ITEMS, [scores()]).points


def test_the_rubric_is_weighted() -> None:
    """3 of 4 everywhere is three quarters of 48; one criterion counts by its weight."""
    assert 48 * 0.75 + 12 == team_mark(FORM, "t", ITEMS, [scores(level=3)]).points
    only_evidence = scores(level=0).model_copy(
        update={"criteria": dict.fromkeys(FORM.marks.criteria, 0) | {"evidence": 4}}
    )
    assert 48 * 0.25 == team_mark(FORM, "t", {}, [only_evidence]).points


def test_markers_count_alike_and_are_asked_to_talk() -> None:
    """4 and 2 make 3, and two apart is too far."""
    mark = team_mark(FORM, "t", {}, [scores("m1", 4), scores("m2", 2)])

    assert 36 == mark.points
    assert all(row.apart for row in mark.criteria)


def test_without_markers_the_team_waits() -> None:
    """No points are made up."""
    assert team_mark(FORM, "t", ITEMS, []).points is None


def test_a_critical_fail_caps_the_team_and_its_members() -> None:
    """24 of 60 whatever else was good, and no factor lifts anybody above it."""
    mark = team_mark(FORM, "t", ITEMS, [scores(fails=("letter-says-safe",))])

    assert (24, 24, 60) == (mark.points, mark.ceiling, mark.uncapped)


@pytest.mark.parametrize(
    ("received", "factor"),
    [
        ([4, 4, 3, 4, 4], 1.15),
        ([3, 3, 3, 3], 1.0),
        ([1, 2, 1, 2], 0.85),
        ([3.3, 3.3, 3.3], 1.1),
        ([4, 4], 1.0),
    ],
)
def test_the_peer_factor_moves_at_most_15_per_cent(received: list[float], factor: float) -> None:
    """Against a team mean of 3; two raters are too few."""
    assert factor == pytest.approx(peer_factor(received, 3.0, at_most=0.15, raters=3)[0])


def test_ones_own_rating_does_not_count_and_an_educator_may_switch_it_off() -> None:
    """The reason stands beside the factor."""
    ratings = {
        rater: {rated: [4, 4, 4] if rated == "a" else [2, 2, 2] for rated in "abcd"} for rater in "abcd"
    }
    with_own = factors(FORM, TEAM, ratings, {"b": "was ill"})
    without = {rater: {k: v for k, v in given.items() if k != rater} for rater, given in ratings.items()}

    assert with_own == factors(FORM, TEAM, without, {"b": "was ill"})
    assert 1.15 == with_own["a"][0]
    assert (1.0, "switched off by an educator: was ill") == with_own["b"]


def test_the_exit_paper_is_the_mean_of_its_markers() -> None:
    """3 and 4 of 4, and nothing while nobody has read it."""
    assert 14 * 3.5 / 4 == exit_paper(FORM, [(3, 4)])
    assert exit_paper(FORM, [()]) is None
