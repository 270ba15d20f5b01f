"""How the marks of a case add up. Every number of a report is a field of one of these values."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from statistics import fmean

from pmcampus.model.case import HIGHEST, CaseForm
from pmcampus.model.team import Scores, Team

TALK_FROM = 2  # two markers who differ by this much on a criterion talk before the mark stands


@dataclass(frozen=True)
class CriterionMark:
    """One row of the rubric: the markers' scores, their mean, and what it is worth."""

    id: str
    title: str
    weight: float
    scores: tuple[int, ...]
    points: float
    of: float

    @property
    def score(self) -> float:
        """The mean of the markers."""
        return fmean(self.scores)

    @property
    def apart(self) -> bool:
        """Whether the markers should talk."""
        return bool(self.scores) and max(self.scores) - min(self.scores) >= TALK_FROM


@dataclass(frozen=True)
class TeamMark:
    """What a team earned together; `points` is None while nobody has scored the rubric."""

    team: str
    markers: tuple[str, ...]
    items: Mapping[str, float]
    criteria: tuple[CriterionMark, ...]
    fails: tuple[str, ...]
    points: float | None
    of: float
    ceiling: float
    uncapped: float | None = None


@dataclass(frozen=True)
class MemberMark:
    """One member's mark, part by part; a part is None while it waits."""

    learner: str
    roles: tuple[str, ...]
    prework: float | None
    commitment: float
    exit_paper: float | None
    factor: float
    factor_why: str
    team_part: float | None
    prework_items: Mapping[str, float] = field(default_factory=dict)

    @property
    def total(self) -> float | None:
        """All parts, or None while one waits."""
        parts = (self.prework, self.commitment, self.exit_paper, self.team_part)
        known = [part for part in parts if part is not None]
        return sum(known) if len(known) == len(parts) else None


def team_mark(form: CaseForm, team: str, items: Mapping[str, float], scores: Sequence[Scores]) -> TeamMark:
    """Team items, and the rubric weighted; a critical fail caps the sum until it is repaired."""
    marks = form.marks
    criteria = []
    for id, criterion in form.marks.criteria.items():
        given = tuple(one.criteria[id] for one in scores if id in one.criteria)
        of = marks.rubric_points * criterion.weight / 100
        worth = of * fmean(given) / HIGHEST if given else 0.0
        criteria.append(CriterionMark(id, criterion.title, criterion.weight, given, worth, of))
    fails = tuple(sorted({fail for one in scores for fail in one.critical_fails}))
    markers = tuple(one.marker for one in scores)
    of = marks.team_points
    ceiling = marks.cap * of if fails else of
    if not scores or any(not row.scores for row in criteria):
        return TeamMark(team, markers, items, tuple(criteria), fails, None, of, ceiling)
    points = sum(items.values()) + sum(row.points for row in criteria)
    kept = min(points, ceiling)
    return TeamMark(team, markers, items, tuple(criteria), fails, kept, of, ceiling, points)


def peer_factor(
    received: Sequence[float], team_mean: float, *, at_most: float, raters: int
) -> tuple[float, str]:
    """What a member's team part is multiplied with, and why.

    The mean rating received, divided by the mean of the team, kept within `at_most` of 1. Like the
    factor of WebPA it compares a member with the others; unlike it, ratings are not shared out by
    rater, one's own never counts, and a limit holds. Limit and minimum are our own choice.
    """
    if len(received) < raters:
        return 1.0, f"fewer than {raters} people rated"
    if team_mean == 0:
        return 1.0, "nobody rated anybody above 0"
    plain = fmean(received) / team_mean
    kept = min(1 + at_most, max(1 - at_most, plain))
    why = f"received {fmean(received):.2f}, team mean {team_mean:.2f}"
    return kept, why if kept == plain else f"{why}, limited to {1 - at_most:.2f} to {1 + at_most:.2f}"


def factors(
    form: CaseForm, team: Team, ratings: Mapping[str, Mapping[str, Sequence[int]]], off: Mapping[str, str]
) -> dict[str, tuple[float, str]]:
    """Each member's peer factor; `off` says why an educator switched it off for a member."""
    members = [seat.learner for seat in team.seats]
    received = {
        member: [
            fmean(given[member]) for rater, given in ratings.items() if rater != member and member in given
        ]
        for member in members
    }
    means = [fmean(values) for values in received.values() if values]
    team_mean = fmean(means) if means else 0.0
    peer = form.marks.peer
    found = {}
    for member in members:
        if member in off:
            found[member] = (1.0, f"switched off by an educator: {off[member]}")
        else:
            found[member] = peer_factor(received[member], team_mean, at_most=peer.at_most, raters=peer.raters)
    return found


def exit_paper(form: CaseForm, given: Iterable[Sequence[int]]) -> float | None:
    """Points of the exit paper, the mean of the markers; None while nobody has read it."""
    scored = [fmean(scores) for scores in given if scores]
    return form.marks.exit_paper.points * fmean(scored) / HIGHEST if scored else None
