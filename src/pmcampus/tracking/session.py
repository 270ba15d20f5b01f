"""The open cohort: one read-only session of the gradebook that gives every page as a value."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from pathlib import Path

from nbgrader.api import Gradebook

from pmcampus import gradebook
from pmcampus.cohort import role_ids
from pmcampus.cohortdir import database_url, load_cohort, load_roster
from pmcampus.errors import CohortError
from pmcampus.model.cohort import CohortForm, Learner
from pmcampus.model.tracking import (
    AssessmentHead,
    AtRisk,
    Gain,
    ItemAnalysis,
    LearnerPage,
    MasteryPage,
    MatrixPage,
    Overview,
    RaterAgreement,
    Readiness,
    Rows,
    State,
    TeamPage,
    TestQuality,
    VariantFairness,
)
from pmcampus.tracking.heads import assessment_head
from pmcampus.tracking.matrix import matrix
from pmcampus.tracking.overview import overview


@dataclass(frozen=True)
class Tracking:
    """A cohort that is open for reading. Each method is one page; nothing is written.

    Attributes:
        learners: the roster by id, which alone has people's names.
        as_of: the moment of the report.
    """

    folder: Path
    root: Path
    cohort: CohortForm
    learners: Mapping[str, Learner]
    book: Gradebook
    as_of: datetime

    @cached_property
    def heads(self) -> Mapping[str, AssessmentHead]:
        """Every assessment that the cohort takes, in its order."""
        return {id: assessment_head(self.root, self.cohort, id) for id in self.cohort.assessments}

    def head(self, assessment: str) -> AssessmentHead:
        """One assessment.

        Raises:
            CohortError: the cohort does not take it.
        """
        if assessment not in self.cohort.assessments:
            raise CohortError(
                f"{assessment!r} is not an assessment of this cohort; choose one of "
                f"{', '.join(self.cohort.assessments) or 'none: cohort.yaml pins no assessment'}."
            )
        return self.heads[assessment]

    def is_late(self, learner: str, assessment: str, handed_in: datetime | None) -> bool:
        """Whether it came after the learner's last moment; False when either is unknown."""
        deadline = self.cohort.deadline(assessment)
        return bool(deadline and handed_in and handed_in > deadline)

    def overview(self) -> Overview:
        """Enrolled, active, handed in, passed, median progress, awaiting a marker; and by assessment."""
        return overview(self)

    def matrix(
        self,
        assessment: str | None = None,
        *,
        team: str | None = None,
        role: str | None = None,
        page: int = 1,
        size: int = 50,
    ) -> MatrixPage:
        """A page of learners by assessments, or by the items of this assessment.

        Raises:
            CohortError: unknown assessment, team or role; or no such page.
        """
        return matrix(self, assessment, team=team, role=role, page=page, size=size)

    def items(self, assessment: str) -> ItemAnalysis:
        """Difficulty, item-rest correlation, D27, blanks and time of each item; first attempts only."""
        raise NotImplementedError

    def quality(self, assessment: str) -> TestQuality:
        """Alpha, KR-20 and the standard error of measurement; first attempts only."""
        raise NotImplementedError

    def gain(self, pre: str, post: str) -> Gain:
        """What changed from one assessment to a parallel one; learners with a first attempt at both."""
        raise NotImplementedError

    def mastery(self, learner: str | None = None) -> MasteryPage:
        """Which competencies are held at which level, by this learner or by all."""
        raise NotImplementedError

    def readiness(self, team: str | None = None) -> Readiness:
        """Which competencies the team (or the whole cohort) covers, and which modules close the gap."""
        raise NotImplementedError

    def team(self, name: str) -> TeamPage:
        """A team's matrix, readiness, and who needs asking."""
        raise NotImplementedError

    def learner(self, id: str) -> LearnerPage:
        """A learner's own page."""
        raise NotImplementedError

    def at_risk(self, *, team: str | None = None) -> tuple[AtRisk, ...]:
        """Learners to whom at least one rule applies, most reasons first."""
        raise NotImplementedError

    def variants(self, assessment: str) -> VariantFairness:
        """Whether items are harder for some course numbers; first attempts only."""
        raise NotImplementedError

    def raters(self, case: str) -> RaterAgreement:
        """How far the markers of a team case agree."""
        raise NotImplementedError

    def rows_behind(
        self,
        assessment: str | None = None,
        *,
        item: str | None = None,
        team: str | None = None,
        role: str | None = None,
        learner: str | None = None,
        state: State | None = None,
        first_attempts: bool = False,
        page: int = 1,
        size: int = 50,
    ) -> Rows:
        """The rows behind a number: learners in this state, or the works and scores it was made from.

        Args:
            first_attempts: the works that statistics are made from, with this item's score.
        """
        raise NotImplementedError


@contextmanager
def open_tracking(folder: Path, *, root: Path, as_of: datetime) -> Iterator[Tracking]:
    """The cohort, open for reading.

    Args:
        root: the curriculum, whose forms say what assessments and roles are.
        as_of: the moment of the report, with its zone.

    Raises:
        CohortError: no cohort, no roster, or no gradebook that can be opened.
    """
    cohort = load_cohort(folder)
    learners = {learner.id: learner for learner in load_roster(folder, cohort, roles=role_ids(root))}
    with gradebook.open_gradebook(database_url(folder, cohort), cohort.course) as book:
        yield Tracking(folder, root, cohort, learners, book, as_of)
