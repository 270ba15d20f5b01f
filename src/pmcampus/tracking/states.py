"""Who is in which state of an assessment, from the same sets that the overview counts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pmcampus.gradebook import counting
from pmcampus.model.tracking import AssessmentHead, State
from pmcampus.tracking.files import waiting_files
from pmcampus.tracking.heads import needed

if TYPE_CHECKING:
    from pmcampus.tracking.session import Tracking


def states(t: Tracking, head: AssessmentHead) -> tuple[dict[str, State], dict[str, float]]:
    """Every enrolled learner's state in this assessment, and the scores of those who have one."""
    scores = {who: score for who, score in counting.scores_of(t.book, head.id).items() if who in t.learners}
    waiting = {who for who, id in counting.awaiting(t.book) if id == head.id}
    below = counting.below(t.book, head.id, dict(head.hurdles)) if head.hurdles else {}
    refused = {who for who, id in counting.unreadable(t.book) if id == head.id}
    known = dict.fromkeys(scores, 1) | dict.fromkeys(refused, 1)
    lying = waiting_files(t.folder, t.learners, [head.id], known)
    found = {}
    for learner in sorted(t.learners):
        if learner in scores:
            enough = scores[learner] >= needed(head) and learner not in below
            found[learner] = (
                State.AWAITING if learner in waiting else State.PASSED if enough else State.NOT_YET
            )
        elif learner in refused:
            found[learner] = State.REFUSED
        else:
            found[learner] = State.UNMARKED if learner in lying else State.NOT_HANDED_IN
    return found, scores
