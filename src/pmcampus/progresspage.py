"""The job that puts a cohort's values into one HTML file."""

from datetime import datetime
from pathlib import Path

from pmcampus.cohortpage import Chapter, CohortReport, cohort_page
from pmcampus.content import load_style
from pmcampus.errors import CohortError
from pmcampus.model.tracking import Readiness
from pmcampus.tracking import Tracking, open_tracking

MOST_LEARNERS = 500
MOST_TEAMS = 40


def progress_page(folder: Path, assessment: str | None, *, root: Path, as_of: datetime) -> str:
    """The report on the cohort, with a chapter on this assessment or on each that was handed in.

    Raises:
        CohortError: the cohort does not take the assessment, or cannot be opened.
    """
    with open_tracking(folder, root=root, as_of=as_of) as tracking:
        return cohort_page(cohort_report(tracking, assessment), style=load_style(root))


def cohort_report(tracking: Tracking, assessment: str | None = None) -> CohortReport:
    """All that the report shows; of a very large cohort, the first learners and teams."""
    overview = tracking.overview()
    in_question = [line.head.id for line in overview.assessments if line.handed_in]
    wanted = [tracking.head(assessment).id] if assessment else in_question
    teams = sorted({learner.team for learner in tracking.learners.values()})[:MOST_TEAMS]
    return CohortReport(
        overview=overview,
        matrix=tracking.matrix(size=MOST_LEARNERS),
        chapters=tuple(
            Chapter(tracking.matrix(id, size=MOST_LEARNERS), tracking.items(id), tracking.quality(id))
            for id in wanted
        ),
        readiness=_whole(tracking),
        teams=tuple(tracking.readiness(team) for team in teams),
        at_risk=tracking.at_risk(),
    )


def _whole(tracking: Tracking) -> Readiness | None:
    """The whole cohort taken as one team; None when it is more people than a team can be."""
    try:
        return tracking.readiness()
    except CohortError:
        return None
