"""PM7xx: a change for each rule about pictures, headings and colours."""

from pathlib import Path

import pytest

from pmcampus.builders import lesson_figure
from pmcampus.lint import accessibility
from tests.lint.cases import LESSON, Case, check, code, plot, text

CASES = [
    Case(
        "PM701",
        text("![](https://doi.org/10.3390/jpm14060546)"),
        LESSON,
        "The picture https://doi.org/10.3390/jpm14060546 has no text alternative.",
    ),
    Case("PM702", plot(alt=None), LESSON, "Cell 3 (share) shows a plot without a text alternative."),
    Case("PM703", plot(alt="Two bars."), LESSON, "Cell 3 (share) has a text alternative of 9 signs."),
    Case(
        "PM704",
        text("#### A detail"),
        LESSON,
        "Cell 2 (the-numbers) jumps from a heading of level 1 to level 4: 'A detail'.",
    ),
    Case(
        "PM705", text("# Another title"), LESSON, "Cell 2 (the-numbers) has a second title: 'Another title'."
    ),
    Case("PM712", plot(caption=None), LESSON, "Cell 3 (share) shows a plot without a caption."),
    Case("PM713", code('colour = "#ff0000"'), LESSON, "Cell 3 (share) uses the colour #ff0000."),
]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.code)
def test_the_change_gives_this_problem_only(case: Case, own_curriculum: Path) -> None:
    """One change, one problem; none with the rule switched off."""
    check(case, own_curriculum)


def test_every_colour_the_linter_allows_turns_in_the_dark() -> None:
    """The palette stands in two places: where colours are checked, and where figures are drawn anew."""
    assert set(accessibility.PALETTE) <= set(lesson_figure.PALETTE)
