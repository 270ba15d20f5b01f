"""Whom to ask how they are: what the rules need of many learners, read once, and the order of asking."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, time
from functools import cached_property

from pmcampus.gradebook import counting, works
from pmcampus.model.cohort import Learner
from pmcampus.model.tracking import AtRisk
from pmcampus.statistics.risk import Course, applying, lowest_tenth, reasons
from pmcampus.tracking.cohort import OpenCohort

FEW = 500  # learners whom the database is asked for by name


class Asking:
    """The rules over these learners: who is to be asked, those with most reasons first, and why."""

    def __init__(self, t: OpenCohort, learners: Sequence[Learner]) -> None:
        self.t = t
        self.people = {one.id: one for one in learners}
        few = sorted(self.people) if len(self.people) <= FEW else None
        self.got = {who: frozenset(names) for who, names in counting.taken(t.book, learners=few).items()}
        points = self._lowest(few)
        self.lowest = {id: lowest / t.heads[id].points for id, lowest in points.items()}
        self.low = counting.lower(t.book, points, few)
        self.last = works.last_hand_ins(t.book, few)
        self.failures = works.failures(t.book, few)
        self.waiting = counting.awaiting(t.book, learners=few)
        self.begin = datetime.combine(t.cohort.starts, time.min, tzinfo=UTC)

    @cached_property
    def ranked(self) -> list[str]:
        """The learners to whom a rule applies, those with most reasons first, then by id."""
        found = []
        for learner in self.people:
            n = len(applying(self.course(learner), now=self.t.as_of, lowest=self.lowest))
            if n:
                found.append((-n, learner))
        return [learner for _, learner in sorted(found)]

    def row(self, learner: str) -> AtRisk:
        """One learner with the reasons in words."""
        one = self.people[learner]
        why = reasons(self.course(learner), now=self.t.as_of, lowest=self.lowest)
        return AtRisk(learner, one.role, one.team, why)

    def course(self, learner: str) -> Course:
        """What the rules look at."""
        t, got = self.t, self.got.get(learner, frozenset())
        missing = [id for id in t.heads if id not in got and (learner, id) not in t.excused]
        over = [id for id in missing if t.is_over(learner, id)]
        scores = {
            id: score / t.heads[id].points
            for id, score in self.low.get(learner, {}).items()
            if (learner, id) not in self.waiting
        }
        last = self.last.get(learner)
        return Course(
            learner=learner,
            last=max(self.begin, last or self.begin) if self.begin <= t.as_of else None,
            is_open=t.as_of.date() <= t.cohort.ends and len(over) < len(missing),
            missed=over,
            scores=scores,
            passed=frozenset(id for id, share in scores.items() if 100 * share >= t.heads[id].passing_score),
            failures=self.failures.get(learner, ()),
        )

    def _lowest(self, few: Sequence[str] | None) -> Mapping[str, float]:
        """By assessment, the points under which a tenth of the cohort lies.

        Of few learners only where one of them has not passed: elsewhere the rule does not apply to them.
        """
        t = self.t
        takes = {id: head for id, head in t.heads.items() if head.points}
        if few is not None:
            scores = counting.scores_in(t.book, few).items()
            below = {
                id
                for (_, id), score in scores
                if id in takes and 100 * score / takes[id].points < takes[id].passing_score
            }
            takes = {id: head for id, head in takes.items() if id in below}
        gone = counting.not_enrolled(t.book, t.learners) if takes else frozenset()
        counts = counting.score_counts(t.book, gone, sorted(takes)) if takes else {}
        found = {id: lowest_tenth(counts[id]) for id in takes if id in counts}
        return {id: lowest for id, lowest in found.items() if lowest is not None}
