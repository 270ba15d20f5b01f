"""One read-only session of the gradebook that gives every page as a value."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from pmcampus import gradebook
from pmcampus.cohort import role_ids
from pmcampus.cohortdir import database_url, load_cohort, load_roster
from pmcampus.gradebook import counting
from pmcampus.model.cohort import CohortForm, Learner
from pmcampus.model.tracking import (
    AtRisk,
    AtRiskPage,
    CompetencyMap,
    Gain,
    ItemAnalysis,
    LearnerPage,
    Mastery,
    MasteryPage,
    MatrixPage,
    Overview,
    RaterAgreement,
    Readiness,
    RiskReview,
    Rows,
    RuleCheck,
    State,
    TeamPage,
    TestQuality,
    VariantFairness,
)
from pmcampus.tracking.cohort import OpenCohort
from pmcampus.tracking.competencies import competency_map, masteries, mastery_page, readiness
from pmcampus.tracking.hindsight import half_way, rule_check
from pmcampus.tracking.matrix import chosen, matrix
from pmcampus.tracking.overview import overview
from pmcampus.tracking.pairs import gain_rows, rater_rows
from pmcampus.tracking.people import at_risk, at_risk_page, learner_page, rater_agreement, team_page
from pmcampus.tracking.rows import rows_behind
from pmcampus.tracking.testing import item_analysis, learning_gain, quality_of, variant_fairness


class Tracking(OpenCohort):
    """A cohort that is open for reading. Each method is one page; nothing is written."""

    def busiest(self) -> str | None:
        """The assessment in which most have a score, the first of equals; None where none is taken."""
        counts = counting.score_counts(self.book, counting.not_enrolled(self.book, self.learners))
        return max(self.heads, key=lambda id: sum(counts.get(id, {}).values()), default=None)

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
        return item_analysis(self, assessment)

    def quality(self, assessment: str) -> TestQuality:
        """Alpha, KR-20 and the standard error of measurement; first attempts only."""
        return quality_of(self, assessment)

    def gain(self, pre: str, post: str) -> Gain:
        """What changed from one assessment to a parallel one; learners with a first attempt at both."""
        return learning_gain(self, pre, post)

    def mastery(
        self, learner: str | None = None, *, team: str | None = None, page: int = 1, size: int = 50
    ) -> MasteryPage:
        """Which competencies are held at the level of their role, by this learner or by a page of them."""
        return mastery_page(self, learner, team=team, page=page, size=size)

    def competency_map(self, *, team: str | None = None, page: int = 1, size: int = 500) -> CompetencyMap:
        """By competency and level, which of a page of learners hold it, do not yet, or show too little."""
        return competency_map(self, team=team, page=page, size=size)

    def masteries(self, learners: Sequence[str], *competencies: str) -> tuple[Mastery, ...]:
        """How these learners stand with these competencies, with the evidence."""
        return masteries(self, [self.person(id) for id in learners], *competencies)

    def readiness(self, team: str | None = None) -> Readiness:
        """Which competencies the team (or the whole cohort) covers, and which modules close the gap.

        Raises:
            CohortError: no such team, or more people than a team can be.
        """
        return readiness(self, team)

    def team(self, name: str) -> TeamPage:
        """A team's matrix, readiness, and who needs asking."""
        return team_page(self, name)

    def learner(self, id: str) -> LearnerPage:
        """A learner's own page."""
        return learner_page(self, id)

    def at_risk(self, *, team: str | None = None) -> tuple[AtRisk, ...]:
        """Learners to whom at least one rule applies, most reasons first."""
        return at_risk(self, chosen(self, team=team))

    def at_risk_page(self, *, team: str | None = None, page: int = 1, size: int = 50) -> AtRiskPage:
        """A page of the same.

        Raises:
            CohortError: no such team, or no such page.
        """
        return at_risk_page(self, chosen(self, team=team), page=page, size=size)

    def rule_check(self, at: datetime | None = None) -> RuleCheck:
        """How often the rules were right that say whom to ask.

        Args:
            at: when they are asked; by default in the middle of the cohort's time.
        """
        return rule_check(self, at or half_way(self))

    def risk_review(
        self, *, team: str | None = None, page: int = 1, size: int = 50, at: datetime | None = None
    ) -> RiskReview:
        """Whom to ask now, and how often the same rules were right at a moment, in the whole cohort."""
        return RiskReview(self.at_risk_page(team=team, page=page, size=size), self.rule_check(at))

    def variants(self, assessment: str) -> VariantFairness:
        """Whether items are harder for some course numbers; first attempts only."""
        return variant_fairness(self, assessment)

    def raters(self, case: str) -> RaterAgreement:
        """How far the markers of a team case agree."""
        return rater_agreement(self, case)

    def gain_rows(self, pre: str, post: str, *, page: int = 1, size: int = 50) -> Rows:
        """The rows behind learning gain: who has both, with both results."""
        return gain_rows(self, pre, post, page=page, size=size)

    def rater_rows(self, case: str, *, page: int = 1, size: int = 50) -> Rows:
        """The rows behind markers' agreement: every score of every marker."""
        return rater_rows(self, case, page=page, size=size)

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
        return rows_behind(
            self,
            assessment,
            item=item,
            team=team,
            role=role,
            learner=learner,
            state=state,
            first=first_attempts,
            page=page,
            size=size,
        )


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
    learners = _roster(folder, cohort, root)
    with gradebook.open_gradebook(database_url(folder, cohort), cohort.course) as book:
        yield Tracking(folder, root, cohort, learners, book, as_of)


_ROSTERS: dict[Path, tuple[tuple[object, ...], dict[str, Learner]]] = {}


def _roster(folder: Path, cohort: CohortForm, root: Path) -> dict[str, Learner]:
    """The roster by id, read again only after its file changed."""
    path = folder / cohort.roster
    roles = role_ids(root)
    found = path.stat() if path.is_file() else None
    state = (found and (found.st_mtime_ns, found.st_size, found.st_ino), roles)
    if path not in _ROSTERS or _ROSTERS[path][0] != state:
        _ROSTERS[path] = (state, {one.id: one for one in load_roster(folder, cohort, roles=roles)})
    return dict(_ROSTERS[path][1])
