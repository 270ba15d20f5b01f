"""People: who should be asked, a learner's own page, a team's page, and how markers agree."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import UTC, datetime, time
from typing import TYPE_CHECKING

from pmcampus.gradebook import counting
from pmcampus.model.cohort import Learner
from pmcampus.model.measure import SMALL, Exclusion, Measure
from pmcampus.model.tracking import AtRisk, Attempt, LearnerPage, RaterAgreement, State, TeamPage
from pmcampus.statistics.agreement import icc, kappa
from pmcampus.statistics.risk import Course, lowest_tenth, reasons
from pmcampus.statistics.shares import share_of
from pmcampus.tracking.competencies import mastery_page, readiness
from pmcampus.tracking.matrix import chosen, item_cells, matrix, standing_cells
from pmcampus.tracking.pairs import scores_by_place

if TYPE_CHECKING:
    from pmcampus.tracking.session import Tracking

DONE = (State.PASSED, State.EXCUSED)
HANDED_IN = (State.PASSED, State.NOT_YET, State.AWAITING, State.MARKED)


def at_risk(t: Tracking, learners: Iterable[Learner]) -> tuple[AtRisk, ...]:
    """See `Tracking.at_risk`."""
    people = {one.id: one for one in learners}
    lowest = {}
    for id, counts in counting.score_counts(t.book, counting.not_enrolled(t.book, t.learners)).items():
        if id in t.heads and t.heads[id].points:
            found = lowest_tenth(counts)
            if found is not None:
                lowest[id] = found / t.heads[id].points
    begin = datetime.combine(t.cohort.starts, time.min, tzinfo=UTC)
    last = counting.last_hand_ins(t.book)
    failures = counting.failures(t.book)
    waiting = counting.awaiting(t.book)
    scores: dict[str, dict[str, float]] = defaultdict(dict)
    for (learner, id), score in counting.all_standings(t.book).items():
        if learner in people and id in t.heads and t.heads[id].points:
            scores[learner][id] = score / t.heads[id].points
    running = t.as_of.date() <= t.cohort.ends
    rows = []
    for learner in sorted(people):
        got = scores.get(learner, {})
        missing = [id for id in t.heads if id not in got and (learner, id) not in t.excused]
        over = [id for id in missing if t.is_over(learner, id)]
        course = Course(
            learner=learner,
            last=max(filter(None, (begin, last.get(learner)))) if begin <= t.as_of else None,
            is_open=running and len(over) < len(missing),
            missed=over,
            scores={id: share for id, share in got.items() if (learner, id) not in waiting},
            passed=frozenset(id for id, share in got.items() if 100 * share >= t.heads[id].passing_score),
            failures=failures.get(learner, ()),
        )
        why = reasons(course, now=t.as_of, lowest=lowest)
        if why:
            rows.append(AtRisk(learner, people[learner].role, people[learner].team, why))
    return tuple(sorted(rows, key=lambda row: (-len(row.reasons), row.learner)))


def learner_page(t: Tracking, id: str) -> LearnerPage:
    """See `Tracking.learner`."""
    one = t.person(id)
    heads = tuple(t.heads.values())
    whole, items = standing_cells(t, [one], heads)
    cells = tuple(whole[id, head.id] for head in heads)
    works = counting.works(t.book, learners=[id])
    asked = [(head, cell) for head, cell in zip(heads, cells, strict=True) if cell.state is not State.EXCUSED]
    released = sum(head.points for head, _ in asked)
    there = sum(head.points for head, cell in asked if cell.state in HANDED_IN)
    progress = Measure(
        "progress",
        there / released if released else None,
        1,
        reason="" if released else "nothing is asked of this learner",
    )
    mine = [row for row in at_risk(t, [one]) if row.learner == id]
    return LearnerPage(
        learner=id,
        role=one.role,
        team=one.team,
        assessments=heads,
        cells=cells,
        items=tuple(item_cells(head, whole[id, head.id], items.get((id, head.id), {})) for head in heads),
        attempts=tuple(
            Attempt(w.assessment, w.number, w.version, w.handed_in, w.score, w.points, w.row) for w in works
        ),
        progress=progress,
        mastery=mastery_page(t, id, team=None, page=1, size=1).rows,
        reasons=mine[0].reasons if mine else (),
    )


def team_page(t: Tracking, name: str) -> TeamPage:
    """See `Tracking.team`."""
    members = chosen(t, team=name)
    return TeamPage(
        team=name,
        matrix=matrix(t, None, team=name, role=None, page=1, size=min(500, max(1, len(members)))),
        readiness=readiness(t, name),
        at_risk=at_risk(t, members),
    )


def rater_agreement(t: Tracking, case: str) -> RaterAgreement:
    """See `Tracking.raters`."""
    markers, by_place = scores_by_place(t, case)
    shared = {place: row for place, row in sorted(by_place.items()) if len(row) == len(markers)}
    alone = len(by_place) - len(shared)
    left = (Exclusion("not given by every marker", alone, "score"),) if alone else ()
    rows = [tuple(row[marker] for marker in markers) for row in shared.values()]
    if len(markers) < 2 or not rows:
        why = (
            "the markers scored different teams" if len(markers) > 1 else "fewer than two markers have scored"
        )
        exact, kap, corr = (Measure(metric, None, 0, reason=why) for metric in ("exact", "kappa", "icc"))
        return RaterAgreement(case, markers, 0, exact, kap, corr, left)
    few = len(rows) < SMALL
    return RaterAgreement(
        case=case,
        raters=markers,
        n=len(rows),
        exact=share_of("exact", sum(len(set(row)) == 1 for row in rows), len(rows)),
        kappa=kappa(rows),
        icc=icc(rows),
        exclusions=left,
        scores=tuple(zip(map(", ".join, shared), rows, strict=True)) if few else (),
    )
