"""Seats are written to the cohort; somebody alone has one, too."""

import json
from pathlib import Path

import pytest

from pmcampus.casedir import load_plan, room
from pmcampus.cases.opening import open_case
from pmcampus.cases.packet import brief
from pmcampus.cases.sealing import commit
from pmcampus.cases.seating import alone, teams
from pmcampus.cohort import enrol
from pmcampus.errors import CohortError
from pmcampus.model.team import AUTHORS
from tests.cases.conftest import CASE, NOW, Play


def add(play: Play, line: str, tmp_path: Path) -> None:
    """One more learner on the roster."""
    path = tmp_path / "more.csv"
    path.write_text(f"learner,name,role,team\n{line}\n", "utf-8")
    enrol(play.folder, path, root=play.root)


def test_a_plan_is_written_with_seed_and_version(seated: Play) -> None:
    """And every seat stands in the log."""
    with room(seated.folder, CASE) as here:
        plan = load_plan(here)

    assert (CASE, "0.1.0", 1) == (plan.case, plan.version, plan.seed)
    assert {"ada": "first-role", "ben": "second-role"} == seated.roles
    assert ["seated", "seated"] == [event.verb for event in seated.log()]


def test_somebody_alone_meets_recorded_commitments(play: Play, tmp_path: Path) -> None:
    """Marked as written by the authors; facts of the other role stay with question cards."""
    add(play, "cleo,Cleo Made-Up,clinician,solo", tmp_path)
    team = alone(play.folder, CASE, "cleo", "first-role", root=play.root, at=NOW)
    _, word = brief(play.folder, CASE, "cleo", root=play.root, out=play.out, at=NOW)
    assert word
    commit(play.folder, CASE, "cleo", play.form("first-role"), root=play.root, word=word, at=NOW)
    packet = open_case(play.folder, CASE, team.id, root=play.root, out=play.out, at=NOW)
    rows = json.loads((packet / "data" / "opened.json").read_text("utf-8"))

    assert ["a member", AUTHORS] == [row["written_by"] for row in rows]
    assert not (packet / "data" / "facts-second-role.json").exists()


def test_forming_teams_anew_keeps_those_who_play_alone(seated: Play, tmp_path: Path) -> None:
    """Cleo stays alone, and Ada and Ben are a team."""
    add(seated, "cleo,Cleo Made-Up,clinician,solo", tmp_path)
    alone(seated.folder, CASE, "cleo", "first-role", root=seated.root, at=NOW)
    plan = teams(seated.folder, CASE, root=seated.root, seed=2, at=NOW)

    assert ["team-1", "alone-cleo"] == [team.id for team in plan.teams]


def test_a_stranger_has_no_seat(seated: Play) -> None:
    """Who is not on the roster is not in the cohort."""
    with pytest.raises(CohortError, match="is not on the roster"):
        alone(seated.folder, CASE, "mallory", "first-role", root=seated.root, at=NOW)
