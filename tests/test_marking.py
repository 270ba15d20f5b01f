"""One submission, in a real kernel, from bytes to verdict."""

import pytest

from pmcampus.marking import mark, mark_visible
from pmcampus.model.verdict import Mark, Verdict
from pmcampus.paper import Paper
from tests.conftest import answered, as_bytes

pytestmark = pytest.mark.kernel

RIGHT = {
    "share": "def share(part, whole):\n    return part / whole",
    "wrong_word": "word = 'positive'",
    "letter": "Nine of twelve were right.",
}


def verdict(paper: Paper, **answers: str) -> Verdict:
    """The verdict on these answers."""
    return mark(paper, as_bytes(answered(paper, **answers))).verdict


def by_cell(found: Verdict) -> dict[str, tuple[float | None, Mark]]:
    """Score and mark of each item."""
    return {item.cell: (item.score, item.mark) for item in found.items}


def test_right_answers_earn_all_automatic_points(paper: Paper) -> None:
    """And the written one waits for a person."""
    assert by_cell(verdict(paper, **RIGHT)) == {
        "share-check": (4.0, Mark.FULL),
        "wrong-word-check": (2.0, Mark.FULL),
        "letter": (None, Mark.AWAITING),
    }


def test_the_untouched_notebook_earns_nothing(paper: Paper) -> None:
    """On no item."""
    assert {score for score, _ in by_cell(verdict(paper)).values()} == {0.0}


def test_an_endless_loop_costs_its_item_only(paper: Paper) -> None:
    """The cell is stopped after the limit; the next item is marked."""
    found = by_cell(verdict(paper, **RIGHT | {"share": "while True: pass"}))

    assert found["share-check"][0] == 0.0
    assert found["wrong-word-check"] == (2.0, Mark.FULL)


def test_an_answer_that_ends_its_kernel_costs_its_item_only(paper: Paper) -> None:
    """A new kernel runs the other answers; a note says what happened."""
    found = verdict(paper, **RIGHT | {"share": "import os; os._exit(1)"})

    assert by_cell(found)["share-check"][0] == 0.0
    assert by_cell(found)["wrong-word-check"] == (2.0, Mark.FULL)
    assert "stopped the notebook" in found.notes[-1]


@pytest.mark.parametrize(
    "body",
    [
        "import os; os._exit(0)",
        "import signal; signal.signal(signal.SIGINT, signal.SIG_IGN)\n    while True: pass",
    ],
)
def test_a_check_that_the_answer_kills_or_holds_earns_nothing(paper: Paper, body: str) -> None:
    """A test cell without outputs is full marks only when the kernel said that it ended well."""
    found = by_cell(verdict(paper, **RIGHT | {"share": f"def share(part, whole):\n    {body}"}))

    assert found["share-check"] == (0.0, Mark.ERROR)


def test_the_same_bytes_give_the_same_verdict(paper: Paper) -> None:
    """Twice."""
    handed_in = as_bytes(answered(paper, **RIGHT))

    assert mark(paper, handed_in).verdict == mark(paper, handed_in).verdict


def test_a_file_that_is_no_notebook_is_a_refusal(paper: Paper) -> None:
    """It has no scores, and a reason."""
    marked = mark(paper, b"not a notebook")

    assert marked.notebook is None
    assert "cannot be read as a notebook" in (marked.verdict.refused or "")


def test_the_visible_checks_tell_form_and_no_marks(paper: Paper) -> None:
    """A wrong answer of the right form looks ready: hidden tests are not run."""
    wrong = as_bytes(answered(paper, **RIGHT | {"share": "def share(part, whole):\n    return 0.1"}))

    found = mark_visible(paper, wrong).verdict

    assert found.items[0].message.strip() == "An answer is there."
