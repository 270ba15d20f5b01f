"""From outputs to scores, failing closed."""

import nbformat
import pytest
from hypothesis import given
from hypothesis import strategies as st
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

from pmcampus.checker import judge
from pmcampus.model.verdict import BLANK, ItemVerdict, Mark


def test_cell(*outputs: nbformat.NotebookNode, ran: bool = True) -> ItemVerdict:
    """The verdict on a test cell of 4 points with these outputs."""
    mark = {
        "grade": True,
        "grade_id": "item-check",
        "points": 4,
        "solution": False,
        "locked": True,
        "task": False,
    }
    cell = new_code_cell(
        "…", metadata={"nbgrader": mark}, outputs=list(outputs), execution_count=1 if ran else None
    )
    return judge(new_notebook(cells=[cell]), starters={})[0]


test_cell.__test__ = False  # type: ignore[attr-defined]  # named for what it is, not a test


def value(text: str) -> nbformat.NotebookNode:
    """The value of a cell's last line."""
    return new_output("execute_result", data={"text/plain": text}, execution_count=1)


def test_a_silent_check_earns_all_points() -> None:
    """As in nbgrader."""
    assert test_cell() == ItemVerdict("item-check", 4.0, 4.0, Mark.FULL)


def test_a_partial_score_comes_with_its_message() -> None:
    """The number and the sentence reach the learner together."""
    verdict = test_cell(new_output("stream", name="stdout", text="3 of 4 right.\n"), value("2"))

    assert (2.0, Mark.PARTIAL, "3 of 4 right.") == (verdict.score, verdict.mark, verdict.message)


@pytest.mark.parametrize(
    "text", ["nan", "inf", "-inf", "-2", "200", "'full marks'", "[4]", "None", "4.0001", "1e309"]
)
def test_a_score_that_is_no_score_earns_nothing(text: str) -> None:
    """Not-a-number, negative, too large or text is an error for a person to look at."""
    verdict = test_cell(value(text))

    assert (0.0, Mark.ERROR) == (verdict.score, verdict.mark)
    assert "a person has to look" in verdict.message


@given(st.floats())
def test_no_float_earns_more_than_the_points_or_less_than_nothing(number: float) -> None:
    """Whatever the check's last line gives."""
    verdict = test_cell(value(repr(number)))

    assert 0 <= (verdict.score or 0) <= 4
    assert (0 <= number <= 4) == (verdict.mark is not Mark.ERROR)


def test_a_warning_is_a_note_and_not_a_zero() -> None:
    """A right answer that emits a warning keeps its points."""
    verdict = test_cell(new_output("stream", name="stderr", text="FutureWarning: soon\n"))

    assert (4.0, Mark.FULL) == (verdict.score, verdict.mark)
    assert verdict.notes == ("A warning appeared: FutureWarning: soon\n",)


def test_a_failing_check_shows_its_sentence_and_none_of_its_code() -> None:
    """The traceback holds hidden test lines; the learner gets the assert's message."""
    error = new_output(
        "error", ename="AssertionError", evalue="No answer yet.", traceback=["assert secret == 42"]
    )

    verdict = test_cell(error)

    assert (0.0, "No answer yet.") == (verdict.score, verdict.message)


def test_another_error_names_only_its_kind() -> None:
    """The text of an error can quote a hidden test."""
    verdict = test_cell(new_output("error", ename="KeyError", evalue="'hidden value'", traceback=[]))

    assert verdict.message == "The check could not use this answer (KeyError)."


def test_an_answer_that_is_not_there_is_told_in_words() -> None:
    """Whose cell failed reads what happened, not the name of an error."""
    verdict = test_cell(
        new_output("error", ename="NameError", evalue="name 'x' is not defined", traceback=[])
    )

    assert verdict.message.startswith("The check did not find your answer: its cell is empty, or stopped")


def test_a_check_that_never_ran_earns_nothing() -> None:
    """No proof of execution, no points."""
    verdict = test_cell(ran=False)

    assert (0.0, Mark.ERROR) == (verdict.score, verdict.mark)


@pytest.mark.parametrize(
    ("text", "score", "mark"), [("Write here.", 0.0, Mark.ZERO), ("A memo.", None, Mark.AWAITING)]
)
def test_a_written_answer_waits_for_people_unless_it_is_empty(
    text: str, score: float | None, mark: Mark
) -> None:
    """The starter itself is no answer."""
    about = {
        "grade": True,
        "grade_id": "memo",
        "points": 30,
        "solution": True,
        "locked": False,
        "task": False,
    }
    notebook = new_notebook(cells=[new_markdown_cell(text, metadata={"nbgrader": about})])

    verdict = judge(notebook, starters={"memo": "Write here."})[0]

    assert (score, mark) == (verdict.score, verdict.mark)


@pytest.mark.parametrize(
    ("written", "notes"), [("answer = None", (BLANK,)), ("", (BLANK,)), ("answer = 'tried'", ())]
)
def test_an_answer_left_as_it_was_is_noted(written: str, notes: tuple[str, ...]) -> None:
    """Statistics count blanks by this note, and the learner reads it."""
    answer = {"grade": False, "grade_id": "item", "solution": True, "locked": False, "task": False}
    check = {"grade": True, "grade_id": "item-check", "points": 4, "solution": False, "locked": True}
    cells = [
        new_code_cell(written, metadata={"nbgrader": answer}),
        new_code_cell("…", metadata={"nbgrader": check}, outputs=[value("0")], execution_count=1),
    ]

    (found,) = judge(new_notebook(cells=cells), starters={"item": "answer = None"})

    assert (Mark.ZERO, notes) == (found.mark, found.notes)
