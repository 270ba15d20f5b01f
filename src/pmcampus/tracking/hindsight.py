"""How often the rules that say whom to ask were right: what they said at a moment, and what came of it."""

from collections import Counter, defaultdict
from collections.abc import Mapping
from datetime import UTC, datetime, time, timedelta

from pmcampus.gradebook.firsts import HandIn, hand_ins
from pmcampus.model.measure import Exclusion
from pmcampus.model.tracking import RuleCheck, State
from pmcampus.statistics.risk import Course, lowest_tenth, reasons, rules_measured
from pmcampus.tracking.attempts import first_attempts
from pmcampus.tracking.cohort import OpenCohort
from pmcampus.tracking.matrix import standing_cells

OPEN = "whose outcome is not known yet"
NO_MOMENT = "with work of which nobody noted when it was handed in"
NOT_ASKED = "of whom nothing is asked"
UNDECIDED = (State.AWAITING, State.UNMARKED)
Shares = Mapping[str, Mapping[str, float]]  # by assessment and learner


def half_way(t: OpenCohort) -> datetime:
    """The middle of the cohort's time, when there is still time to help."""
    begin, end = (
        datetime.combine(day, time.min, tzinfo=UTC) for day in (t.cohort.starts, t.cohort.ends + timedelta(1))
    )
    return begin + (end - begin) / 2


def rule_check(t: OpenCohort, at: datetime) -> RuleCheck:
    """See `Tracking.rule_check`."""
    at = min(at, t.as_of)
    works: dict[str, list[HandIn]] = defaultdict(list)
    for work in hand_ins(t.book):
        if work.learner in t.learners and work.assessment in t.heads:
            works[work.learner].append(work)
    left: Counter[str] = Counter()
    failed = {}
    outcomes = _outcomes(t)
    if len(outcomes) < len(t.learners):
        left[NOT_ASKED] = len(t.learners) - len(outcomes)
    for learner, outcome in outcomes.items():
        if outcome is None:
            left[OPEN] += 1
        elif any(work.handed_in is None for work in works[learner]):
            left[NO_MOMENT] += 1
        else:
            failed[learner] = outcome
    shares = _shares(t, works, at)
    lowest = {
        id: found
        for id, each in shares.items()
        if (found := lowest_tenth(Counter(round(share, 6) for share in each.values()))) is not None
    }
    flagged = frozenset(
        learner
        for learner in failed
        if reasons(_course(t, learner, works[learner], shares, at), now=at, lowest=lowest)
    )
    lost = frozenset(learner for learner, outcome in failed.items() if outcome)
    precision, recall = rules_measured(flagged, lost)
    return RuleCheck(
        at=at,
        n=len(failed),
        flagged=len(flagged),
        failed=len(lost),
        both=len(flagged & lost),
        precision=precision,
        recall=recall,
        exclusions=tuple(Exclusion(why, n) for why, n in sorted(left.items())),
    )


def _outcomes(t: OpenCohort) -> dict[str, bool | None]:
    """Who did not pass all that was asked of them; None while that is not known.

    Who is excused from everything neither passed nor failed, and is not there.
    """
    people, heads = sorted(t.learners.values()), tuple(t.heads.values())
    cells = standing_cells(t, people, heads)
    finished = t.as_of.date() > t.cohort.ends
    found: dict[str, bool | None] = {}
    for one in people:
        if all(cells[one.id, id].state is State.EXCUSED for id in t.heads):
            continue
        missing = [id for id in t.heads if cells[one.id, id].state not in (State.PASSED, State.EXCUSED)]
        over = [id for id in missing if finished or t.is_over(one.id, id)]
        lost = [id for id in over if cells[one.id, id].state not in UNDECIDED]
        found[one.id] = True if lost else None if missing else False
    return found


def _shares(t: OpenCohort, works: Mapping[str, list[HandIn]], at: datetime) -> dict[str, dict[str, float]]:
    """The share of the points of each complete first attempt that was handed in by this moment."""
    moments = {
        (work.learner, work.assessment): work.handed_in
        for each in works.values()
        for work in each
        if work.number == 1
    }
    found: dict[str, dict[str, float]] = {}
    for id, head in t.heads.items():
        totals = first_attempts(t, head).totals()
        found[id] = {
            learner: total / 100
            for learner, total in totals.items()
            if (moment := moments.get((learner, id))) is not None and moment <= at
        }
    return found


def _course(t: OpenCohort, learner: str, works: list[HandIn], shares: Shares, at: datetime) -> Course:
    """What the rules would have known of this learner at that moment."""
    begin = datetime.combine(t.cohort.starts, time.min, tzinfo=UTC)
    then = [work for work in works if work.handed_in is not None and work.handed_in <= at]
    there = {work.assessment for work in then if work.number}
    asked = [id for id in t.heads if (learner, id) not in t.excused]
    missing = [id for id in asked if id not in there]
    over = [id for id in missing if (end := t.terms(learner, id).deadline) is not None and end < at]
    moments = [work.handed_in for work in then if work.handed_in is not None]
    mine = {id: each[learner] for id, each in shares.items() if learner in each}
    return Course(
        learner=learner,
        last=max([begin, *moments]) if begin <= at else None,
        is_open=at.date() <= t.cohort.ends and len(over) < len(missing),
        missed=over,
        scores=mine,
        passed=frozenset(id for id, share in mine.items() if 100 * share >= t.heads[id].passing_score),
        failures=[work.assessment for work in then if work.failed],
    )
