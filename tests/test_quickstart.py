"""nbgrader's own quick-start course, marked by stock nbgrader and by us: the same scores, one by one."""

import os
import shutil
import subprocess
import sys
from datetime import date
from pathlib import Path

import nbformat
import nbgrader
import pytest
from nbgrader.api import Gradebook

from pmcampus.coursedir import official_version
from pmcampus.marking import mark
from pmcampus.model.assessment import AssessmentForm, Limits
from pmcampus.paper import Paper

pytestmark = pytest.mark.kernel
COURSE = Path(nbgrader.__file__).parent / "docs" / "source" / "user_guide"
LEARNERS, PROBLEMS = ("bitdiddle", "hacker"), ("problem1", "problem2")


def foreign(problem: str, verdict: str) -> Paper:
    """A paper of somebody else's notebook, which has no form of ours."""
    source = nbformat.read(COURSE / "source" / "ps1" / f"{problem}.ipynb", as_version=4)
    form = AssessmentForm.model_construct(
        title=problem, version="1.0.0", verdict=verdict, limits=Limits(), facts_valid_as_of=date(2026, 1, 1)
    )
    release = nbformat.read(COURSE / "release" / "ps1" / f"{problem}.ipynb", as_version=4)
    return Paper(problem, COURSE, form, source, official_version(source), release, {})


@pytest.fixture(scope="module")
def stock(tmp_path_factory: pytest.TempPathFactory) -> dict[tuple[str, str, str], float]:
    """What `nbgrader autograde` gives, by learner, problem and cell."""
    course = tmp_path_factory.mktemp("quickstart")
    shutil.copytree(COURSE / "source" / "ps1", course / "source" / "ps1")
    for learner in LEARNERS:
        shutil.copytree(COURSE / "submitted" / learner / "ps1", course / "submitted" / learner / "ps1")
    (course / "nbgrader_config.py").write_text("c = get_config()\nc.CourseDirectory.course_id = 'example'\n")
    beside = Path(sys.executable).parent
    for verb in (["generate_assignment", "ps1", "--force"], ["autograde", "ps1", "--force"]):
        subprocess.run(
            [sys.executable, "-m", "nbgrader", *verb],
            cwd=course,
            env={**os.environ, "PATH": f"{beside}:{os.environ['PATH']}"},
            capture_output=True,
            timeout=300,
        )
    with Gradebook(f"sqlite:///{course / 'gradebook.db'}", course_id="example") as book:
        return {
            (submission.student.id, notebook.name, grade.name): grade.auto_score
            for submission in book.assignment_submissions("ps1")
            for notebook in submission.notebooks
            for grade in notebook.grades
            if grade.auto_score is not None
        }


@pytest.mark.parametrize("verdict", ["isolated", "in-kernel"])
def test_the_quick_start_course_gets_the_scores_of_stock_nbgrader(
    stock: dict[tuple[str, str, str], float], verdict: str
) -> None:
    """With tests in a process of their own, and beside the answers."""
    ours = {}
    for problem in PROBLEMS:
        paper = foreign(problem, verdict)
        for learner in LEARNERS:
            handed_in = (COURSE / "submitted" / learner / "ps1" / f"{problem}.ipynb").read_bytes()
            for item in mark(paper, handed_in).verdict.items:
                if item.score is not None and (learner, problem, item.cell) in stock:
                    ours[learner, problem, item.cell] = item.score

    assert len(stock) >= 8
    assert stock == ours
