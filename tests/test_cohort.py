"""Making a cohort, enrolling, handing in: nothing half-done, one sentence for each refusal."""

import re
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from pmcampus.cohort import enrol, new
from pmcampus.cohortdir import load_cohort
from pmcampus.cohorts.handin import hand_in
from pmcampus.coursedir import submitted_path
from pmcampus.errors import CohortError

AT = datetime(2026, 10, 20, 9, 30, tzinfo=UTC)
ROSTER = "learner,name,role,team\nada,Ada Made-Up,clinician,Heron\n"


@pytest.fixture
def cohort(tmp_path: Path, curriculum: Path) -> Path:
    """A cohort with one learner."""
    folder = tmp_path / "Autumn 2026"
    new(folder, root=curriculum, pathway="clinician", starts=date(2026, 10, 5))
    (tmp_path / "roster.csv").write_text(ROSTER)
    enrol(folder, tmp_path / "roster.csv", root=curriculum)
    return folder


def test_a_new_cohort_pins_what_is_written_and_is_private(cohort: Path) -> None:
    """Modules and assessments with their versions; the folder is for its owner only."""
    form = load_cohort(cohort)

    assert form.modules == {"first-steps": "1.0.0", "second-steps": "1.0.0"}
    assert form.assessments == {"counting": "1.0.0"}
    assert form.course == "autumn-2026"
    assert cohort.stat().st_mode & 0o077 == 0


@pytest.mark.parametrize(
    ("pathway", "inside", "sentence"),
    [
        ("surgeon", False, "'surgeon' is not a pathway; choose one of"),
        ("clinician", True, "must lie outside the repository"),
    ],
)
def test_a_cohort_that_cannot_be_made_leaves_nothing(
    tmp_path: Path, own_curriculum: Path, pathway: str, inside: bool, sentence: str
) -> None:
    """No folder appears."""
    folder = (own_curriculum if inside else tmp_path) / "cohort"

    with pytest.raises(CohortError, match=sentence):
        new(folder, root=own_curriculum, pathway=pathway, starts=date(2026, 10, 5))

    assert not folder.exists()


@pytest.mark.parametrize(
    ("name", "course"), [("Été (3)", "ete-3"), ("2026_autumn", "cohort-2026-autumn"), ("秋", "cohort")]
)
def test_any_name_of_a_folder_gives_a_course(
    tmp_path: Path, curriculum: Path, name: str, course: str
) -> None:
    """nbgrader's course is a plain word."""
    form = new(tmp_path / name, root=curriculum, pathway="clinician", starts=date(2026, 10, 5))

    assert form.course == course


def test_a_cohort_at_the_end_of_the_calendar_is_refused(tmp_path: Path, curriculum: Path) -> None:
    """Its last day does not exist."""
    with pytest.raises(CohortError, match="cannot start that late"):
        new(tmp_path / "late", root=curriculum, pathway="clinician", starts=date(9999, 12, 1))

    assert not (tmp_path / "late").exists()


def test_a_second_cohort_does_not_overwrite_the_first(cohort: Path, curriculum: Path) -> None:
    """The form stays."""
    with pytest.raises(CohortError, match="there is a cohort already"):
        new(cohort, root=curriculum, pathway="clinician", starts=date(2027, 1, 1))

    assert load_cohort(cohort).starts == date(2026, 10, 5)


def test_a_faulty_roster_enrols_nobody(cohort: Path, curriculum: Path, tmp_path: Path) -> None:
    """The roster stays byte for byte."""
    before = (cohort / "roster.csv").read_bytes()
    (tmp_path / "more.csv").write_text(ROSTER + "ben,Ben,clinician,Heron\nben,Ben,clinician,Heron\n")

    with pytest.raises(CohortError, match="'ben' is there twice"):
        enrol(cohort, tmp_path / "more.csv", root=curriculum)

    assert (cohort / "roster.csv").read_bytes() == before


def test_enrolling_again_adds_and_updates(cohort: Path, curriculum: Path, tmp_path: Path) -> None:
    """A learner who changes team keeps one line."""
    (tmp_path / "more.csv").write_text(
        "learner,name,role,team\nada,Ada,clinician,Otter\nben,Ben,clinician,Heron\n"
    )

    enrol(cohort, tmp_path / "more.csv", root=curriculum)

    lines = (cohort / "roster.csv").read_text().splitlines()
    assert lines == ["learner,name,role,team", "ada,Ada,clinician,Otter", "ben,Ben,clinician,Heron"]


@pytest.mark.parametrize(
    ("line", "sentence"),
    [
        ("ADA,Ada,clinician,Heron,", "has the learner 'ada'"),
        ("con,Con,clinician,Heron,", "'con' cannot be an id: Windows"),
        ("LPT1.x,Con,clinician,Heron,", "'LPT1.x' cannot be an id: Windows"),
        ("ben.,Ben,clinician,Heron,", "'ben.' cannot be an id: Windows"),
        ("ben,Ben,clinician,Heron,7", "ada and ben have the same moodle, '7'"),
    ],
)
def test_nobody_is_enrolled_whose_folder_or_number_would_be_anothers(
    cohort: Path, curriculum: Path, tmp_path: Path, line: str, sentence: str
) -> None:
    """The roster stays byte for byte, and the cohort can still be read."""
    heads = "learner,name,role,team,moodle\n"
    (tmp_path / "more.csv").write_text(heads + "ada,Ada,clinician,Heron,7\n")
    enrol(cohort, tmp_path / "more.csv", root=curriculum)
    before = (cohort / "roster.csv").read_bytes()
    (tmp_path / "more.csv").write_text(f"{heads}{line}\n")

    with pytest.raises(CohortError, match=re.escape(sentence)):
        enrol(cohort, tmp_path / "more.csv", root=curriculum)

    assert before == (cohort / "roster.csv").read_bytes()


def test_handing_in_keeps_the_bytes_and_the_moment(cohort: Path, curriculum: Path, tmp_path: Path) -> None:
    """Even when the bytes are no notebook: that is said when they are marked."""
    file = tmp_path / "counting.ipynb"
    file.write_bytes(b"\x00not a notebook")

    place = hand_in(cohort, "ada", file, root=curriculum, at=AT)

    assert place == submitted_path(cohort, "ada", "counting")
    assert place.read_bytes() == b"\x00not a notebook"
    assert (place.parent / "timestamp.txt").read_text() == "2026-10-20 09:30:00 UTC\n"


@pytest.mark.parametrize(
    ("learner", "name", "sentence"),
    [
        ("eve", "counting.ipynb", "'eve' is not on the roster"),
        ("../ada", "counting.ipynb", "is not on the roster"),
        ("ada", "homework.ipynb", "name it counting.ipynb"),
        ("ada", "missing/counting.ipynb", "cannot be read"),
    ],
)
def test_what_cannot_be_taken_in_is_refused(
    cohort: Path, curriculum: Path, tmp_path: Path, learner: str, name: str, sentence: str
) -> None:
    """And nothing is put into the cohort's folder."""
    file = tmp_path / name
    if file.parent == tmp_path:
        file.write_text("{}")

    with pytest.raises(CohortError, match=sentence):
        hand_in(cohort, learner, file, root=curriculum, at=AT)

    assert not (cohort / "submitted").exists()


def test_a_file_that_is_too_large_is_refused(cohort: Path, curriculum: Path, tmp_path: Path) -> None:
    """Before it is read."""
    file = tmp_path / "counting.ipynb"
    with file.open("wb") as out:
        out.truncate(10_000_000_000)

    with pytest.raises(CohortError, match="larger than 5 MB"):
        hand_in(cohort, "ada", file, root=curriculum, at=AT)
