"""A plain cell takes a shorter way to the same code."""

from pathlib import Path

import nbformat
import pytest
from hypothesis import given
from hypothesis import strategies as st
from ipykernel.displayhook import ZMQShellDisplayHook
from IPython.core.inputtransformer2 import TransformerManager

from pmcampus.kernels.plain import LooksOnce, PlainFirst, is_plain

REPOSITORY = Path(__file__).parents[2]
PIECES = (
    "x = 1", "%time x", "%%bash", "!ls", "x?", "?x", "a = !ls", "a = %pwd", "In [1]: x", ">>> x", "... x", "...: x",
    "    x", "", "\t", "(1", "% 2)", "'''", '"""', "# a %note", "if x:", "    y = 2", "f(a,", "  !b)", "print('!ls ?')", ";", "x; # no",
    "/f x", ",f a b", "\\", "x = 'a\\d'", "1if x else 2", "await x", "\x0c", "é = 'ü'", "lambda: 0", "for i in x: pass",
)  # fmt: skip
CELLS = st.lists(st.sampled_from(PIECES), max_size=6).flatmap(
    lambda lines: st.sampled_from(["\n", "\r\n"]).map(lambda end: end.join(lines))
)


@given(st.one_of(CELLS, st.text(max_size=40)))
def test_every_cell_becomes_what_ipython_makes_of_it(cell: str) -> None:
    """Magics, prompts, blank first lines, half cells: the text is the same to the byte."""
    assert outcome(TransformerManager(), cell) == outcome(PlainFirst(), cell)


def test_the_lessons_cells_take_the_shorter_way_and_stay_the_same() -> None:
    """Most cells of our own lessons are plain, and IPython would change none of these."""
    cells = [
        cell.source
        for path in sorted((REPOSITORY / "modules").glob("*/lessons/*.ipynb"))
        for cell in nbformat.read(path, 4).cells
        if cell.cell_type == "code"
    ]
    plain = [cell for cell in cells if is_plain(cell)]

    assert len(plain) > 0.9 * len(cells)
    assert all(
        PlainFirst().transform_cell(cell) == TransformerManager().transform_cell(cell) for cell in plain
    )


def test_a_transformation_that_somebody_adds_is_heard() -> None:
    """Whoever adds a rule of their own gets it, for plain cells too."""
    manager = PlainFirst()
    manager.cleanup_transforms.append(lambda lines: [line.replace("one", "two") for line in lines])

    assert manager.transform_cell("x = 'one'") == "x = 'two'\n"


@pytest.mark.parametrize("cell", ["'a\\d'", "1if x else 2"])
def test_a_cell_whose_warning_would_be_said_twice_is_not_parsed_twice(cell: str) -> None:
    """The compiler alone warns of it."""
    assert not is_plain(cell)


@given(
    st.lists(st.sampled_from(["x", "x;", "x; # end", "'a;'", "# ;", "", "f(a;", "';"]), max_size=4).map(
        "\n".join
    )
)
def test_a_value_is_hidden_where_ipykernel_hides_it(cell: str) -> None:
    """A semicolon at the end, whatever comments follow."""
    assert said(ZMQShellDisplayHook, cell) == said(LooksOnce, cell)


def said(hook: type, cell: str) -> bool:
    """Whether the hook hides the value; what cannot be read hides nothing."""
    try:
        return bool(hook.semicolon_at_end_of_expression(cell))  # type: ignore[attr-defined]
    except Exception:
        return False


def outcome(manager: TransformerManager, cell: str) -> str:
    """The cell's code, or the error's name."""
    try:
        return str(manager.transform_cell(cell))
    except Exception as problem:
        return type(problem).__name__
