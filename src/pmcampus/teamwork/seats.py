"""Teams from a roster, so that each has the roles its case needs, or the reason why that cannot be.

The same learners, form and seed give the same teams.
"""

import re
from collections.abc import Collection, Iterator, Sequence
from itertools import count as counting
from random import Random

from pmcampus.errors import CohortError
from pmcampus.model.case import CaseForm
from pmcampus.model.cohort import Learner
from pmcampus.model.common import LONGEST_SLUG
from pmcampus.model.team import Seat, Team
from pmcampus.plurals import counted

ALONE = "alone-"  # how the team of somebody alone is called
ROOM = 6  # signs kept free in such a name, for a number
NEAR = 2  # people more or fewer than the best size, unless the number of teams is asked for
Chair = tuple[str, ...]  # the roles that one person plays


def chairs(form: CaseForm, size: int) -> tuple[Chair, ...]:
    """What each of `size` people plays: with fewer people roles are joined, with more some are doubled.

    Raises:
        CohortError: the form does not say how that many people play.
    """
    roles = list(form.roles)
    if size < len(roles):
        if size not in form.seating.fewer:
            raise CohortError(
                f"{form.code}: case.yaml does not say how {size} people share {len(roles)} roles."
            )
        joined = form.seating.fewer[size]
        taken = {role for group in joined for role in group}
        return (*joined, *((role,) for role in roles if role not in taken))
    extra = form.seating.more[: size - len(roles)]
    if len(roles) + len(extra) < size:
        raise CohortError(f"{form.code}: case.yaml does not say which roles {size} people double.")
    return tuple((role,) for role in (*roles, *extra))


def form_teams(
    form: CaseForm,
    learners: Sequence[Learner],
    *,
    seed: int,
    count: int | None = None,
    stand_ins: bool = False,
) -> tuple[Team, ...]:
    """Teams in which every role is played, and every learner sits.

    Args:
        count: how many teams; by default as many as bring each nearest to the best size.
        stand_ins: whether somebody of another profession may take a chair that would stay empty.

    Raises:
        CohortError: it cannot be done; the message says which role lacks whom.
    """
    people = sorted(learners)
    Random(seed).shuffle(people)
    reasons = []
    for teams in _counts(form, len(people), count):
        sizes = [len(people) // teams + (n < len(people) % teams) for n in range(teams)]
        wanted = [(n, chair) for n, size in enumerate(sizes) for chair in chairs(form, size)]
        seated = _seat(form, [chair for _, chair in wanted], people)
        empty = [wanted[n][1] for n in range(len(wanted)) if n not in seated]
        if not empty or stand_ins:
            left = iter([n for n in range(len(people)) if n not in seated.values()])
            seats: dict[int, list[Seat]] = {n: [] for n in range(teams)}
            for place, (team, chair) in enumerate(wanted):
                own = place in seated
                person = people[seated[place] if own else next(left)]
                seats[team].append(Seat(learner=person.id, roles=chair, stands_in=not own))
            return tuple(Team(id=f"team-{n + 1}", seats=tuple(seats[n])) for n in range(teams))
        reasons.append(_why(form, teams, empty, people))
    raise CohortError(
        f"{form.code}: no teams can be formed. {reasons[0]} Enrol somebody who fits, form fewer teams with "
        "--teams, or let others stand in with --stand-ins."
    )


def lonely_team(form: CaseForm, learner: str, role: str, *, taken: Collection[str] = ()) -> Team:
    """A learner alone with one role; the authors' recorded commitments speak for the others.

    Args:
        taken: ids of teams; `a.b` and `a-b` are two learners and get two.

    Raises:
        CohortError: the case has no such role, or cannot be taken alone.
    """
    if role not in form.roles:
        raise CohortError(f"{form.code}: {role!r} is not a role here; choose one of {', '.join(form.roles)}.")
    if not form.seating.alone or form.commitment.recorded is None:
        raise CohortError(f"{form.code}: this case cannot be taken alone; join a team.")
    others = tuple(other for other in form.roles if other != role)
    plain = re.sub("[^a-z0-9]+", "-", learner.lower())[: LONGEST_SLUG - len(ALONE) - ROOM].strip("-")
    names = (f"{ALONE}{plain}{f'-{n}' if n > 1 else ''}" for n in counting(1))
    id = next(name for name in names if name not in taken)
    return Team(id=id, seats=(Seat(learner=learner, roles=(role,)),), recorded=others)


def _counts(form: CaseForm, people: int, count: int | None) -> list[int]:
    """How many teams there may be, the best first."""
    low, high = form.seating.minimum, form.seating.maximum
    fit = [n for n in range(1, people + 1) if low <= people // n and -(-people // n) <= high]
    if count is not None:
        if count not in fit:
            raise CohortError(
                f"{form.code}: {people} learners cannot be {count} teams of {low} to {high}; "
                f"possible are {', '.join(map(str, fit)) or 'none'}."
            )
        return [count]
    if not fit:
        raise CohortError(
            f"{form.code}: {counted(people, 'learner')} cannot be teams of {low} to {high}; enrol more, "
            "or take the case alone with `pmcampus case alone`."
        )
    ordered = sorted(fit, key=lambda n: (abs(people / n - form.seating.best), n))
    near = [n for n in ordered if abs(people / n - form.seating.best) <= NEAR]
    return near or ordered[:1]


def _fit(form: CaseForm, chair: Chair, person: Learner) -> int | None:
    """How well this profession fits: 0 is best, None not at all."""
    ranks = [
        form.roles[role].played_by.index(person.role)
        for role in chair
        if person.role in form.roles[role].played_by
    ]
    return min(ranks, default=None)


def _seat(form: CaseForm, wanted: list[Chair], people: list[Learner]) -> dict[int, int]:
    """Chair to person, as many as can be, nearest professions first: augmenting paths, rank by rank."""
    fits = [[_fit(form, chair, person) for person in people] for chair in wanted]
    ranks = sorted({rank for row in fits for rank in row if rank is not None})
    holds: dict[int, int] = {}  # person to chair
    for allowed in ranks:

        def moves(chair: int, seen: set[int], allowed: int = allowed) -> bool:
            order = sorted(
                (rank, person)
                for person, rank in enumerate(fits[chair])
                if rank is not None and rank <= allowed and person not in seen
            )
            for _, person in order:
                seen.add(person)
                if person not in holds or moves(holds[person], seen):
                    holds[person] = chair
                    return True
            return False

        for chair in range(len(wanted)):
            if chair not in holds.values():
                moves(chair, set())
    return {chair: person for person, chair in holds.items()}


def _why(form: CaseForm, teams: int, empty: list[Chair], people: list[Learner]) -> str:
    """Which role lacks whom, in one or two sentences."""
    return " ".join(_lack(form, teams, chair, people) for chair in dict.fromkeys(empty))


def _lack(form: CaseForm, teams: int, chair: Chair, people: list[Learner]) -> str:
    fitting = [person for person in people if _fit(form, chair, person) is not None]
    asked = sorted({role for part in chair for role in form.roles[part].played_by})
    names = " and ".join(form.roles[part].title.lower() for part in chair)
    many = f"{teams} teams need {teams} people" if teams > 1 else "The team needs somebody"
    return (
        f"{many} to play {names} (a {' or '.join(asked)}); the roster has {len(fitting)} who fit"
        f"{', and other roles need them' if len(fitting) >= teams else ''}."
    )


def stand_ins(teams: Sequence[Team]) -> Iterator[Seat]:
    """Seats held by somebody of another profession."""
    return (seat for team in teams for seat in team.seats if seat.stands_in)
