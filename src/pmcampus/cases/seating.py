"""Who sits where: teams from the roster, or a learner alone."""

from datetime import datetime
from pathlib import Path

from pmcampus import casedir
from pmcampus.casedir import CaseRoom
from pmcampus.casepaper import load_case_form
from pmcampus.cohort import role_ids
from pmcampus.cohortdir import load_cohort, load_roster
from pmcampus.errors import CohortError
from pmcampus.model.cohort import Learner
from pmcampus.model.team import Event, Plan, Team
from pmcampus.teamwork.seats import ALONE, form_teams, lonely_team


def teams(
    folder: Path, case: str, *, root: Path, seed: int, at: datetime, count: int | None = None,
    stand_ins: bool = False,
) -> Plan:  # fmt: skip
    """Teams formed from the roster and written to the cohort.

    Raises:
        CohortError: they cannot be formed, or a commitment of this case is sealed already.
    """
    form = load_case_form(root, case)
    with casedir.room(folder, case) as here:
        known = casedir.load_plan(here).teams if (here.folder / "plan.yaml").is_file() else ()
        kept = tuple(team for team in known if team.recorded)  # who takes the case alone
        if any(
            e.verb == "sealed" and e.outcome == "done" and not e.team.startswith(ALONE)
            for e in casedir.events(here)
        ):
            raise CohortError(
                f"{here.folder}: commitments are sealed already, so the teams stay as they are; "
                "who came late takes the case alone with `pmcampus case alone`."
            )
        free = [person for person in _roster(folder, root) if not any(t.seat(person.id) for t in kept)]
        made = form_teams(form, free, seed=seed, count=count, stand_ins=stand_ins)
        plan = Plan(case=case, version=form.version, seed=seed, teams=(*made, *kept))
        casedir.write_plan(here, plan)
        _seated(here, made, at)
    return plan


def alone(folder: Path, case: str, learner: str, role: str, *, root: Path, at: datetime) -> Team:
    """A learner who takes the case alone in one role; recorded commitments stand for the others.

    Raises:
        CohortError: not on the roster, no such role, or the learner has a seat already.
    """
    form = load_case_form(root, case)
    if learner not in {person.id for person in _roster(folder, root)}:
        raise CohortError(f"{learner!r} is not on the roster of {folder}; enrol them first.")
    with casedir.room(folder, case) as here:
        known = casedir.load_plan(here).teams if (here.folder / "plan.yaml").is_file() else ()
        if any(other.seat(learner) for other in known):
            raise CohortError(f"{learner!r} has a seat in this case already.")
        team = lonely_team(form, learner, role, taken={other.id for other in known})
        casedir.write_plan(here, Plan(case=case, version=form.version, seed=0, teams=(*known, team)))
        _seated(here, (team,), at)
    return team


def _roster(folder: Path, root: Path) -> list[Learner]:
    return load_roster(folder, load_cohort(folder), roles=role_ids(root))


def _seated(here: CaseRoom, made: tuple[Team, ...], at: datetime) -> None:
    for team in made:
        for seat in team.seats:
            roles = " ".join(seat.roles)
            casedir.note(
                here,
                Event(at=at, who=seat.learner, verb="seated", outcome="done", team=team.id, role=roles),
            )
