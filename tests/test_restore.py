"""The official notebook with a learner's answers in it, whatever they did to theirs."""

from copy import deepcopy

from hypothesis import given
from hypothesis import strategies as st
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell

from pmcampus.model.notebook import name_of
from pmcampus.paper import Paper, load_paper
from pmcampus.restore import restore
from tests.conftest import TWO_MODULES, answered

PAPER = load_paper(TWO_MODULES, "counting")


def sources(notebook: NotebookNode, name: str) -> list[str]:
    """Texts of the cells with this name."""
    return [cell.source for cell in notebook.cells if name_of(cell) == name]


def test_answers_go_in_and_hidden_tests_come_back(paper: Paper) -> None:
    """The learner's answer stands before the official test."""
    restored = restore(paper.official, answered(paper, share="def share(a, b): return a / b"))

    assert sources(restored.notebook, "share") == ["def share(a, b): return a / b"]
    assert "BEGIN HIDDEN TESTS" in sources(restored.notebook, "share-check")[0]
    assert restored.notes == ()


def test_a_changed_test_or_point_is_ignored(paper: Paper) -> None:
    """Points, locks and tests are the official ones."""
    notebook = answered(paper)
    for cell in notebook.cells:
        if cell.metadata.nbgrader.grade_id == "share-check":
            cell.source = "99"
            cell.metadata.nbgrader["points"] = 1000

    restored = restore(paper.official, notebook)

    assert sources(restored.notebook, "share-check") == sources(paper.official, "share-check")
    assert restored.notebook.cells[5 - 1].metadata.nbgrader.points == 4


def test_a_deleted_test_comes_back(paper: Paper) -> None:
    """Deleting what would fail does not help."""
    notebook = answered(paper)
    notebook.cells = [c for c in notebook.cells if c.metadata.nbgrader.grade_id != "share-check"]

    restored = restore(paper.official, notebook)

    assert sources(restored.notebook, "share-check") == sources(paper.official, "share-check")


def test_a_missing_answer_is_put_back_empty_and_noted(paper: Paper) -> None:
    """The item is marked as unanswered, and the learner is told why."""
    notebook = answered(paper)
    notebook.cells = [c for c in notebook.cells if c.metadata.nbgrader.grade_id != "wrong-word"]

    restored = restore(paper.official, notebook)

    assert sources(restored.notebook, "wrong-word") == [paper.starters["wrong-word"]]
    assert "The answer cell wrong-word was missing" in restored.notes[0]


def test_of_copied_cells_the_first_changed_one_counts(paper: Paper) -> None:
    """One copied cell stops nobody's marking."""
    notebook = answered(paper)
    copy = deepcopy(next(c for c in notebook.cells if c.metadata.nbgrader.grade_id == "wrong-word"))
    copy.source = 'word = "positive"'
    notebook.cells.insert(3, copy)
    notebook.cells.append(deepcopy(copy))

    restored = restore(paper.official, notebook)

    assert sources(restored.notebook, "wrong-word") == ['word = "positive"']
    assert "was there 3 times" in restored.notes[0]


def test_own_cells_stay_where_the_learner_put_them(paper: Paper) -> None:
    """A helper written above an answer still runs before it, without any metadata."""
    notebook = answered(paper)
    notebook.cells.insert(3, new_code_cell("helper = 1", metadata={"tags": ["x"]}))

    cells = restore(paper.official, notebook).notebook.cells

    assert cells[3].source == "helper = 1"
    assert cells[3].metadata == {}
    assert len(paper.official.cells) + 1 == len(cells)


def test_a_changed_locked_cell_is_repaired_and_noted(paper: Paper) -> None:
    """Data and text are the official ones."""
    restored = restore(paper.official, answered(paper, given="found, all_found = 12, 12"))

    assert sources(restored.notebook, "given") == ["found, all_found = 9, 12"]
    assert restored.notes == ("The locked cell given had been changed; the official one was used.",)


@given(st.permutations(range(len(PAPER.release.cells))), st.sets(st.integers(0, 8)))
def test_order_and_losses_never_change_what_is_official(order: list[int], lost: set[int]) -> None:
    """However cells are moved or dropped, the locked part is the official notebook."""
    notebook = deepcopy(PAPER.release)
    notebook.cells = [notebook.cells[i] for i in order if i not in lost]

    restored = restore(PAPER.official, notebook).notebook

    assert [c.metadata for c in PAPER.official.cells] == [c.metadata for c in restored.cells]
    assert [c.source for c in PAPER.official.cells] == [c.source for c in restored.cells]
