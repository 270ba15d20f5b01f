"""PM50x to PM52x: a change for each rule about notebooks as they are stored and what lessons say."""

from pathlib import Path
from typing import Any

import pytest

from tests.lint.cases import (
    FIRST,
    LESSON,
    PAPER,
    Case,
    cell,
    check,
    code,
    notebook,
    output,
    replace,
    text,
    write,
)

EXERCISE = ":::{exercise}\n:label: t01-1-check-1\nWhich?\n:::\n"
ERROR = {"output_type": "error", "ename": "ZeroDivisionError", "evalue": "division by zero", "traceback": []}


def touching(stored: dict[str, Any]) -> None:
    """A second code cell right after the first."""
    second = {
        "cell_type": "code",
        "id": "again",
        "metadata": {},
        "outputs": [],
        "execution_count": 2,
        "source": "right",
    }
    stored["cells"].insert(3, second)


def swapped(stored: dict[str, Any]) -> None:
    """Two code cells, run the wrong way round."""
    touching(stored)
    stored["cells"].insert(3, {"cell_type": "markdown", "id": "between", "metadata": {}, "source": "And:"})
    stored["cells"][4]["execution_count"] = 7


CASES = [
    Case(
        "PM501",
        write(LESSON, "<<<<<<< HEAD"),
        LESSON,
        "This is not a notebook (JSONDecodeError: Expecting value: line 1 column 1 (char 0)).",
    ),
    Case(
        "PM502",
        cell(LESSON, "disclaimer", id="title"),
        LESSON,
        "Cell 4 (title) has the same id as an earlier cell.",
    ),
    Case(
        "PM503",
        replace(LESSON, '"name": "python3"', '"name": "my-env"'),
        LESSON,
        "The notebook's kernel is 'my-env'.",
    ),
    Case(
        "PM504",
        cell(LESSON, "the-numbers", attachments={"a.png": {"image/png": "x"}}),
        LESSON,
        "Cell 2 (the-numbers) has an attachment.",
    ),
    Case(
        "PM505",
        cell(LESSON, "share", execution_count=None),
        LESSON,
        "1 code cell was not executed; the first is cell 3 (share).",
    ),
    Case("PM506", notebook(LESSON, swapped), LESSON, "Cell 5 (again) was executed as number 7, not 2."),
    Case("PM507", output(**ERROR), LESSON, "Cell 3 (share) ended with ZeroDivisionError."),
    Case(
        "PM508",
        output(output_type="stream", name="stderr", text="FutureWarning: soon"),
        LESSON,
        "Cell 3 (share) writes to stderr.",
    ),
    Case(
        "PM509",
        output(
            output_type="execute_result",
            execution_count=1,
            metadata={},
            data={"text/plain": ["[<Line2D at 0x7f3c2c1d5e50>]"]},
        ),
        LESSON,
        "Cell 3 (share) shows the memory address 0x7f3c2c1d5e50.",
    ),
    Case(
        "PM510", cell(PAPER, "given", execution_count=1), PAPER, "Cell 2 (given) is stored with its output."
    ),
    Case(
        "PM511",
        text("### BEGIN HIDDEN TESTS\nassert True\n### END HIDDEN TESTS"),
        LESSON,
        "Cell 2 (the-numbers) holds a solution or test of an assessment.",
    ),
    Case(
        "PM512",
        notebook(LESSON, touching),
        LESSON,
        "Cell 4 (again) follows another code cell without a word.",
    ),
    Case(
        "PM521",
        replace(LESSON, "# A shared word", "# Some word"),
        LESSON,
        "The first cell says 'Some word', but the form's title is 'A shared word'.",
    ),
    Case(
        "PM522",
        replace(LESSON, "1. Compute a share from two counts.", "1. Count."),
        FIRST,
        "The objective 'Compute a share from two counts.' does not stand in the first cell of "
        "01-a-lesson.ipynb.",
    ),
    Case(
        "PM523",
        replace(
            LESSON,
            "How many of the positive results are right?",
            "20 minutes · facts valid as of 24 November 2026",
        ),
        LESSON,
        "The first cell says 20 minutes, but the form says 30.",
    ),
    Case(
        "PM524",
        replace(LESSON, " Not yet clinically reviewed.", ""),
        LESSON,
        "The module is not reviewed, and the last cell hides it.",
    ),
    Case(
        "PM525",
        text(EXERCISE),
        LESSON,
        "The checkpoint `t01-1-check-1` in cell 2 (the-numbers) has no solution.",
    ),
    Case(
        "PM526",
        text(":::{figure} plot.png\n:::"),
        LESSON,
        "Cell 2 (the-numbers) uses the unknown block `figure`.",
    ),
    Case(
        "PM527",
        text('<font color="red">Attention</font>'),
        LESSON,
        'Cell 2 (the-numbers) holds raw HTML: <font color="red">.',
    ),
    Case("PM528", code("print(\n" + "1,\n" * 16 + ")"), LESSON, "Cell 3 (share) has 18 lines of code."),
    Case(
        "PM529",
        code("a = 1  # CHANGE ME\nb = 2  # CHANGE ME"),
        LESSON,
        "Cell 3 (share) says CHANGE ME more than once.",
    ),
]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.code)
def test_the_change_gives_this_problem_only(case: Case, own_curriculum: Path) -> None:
    """One change, one problem; none with the rule switched off."""
    check(case, own_curriculum)
