"""Running notebooks in real kernels, and storing what they gave."""

from pathlib import Path

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from pmcampus.errors import ContentError
from pmcampus.notebooks import execute, run_lesson

pytestmark = pytest.mark.kernel


def lesson(folder: Path, *sources: str) -> Path:
    """A lesson with these code cells."""
    path = folder / "01-lesson.ipynb"
    cells = [new_markdown_cell("# Lesson", id="title")]
    cells += [
        new_code_cell(source, id=f"cell-{i}", metadata={"scrolled": True}) for i, source in enumerate(sources)
    ]
    path.write_text(nbformat.writes(new_notebook(cells=cells, metadata={"authors": ["x"]})))
    return path


PLOT = "import matplotlib.pyplot as plt\nplt.plot([1, 2], [3, 4])\nplt.title('Which?')\nplt.show()"


def test_a_second_run_changes_no_byte(tmp_path: Path) -> None:
    """Neither counts, nor times, nor a figure's identifiers."""
    path = lesson(tmp_path, "print('one')\nprint('two')", "{'b': 1, 'a': 2}", PLOT)

    assert run_lesson(path)
    first = path.read_bytes()
    assert not run_lesson(path)
    assert path.read_bytes() == first


def test_a_stored_lesson_holds_outputs_and_no_traces_of_the_machine(tmp_path: Path) -> None:
    """Figures are SVG with their text; metadata that editors add is gone."""
    path = lesson(tmp_path, "print(1)", PLOT)
    run_lesson(path)

    stored = nbformat.read(path, 4)

    assert [cell.execution_count for cell in stored.cells[1:]] == [1, 2]
    assert "image/png" not in stored.cells[2].outputs[0].data
    assert "Which?" in stored.cells[2].outputs[0].data["image/svg+xml"]
    assert stored.cells[1].metadata == {}
    assert set(stored.metadata) == {"kernelspec", "language_info"}


@pytest.mark.parametrize(
    ("source", "sentence"),
    [
        ("1 / 0", r"cell 2 \(cell-0\) fails with ZeroDivisionError"),
        ("import sys; print('careful', file=sys.stderr)", r"cell 2 \(cell-0\) writes to stderr: 'careful'"),
        ("object()", r"cell 2 \(cell-0\) shows a memory address"),
        ("import os; os._exit(3)", "The kernel died"),
    ],
)
def test_a_faulty_lesson_keeps_its_old_outputs(tmp_path: Path, source: str, sentence: str) -> None:
    """One sentence with the cell; the file is untouched."""
    path = lesson(tmp_path, source)
    before = path.read_bytes()

    with pytest.raises(ContentError, match=sentence):
        run_lesson(path)

    assert path.read_bytes() == before


def test_a_kernel_that_ignores_interrupts_is_killed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An answer cannot hold the grader up for ever."""
    monkeypatch.setattr("pmcampus.notebooks.GRACE", 1)
    stubborn = "import signal\nsignal.signal(signal.SIGINT, signal.SIG_IGN)\nwhile True: pass"
    notebook = new_notebook(cells=[new_code_cell(stubborn), new_code_cell("print(1)")])

    ran = execute(notebook, folder=tmp_path, cell_seconds=1)

    assert [[output.ename for output in cell.outputs] for cell in ran.notebook.cells] == [["NotFinished"]] * 2


def test_a_cell_that_prints_without_end_is_cut_off_and_failed(tmp_path: Path) -> None:
    """The grader's memory and the marked notebook stay small, and the cells after it run."""
    flood = "for _ in range(30): print('y' * 1_000_000, flush=True)"
    notebook = new_notebook(cells=[new_code_cell(flood), new_code_cell("print(1)")])

    ran = execute(notebook, folder=tmp_path, cell_seconds=20)

    assert len(nbformat.writes(ran.notebook)) < 3_000_000
    assert ran.notebook.cells[0].outputs[-1].ename == "TooMuchOutput"
    assert ran.notebook.cells[1].outputs[0].text == "1\n"


def test_a_kernel_sees_no_environment_of_ours(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Passwords in the instructor's shell stay there."""
    monkeypatch.setenv("PMCAMPUS_GRADEBOOK", "postgresql://campus:secret@host/name")
    notebook = new_notebook(cells=[new_code_cell("import os; print(sorted(os.environ))")])

    ran = execute(notebook, folder=tmp_path, cell_seconds=20)

    assert "PMCAMPUS_GRADEBOOK" not in ran.notebook.cells[0].outputs[0].text
    assert "MATPLOTLIBRC" in ran.notebook.cells[0].outputs[0].text
