"""Which competencies are held, by a learner and by a team, and the shortest way to those that are not."""

from collections.abc import Mapping, Sequence

from pmcampus.errors import CohortError
from pmcampus.gradebook import counting
from pmcampus.model.cohort import Learner
from pmcampus.model.common import Level
from pmcampus.model.tracking import (
    CompetencyLine,
    CompetencyMap,
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
from pmcampus.statistics.mastery import LEAST_ITEMS, THRESHOLD, held, held_by
from pmcampus.tracking.cohort import OpenCohort
from pmcampus.tracking.curriculum import Asked, asked, level_name
from pmcampus.tracking.matrix import chosen

MOST = 500  # people round one table; more are a cohort, to be looked at team by team
ByCompetency = dict[str, list[Evidence]]
Piece = tuple[int, float, float]  # the level, the points and the score of one item


def mastery_page(
    t: OpenCohort, learner: str | None, *, team: str | None, page: int, size: int
) -> MasteryPage:
    """See `Tracking.mastery`."""
    known = [t.person(learner)] if learner else chosen(t, team=team)
    learners = known[(page - 1) * size : page * size]
    rows, codes = masteries(t, learners), _assessed(t)
    return MasteryPage(tuple(one.id for one in learners), codes, rows, THRESHOLD, LEAST_ITEMS, len(known))


def masteries(t: OpenCohort, learners: Sequence[Learner], *codes: str) -> tuple[Mastery, ...]:
    """How these learners stand with these competencies, or with all, at the level of their role."""
    found = evidence(t, [one.id for one in learners])
    roles = asked(t.root).targets
    return tuple(
        _mastery(one.id, code, _level(roles, one, code), found[one.id])
        for one in learners
        for code in codes or _assessed(t)
    )


def competency_map(t: OpenCohort, *, team: str | None, page: int, size: int) -> CompetencyMap:
    """See `Tracking.competency_map`.

    The same rule on the same scores as `masteries`, without a value for each piece of evidence.
    """
    known = chosen(t, team=team)
    learners = known[(page - 1) * size : page * size]
    heads = {(head.id, item.cell): item for head in t.heads.values() for item in head.items}
    cells: dict[str, tuple[str, int, float]] = {}
    for id, (assessment, name, points) in counting.graded_cells(t.book).items():
        item = heads.get((assessment, name))
        if item is not None and item.level and points > 0:
            cells[id] = (item.competency, Level(item.level).number, points)
    ids = [one.id for one in learners]
    reached = {(id, code): list[Piece]() for id in ids for code in _assessed(t)}
    for id, cell, score in counting.marked_items(t.book, ids):
        if cell in cells:
            code, level, points = cells[cell]
            reached[id, code].append((level, points, score))
    roles = asked(t.root).targets
    found: dict[tuple[str, int], dict[Held, list[str]]] = {}
    for code in _assessed(t):
        for one in learners:
            level = _level(roles, one, code)
            mine = [piece for piece in reached[one.id, code] if piece[0] >= level]
            state, _, _ = held_by([worth for _, worth, _ in mine], [score for _, _, score in mine], len(mine))
            found.setdefault((code, level), {}).setdefault(state, []).append(one.id)
    lines = tuple(
        CompetencyLine(code, level_name(level), {state: tuple(ids) for state, ids in states.items()})
        for (code, level), states in sorted(found.items(), key=lambda one: _in_order(*one[0]))
    )
    return CompetencyMap(tuple(ids), lines, THRESHOLD, LEAST_ITEMS, len(known))


def _in_order(code: str, level: int) -> tuple[str, int, int]:
    """By area, number, and level."""
    return code[0], int(code[1:]), level


def _level(roles: Mapping[str, Mapping[str, int]], one: Learner, code: str) -> int:
    """The level at which this learner's role needs the competency; the first where it does not."""
    return max(1, roles.get(one.role, {}).get(code, 1))


def _assessed(t: OpenCohort) -> tuple[str, ...]:
    """Competencies that the cohort's assessments give evidence of, in the curriculum's order."""
    there = {item.competency for head in t.heads.values() for item in head.items}
    return tuple(code for code in asked(t.root).statements if code in there)


def evidence(t: OpenCohort, learners: Sequence[str]) -> dict[str, ByCompetency]:
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


def readiness(t: OpenCohort, team: str | None) -> Readiness:
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
