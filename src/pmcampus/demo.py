"""A demonstration cohort of fictitious learners, from roster to report, with real marking."""

import shutil
import tempfile
from collections.abc import Callable
from copy import deepcopy
from dataclasses import dataclass
from datetime import datetime, timedelta
from importlib.resources import files
from pathlib import Path
from typing import Any

import yaml
from nbformat import NotebookNode
from pydantic import AwareDatetime

from pmcampus import gradebook
from pmcampus.cohort import enrol, new
from pmcampus.cohortdir import database_url, load_cohort, refuse_inside_content, roster_text, write_cohort
from pmcampus.cohortkey import numbers
from pmcampus.cohortprogress import progress_report
from pmcampus.cohorts.handin import hand_in
from pmcampus.coursedir import write_notebook
from pmcampus.demo_adopt import SecondCampus, second_campus
from pmcampus.demo_case import take_case
from pmcampus.files import write_text
from pmcampus.forms import load_form
from pmcampus.grade import grade
from pmcampus.model.answers import AnswerBank, DemoAnswers
from pmcampus.model.cohort import CohortForm, Learner
from pmcampus.model.common import Frozen
from pmcampus.model.notebook import name_of
from pmcampus.paper import Paper, load_paper
from pmcampus.site import build
from pmcampus.variants import personal

# Known, so that the report is the same every time; it gives the first learner the number of the model memo.
KEY = b"the key of the demonstration, number 138"


class DemoLearner(Frozen):
    """One made-up learner; `work` is a profile, `missing` or `broken`."""

    learner: str
    name: str
    role: str
    team: str
    work: str
    hours_after_due: int = -6
    memo: float | None = None
    comment: str = ""


class DemoCohort(Frozen):
    """`data/demo/cohort.yaml`."""

    title: str
    starts: str
    due: AwareDatetime
    learners: tuple[DemoLearner, ...]


@dataclass(frozen=True)
class Demo:
    """Where everything lies."""

    site: Path
    folder: Path
    report: Path
    second: SecondCampus | None = None


def demo(
    root: Path, *, folder: Path | None = None, progress: Callable[[str], None] = lambda step: None
) -> Demo:
    """The site built, and a cohort taken through the assessment: right, partly right, wrong, late,
    missing, and one file that is broken. Some memos carry the score of two markers, some still wait.

    Args:
        folder: outside the repository; by default a new folder for temporary files.

    Raises:
        CampusError: a step fails; what was made so far stays in the folder.
    """
    place = folder or Path(tempfile.mkdtemp(prefix="pmcampus-demo-"))
    refuse_inside_content(place)
    site = root / "build" / "site"
    build(root, site, progress=progress)
    form = DemoCohort.model_validate(_data("cohort.yaml"))
    answers = DemoAnswers.model_validate(_data("answers.yaml"))
    paper = load_paper(root, answers.assessment)
    _clear_earlier(place)

    progress("cohort: folder and roster of fictitious learners")
    cohort = new(
        place,
        root=root,
        pathway="clinician",
        title=form.title,
        starts=datetime.fromisoformat(form.starts).date(),
        key=KEY,
    )
    cohort = cohort.model_copy(update={"due": {paper.id: form.due}, "fictitious": True})
    write_cohort(place, cohort)
    enrol(place, _roster(place, form), root=root)

    progress("cohort: work handed in")
    own = numbers(place, paper.id, paper.form, [learner.learner for learner in form.learners])
    work = _work(paper, form, answers, own)
    for learner in form.learners:
        if learner.learner in work:
            _hand_in(place, learner, work[learner.learner], paper, root=root, due=form.due)

    progress(f"cohort: {len(work)} submissions marked, each in a kernel of its own")
    grade(place, paper.id, root=root)

    progress("cohort: memos scored, feedback pages and report written")
    _score_memos(place, cohort, form, paper)
    grade(place, paper.id, root=root)
    progress("cohort: two teams take a case, sealed, opened, decided and marked")
    take_case(place, root=root, at=form.due - timedelta(days=14))
    report = place / "reports" / "index.html"
    as_of = form.due + timedelta(days=3)
    write_text(report, progress_report(place, paper.id, "html", root=root, as_of=as_of))
    second = second_campus(root, place / "second-campus", today=form.due.date(), progress=progress)
    return Demo(site, place, report, second)


def _data(name: str) -> Any:
    return yaml.safe_load((files("pmcampus") / "data" / "demo" / name).read_text("utf-8"))


def _clear_earlier(place: Path) -> None:
    """Remove an earlier demonstration, and nothing else."""
    if (place / "cohort.yaml").is_file() and load_cohort(place).fictitious:
        shutil.rmtree(place)


def _roster(place: Path, form: DemoCohort) -> Path:
    learners = [Learner(person.learner, person.name, person.role, person.team) for person in form.learners]
    path = place / "handed-to-enrol.csv"
    write_text(path, roster_text(learners))
    return path


def _work(
    paper: Paper, form: DemoCohort, answers: DemoAnswers, own: dict[str, int]
) -> dict[str, NotebookNode]:
    """Each learner's notebook; nothing for those who hand nothing in."""
    automatic = [item.cell for item in paper.form.items if item.marked == "automatically"]
    shelf = paper.folder / "wrong-answers"
    banks = {cell: load_form(shelf, shelf / f"{cell}.yaml", AnswerBank).value for cell in automatic}
    made = {}
    for learner in form.learners:
        if learner.work == "missing":
            continue
        profile = "all-right" if learner.work == "broken" else learner.work
        texts = answers.work(profile, banks=banks, references=paper.references)
        variant = paper.form.variant
        if variant is not None:
            texts.pop(variant.cell, None)  # the number is filled in, as in any notebook of a cohort
        made[learner.learner] = _answered(paper, texts, own.get(learner.learner))
    return made


def _answered(paper: Paper, texts: dict[str, str], number: int | None) -> NotebookNode:
    """The release notebook with code below its starters and written answers in their place."""
    notebook = deepcopy(paper.release)
    if paper.form.variant is not None and number is not None:
        notebook = personal(notebook, paper.form.variant, number)
    for cell in notebook.cells:
        text = texts.get(name_of(cell))
        if text:
            cell.source = text if cell.cell_type == "markdown" else f"{cell.source}\n\n{text}"
    return notebook


def _hand_in(
    place: Path, learner: DemoLearner, work: NotebookNode, paper: Paper, *, root: Path, due: datetime
) -> None:
    with tempfile.TemporaryDirectory() as scratch:
        file = Path(scratch) / f"{paper.id}.ipynb"
        write_notebook(file, work)
        if learner.work == "broken":
            file.write_bytes(file.read_bytes()[: file.stat().st_size // 3])
        hand_in(place, learner.learner, file, root=root, at=due + timedelta(hours=learner.hours_after_due))


def _score_memos(place: Path, cohort: CohortForm, form: DemoCohort, paper: Paper) -> None:
    """The markers' scores, put where nbgrader's formgrader would put them."""
    memo = next(paper.graded_cell(item) for item in paper.form.items if item.marked == "by-rubric")
    with gradebook.open_gradebook(database_url(place, cohort), cohort.course) as book:
        for learner in form.learners:
            if learner.memo is not None:
                gradebook.mark_by_hand(
                    book, learner.learner, paper.id, cell=memo, score=learner.memo, comment=learner.comment
                )
