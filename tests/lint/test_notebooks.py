"""PM50x to PM52x: a change for each rule about notebooks as they are stored and what lessons say."""

from pathlib import Path
from typing import Any

import pytest

from tests.lint.cases import (
    FIRST, LESSON, PAPER, Case, all_of, cell, check, code, metadata, notebook, output, replace, text, write,
)  # fmt: skip

EXERCISE = ":::{exercise}\n:label: t01-1-check-1\nWhich?\n:::\n"
ERROR = {"output_type": "error", "ename": "ZeroDivisionError", "evalue": "division by zero", "traceback": []}


def touching(stored: dict[str, Any]) -> None:
    """A second code cell right after the first."""
    second = {"cell_type": "code", "id": "again", "metadata": {}, "outputs": [], "execution_count": 2, "source": "right"}
    stored["cells"].insert(3, second)


def swapped(stored: dict[str, Any]) -> None:
    """Two code cells, run the wrong way round."""
    touching(stored)
    stored["cells"].insert(3, {"cell_type": "markdown", "id": "between", "metadata": {}, "source": "And:"})
    stored["cells"][4]["execution_count"] = 7


CASES = [
    Case("PM501", write(LESSON, "<<<<<<< HEAD"), LESSON, "?"),
    Case("PM502", cell(LESSON, "disclaimer", id="title"), LESSON, "?"),
    Case("PM503", replace(LESSON, '"name": "python3"', '"name": "my-env"'), LESSON, "?"),
    Case("PM504", cell(LESSON, "the-numbers", attachments={"a.png": {"image/png": "x"}}), LESSON, "?"),
    Case("PM505", cell(LESSON, "share", execution_count=None), LESSON, "?"),
    Case("PM506", notebook(LESSON, swapped), LESSON, "?"),
    Case("PM507", output(**ERROR), LESSON, "?"),
    Case("PM508", output(output_type="stream", name="stderr", text="FutureWarning: soon"), LESSON, "?"),
    Case("PM509", output(output_type="execute_result", execution_count=1, metadata={}, data={"text/plain": ["[<Line2D at 0x7f3c2c1d5e50>]"]}), LESSON, "?"),
    Case("PM510", cell(PAPER, "given", execution_count=1), PAPER, "?"),
    Case("PM511", text("### BEGIN HIDDEN TESTS"), LESSON, "?"),
    Case("PM512", notebook(LESSON, touching), LESSON, "?"),
    Case("PM521", replace(LESSON, "# A shared word", "# Some word"), LESSON, "?"),
    Case("PM522", replace(LESSON, "1. Compute a share from two counts.", "1. Count."), FIRST, "?"),
    Case("PM523", replace(LESSON, "How many of the positive results are right?", "20 minutes · facts valid as of 24 November 2026"), LESSON, "?"),
    Case("PM524", replace(LESSON, " Not yet clinically reviewed.", ""), LESSON, "?"),
    Case("PM525", text(EXERCISE), LESSON, "?"),
    Case("PM526", text(":::{figure} plot.png\n:::"), LESSON, "?"),
    Case("PM527", text('<font color="red">Attention</font>'), LESSON, "?"),
    Case("PM528", code("print(\n" + "1,\n" * 16 + ")"), LESSON, "?"),
    Case("PM529", code("a = 1  # CHANGE ME\nb = 2  # CHANGE ME"), LESSON, "?"),
]  # fmt: skip


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.code)
def test_the_change_gives_this_problem_only(case: Case, own_curriculum: Path) -> None:
    """One change, one problem; none with the rule switched off."""
    check(case, own_curriculum)
