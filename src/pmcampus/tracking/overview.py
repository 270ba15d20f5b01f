"""The cohort at a glance: counts made in the database, medians from counts of scores."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import timedelta
from statistics import median
from typing import TYPE_CHECKING

from pmcampus.gradebook import counting, progress_matrix
from pmcampus.model.measure import Exclusion, Measure
from pmcampus.model.tracking import AssessmentHead, AssessmentLine, GroupLine, Overview
from pmcampus.statistics.describe import weighted_median
from pmcampus.tracking.files import waiting_files
from pmcampus.tracking.heads import needed

if TYPE_CHECKING:
    from pmcampus.tracking.session import Tracking

ACTIVE_DAYS = 7
Place = tuple[str, str]


def overview(t: Tracking) -> Overview:
    """The whole of it; see `Tracking.overview`."""
    gone = counting.not_enrolled(t.book, t.learners)
    heads = t.heads
    counts = counting.score_counts(t.book, gone)
    reached = counting.reached(t.book, {id: (head.points, needed(head)) for id, head in heads.items()}, gone)
    waiting = {place: w for place, w in counting.awaiting(t.book).items() if place[0] not in gone}
    below = {
        id: {who: s for who, s in counting.below(t.book, id, dict(head.hurdles)).items() if who not in gone}
        for id, head in heads.items()
        if head.hurdles
    }
    refused = {place for place in counting.unreadable(t.book) if place[0] in t.learners}
    unmarked = _unmarked(t, reached, refused)
    held: dict[str, set[str]] = {id: set() for id in heads}  # enough points, and yet not passed
    for (learner, id), (score, _) in waiting.items():
        if id in heads and score >= needed(heads[id]):
            held[id].add(learner)
    for id, found in below.items():
        held[id] |= {learner for learner, score in found.items() if score >= needed(heads[id])}
    lines = tuple(
        _line(
            head,
            enrolled=len(t.learners),
            counts=counts.get(id, {}),
            waiting={who: w for (who, name), w in waiting.items() if name == id},
            held=len(held[id]),
            refused=sum(name == id for _, name in refused),
            unmarked=sum(name == id for _, name in unmarked),
        )
        for id, head in heads.items()
    )
    released = sum(head.points for head in heads.values())
    share = {
        learner: (reached[learner].points / released if learner in reached and released else 0.0)
        for learner in t.learners
    }
    kept_back: dict[str, int] = {}
    for learners in held.values():
        for learner in learners:
            kept_back[learner] = kept_back.get(learner, 0) + 1
    active = counting.active_since(t.book, t.as_of - timedelta(days=ACTIVE_DAYS), t.as_of)
    return Overview(
        cohort=t.cohort.title,
        pathway=t.cohort.pathway,
        fictitious=t.cohort.fictitious,
        as_of=t.as_of,
        enrolled=len(t.learners),
        active=len(active & t.learners.keys()),
        handed_in=len(reached),
        passed_all=sum(
            one.enough - kept_back.get(learner, 0) == len(heads) for learner, one in reached.items()
        ),
        awaiting=len(waiting),
        progress=_median("progress", share.values(), "no assessment is pinned" if not heads else ""),
        assessments=lines,
        teams=_groups(t, share, {one.id: one.team for one in t.learners.values()}, reached.keys()),
        roles=_groups(t, share, {one.id: one.role for one in t.learners.values()}, reached.keys()),
        exclusions=(Exclusion("no longer on the roster", len(gone)),) if gone else (),
        active_days=ACTIVE_DAYS,
    )


def _line(
    head: AssessmentHead,
    *,
    enrolled: int,
    counts: Mapping[float, int],
    waiting: Mapping[str, tuple[float, float]],
    held: int,
    refused: int,
    unmarked: int,
) -> AssessmentLine:
    handed_in = sum(counts.values())
    passed = sum(n for score, n in counts.items() if score >= needed(head)) - held
    return AssessmentLine(
        head=head,
        enrolled=enrolled,
        handed_in=handed_in,
        passed=passed,
        not_yet=handed_in - passed - len(waiting),
        awaiting=len(waiting),
        refused=refused,
        unmarked=unmarked,
        not_handed_in=enrolled - handed_in - refused - unmarked,
        excused=0,
        median_share=_median_share(head, counts, waiting),
    )


def _median_share(
    head: AssessmentHead, counts: Mapping[float, int], waiting: Mapping[str, tuple[float, float]]
) -> Measure:
    """The median share of what is marked so far: what waits for a person counts neither way."""
    left = dict(counts)
    shares: dict[float, int] = {}
    for score, points in waiting.values():
        left[score] -= 1
        if head.points > points:
            share = score / (head.points - points)
            shares[share] = shares.get(share, 0) + 1
    if head.points:
        for score, n in left.items():
            shares[score / head.points] = shares.get(score / head.points, 0) + n
    n = sum(shares.values())
    if not n:
        return Measure("median-share", None, 0, reason="nobody has handed in yet")
    return Measure("median-share", weighted_median(shares), n)


def _unmarked(t: Tracking, reached: Mapping[str, counting.Reached], refused: set[Place]) -> set[Place]:
    """Learner and assessment where a file lies and the gradebook knows of none."""
    known = {learner: one.handed_in for learner, one in reached.items()}
    for learner, _ in refused:
        known[learner] = known.get(learner, 0) + 1
    lying = waiting_files(t.folder, t.learners, t.heads, known)
    if not lying:
        return set()
    scored = counting.standings(t.book, sorted(lying)) if len(lying) <= 500 else _all_standings(t)
    places = {(learner, name) for learner, names in lying.items() for name in names}
    return places - scored.keys() - refused


def _all_standings(t: Tracking) -> dict[Place, float]:
    return {
        (learner, name): score
        for learner, row in progress_matrix(t.book).items()
        for name, score in row.items()
    }


def _groups(
    t: Tracking, share: Mapping[str, float], group: Mapping[str, str], handed_in: Iterable[str]
) -> tuple[GroupLine, ...]:
    members: dict[str, list[str]] = {}
    for learner, name in group.items():
        members.setdefault(name, []).append(learner)
    there = frozenset(handed_in)
    return tuple(
        GroupLine(
            name=name,
            learners=len(ids),
            handed_in=sum(id in there for id in ids),
            progress=_median("progress", (share[id] for id in ids), ""),
        )
        for name, ids in sorted(members.items())
    )


def _median(metric: str, shares: Iterable[float], reason: str) -> Measure:
    found = list(shares)
    if reason or not found:
        return Measure(metric, None, len(found), reason=reason or "there is nobody")
    return Measure(metric, median(found), len(found))
