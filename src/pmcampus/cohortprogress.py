"""What a cohort has reached in one assessment or team case, and the reports that show it."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from pmcampus import gradebook
from pmcampus.allowancefile import load_allowances
from pmcampus.casepaper import load_case_form
from pmcampus.cohort import role_ids
from pmcampus.cohortdir import database_url, load_cohort, load_roster
from pmcampus.coursedir import submitted_path
from pmcampus.errors import CohortError
from pmcampus.model.cohort import CohortForm
from pmcampus.progress import ItemHead, Progress, progress
from pmcampus.progresspage import progress_page
from pmcampus.releases.pins import cohort_paper
from pmcampus.reports import report
from pmcampus.teamwork.sheet import parts
from pmcampus.terms import terms_of
from pmcampus.tracking.heads import item_heads


@dataclass(frozen=True)
class Columns:
    """What progress in an assessment or a team case is measured by."""

    title: str
    version: str
    passing_score: float
    items: tuple[ItemHead, ...]
    hurdles: dict[str, tuple[float, str]]


def columns(folder: Path, cohort: CohortForm, assessment: str, root: Path) -> Columns:
    """The items of this assessment, or the parts of this team case.

    Raises:
        CohortError: the cohort takes neither.
    """
    if assessment not in cohort.assessments and (folder / "cases" / assessment / "plan.yaml").is_file():
        form = load_case_form(root, assessment)
        return Columns(form.title, form.version, form.marks.passing_score, parts(form), {})
    paper = cohort_paper(cohort, assessment, root)
    cells = {item.cell: paper.graded_cell(item) for item in paper.form.items}
    return Columns(
        title=paper.form.title,
        version=paper.form.version,
        passing_score=paper.form.passing_score,
        items=item_heads(paper.form, paper.points()),
        hurdles={cells[hurdle.cell]: (hurdle.at_least, hurdle.because) for hurdle in paper.form.hurdles},
    )


def cohort_progress(folder: Path, assessment: str, *, root: Path, as_of: datetime) -> Progress:
    """What the cohort has reached in this assessment, or in this team case.

    Raises:
        CohortError: unknown assessment or cohort, or the database is out of reach.
    """
    cohort = load_cohort(folder)
    found = columns(folder, cohort, assessment, root)
    learners = load_roster(folder, cohort, roles=role_ids(root))
    with gradebook.open_gradebook(database_url(folder, cohort), cohort.course) as book:
        records = gradebook.records(book, assessment)
    granted = load_allowances(folder)
    unmarked = {
        learner.id
        for learner in learners
        if learner.id not in records and submitted_path(folder, learner.id, assessment).exists()
    }
    return progress(
        learners,
        records,
        items=found.items,
        hurdles=found.hurdles,
        passing_score=found.passing_score,
        cohort=cohort.title,
        assessment=assessment,
        title=found.title,
        version=found.version,
        unmarked=frozenset(unmarked),
        fictitious=cohort.fictitious,
        as_of=as_of,
        due=cohort.due.get(assessment),
        grace=timedelta(minutes=cohort.grace_minutes),
        terms={learner.id: terms_of(cohort, granted, learner.id, assessment) for learner in learners},
    )


def progress_report(folder: Path, assessment: str | None, kind: str, *, root: Path, as_of: datetime) -> str:
    """The report of this kind; without an assessment, of the cohort's only one, or as a page of all.

    Raises:
        CohortError: the cohort takes several assessments and none was named; or see
            `cohort_progress`.
    """
    if kind == "html":
        return progress_page(folder, assessment, root=root, as_of=as_of)
    cohort = load_cohort(folder)
    if assessment is None:
        if len(cohort.assessments) != 1:
            raise CohortError(
                f"{folder}: name one of the assessments {', '.join(cohort.assessments) or '(none pinned)'}."
            )
        assessment = next(iter(cohort.assessments))
    return report(kind, cohort_progress(folder, assessment, root=root, as_of=as_of))
