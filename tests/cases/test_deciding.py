"""A decision with its dissent counts for the team; members rate each other, never themselves."""

import json
from pathlib import Path

import pytest

from pmcampus.cases.deciding import decide, history, rate
from pmcampus.cases.opening import open_case
from pmcampus.errors import CaseRefused, CohortError
from tests.cases.conftest import CASE, NOW, Play

RECORD = {"decision": "wait", "minority": "Going now would have helped three people."}


@pytest.fixture
def opened(play: Play) -> Play:
    """A team that has opened its commitments."""
    play.seal("first-role")
    play.seal("second-role")
    open_case(play.folder, CASE, "team-1", root=play.root, out=play.out, at=NOW)
    return play


def hand_in(play: Play, value: object, name: str = "record.json") -> Path:
    """A form in a file."""
    path = play.out / name
    path.write_text(json.dumps(value), "utf-8")
    return path


def decided(play: Play, record: object = RECORD) -> int:
    """The first member hands in a record."""
    return decide(
        play.folder, CASE, "ada", hand_in(play, record), root=play.root, word=play.passes["ada"], at=NOW
    )


def test_nobody_decides_before_the_opening(play: Play) -> None:
    """The refusal is logged."""
    with pytest.raises(CaseRefused, match="after it has opened"):
        decided(play)

    assert ("refused", "decided") == (play.last().outcome, play.last().verb)


def test_a_record_without_dissent_is_not_taken(opened: Play) -> None:
    """The minority's opinion is part of the form."""
    with pytest.raises(CohortError, match="'minority' is a required property"):
        decided(opened, {"decision": "wait"})


def test_a_decision_can_be_repaired_once(opened: Play) -> None:
    """Two versions are kept; a third is refused."""
    assert [1, 2] == [decided(opened), decided(opened)]
    with pytest.raises(CaseRefused, match="repaired once already"):
        decided(opened)


def test_a_forgotten_notebook_is_no_repair(opened: Play) -> None:
    """The same record with the notebook stays the same version; the repair is still there."""
    notebook = hand_in(opened, {"cells": [], "metadata": {"pmcampus": {"part": "team"}}}, "decision.ipynb")
    added = decide(
        opened.folder, CASE, "ada", hand_in(opened, RECORD), root=opened.root, word=opened.passes["ada"],
        at=NOW, notebook=notebook,
    ) if decided(opened) else 0  # fmt: skip

    assert 1 == added
    assert 2 == decided(opened)


@pytest.mark.parametrize("rated", ["ada", "mallory"])
def test_only_mates_are_rated(rated: str, opened: Play) -> None:
    """Neither oneself nor a stranger; the try is logged."""
    file = hand_in(opened, {"ratings": {rated: [4, 4, 4]}})
    with pytest.raises(CaseRefused, match="only other members"):
        rate(opened.folder, CASE, "ada", file, root=opened.root, word=opened.passes["ada"], at=NOW)

    assert ("refused", "rated") == (opened.last().outcome, opened.last().verb)


def test_ratings_stay_as_they_are(opened: Play) -> None:
    """Once, after the meeting."""
    file = hand_in(opened, {"ratings": {"ben": [4, 3, 4]}})

    assert 1 == rate(opened.folder, CASE, "ada", file, root=opened.root, word=opened.passes["ada"], at=NOW)
    with pytest.raises(CaseRefused, match="stay as they are"):
        rate(opened.folder, CASE, "ada", file, root=opened.root, word=opened.passes["ada"], at=NOW)


def test_a_crash_while_a_decision_is_written_costs_no_version(opened: Play) -> None:
    """A record that the log does not know was never taken."""
    place = opened.folder / "cases" / CASE / "team-1" / "decision"
    place.mkdir()
    (place / "record-1.json").write_text("{}", "utf-8")

    assert [1, 2] == [decided(opened), decided(opened)]


def test_the_notebook_of_another_team_is_not_taken(opened: Play) -> None:
    """The joint notebook says to which team it was given; nothing is recorded."""
    packet = opened.out / f"{CASE}--team-1" / "decision.ipynb"
    packet.write_text(packet.read_text("utf-8").replace('"team-1"', '"team-2"'), "utf-8")
    with pytest.raises(CohortError, match="was given out to team-2; hand in that of team-1"):
        decide(
            opened.folder, CASE, "ada", hand_in(opened, RECORD), root=opened.root, word=opened.passes["ada"],
            at=NOW, notebook=packet,
        )  # fmt: skip

    assert not list((opened.folder / "cases" / CASE).rglob("record-*.json"))


def test_ratings_of_nobody_are_not_taken(opened: Play) -> None:
    """An empty form would use up the one time that a member may rate."""
    with pytest.raises(CohortError, match="nobody is rated in it; give each of ben"):
        rate(
            opened.folder, CASE, "ada", hand_in(opened, {"ratings": {}}), root=opened.root,
            word=opened.passes["ada"], at=NOW,
        )  # fmt: skip


@pytest.mark.parametrize("case", ["a-hard-choise", "../elsewhere"])
def test_the_log_of_no_case_is_refused_and_makes_no_folder(case: str, play: Play) -> None:
    """A slip in the name is told."""
    with pytest.raises(CohortError, match="has begun here"):
        history(play.folder, case)

    assert [CASE] == [place.name for place in (play.folder / "cases").iterdir()]
