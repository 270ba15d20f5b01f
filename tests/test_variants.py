"""Course numbers: whose is whose, and what happens to a notebook with another one."""

from collections import Counter
from pathlib import Path

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_notebook

from pmcampus.cohortkey import load_key, make_key, numbers
from pmcampus.errors import CohortError
from pmcampus.model.assessment import Variant
from pmcampus.paper import load_paper
from pmcampus.restore import Restored
from pmcampus.variants import course_number, own_number, personal
from tests.conftest import REPOSITORY

VARIANT = Variant(cell="course-number", name="my_code", first=1, last=999, changes=())
STARTER = "# CHANGE ME: a whole number from 1 to 999\nmy_code = 0\n\n# your answer"
KEY = b"a key of sixteen"


def handed_in(text: str) -> Restored:
    """A restored notebook with this text in the cell of the number."""
    mark = {"grade_id": "course-number", "solution": True, "grade": False, "locked": False}
    return Restored(new_notebook(cells=[new_code_cell(text, metadata={"nbgrader": mark})]), ())


def number_of(learner: str, key: bytes = KEY) -> int:
    """A learner's number in one assessment."""
    return course_number(key, assessment="counting", learner=learner, variant=VARIANT)


def test_a_number_is_always_the_same_and_in_range() -> None:
    """Nothing is drawn, nothing is stored."""
    found = [number_of(f"learner-{n}") for n in range(2000)]

    assert found == [number_of(f"learner-{n}") for n in range(2000)]
    assert min(found) >= 1
    assert max(found) <= 999
    assert max(Counter(found).values()) < 12


def test_key_learner_and_assessment_decide() -> None:
    """Another cohort, another person, another assessment: another number."""
    assert len({number_of("ada"), number_of("ben"), number_of("ada", b"a key of another cohort")}) == 3
    assert course_number(KEY, assessment="weighing", learner="ada", variant=VARIANT) != number_of("ada")


def test_a_notebook_of_ones_own_has_the_number_filled_in() -> None:
    """In place of the starter's, once."""
    made = personal(handed_in(STARTER).notebook, VARIANT, 345)

    assert made.cells[0].source == STARTER.replace("my_code = 0", "my_code = 345")


@pytest.mark.parametrize(
    "text", [STARTER.replace("0\n", "345\n", 1), "my_code = 345", "my_code = 1\nmy_code = 345"]
)
def test_ones_own_number_is_taken_without_a_word(text: str) -> None:
    """However it stands there."""
    restored, flag = own_number(handed_in(text), VARIANT, 345, starter=STARTER)

    assert "my_code = 345" in restored.notebook.cells[0].source
    assert (restored.notes, flag) == ((), "")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("my_code = 12", "12 was in your notebook"),
        ("my_code = 300 + 45", "another one was in your notebook"),
        ("my_code = 345\nmine = {}", "another one was in your notebook"),
        ("import os; os._exit(0)", "another one was in your notebook"),
        ("my code", "another one was in your notebook"),
    ],
)
def test_another_number_is_replaced_noted_and_flagged(text: str, said: str) -> None:
    """Whatever the cell computes, it does not choose the variant."""
    restored, flag = own_number(handed_in(text), VARIANT, 345, starter=STARTER)

    assert restored.notebook.cells[0].source == STARTER.replace("my_code = 0", "my_code = 345")
    assert "Your course number is 345; " + said in restored.notes[0]
    assert flag == "course-number: It holds another course number than the learner's own."


def test_a_forgotten_number_is_put_in_and_not_flagged() -> None:
    """Nobody tried anything."""
    restored, flag = own_number(handed_in(STARTER), VARIANT, 345, starter=STARTER)

    assert "none was in your notebook" in restored.notes[0]
    assert flag == ""


def test_a_key_is_made_once_for_its_owner_alone(tmp_path: Path) -> None:
    """A second one would give everybody another number."""
    make_key(tmp_path)
    first = load_key(tmp_path)
    make_key(tmp_path)

    assert first == load_key(tmp_path)
    assert first is not None
    assert len(first) == 32
    assert (tmp_path / "variants.key").stat().st_mode & 0o077 == 0


def test_a_damaged_key_is_no_key(tmp_path: Path) -> None:
    """And no number is guessed."""
    (tmp_path / "variants.key").write_text("oops\n")

    with pytest.raises(CohortError, match="restore the file from a backup"):
        load_key(tmp_path)


def test_a_cohort_without_a_key_leaves_the_numbers_on_its_cards(tmp_path: Path) -> None:
    """As cohorts were before there were keys."""
    form = load_paper(REPOSITORY, "pharmacogenomics-in-prescribing").form

    assert numbers(tmp_path, "pharmacogenomics-in-prescribing", form, ["ada"]) == {}


@pytest.mark.kernel
def test_a_neighbours_answers_earn_nothing_with_ones_own_number() -> None:
    """A whole submission of another course number, marked with the learner's own."""
    from pmcampus.marking import mark

    paper = load_paper(REPOSITORY, "pharmacogenomics-in-prescribing")
    notebook = nbformat.from_dict(personal(paper.release, VARIANT, 8))
    for cell in notebook.cells:
        if cell.metadata.get("nbgrader", {}).get("grade_id") == "limits-of-a-report":
            cell.source += (
                "\ncannot_tell = [letter for letter, line in zip('ABCDEF', draw(8)['lines']) if line < 5]"
            )
    sent = nbformat.writes(notebook, 4).encode()

    theirs = {v.cell: v.score for v in mark(paper, sent, number=8).verdict.items}
    mine = mark(paper, sent, number=31).verdict

    assert theirs["limits-of-a-report-check"] == 4
    assert {v.cell: v.score for v in mine.items}["limits-of-a-report-check"] != 4
    assert "Your course number is 31; 8 was in your notebook" in " ".join(mine.notes)
    assert mine.flags[0] == "course-number: It holds another course number than the learner's own."
