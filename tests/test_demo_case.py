"""The demonstration cohort takes the case as two teams, through the real machinery."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from pmcampus.audit import verify
from pmcampus.cases.deciding import history
from pmcampus.cohort import enrol, new
from pmcampus.cohortdir import roster_text
from pmcampus.cohortprogress import cohort_progress
from pmcampus.demo import DemoCohort, _data
from pmcampus.demo_case import take_case
from pmcampus.model.cohort import Learner
from pmcampus.progress import State
from pmcampus.teamwork.report import CaseReport
from tests.conftest import REPOSITORY, TWO_MODULES

NOW = datetime(2026, 11, 6, 9, 0, tzinfo=UTC)


def cohort(folder: Path, root: Path) -> Path:
    """The fictitious learners of the demonstration."""
    new(folder, root=root, pathway="clinician", starts=NOW.date())
    people = DemoCohort.model_validate(_data("cohort.yaml")).learners
    roster = folder / "roster-to-enrol.csv"
    roster.write_text(roster_text(Learner(p.learner, p.name, p.role, p.team) for p in people), "utf-8")
    enrol(folder, roster, root=root)
    return folder


def members(report: CaseReport) -> set[str]:
    """Who sits in this team."""
    return {one.learner for one in report.members}


@pytest.mark.kernel
def test_two_teams_seal_open_decide_and_are_marked(tmp_path: Path) -> None:
    """Twelve seals, two openings, two decisions; one team is capped for a letter that says safe.

    Every member has a row in the gradebook, which the ledger proves; the capped team has not passed.
    """
    folder = cohort(tmp_path / "cohort", REPOSITORY)
    done = take_case(folder, root=REPOSITORY, at=NOW)
    assert done is not None
    first, second = done.reports
    verbs = [event.verb for event in history(folder, "dpyd-before-chemotherapy") if event.outcome == "done"]

    assert (12, 2, 2, 12) == tuple(verbs.count(verb) for verb in ("sealed", "opened", "decided", "rated"))
    assert ("letter-says-safe",) == second.team.fails and 24 == second.team.points
    assert first.team.points is not None and first.team.points > 45
    assert {12.0} == {sum(report.team.items.values()) for report in done.reports}
    assert max(one.team_part or 0 for one in second.members) <= 24
    audited = verify(folder)
    reached = cohort_progress(folder, "dpyd-before-chemotherapy", root=REPOSITORY, as_of=NOW)
    shown = {row.learner.id: row.score for row in reached.rows if row.score is not None}
    assert () == audited.faults and 12 == audited.rows
    assert shown == pytest.approx({one.learner: one.total for r in done.reports for one in r.members})
    assert {State.PASSED} == {row.state for row in reached.rows if row.learner.id in members(first)}
    assert {State.NOT_YET} == {row.state for row in reached.rows if row.learner.id in members(second)}
    assert done.agreement is not None and done.agreement.value is not None
    assert all(
        "SIMULATED" in page.read_text("utf-8") or "made up" in page.read_text("utf-8") for page in done.pages
    )


def test_a_curriculum_without_the_case_takes_none(tmp_path: Path) -> None:
    """The demonstration goes on without it."""
    folder = tmp_path / "cohort"
    new(folder, root=TWO_MODULES, pathway="clinician", starts=NOW.date())

    assert take_case(folder, root=TWO_MODULES, at=NOW) is None
