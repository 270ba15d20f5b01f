"""Which competencies are held, by a learner and by a team, and the shortest way to those that are not."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from pmcampus.errors import CohortError
from pmcampus.gradebook import counting
from pmcampus.model.cohort import Learner
from pmcampus.model.common import Level
from pmcampus.model.tracking import (
    Cover,
    CoverLine,
    Evidence,
    Held,
    Mastery,
    MasteryPage,
    ModuleAdvice,
    Readiness,
)
from pmcampus.statistics.cover import shortest
from pmcampus.statistics.mastery import LEAST_ITEMS, THRESHOLD, held
from pmcampus.tracking.curriculum import Asked, asked, level_name
from pmcampus.tracking.matrix import chosen

if TYPE_CHECKING:
    from pmcampus.tracking.session import Tracking

MOST = 500  # people round one table; more are a cohort, to be looked at team by team
ByCompetency = dict[str, list[Evidence]]


def mastery_page(t: Tracking, learner: str | None, *, team: str | None, page: int, size: int) -> MasteryPage:
    """See `Tracking.mastery`."""
    known = [t.person(learner)] if learner else chosen(t, team=team)
    learners = known[(page - 1) * size : page * size]
    found = evidence(t, [one.id for one in learners])
    codes = _assessed(t)
    roles = asked(t.root).targets
    rows = tuple(
        _mastery(one.id, code, max(1, roles.get(one.role, {}).get(code, 1)), found[one.id])
        for one in learners
        for code in codes
    )
    return MasteryPage(tuple(one.id for one in learners), codes, rows, THRESHOLD, LEAST_ITEMS, len(known))


def _assessed(t: Tracking) -> tuple[str, ...]:
    """Competencies that the cohort's assessments give evidence of, in the curriculum's order."""
    there = {item.competency for head in t.heads.values() for item in head.items}
    return tuple(code for code in asked(t.root).statements if code in there)


def evidence(t: Tracking, learners: Sequence[str]) -> dict[str, ByCompetency]:
    """By learner and competency, the scores that count now of every marked item."""
    heads = {(head.id, item.cell): item for head in t.heads.values() for item in head.items}
    found: dict[str, ByCompetency] = {learner: {} for learner in learners}
    for (learner, assessment), scores in sorted(counting.item_scores(t.book, list(learners)).items()):
        for cell, (score, points) in sorted(scores.items()):
            item = heads.get((assessment, cell))
            if item is not None and score is not None:
                one = Evidence(assessment, cell, item.level, score, points)
                found[learner].setdefault(item.competency, []).append(one)
    return found


def _mastery(learner: str, competency: str, level: int, found: ByCompetency) -> Mastery:
    enough = tuple(one for one in found.get(competency, ()) if one.level and Level(one.level).number >= level)
    state, share, items = held(enough)
    return Mastery(learner, competency, level_name(level), state, share, items, enough)


def readiness(t: Tracking, team: str | None) -> Readiness:
    """See `Tracking.readiness`."""
    members = chosen(t, team=team)
    if len(members) > MOST:
        raise CohortError(
            f"{len(members)} learners are no team; name one of the teams in roster.csv with --team."
        )
    curriculum = asked(t.root)
    found = evidence(t, [one.id for one in members])
    lines = tuple(
        line
        for code, statement in curriculum.statements.items()
        if (line := _line(code, statement, curriculum, members, found)) is not None
    )
    gaps = {
        line.competency: curriculum.needed(line.competency)[0]
        for line in lines
        if line.cover is not Cover.COVERED
    }
    teaches = {
        id: frozenset(code for code, level in gaps.items() if module.levels.get(code, 0) >= level)
        for id, module in curriculum.modules.items()
    }
    choice = shortest(
        frozenset(gaps), teaches, {id: module.hours for id, module in curriculum.modules.items()}
    )
    return Readiness(
        team=team or "",
        members=tuple(one.id for one in members),
        lines=lines,
        modules=tuple(
            ModuleAdvice(
                id,
                curriculum.modules[id].title,
                curriculum.modules[id].hours,
                tuple(code for code in curriculum.statements if code in teaches[id]),
                curriculum.modules[id].written,
            )
            for id in choice.modules
        ),
        out_of_reach=tuple(code for code in curriculum.statements if code in choice.out_of_reach),
        exact=choice.exact,
    )


def _line(
    code: str,
    statement: str,
    curriculum: Asked,
    members: Sequence[Learner],
    found: dict[str, ByCompetency],
) -> CoverLine | None:
    level, roles = curriculum.needed(code)
    if not level:
        return None
    each = [_mastery(one.id, code, level, found[one.id]) for one in members]
    who = tuple(one.learner for one in each if one.held is Held.MASTERED)
    promising = [one for one in each if one.items and one.held is Held.INSUFFICIENT]
    cover = Cover.COVERED if who else Cover.UNKNOWN if promising else Cover.NOBODY
    best = max(
        (one for one in each if one.items),
        key=lambda one: (one.share.interval.low if one.share.interval else 0.0, one.learner),
        default=None,
    )
    return CoverLine(
        code,
        statement,
        level_name(level),
        roles,
        cover,
        who,
        best.learner if best and not who else "",
    )
