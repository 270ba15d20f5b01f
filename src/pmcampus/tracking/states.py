"""Who is in which state of an assessment, from the same sets that the overview counts."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping

from pmcampus.gradebook import counting, works
from pmcampus.model.cohort import Learner
from pmcampus.model.tracking import AssessmentHead, State
from pmcampus.terms import counted
from pmcampus.tracking.cohort import OpenCohort
from pmcampus.tracking.files import waiting_files
from pmcampus.tracking.heads import needed

Place = tuple[str, str]


def states(
    t: OpenCohort, head: AssessmentHead, people: Collection[Learner]
) -> tuple[dict[str, State], dict[str, float]]:
    """The state of each of these people in this assessment, and the scores of those who have one."""
    ids = {one.id for one in people}
    scores = {who: score for who, score in counting.scores_of(t.book, head.id).items() if who in ids}
    waiting = counting.awaiting(t.book, assessment=head.id)
    held = held_back(t, [head], waiting)[head.id]
    refused = {who for who, _ in works.unreadable(t.book, works.Wanted(assessment=head.id))}
    rest = ids - scores.keys() - refused
    lying = {who for who, _ in waiting_files(t.folder, rest, [head.id], {}, lambda ids: [])}
    found = {}
    for learner in ids:
        if learner in refused:
            found[learner] = State.REFUSED
        elif learner in scores:
            enough = scores[learner] >= needed(head) and learner not in held
            found[learner] = (
                State.AWAITING if (learner, head.id) in waiting else State.PASSED if enough else State.NOT_YET
            )
        else:
            found[learner] = State.UNMARKED if learner in lying else State.NOT_HANDED_IN
        if (learner, head.id) in t.excused and found[learner] is not State.PASSED:
            found[learner] = State.EXCUSED
    counts = scores | _late_scores(t, head)
    return found, {who: score for who, score in counts.items() if who in scores and who not in refused}


def _late_scores(t: OpenCohort, head: AssessmentHead) -> dict[str, float]:
    """What counts of the scores of those who were late, so that rows say what the matrix says."""
    if head.due is None or t.cohort.late.rule == "none":
        return {}
    return {
        who: counted(score, head.points, moment, t.terms(who, head.id)).score
        for who, moment, score in counting.handed_in_after(t.book, head.id, head.due)
    }


def held_back(
    t: OpenCohort, heads: Iterable[AssessmentHead], waiting: Mapping[Place, tuple[float, float]]
) -> dict[str, set[str]]:
    """By assessment, who has points enough and is not through: an item waits, a hurdle, or lateness."""
    found: dict[str, set[str]] = {}
    waits: dict[str, list[tuple[str, float]]] = defaultdict(list)
    for (who, id), (score, _) in waiting.items():
        waits[id].append((who, score))
    for head in heads:
        enough = needed(head)
        held = {who for who, score in waits[head.id] if score >= enough}
        if head.hurdles:
            below = counting.below(t.book, head.id, dict(head.hurdles))
            held |= {who for who, score in below.items() if score >= needed(head)}
        if head.due is not None and t.cohort.late.rule != "none":
            for who, moment, score in counting.handed_in_after(t.book, head.id, head.due):
                left = counted(score, head.points, moment, t.terms(who, head.id)).score
                if score >= needed(head) > left:
                    held.add(who)
        found[head.id] = held & t.learners.keys()
    return found
