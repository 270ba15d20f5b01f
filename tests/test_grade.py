"""A cohort from roster to report, with real kernels; once in PostgreSQL too."""

import json
import os
import shutil
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from nbgrader.api import Gradebook as NbgraderGradebook
from sqlalchemy import create_engine, func, select

from pmcampus import gradebook
from pmcampus.cohort import enrol, new
from pmcampus.cohortdir import load_cohort, write_cohort
from pmcampus.cohortprogress import cohort_progress, progress_report
from pmcampus.cohorts.granting import grant
from pmcampus.cohorts.handin import hand_in
from pmcampus.coursedir import feedback_path, marked_path, submitted_path
from pmcampus.errors import CohortError
from pmcampus.grade import grade
from pmcampus.gradebook.tables import VERDICT
from pmcampus.paper import Paper
from pmcampus.progress import State
from tests.conftest import answered, as_bytes
from tests.test_marking import RIGHT

pytestmark = pytest.mark.kernel
AT = datetime(2026, 10, 20, 9, 0, tzinfo=UTC)
ROSTER = """learner,name,role,team
right,Ada Made-Up,clinician,Heron
wrong,Ben Invented,clinician,Heron
late,Cem Fictitious,data-scientist,Otter
broken,Dora Pretend,data-scientist,Otter
absent,Edin Imaginary,clinician,Otter
"""


@pytest.fixture
def cohort(tmp_path: Path, curriculum: Path, paper: Paper) -> Path:
    """A cohort of five, its gradebook where a new cohort has it: in SQLite, in the cohort's folder."""
    return handed_in(tmp_path, curriculum, paper, "sqlite:///gradebook.db")


def handed_in(tmp_path: Path, curriculum: Path, paper: Paper, database: str) -> Path:
    """A cohort of five: right, wrong, late, with a broken file, and absent."""
    folder = tmp_path / "autumn"
    form = new(folder, root=curriculum, pathway="clinician", starts=date(2026, 10, 5))
    write_cohort(folder, form.model_copy(update={"gradebook": database, "due": {"counting": AT}}))
    roster = tmp_path / "roster.csv"
    roster.write_text(ROSTER)
    enrol(folder, roster, root=curriculum)
    wrong = RIGHT | {"share": "def share(part, whole):\n    return part", "wrong_word": "word = 'risk'"}
    late = datetime(2026, 10, 21, tzinfo=UTC)
    for learner, answers, at in (("right", RIGHT, AT), ("wrong", wrong, AT), ("late", RIGHT, late)):
        take(tmp_path, folder, curriculum, learner, as_bytes(answered(paper, **answers)), at)
    take(tmp_path, folder, curriculum, "broken", b'{"cells": [', AT)
    return folder


def take(tmp_path: Path, folder: Path, curriculum: Path, learner: str, content: bytes, at: datetime) -> None:
    """Hand in these bytes for a learner."""
    file = tmp_path / "counting.ipynb"
    file.write_bytes(content)
    hand_in(folder, learner, file, root=curriculum, at=at)


def states(folder: Path, curriculum: Path) -> dict[str, tuple[State, float | None]]:
    """State and score of each learner."""
    found = cohort_progress(folder, "counting", root=curriculum, as_of=AT)
    return {row.learner.id: (row.state, row.score) for row in found.rows}


def test_a_cohort_is_marked_and_one_broken_file_stops_nobody(
    tmp_path: Path, curriculum: Path, database: str, paper: Paper
) -> None:
    """From submissions to marks, feedback and progress; a person's mark is kept when all is marked again."""
    cohort = handed_in(tmp_path, curriculum, paper, database)

    done = grade(cohort, "counting", root=curriculum, workers=2)

    assert sorted(done.marked) == ["late", "right", "wrong"]
    assert list(done.refused) == ["broken"]
    assert done.missing == ["absent"]
    assert states(cohort, curriculum) == {
        "right": (State.AWAITING, 6.0),
        "wrong": (State.AWAITING, 1.0),
        "late": (State.AWAITING, 6.0),
        "broken": (State.REFUSED, None),
        "absent": (State.NOT_HANDED_IN, None),
    }
    assert "Ada" not in feedback_path(cohort, "right", "counting").read_text()
    assert "hand it in again" in feedback_path(cohort, "broken", "counting").read_text()
    assert not feedback_path(cohort, "absent", "counting").exists()
    assert (
        "def share(part, whole):\n    return part / whole"
        not in marked_path(cohort, "wrong", "counting").read_text()
    )

    again = grade(cohort, "counting", root=curriculum, workers=2)
    assert again.marked == []
    assert sorted(again.unchanged) == ["broken", "late", "right", "wrong"]

    form = load_cohort(cohort)
    with gradebook.open_gradebook(database, form.course) as book:
        gradebook.mark_by_hand(book, "right", "counting", cell="letter", score=4, comment="Plain and kind.")
        gradebook.mark_by_hand(book, "wrong", "counting", cell="letter", score=3)
    grade(cohort, "counting", root=curriculum, again=True, workers=2)

    found = states(cohort, curriculum)
    assert found["right"] == (State.PASSED, 10.0)
    assert found["wrong"] == (State.NOT_YET, 4.0)
    assert "Plain and kind." in feedback_path(cohort, "right", "counting").read_text()

    # nbgrader's own gradebook reads the same marks, so its formgrader does
    with NbgraderGradebook(database, course_id=form.course) as book:
        submission = book.find_submission("counting", "right")
        assert (submission.score, submission.max_score, submission.needs_manual_grade) == (10.0, 10.0, False)
        assert book.find_submission("counting", "late").needs_manual_grade
        assert book.find_submission("counting", "late").total_seconds_late == 15 * 3600
    engine = create_engine(database)
    with engine.connect() as connection:
        assert connection.scalar(select(func.count()).select_from(VERDICT)) == 8, (
            "verdicts are only ever added"
        )
    engine.dispose()


def test_reports_agree_with_each_other_and_name_nobody(cohort: Path, curriculum: Path) -> None:
    """Text, CSV, JSON and HTML show one value; names stay in the roster."""
    grade(cohort, "counting", root=curriculum, workers=2)
    reports = {
        kind: progress_report(cohort, None, kind, root=curriculum, as_of=AT)
        for kind in ("text", "csv", "json", "html")
    }

    scores = {row["learner"]: row["score"] for row in json.loads(reports["json"])["learners"]}
    assert scores == {"absent": None, "broken": None, "late": 6.0, "right": 6.0, "wrong": 1.0}
    assert (
        "late,data-scientist,Otter,awaiting a marker,yes,2026-10-21T00:00:00+00:00,6,10,0,4,2,"
        in reports["csv"]
    )
    for text in reports.values():
        assert "Made-Up" not in text
        assert "absent" in text


def test_a_learner_who_hands_in_again_is_marked_again(
    cohort: Path, curriculum: Path, paper: Paper, tmp_path: Path
) -> None:
    """Only theirs."""
    grade(cohort, "counting", root=curriculum, workers=2)
    take(tmp_path, cohort, curriculum, "wrong", as_bytes(answered(paper, **RIGHT)), AT)

    done = grade(cohort, "counting", root=curriculum)

    assert done.marked == ["wrong"]
    assert states(cohort, curriculum)["wrong"] == (State.AWAITING, 6.0)


def test_work_of_a_stranger_is_named_and_not_marked(cohort: Path, curriculum: Path) -> None:
    """Somebody who is not on the roster has no place in the gradebook."""
    shutil.copytree(submitted_path(cohort, "right", "counting").parents[1], cohort / "submitted" / "stranger")

    done = grade(cohort, "counting", root=curriculum, workers=2)

    assert done.strangers == ["stranger"]
    assert "stranger" not in states(cohort, curriculum)


def test_a_link_out_of_the_folder_is_not_followed(cohort: Path, curriculum: Path, tmp_path: Path) -> None:
    """A submission is a file, not a way to read others."""
    place = submitted_path(cohort, "right", "counting")
    place.unlink()
    place.symlink_to(submitted_path(cohort, "late", "counting"))

    assert "a link, a folder or a pipe" in grade(cohort, "counting", root=curriculum).failed["right"]


def test_nobody_is_marked_for_the_folder_of_another(cohort: Path, curriculum: Path) -> None:
    """A link on the way to the file is a link too; a pipe is not waited for."""
    shutil.rmtree(cohort / "submitted" / "right")
    (cohort / "submitted" / "right").symlink_to(cohort.resolve() / "submitted" / "late")
    pipe = submitted_path(cohort, "wrong", "counting")
    pipe.unlink()
    os.mkfifo(pipe)

    done = grade(cohort, "counting", root=curriculum, workers=2)

    assert sorted(done.failed) == ["right", "wrong"]
    assert done.marked == ["late"]


def test_an_answer_that_tries_to_end_the_grader_is_marked_like_any_other(
    cohort: Path, curriculum: Path, paper: Paper, tmp_path: Path
) -> None:
    """It sees no process but its own."""
    kill = RIGHT | {"share": "import os\nos.kill(os.getppid(), 9)"}
    take(tmp_path, cohort, curriculum, "wrong", as_bytes(answered(paper, **kill)), AT)

    done = grade(cohort, "counting", root=curriculum, workers=1)

    assert ["late", "right", "wrong"] == sorted(done.marked)
    assert ["wrong"] == list(done.flags)
    assert any(line.startswith("wrong: have a look at share: ") for line in done.remarks())


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"gradebook": "postgresql+psycopg://nobody:secret@127.0.0.1:1/none"}, "cannot be opened"),
        ({"gradebook": "nonsense"}, "is not a database address"),
        ({"assessments": {"counting": "9.9.9"}}, "the cohort pins version 9.9.9"),
        ({"assessments": {}}, "is not an assessment of this cohort"),
    ],
)
def test_what_cannot_be_marked_is_said_before_anything_is_changed(
    cohort: Path, curriculum: Path, change: dict[str, object], sentence: str
) -> None:
    """One sentence, without the password."""
    write_cohort(cohort, load_cohort(cohort).model_copy(update=change))

    with pytest.raises(CohortError) as refusal:
        grade(cohort, "counting", root=curriculum)

    assert sentence in str(refusal.value)
    assert "secret" not in str(refusal.value)


def test_a_due_moment_of_nothing_is_told(cohort: Path, curriculum: Path) -> None:
    """A slip in the name would leave everybody in time."""
    form = load_cohort(cohort)
    write_cohort(cohort, form.model_copy(update={"due": form.due | {"countin": AT}}))

    (note,) = grade(cohort, "counting", root=curriculum, workers=2).notes

    assert "'countin' is due, which is no assessment of this cohort and no case" in note


def test_who_is_excused_is_not_called_missing(cohort: Path, curriculum: Path) -> None:
    """As on the overview, which counts them on their own."""
    grant(cohort, "absent", "counting", root=curriculum, excused=True, because="recognised", now=AT)

    assert [] == grade(cohort, "counting", root=curriculum, workers=2).missing


def test_work_that_nobody_marked_yet_is_not_called_missing(cohort: Path, curriculum: Path) -> None:
    """Before the first marking, too."""
    found = states(cohort, curriculum)

    assert found["right"] == (State.UNMARKED, None)
    assert found["absent"] == (State.NOT_HANDED_IN, None)
