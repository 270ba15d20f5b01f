"""Which names a cell defines and reads, without running it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pmcampus.names import defined, imported, read


@pytest.mark.parametrize(
    ("source", "names"),
    [
        ("a = 1\nb, (c, *d) = 1, (2, 3)", {"a", "b", "c", "d"}),
        ("def f(x):\n    y = x\n\nclass C:\n    z = 1", {"f", "C"}),
        ("import numpy as np\nimport os.path\nfrom math import pi as p", {"np", "os", "p"}),
        ("for i in range(3):\n    last = i\nwith open('x') as file:\n    pass", {"i", "last", "file"}),
        ("if (n := 10) > 5:\n    big = n\nelse:\n    small = n", {"n", "big", "small"}),
        ("squares = [k * k for k in range(3)]\nf = lambda q: q", {"squares", "f"}),
        ("x: int = 3\nx += 1", {"x"}),
        ("try:\n    ok = 1\nexcept ValueError as problem:\n    bad = 1", {"ok", "bad"}),
        ("%matplotlib inline\nshares = !ls", {"shares"}),
        ("match point:\n    case [first, *rest]:\n        hit = 1", {"first", "rest", "hit"}),
        ("this is no Python", set()),
    ],
)
def test_a_cell_defines_what_it_binds_at_its_top(source: str, names: set[str]) -> None:
    """What functions and comprehensions bind is their own."""
    assert names == defined(source)


def test_a_cell_reads_names_texts_and_what_it_deletes() -> None:
    """`globals()["answer"]` reads a name, and so does `del answer`."""
    assert {"share", "gone", "total", "globals", "hidden_name"} <= read(
        "assert share(1)\ndel gone\ntotal += 1\nglobals()['hidden_name']"
    )


def test_imports_are_named_in_full() -> None:
    """For the warm parent, which must import the same."""
    assert {"a.b", "c", "d.e"} == imported("import a.b, c as x\nfrom d.e import f\nfrom . import own")


@given(st.text(max_size=200))
def test_no_text_makes_it_fail(source: str) -> None:
    """A learner's cell may hold anything."""
    assert isinstance(defined(source) | read(source) | imported(source), frozenset)
