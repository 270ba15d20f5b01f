"""Whatever stands in a form or notebook, the linter answers with problems and never with a traceback."""

import json
import shutil
from pathlib import Path
from typing import Any

import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pmcampus.content import load_tree
from pmcampus.errors import ContentError
from pmcampus.lint import lint
from tests.conftest import TWO_MODULES
from tests.lint.cases import TODAY

ODD = """first-steps|T1|### BEGIN SOLUTION|:::{exercise}|{term}`x`|![](|```````|[a](b#c)|%%bash|0x7f3c2c1d5e50
\0|\U0001f9ec
99999999999999999999.1.1|[FILL IN:|a@b.pt|{cite}`,`|a\\|2026-13-45|[x](http://[)|1e999|![a](%ff)|"""
WORDS = st.sampled_from(ODD.replace("\n", "|").split("|"))
LEAVES = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=12) | WORDS | st.dates()
VALUES = st.recursive(
    LEAVES,
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(WORDS | st.text(max_size=4), inner, max_size=3)
    ),
    max_leaves=6,
)
FORMS = sorted(p.relative_to(TWO_MODULES).as_posix() for p in TWO_MODULES.rglob("*.yaml"))
NOTEBOOKS = sorted(p.relative_to(TWO_MODULES).as_posix() for p in TWO_MODULES.rglob("*.ipynb"))
PRIVATE = settings(
    max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


def places(value: Any, at: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """Every place in nested lists and mappings."""
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [at, *(place for key, part in inner for place in places(part, (*at, key)))]


def put(value: Any, place: tuple[Any, ...], new: Any) -> Any:
    """The value with `new` at one place."""
    if not place:
        return new
    part = value
    for key in place[:-1]:
        part = part[key]
    part[place[-1]] = new
    return value


@PRIVATE
@given(path=st.sampled_from(FORMS), choose=st.integers(0, 10_000), new=VALUES)
def test_any_value_in_a_form(path: str, choose: int, new: Any, tmp_path: Path) -> None:
    """One value of one form is replaced by anything YAML can hold."""
    root = copied(tmp_path)
    data = yaml.safe_load((root / path).read_text("utf-8"))
    spots = places(data)
    (root / path).write_text(yaml.safe_dump(put(data, spots[choose % len(spots)], new)), "utf-8")

    assert isinstance(lint(load_tree(root), today=TODAY), list)


@PRIVATE
@given(path=st.sampled_from(NOTEBOOKS), choose=st.integers(0, 10_000), new=VALUES)
def test_any_value_in_a_notebook(path: str, choose: int, new: Any, tmp_path: Path) -> None:
    """One value of one notebook is replaced by anything JSON can hold."""
    root = copied(tmp_path)
    data = json.loads((root / path).read_text("utf-8"))
    spots = places(data)
    changed = put(data, spots[choose % len(spots)], new)
    (root / path).write_text(json.dumps(changed, default=str), "utf-8", errors="replace")

    assert isinstance(lint(load_tree(root), today=TODAY), list)


@PRIVATE
@given(path=st.sampled_from(FORMS + NOTEBOOKS), cut=st.integers(0, 4_000), noise=st.binary(max_size=20))
def test_any_bytes_in_a_file(path: str, cut: int, noise: bytes, tmp_path: Path) -> None:
    """A file is cut off and ends in noise."""
    root = copied(tmp_path)
    (root / path).write_bytes((root / path).read_bytes()[:cut] + noise)
    try:
        problems = lint(load_tree(root), today=TODAY)
    except ContentError:
        assert path.endswith("curriculum.yaml"), "only the root itself may be refused"
        return

    assert isinstance(problems, list)


def copied(folder: Path) -> Path:
    """A fresh copy of the fixture."""
    root = folder / "copy"
    shutil.rmtree(root, ignore_errors=True)
    return Path(shutil.copytree(TWO_MODULES, root))
