"""People: who should be asked, a learner's own page, a team's page, and how markers agree."""

from collections.abc import Sequence

from pmcampus.errors import CohortError
from pmcampus.gradebook import works
from pmcampus.model.cohort import Learner
from pmcampus.model.measure import SMALL, Exclusion, Measure
from pmcampus.model.tracking import AtRisk, AtRiskPage, Attempt, LearnerPage, RaterAgreement, State, TeamPage
from pmcampus.statistics.agreement import icc, kappa
from pmcampus.statistics.shares import share_of
from pmcampus.tracking.asking import Asking
from pmcampus.tracking.cohort import OpenCohort
from pmcampus.tracking.competencies import mastery_page, readiness
from pmcampus.tracking.matrix import chosen, item_cells, items_of, matrix, standing_cells
from pmcampus.tracking.pairs import scores_by_place

HANDED_IN = (State.PASSED, State.NOT_YET, State.AWAITING, State.MARKED)


def at_risk(t: OpenCohort, learners: Sequence[Learner]) -> tuple[AtRisk, ...]:
    """See `Tracking.at_risk`."""
    asked = Asking(t, learners)
    return tuple(asked.row(learner) for learner in asked.ranked)


def at_risk_page(t: OpenCohort, learners: Sequence[Learner], *, page: int, size: int) -> AtRiskPage:
    """See `Tracking.at_risk_page`."""
    asked = Asking(t, learners)
    total = len(asked.ranked)
    if page < 1 or size < 1 or page > max(1, -(-total // size)):
        raise CohortError(f"there is no page {page} of these learners; pages count from 1.")
    rows = tuple(asked.row(learner) for learner in asked.ranked[(page - 1) * size : page * size])
    return AtRiskPage(rows, total, page, size)


def learner_page(t: OpenCohort, id: str) -> LearnerPage:
    """See `Tracking.learner`."""
    one = t.person(id)
    heads = tuple(t.heads.values())
    whole = standing_cells(t, [one], heads)
    items = items_of(t, whole)
    cells = tuple(whole[id, head.id] for head in heads)
    asked = [(head, cell) for head, cell in zip(heads, cells, strict=True) if cell.state is not State.EXCUSED]
    released = sum(head.points for head, _ in asked)
    there = sum(head.points for head, cell in asked if cell.state in HANDED_IN)
    progress = Measure(
        "progress",
        there / released if released else None,
        1,
        reason="" if released else "nothing is asked of this learner",
    )
    mine = at_risk(t, [one])
    return LearnerPage(
        learner=id,
        role=one.role,
        team=one.team,
        assessments=heads,
        cells=cells,
        items=tuple(item_cells(head, whole[id, head.id], items.get((id, head.id), {})) for head in heads),
        attempts=tuple(
            Attempt(w.assessment, w.number, w.version, w.handed_in, w.score, w.points, w.row)
            for w in works.works(t.book, works.Wanted([id]))
        ),
        progress=progress,
        mastery=mastery_page(t, id, team=None, page=1, size=1).rows,
        reasons=mine[0].reasons if mine else (),
    )


def team_page(t: OpenCohort, name: str) -> TeamPage:
    """See `Tracking.team`."""
    members = chosen(t, team=name)
    return TeamPage(
        team=name,
        matrix=matrix(t, None, team=name, role=None, page=1, size=min(500, max(1, len(members)))),
        readiness=readiness(t, name),
        at_risk=at_risk(t, members),
    )


def rater_agreement(t: OpenCohort, case: str) -> RaterAgreement:
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
