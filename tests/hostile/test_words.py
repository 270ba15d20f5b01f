"""What a learner's process says that nobody can store, show or read in time; the run goes on."""

import time
from datetime import UTC, datetime
from pathlib import Path

import nbformat
import pytest
from nbformat.v4 import new_code_cell

from pmcampus.coursedir import write_marked
from pmcampus.grade import grade
from pmcampus.marking import mark
from pmcampus.paper import Paper
from tests.conftest import answered, as_bytes
from tests.test_grade import handed_in, states, take
from tests.test_marking import RIGHT

pytestmark = pytest.mark.kernel
AT = datetime(2026, 10, 20, 9, 0, tzinfo=UTC)

UNSTORABLE = """\
import pmcampus.kernels.learner as own
own.Learner._fetch = lambda self, message, parts: ({"values": {}, "refused": {"word": "a\\x00b \\ud800"}}, [])"""


def test_a_reason_that_no_page_can_hold_stops_nobody(
    tmp_path: Path, curriculum: Path, database: str, paper: Paper
) -> None:
    """Half of a surrogate pair ended the writing of everybody's feedback; it becomes a visible sign."""
    cohort = handed_in(tmp_path, curriculum, paper, database)
    attack = as_bytes(answered(paper, **RIGHT | {"wrong_word": UNSTORABLE}))
    take(tmp_path, cohort, curriculum, "wrong", attack, AT)

    done = grade(cohort, "counting", root=curriculum, workers=1)

    assert ["late", "right", "wrong"] == sorted(done.marked)
    assert states(cohort, curriculum)["wrong"][1] == 4.0


DEEP = """\
from IPython.display import display
deep = {}
for _ in range(600):
    deep = {"a": deep}
display({"text/plain": "x"}, raw=True, metadata=deep)
word = 'positive'"""

FORTY_CELLS = ["print('x' * 1_900_000)"] * 40

ENDLESS_READING = """\
import io
import numpy as np
import pmcampus.kernels.learner as own
part = io.BytesIO()
np.lib.format.write_array(part, np.zeros(5_000_000))
tree = {"t": "dict", "v": [[1, {"t": "array", "v": 0}]] * 300_000}
own.Learner._fetch = lambda self, message, parts: ({"values": {"word": tree}, "refused": {}}, [part.getvalue()])"""


def test_outputs_nested_without_end_cost_no_point(paper: Paper) -> None:
    """Reading them ran out of stack, and nothing was scored."""
    found = mark(paper, as_bytes(answered(paper, **RIGHT | {"wrong_word": DEEP}))).verdict

    assert [4.0, 2.0] == [item.score for item in found.items][:2]


def test_many_cells_of_much_output_are_marked(paper: Paper) -> None:
    """Each keeps its own limit; together they are more than a message holds, and the rest is left out."""
    notebook = answered(paper, **RIGHT)
    notebook.cells[1:1] = [new_code_cell(source) for source in FORTY_CELLS]

    found = mark(paper, as_bytes(notebook))

    assert [4.0, 2.0] == [item.score for item in found.verdict.items][:2]
    assert found.notebook is not None
    assert "the rest was left out" in str(found.notebook.cells[40].outputs)


def test_an_answer_that_takes_hours_to_read_is_a_zero_in_time(paper: Paper) -> None:
    """It was our failure, after minutes, at every run."""
    started = time.monotonic()

    found = mark(paper, as_bytes(answered(paper, **RIGHT | {"wrong_word": ENDLESS_READING}))).verdict

    assert [4.0, 0.0] == [item.score for item in found.items][:2]
    assert "too long to read" in found.items[1].message
    assert time.monotonic() - started < 60


@pytest.mark.parametrize("kind", ["an output", "a written answer"])
def test_tags_that_are_never_closed_hold_up_nobody(paper: Paper, tmp_path: Path, kind: str) -> None:
    """What cleans them for the marker's browser takes the square of their number: an hour for two megabytes."""
    tags = "<b>" * 60_000
    attack = {"letter": tags}
    if kind == "an output":
        attack = {"wrong_word": f"word = 'positive'\nfrom IPython.display import HTML\nHTML({tags!r})"}
    found = mark(paper, as_bytes(answered(paper, **RIGHT | attack))).notebook
    assert found is not None
    started = time.monotonic()

    write_marked(tmp_path / "marked.ipynb", found)

    assert time.monotonic() - started < 10
    assert "<b><b>" not in str(nbformat.read(tmp_path / "marked.ipynb", 4).cells[-1].source)
