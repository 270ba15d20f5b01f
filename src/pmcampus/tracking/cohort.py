"""The open cohort: who takes what, when it is due for whom, and the gradebook that says what came in."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from nbgrader.api import Gradebook

from pmcampus.allowancefile import load_allowances
from pmcampus.casepaper import case_ids
from pmcampus.errors import CohortError
from pmcampus.model.allowance import Allowance
from pmcampus.model.cohort import CohortForm, Learner
from pmcampus.model.tracking import AssessmentHead
from pmcampus.terms import Terms, terms_of
from pmcampus.tracking.heads import assessment_head, case_head

if TYPE_CHECKING:
    from pmcampus.tracking.attempts import FirstAttempts


@dataclass(frozen=True)
class OpenCohort:
    """A cohort that is open for reading: what every page is made from. Nothing is written.

    Attributes:
        learners: the roster by id, which alone has people's names.
        as_of: the moment of the report.
        firsts: first attempts that were read already, by assessment.
    """

    folder: Path
    root: Path
    cohort: CohortForm
    learners: Mapping[str, Learner]
    book: Gradebook
    as_of: datetime
    firsts: dict[str, FirstAttempts] = field(default_factory=dict, repr=False, compare=False)

    @cached_property
    def heads(self) -> Mapping[str, AssessmentHead]:
        """Every assessment that the cohort takes, in its order."""
        return {id: assessment_head(self.root, self.cohort, id) for id in self.cohort.assessments}

    @cached_property
    def cases(self) -> Mapping[str, AssessmentHead]:
        """Every team case for which the cohort has teams; its parts stand for items.

        They are looked at one by one: a case is taken by those who have a seat in it, so it counts in
        nobody's progress through the assessments.
        """
        found = sorted(path.parent.name for path in (self.folder / "cases").glob("*/plan.yaml"))
        return {id: case_head(self.root, self.cohort, id) for id in found if id in case_ids(self.root)}

    def head(self, assessment: str) -> AssessmentHead:
        """One assessment, or one team case.

        Raises:
            CohortError: the cohort does not take it.
        """
        if assessment not in self.cohort.assessments and assessment in self.cases:
            return self.cases[assessment]
        if assessment not in self.cohort.assessments:
            raise CohortError(
                f"{assessment!r} is not an assessment of this cohort; choose one of "
                f"{', '.join(self.cohort.assessments) or 'none: cohort.yaml pins no assessment'}."
            )
        return self.heads[assessment]

    def person(self, learner: str) -> Learner:
        """One line of the roster.

        Raises:
            CohortError: nobody of this id is enrolled.
        """
        if learner not in self.learners:
            raise CohortError(f"nobody with the id {learner[:80]!r} is enrolled; see roster.csv.")
        return self.learners[learner]

    def is_over(self, learner: str, assessment: str) -> bool:
        """Whether the learner's last moment for it lies in the past."""
        if learner not in self._granted:
            return assessment in self._over
        deadline = self.terms(learner, assessment).deadline
        return bool(deadline and deadline < self.as_of)

    def terms(self, learner: str, assessment: str) -> Terms:
        """What holds for this learner: due moment, lateness, and whether they are excused."""
        if learner not in self._granted:
            return self._common[assessment]
        return terms_of(self.cohort, self._granted[learner], learner, assessment)

    @cached_property
    def excused(self) -> frozenset[tuple[str, str]]:
        """Learner and assessment where it is not asked of them."""
        places = {(one.learner, one.assessment) for found in self._granted.values() for one in found}
        return frozenset(
            (learner, id) for learner, id in places if id in self.heads and self.terms(learner, id).excused
        )

    @cached_property
    def _common(self) -> dict[str, Terms]:
        return {id: terms_of(self.cohort, (), "", id) for id in (*self.cohort.assessments, *self.cases)}

    @cached_property
    def _over(self) -> frozenset[str]:
        deadlines = ((id, terms.deadline) for id, terms in self._common.items())
        return frozenset(id for id, deadline in deadlines if deadline and deadline < self.as_of)

    @cached_property
    def _granted(self) -> dict[str, list[Allowance]]:
        found: dict[str, list[Allowance]] = {}
        for one in load_allowances(self.folder):
            if one.learner in self.learners:
                found.setdefault(one.learner, []).append(one)
        return found

    def is_late(self, learner: str, assessment: str, handed_in: datetime | None) -> bool:
        """Whether it came after the learner's last moment; False when either is unknown."""
        deadline = self.terms(learner, assessment).deadline
        return bool(deadline and handed_in and handed_in > deadline)
