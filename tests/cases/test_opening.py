"""A team opens when everybody present has sealed."""

import json

import pytest

from pmcampus.cases.opening import open_case
from pmcampus.cases.seating import alone, teams
from pmcampus.errors import CaseRefused, CohortError
from pmcampus.model.team import AUTHORS
from tests.cases.conftest import CASE, NOW, Play


def test_a_team_does_not_open_before_all_have_sealed(play: Play) -> None:
    """The refusal names the role, and is logged."""
    play.seal("first-role")
    with pytest.raises(CaseRefused, match="second-role has not sealed"):
        open_case(play.folder, CASE, "team-1", root=play.root, out=play.out, at=NOW)

    assert ("refused", "opened") == (play.last().outcome, play.last().verb)


def test_an_opened_team_gets_all_commitments_and_the_joint_notebook(play: Play) -> None:
    """Nothing was written by the authors."""
    play.seal("first-role")
    play.seal("second-role")
    packet = open_case(play.folder, CASE, "team-1", root=play.root, out=play.out, at=NOW)
    rows = json.loads((packet / "data" / "opened.json").read_text("utf-8"))

    assert ["first-role", "second-role"] == [row["role"] for row in rows]
    assert {"a member"} == {row["written_by"] for row in rows}
    assert (packet / "decision.ipynb").is_file()
    assert (packet / "data" / "facts-second-role.json").is_file()
    steps = (packet / "START-HERE.txt").read_text("utf-8")
    assert f"case decide COHORT {CASE} {play.who['first-role']} decision.json" in steps
    assert f"ratings: {{{play.who['second-role']}: [4, 4, 4]}}" in steps


def test_for_somebody_absent_the_authors_speak_and_say_so(play: Play) -> None:
    """Their facts stay away, too: nobody can tell them."""
    play.seal("first-role")
    ben = play.who["second-role"]
    packet = open_case(play.folder, CASE, "team-1", root=play.root, out=play.out, at=NOW, absent=(ben,))
    rows = json.loads((packet / "data" / "opened.json").read_text("utf-8"))

    assert AUTHORS == rows[1]["written_by"]
    assert not (packet / "data" / "facts-second-role.json").exists()


def test_opening_twice_gives_the_same(play: Play) -> None:
    """A lost packet is written again; the log has one opening."""
    play.seal("first-role")
    play.seal("second-role")
    for _ in range(2):
        open_case(play.folder, CASE, "team-1", root=play.root, out=play.out, at=NOW)

    assert 1 == sum(event.verb == "opened" for event in play.log())


def test_teams_stay_once_something_is_sealed(play: Play) -> None:
    """Forming them anew would move commitments to strangers."""
    play.seal("first-role")
    with pytest.raises(CohortError, match="commitments are sealed already"):
        teams(play.folder, CASE, root=play.root, seed=2, at=NOW)


def test_a_team_that_is_none_is_refused(play: Play) -> None:
    """With the names of those there are."""
    with pytest.raises(CohortError, match="'team-9' is no team here; choose team-1"):
        open_case(play.folder, CASE, "team-9", root=play.root, out=play.out, at=NOW)


def test_a_learner_with_a_seat_cannot_also_play_alone(play: Play) -> None:
    """One seat in a case, so that nobody reads two sheets."""
    with pytest.raises(CohortError, match="has a seat in this case already"):
        alone(play.folder, CASE, "ada", "second-role", root=play.root, at=NOW)


def test_a_packet_written_again_knows_who_was_there(play: Play) -> None:
    """Without a word about absence the second time, the absent member's facts still stay away."""
    play.seal("first-role")
    ben = play.who["second-role"]
    for absent, out in (((ben,), play.out / "first"), ((), play.out / "again")):
        packet = open_case(play.folder, CASE, "team-1", root=play.root, out=out, at=NOW, absent=absent)

        assert not (packet / "data" / "facts-second-role.json").exists()
        assert f"ratings: {{{ben}" not in (packet / "START-HERE.txt").read_text("utf-8")


def test_a_team_of_nobody_does_not_open(play: Play) -> None:
    """Everybody absent: refused before anything is written."""
    with pytest.raises(CohortError, match="everybody is absent"):
        open_case(
            play.folder, CASE, "team-1", root=play.root, out=play.out, at=NOW, absent=tuple(play.who.values())
        )

    assert not [event for event in play.log() if event.verb == "opened"]


def test_a_latecomer_is_told_of_the_case_alone(play: Play) -> None:
    """Teams stay; there is another way in."""
    play.seal("first-role")
    with pytest.raises(CohortError, match="pmcampus case alone"):
        teams(play.folder, CASE, root=play.root, seed=2, at=NOW)
