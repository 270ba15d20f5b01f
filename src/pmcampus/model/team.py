"""The nouns of a team at work on a case: seats, what was sealed and decided, and the log of what happened.

Names of people do not appear here; learners go by their id.
"""

from typing import Annotated, Any, Literal

from pydantic import AwareDatetime, Field

from pmcampus.model.cohort import LearnerId
from pmcampus.model.common import Frozen, Slug, Text, Version

AUTHORS = "written by the authors of the case, not by a real person"
Level = Annotated[int, Field(ge=0, le=4, strict=True)]  # a yes or a text is no number


class Seat(Frozen):
    """A learner with the roles they play; `stands_in` when they are of another profession than asked for."""

    learner: LearnerId
    roles: Annotated[tuple[Slug, ...], Field(min_length=1)]
    stands_in: bool = False


class Team(Frozen):
    """People round one table; `recorded` are roles for which the authors' commitments speak."""

    id: Slug
    seats: Annotated[tuple[Seat, ...], Field(min_length=1)]
    recorded: tuple[Slug, ...] = ()

    def seat(self, learner: str) -> Seat | None:
        """The seat of this learner, if they have one here."""
        return next((seat for seat in self.seats if seat.learner == learner), None)


class Plan(Frozen):
    """`plan.yaml` of a case in a cohort: who sits where, drawn with this seed."""

    case: Slug
    version: Version
    seed: int
    teams: Annotated[tuple[Team, ...], Field(min_length=1)]

    def team_of(self, learner: str) -> Team | None:
        """The team in which this learner has a seat."""
        return next((team for team in self.teams if team.seat(learner)), None)


class Event(Frozen):
    """One line of the log: who did or tried what. `seal` is the digest of what was sealed or decided."""

    at: AwareDatetime
    who: str
    verb: Literal["seated", "briefed", "sealed", "read", "opened", "decided", "rated", "marked"]
    outcome: Literal["done", "refused"]
    team: str = ""
    role: str = ""
    what: str = ""
    seal: str = ""


class Opened(Frozen):
    """One opened commitment, with who wrote it and the seal it was checked against."""

    role: Slug
    learner: str
    written_by: Text
    seal: str
    commitment: dict[str, Any]


class Scores(Frozen):
    """One marker's scores for one team, in the words of the rubric; `exit_papers` by learner."""

    team: Slug
    marker: Slug
    criteria: dict[Slug, Level]
    exit_papers: dict[LearnerId, tuple[Level, ...]] = Field(default_factory=dict)
    critical_fails: tuple[Slug, ...] = ()
    peer_factor_off: dict[LearnerId, Text] = Field(default_factory=dict)
    comment: str = ""


class Ratings(Frozen):
    """What one member says of the others: 0 to 4 for each statement of the form."""

    ratings: dict[LearnerId, tuple[Level, ...]]
