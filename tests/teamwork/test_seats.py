"""Teams from a roster: every role played, the same each time, and a reason where it cannot be."""

import pytest

from pmcampus.casepaper import load_case_form
from pmcampus.errors import CohortError
from pmcampus.model.cohort import Learner
from pmcampus.teamwork.seats import chairs, form_teams, lonely_team
from tests.conftest import REPOSITORY

FORM = load_case_form(REPOSITORY, "dpyd-before-chemotherapy")
ONE_OF_EACH = (
    "clinician", "nurse-counsellor-pharmacist", "laboratory-scientist", "policy-maker",
    "patient-representative", "data-scientist",
)  # fmt: skip


def people(*roles: str) -> list[Learner]:
    """Made-up learners of these professions."""
    return [Learner(f"p{n:02}", f"Made-Up {n}", role, "") for n, role in enumerate(roles, start=1)]


def test_six_people_of_six_professions_play_their_own_role() -> None:
    """Nobody stands in, and every role is played once."""
    (team,) = form_teams(FORM, people(*ONE_OF_EACH), seed=1)

    assert set(FORM.roles) == {role for seat in team.seats for role in seat.roles}
    assert not any(seat.stands_in for seat in team.seats)
    played = {seat.learner: seat.roles for seat in team.seats}
    assert ("oncologist",) == played["p01"] and ("patient-representative",) == played["p05"]


@pytest.mark.parametrize("size", range(2, 9))
def test_every_role_is_played_whatever_the_size(size: int) -> None:
    """Fewer people join roles, more double some; the patient representative is never the payer."""
    roles = [role for chair in chairs(FORM, size) for role in chair]

    assert set(FORM.roles) == set(roles)
    assert size == len(chairs(FORM, size))
    assert len(roles) == max(6, size)
    assert not any({"payer", "patient-representative"} <= set(chair) for chair in chairs(FORM, size))


def test_the_same_seed_gives_the_same_teams_and_another_seed_others() -> None:
    """Whatever the order of the roster."""
    roster = people(*ONE_OF_EACH, *ONE_OF_EACH)

    assert form_teams(FORM, roster, seed=3) == form_teams(FORM, roster[::-1], seed=3)
    assert len({form_teams(FORM, roster, seed=seed) for seed in range(5)}) > 1


def test_twelve_people_become_two_teams_of_six() -> None:
    """As near to the best size as can be, and everybody sits once."""
    teams = form_teams(FORM, people(*ONE_OF_EACH, *ONE_OF_EACH), seed=1)

    assert [6, 6] == [len(team.seats) for team in teams]
    assert 12 == len({seat.learner for team in teams for seat in team.seats})


def test_a_roster_that_lacks_a_profession_is_told_which() -> None:
    """Two teams, one patient representative: the message names role, profession and number."""
    roster = people(*ONE_OF_EACH, *ONE_OF_EACH[:4], "data-scientist", "data-scientist")

    with pytest.raises(CohortError, match="2 teams need 2 people to play patient representative") as refused:
        form_teams(FORM, roster, seed=1)
    assert "the roster has 1 who fit" in str(refused.value)
    assert "--stand-ins" in str(refused.value)


def test_stand_ins_are_marked() -> None:
    """Asked for, somebody of another profession takes the empty chair, and the plan says so."""
    roster = people(*ONE_OF_EACH, *ONE_OF_EACH[:4], "data-scientist", "data-scientist")
    teams = form_teams(FORM, roster, seed=1, stand_ins=True)
    standing = [seat for team in teams for seat in team.seats if seat.stands_in]

    assert [("patient-representative",)] == [seat.roles for seat in standing]


def test_people_move_up_so_that_nobody_is_left() -> None:
    """The second clinician plays the pharmacist, because the nurse is missing: a chain, not a first come."""
    roster = people("clinician", "clinician", *ONE_OF_EACH[2:])
    (team,) = form_teams(FORM, roster, seed=1)

    assert not any(seat.stands_in for seat in team.seats)


@pytest.mark.parametrize(("count", "size"), [(1, 1), (3, 5), (1, 9)])
def test_sizes_that_cannot_be_are_refused(count: int, size: int) -> None:
    """One person is no team; five people are not three."""
    with pytest.raises(CohortError, match="cannot be"):
        form_teams(FORM, people(*["clinician"] * size), seed=1, count=count)


def test_somebody_alone_has_one_role_and_recorded_others() -> None:
    """Five roles are spoken for by the authors; a role that is none is refused."""
    team = lonely_team(FORM, "Ada.M", "payer")

    assert ("payer",) == team.seats[0].roles
    assert set(FORM.roles) - {"payer"} == set(team.recorded)
    assert "alone-ada-m" == team.id
    with pytest.raises(CohortError, match="is not a role here"):
        lonely_team(FORM, "ada", "wizard")


def test_one_learner_is_no_team_and_hears_of_the_case_alone() -> None:
    """In the singular."""
    with pytest.raises(CohortError, match=r"1 learner cannot be teams of .*`pmcampus case alone`"):
        form_teams(FORM, people("clinician"), seed=1)


@pytest.mark.parametrize("learner", ["a..b", "a-_b", "x" * 64, "a" * 49 + "." + "b" * 14, "1007", "a."])
def test_every_learners_id_makes_a_team_of_one(learner: str) -> None:
    """Points, lines and 64 signs included."""
    assert learner == lonely_team(FORM, learner, "payer").seats[0].learner


def test_learners_alike_but_for_a_sign_get_two_teams() -> None:
    """Each works in a folder of their own."""
    first = lonely_team(FORM, "a.b", "payer")

    assert ("alone-a-b", "alone-a-b-2") == (
        first.id,
        lonely_team(FORM, "a-b", "payer", taken={first.id}).id,
    )
