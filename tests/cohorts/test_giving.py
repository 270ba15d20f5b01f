"""Giving results out: for whom a platform's own table has no line is said."""

from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from pmcampus.cohort import enrol, new
from pmcampus.cohorts.giving import export
from pmcampus.errors import CohortError
from tests.conftest import TWO_MODULES

HEADS = "Identifier,Full name,ID number,Grade,Maximum grade\n"


@pytest.fixture
def cohort(tmp_path: Path) -> Path:
    """Two learners who have handed nothing in."""
    folder = tmp_path / "autumn"
    new(folder, root=TWO_MODULES, pathway="clinician", starts=date(2026, 10, 5))
    (tmp_path / "roster.csv").write_text("learner,name,role,team\nada,Ada,clinician,H\nben,Ben,clinician,H\n")
    enrol(folder, tmp_path / "roster.csv", root=TWO_MODULES)
    return folder


def give(cohort: Path, sheet: str) -> tuple[int, list[str]]:
    """How many learners the worksheet is about, and what the person hears."""
    notes: list[str] = []
    known = cohort.parent / "sheet.csv"
    known.write_text(sheet)
    moment = datetime(2026, 11, 20, tzinfo=UTC)
    count = export(
        cohort, "moodle", cohort.parent / "out.csv", root=TWO_MODULES, as_of=moment,
        assessments=("counting",), known=known, note=notes.append,
    )  # fmt: skip
    return count, [note.removeprefix(f"{known}: ") for note in notes]


def test_learners_without_a_line_in_moodles_worksheet_are_named(cohort: Path) -> None:
    """Their grades are not in the file, so they are not counted either."""
    found = give(cohort, f"{HEADS}Participant 7,Ada,ada,,100\nParticipant 8,Zed,zed,,100\n")

    assert (1, ["no line fits ben; see that the platform can find them."]) == found


def test_a_worksheet_of_another_course_is_refused(cohort: Path) -> None:
    """It would come back without a grade, and look done."""
    with pytest.raises(CohortError, match="no line fits a learner of this cohort"):
        give(cohort, f"{HEADS}Participant 8,Zed,zed,,100\n")

    assert not (cohort.parent / "out.csv").exists()
