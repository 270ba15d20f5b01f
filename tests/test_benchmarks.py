"""Benchmarks are run by hand, so that what they use may vanish unseen; here it is looked for."""

import ast
import importlib
from importlib.util import find_spec
from pathlib import Path
from types import ModuleType

import pytest

SCRIPTS = sorted((Path(__file__).parents[1] / "benchmarks").glob("*.py"))


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda path: path.stem)
def test_what_a_benchmark_uses_is_there(script: Path) -> None:
    """Every name that it takes from the library."""
    lacking = []
    for node in ast.walk(ast.parse(script.read_text("utf-8"))):
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("pmcampus"):
            module = importlib.import_module(str(node.module))
            lacking += [name for name in (alias.name for alias in node.names) if not _has(module, name)]

    assert lacking == []


def _has(module: ModuleType, name: str) -> bool:
    return hasattr(module, name) or find_spec(f"{module.__name__}.{name}") is not None
