"""A cohort that takes the template's case: two people, two roles, and their passes."""

import json
import shutil
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from pmcampus.casedir import load_plan, room
from pmcampus.cases.deciding import history
from pmcampus.cases.packet import brief
from pmcampus.cases.sealing import commit
from pmcampus.cases.seating import teams
from pmcampus.cohort import enrol
from pmcampus.cohort import new as new_cohort
from pmcampus.model.team import Event
from pmcampus.new import new
from tests.conftest import TWO_MODULES

NOW = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
CASE = "a-hard-choice"


@dataclass
class Play:
    """One cohort at its case."""

    root: Path
    folder: Path
    out: Path
    passes: dict[str, str]
    roles: dict[str, str]

    @property
    def who(self) -> dict[str, str]:
        """Learner by role."""
        return {role: learner for learner, role in self.roles.items()}

    def form(self, role: str, **changed: Any) -> Path:
        """A filled commitment of this role, in a file."""
        recorded = json.loads(
            (self.root / "case_studies" / CASE / "data" / "recorded-commitments.json").read_text("utf-8")
        )
        own = next(one for one in recorded["commitments"] if one["role"] == role)
        path = self.out / f"form-{role}.json"
        path.write_text(json.dumps(own | {"secret": "larch-and-lamp"} | changed), "utf-8")
        return path

    def seal(self, role: str, **changed: Any) -> str:
        """The seal of this role's player."""
        learner = self.who[role]
        return commit(
            self.folder, CASE, learner, self.form(role, **changed), root=self.root,
            word=self.passes[learner], at=NOW,
        )  # fmt: skip

    def log(self) -> list[Event]:
        """What happened so far."""
        return history(self.folder, CASE)

    def last(self) -> Event:
        """The latest line of the log."""
        return self.log()[-1]


@pytest.fixture(scope="session")
def curriculum_with_case(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The tiny curriculum with the template's case."""
    root = Path(shutil.copytree(TWO_MODULES, tmp_path_factory.mktemp("case") / "curriculum"))
    new("case-study", CASE, root=root, today=date(2026, 11, 24))
    return root


@pytest.fixture(scope="session")
def cohort_with_teams(curriculum_with_case: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two learners with seats, made once."""
    place = tmp_path_factory.mktemp("seated")
    folder, roster = place / "cohort", place / "roster.csv"
    new_cohort(folder, root=curriculum_with_case, pathway="clinician", starts=date(2026, 10, 5))
    roster.write_text(
        "learner,name,role,team\nada,Ada Made-Up,clinician,1\nben,Ben Made-Up,data-scientist,1\n", "utf-8"
    )
    enrol(folder, roster, root=curriculum_with_case)
    teams(folder, CASE, root=curriculum_with_case, seed=1, at=NOW)
    return folder


@pytest.fixture
def seated(curriculum_with_case: Path, cohort_with_teams: Path, tmp_path: Path) -> Play:
    """A copy of that cohort; there are no packets yet."""
    folder, out = Path(shutil.copytree(cohort_with_teams, tmp_path / "cohort")), tmp_path / "packets"
    out.mkdir()
    with room(folder, CASE) as here:
        plan = load_plan(here)
    roles = {seat.learner: seat.roles[0] for team in plan.teams for seat in team.seats}
    return Play(curriculum_with_case, folder, out, {}, roles)


@pytest.fixture
def play(seated: Play) -> Play:
    """The same, each with a packet and a pass."""
    for learner in seated.roles:
        _, made = brief(seated.folder, CASE, learner, root=seated.root, out=seated.out, at=NOW)
        assert made
        seated.passes[learner] = made
    return seated
