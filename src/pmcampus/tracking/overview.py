"""The cohort at a glance: counts made in the database, medians from counts of scores."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from datetime import timedelta
from statistics import median

from pmcampus.gradebook import counting, works
from pmcampus.model.measure import Exclusion, Measure
from pmcampus.model.tracking import AssessmentHead, AssessmentLine, GroupLine, Overview, State
from pmcampus.statistics.describe import weighted_median
from pmcampus.tracking.cohort import OpenCohort
from pmcampus.tracking.files import waiting_files
from pmcampus.tracking.heads import needed
from pmcampus.tracking.matrix import standing_cells
from pmcampus.tracking.states import held_back

ACTIVE_DAYS = 7
Place = tuple[str, str]


def overview(t: OpenCohort) -> Overview:
    """The whole of it; see `Tracking.overview`."""
    gone = counting.not_enrolled(t.book, t.learners)
    heads = t.heads
    counts = counting.score_counts(t.book, gone)
    reached = counting.taken(t.book, gone)
    if counts.keys() - heads.keys():  # team cases are in the gradebook too, and have pages of their own
        ours = {who: [name for name in names if name in heads] for who, names in reached.items()}
        reached = {who: names for who, names in ours.items() if names}
    waiting = {
        (who, id): w for (who, id), w in counting.awaiting(t.book).items() if who not in gone and id in heads
    }
    refused = {
        (who, id): score
        for (who, id), score in works.unreadable(t.book).items()
        if who in t.learners and id in heads
    }
    _set_aside(refused, counts, reached, waiting)
    unmarked = _unmarked(t, reached, refused)
    waits: dict[str, dict[str, tuple[float, float]]] = defaultdict(dict)
    for (who, name), one in waiting.items():
        waits[name][who] = one
    held = held_back(t, heads.values(), waiting)
    for who, name in refused:
        held[name].discard(who)
    excused = _excused(t)
    refusals, lying = (Counter(name for _, name in places) for places in (refused, unmarked))
    lines = tuple(
        _line(
            head,
            enrolled=len(t.learners),
            counts=counts.get(id, {}),
            waiting=waits[id],
            held=len(held[id]),
            refused=refusals[id],
            unmarked=lying[id],
            excused=excused.get(id, {}),
        )
        for id, head in heads.items()
    )
    share = _progress(t, reached)
    active = works.active_since(t.book, t.as_of - timedelta(days=ACTIVE_DAYS), t.as_of)
    return Overview(
        cohort=t.cohort.title,
        pathway=t.cohort.pathway,
        fictitious=t.cohort.fictitious,
        as_of=t.as_of,
        enrolled=len(t.learners),
        active=len(active & t.learners.keys()),
        handed_in=len(reached),
        passed_all=_passed_all(t, reached, refused, held),
        awaiting=len(waiting),
        progress=_median("progress", share.values(), "no assessment is pinned" if not heads else ""),
        assessments=lines,
        teams=_groups(t, share, {one.id: one.team for one in t.learners.values()}, reached.keys()),
        roles=_groups(t, share, {one.id: one.role for one in t.learners.values()}, reached.keys()),
        exclusions=(Exclusion("no longer on the roster", len(gone)),) if gone else (),
        active_days=ACTIVE_DAYS,
    )


def _set_aside(
    refused: Mapping[Place, float | None],
    counts: dict[str, dict[float, int]],
    reached: dict[str, list[str]],
    waiting: dict[Place, tuple[float, float]],
) -> None:
    """Takes out of the counts the scores of those whose later work cannot be read: they stand as refused."""
    for (learner, id), score in refused.items():
        if score is None:
            continue
        counts[id][score] -= 1
        waiting.pop((learner, id), None)
        reached[learner].remove(id)
        if not reached[learner]:
            del reached[learner]


def _passed_all(
    t: OpenCohort,
    reached: Mapping[str, list[str]],
    refused: Mapping[Place, float | None],
    held: Mapping[str, set[str]],
) -> int:
    """How many have passed all that is asked of them; scores are looked at of those who handed in so much."""
    asked = {learner: len(t.heads) for learner in reached}
    for learner, _ in t.excused:
        asked[learner] = asked.get(learner, len(t.heads)) - 1
    whole = {learner for learner, names in reached.items() if len(names) >= asked[learner] > 0}
    enough = counting.enough(t.book, {id: needed(head) for id, head in t.heads.items()}, whole)
    missed = Counter(learner for learners in held.values() for learner in learners)
    missed.update(
        learner
        for (learner, id), score in refused.items()
        if score is not None and score >= needed(t.heads[id])
    )
    return sum(n - missed[learner] >= asked[learner] for learner, n in enough.items())


def _excused(t: OpenCohort) -> dict[str, dict[State, int]]:
    """By assessment, how many excused learners would stand where; who passed all the same has passed."""
    people = [t.learners[id] for id in sorted({learner for learner, _ in t.excused})]
    found: dict[str, dict[State, int]] = {}
    if people:
        cells = standing_cells(t, people, tuple(t.heads.values()), excuse=False)
        for place in t.excused:
            state = cells[place].state
            if state is not State.PASSED:
                counts = found.setdefault(place[1], {})
                counts[state] = counts.get(state, 0) + 1
    return found


def _progress(t: OpenCohort, reached: Mapping[str, list[str]]) -> dict[str, float]:
    """By learner, the points of what is handed in over the points of all that is asked of them."""
    worth = {id: head.points for id, head in t.heads.items()}
    released = sum(worth.values())
    nothing: list[str] = []
    share = {
        learner: sum(map(worth.__getitem__, reached.get(learner, nothing))) / released if released else 0.0
        for learner in t.learners
    }
    for learner in {learner for learner, _ in t.excused}:
        asked = [id for id in worth if (learner, id) not in t.excused]
        every = sum(worth[id] for id in asked)
        there = sum(worth[id] for id in asked if id in reached.get(learner, nothing))
        share[learner] = there / every if every else 1.0
    return share


def _line(
    head: AssessmentHead,
    *,
    enrolled: int,
    counts: Mapping[float, int],
    waiting: Mapping[str, tuple[float, float]],
    held: int,
    refused: int,
    unmarked: int,
    excused: Mapping[State, int],
) -> AssessmentLine:
    handed_in = sum(counts.values())
    passed = sum(n for score, n in counts.items() if score >= needed(head)) - held
    return AssessmentLine(
        head=head,
        enrolled=enrolled,
        handed_in=handed_in,
        passed=passed,
        not_yet=handed_in - passed - len(waiting) - excused.get(State.NOT_YET, 0),
        awaiting=len(waiting) - excused.get(State.AWAITING, 0),
        refused=refused - excused.get(State.REFUSED, 0),
        unmarked=unmarked - excused.get(State.UNMARKED, 0),
        not_handed_in=enrolled - handed_in - refused - unmarked - excused.get(State.NOT_HANDED_IN, 0),
        excused=sum(excused.values()),
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


def _unmarked(
    t: OpenCohort, reached: Mapping[str, list[str]], refused: Mapping[Place, float | None]
) -> frozenset[Place]:
    """Learner and assessment where a file lies and the gradebook knows of none."""
    known = {learner: len(names) for learner, names in reached.items()}
    for learner, _ in refused:
        known[learner] = known.get(learner, 0) + 1

    def places(learners: list[str]) -> list[Place]:
        return [*((who, name) for who in learners for name in reached.get(who, ())), *refused]

    return waiting_files(t.folder, t.learners, t.heads, known, places)


def _groups(
    t: OpenCohort, share: Mapping[str, float], group: Mapping[str, str], handed_in: Iterable[str]
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
