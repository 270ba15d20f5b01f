"""nbgrader's view: what is released, and what its own tools find in a cohort's folder."""

from copy import deepcopy
from datetime import UTC, date, datetime
from pathlib import Path

import nbformat
import pytest
from nbgrader.apps.api import NbGraderAPI
from traitlets.config import PyFileConfigLoader

from pmcampus.cohort import enrol, new
from pmcampus.cohorts.handin import hand_in
from pmcampus.coursedir import lay_out, official_version, release_version
from pmcampus.errors import ContentError
from pmcampus.grade import grade
from pmcampus.paper import Paper
from tests.conftest import answered, as_bytes
from tests.test_marking import RIGHT


def test_the_release_holds_no_solution_and_no_hidden_test(paper: Paper) -> None:
    """Neither in a cell nor anywhere else in the file."""
    text = nbformat.writes(paper.release)

    for secret in (
        "BEGIN SOLUTION",
        "part / whole",
        "HIDDEN",
        "shares right",
        '"positive"',
        "Nine of your twelve",
    ):
        assert secret not in text
        assert secret in nbformat.writes(paper.source).replace('\\"', '"')


def test_the_official_version_keeps_all_tests(paper: Paper) -> None:
    """Without the solutions."""
    text = nbformat.writes(paper.official)

    assert "BEGIN HIDDEN TESTS" in text
    assert "part / whole" not in text


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("### END SOLUTION", ""),
        ("### END HIDDEN TESTS", ""),
    ],
)
def test_an_unbalanced_region_is_refused_with_a_remedy(paper: Paper, old: str, new: str) -> None:
    """Nothing is released from it."""
    source = deepcopy(paper.source)
    for cell in source.cells:
        cell.source = cell.source.replace(old, new)

    with pytest.raises(ContentError, match="BEGIN and END"):
        release_version(source)


def test_an_illegal_grade_id_is_refused(paper: Paper) -> None:
    """By nbgrader's own check."""
    source = deepcopy(paper.source)
    source.cells[3].metadata.nbgrader["grade_id"] = "../share"

    with pytest.raises(ContentError, match="CheckCellMetadata"):
        official_version(source)


def test_nbgraders_settings_take_a_password_from_the_environment(
    tmp_path: Path, paper: Paper, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The file that is written holds the address of cohort.yaml."""
    lay_out(tmp_path, course_id="c", database="sqlite:///x.db", assessment="counting", source=paper.source)
    load = PyFileConfigLoader("nbgrader_config.py", path=str(tmp_path)).load_config

    assert load().CourseDirectory.db_url == "sqlite:///x.db"
    monkeypatch.setenv("PMCAMPUS_GRADEBOOK", "postgresql://campus:secret@host/name")
    assert load().CourseDirectory.db_url == "postgresql://campus:secret@host/name"


@pytest.mark.kernel
def test_nbgraders_own_tools_open_the_same_course(tmp_path: Path, curriculum: Path, paper: Paper) -> None:
    """What formgrader asks for its pages: the assignment, its submissions, and what waits for a marker."""
    folder = tmp_path / "autumn"
    new(folder, root=curriculum, pathway="clinician", starts=date(2026, 10, 5))
    (tmp_path / "roster.csv").write_text("learner,name,role,team\nada,Ada Made-Up,clinician,Heron\n")
    enrol(folder, tmp_path / "roster.csv", root=curriculum)
    file = tmp_path / "counting.ipynb"
    file.write_bytes(as_bytes(answered(paper, **RIGHT)))
    hand_in(folder, "ada", file, root=curriculum, at=datetime(2026, 10, 20, tzinfo=UTC))
    grade(folder, "counting", root=curriculum)

    api = NbGraderAPI(config=PyFileConfigLoader("nbgrader_config.py", path=str(folder)).load_config())
    assignment = api.get_assignment("counting")
    submission = api.get_submission("counting", "ada")
    [notebook] = api.get_notebook_submissions("counting", "counting")

    assert (assignment["max_score"], assignment["num_submissions"]) == (10.0, 1)
    assert (submission["autograded"], submission["score"], submission["needs_manual_grade"]) == (
        True,
        6.0,
        True,
    )
    assert notebook["needs_manual_grade"]
    assert (folder / "release" / "counting" / "counting.ipynb").is_file()
