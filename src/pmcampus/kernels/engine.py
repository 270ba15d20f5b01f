"""The warm parent that marks: what it imports ahead, and what its children become."""

import sys
from collections.abc import Iterable, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Any

from pmcampus.content import load_notebook
from pmcampus.kernels.environment import campus_environment
from pmcampus.kernels.parent import WarmParent, warm_parent
from pmcampus.model.notebook import as_text, is_answer
from pmcampus.names import imported

ENTRIES = {"learner": "pmcampus.kernels.learner", "checker": "pmcampus.kernels.official"}
ALWAYS = ("matplotlib.pyplot", "matplotlib_inline.backend_inline", "numpy", "pandas")


def engine(
    cells: Iterable[Mapping[str, Any]] = (),
    *,
    sandbox: bool = True,
    variables: Mapping[str, str] = MappingProxyType({}),
) -> WarmParent:
    """The warm parent that has what the locked cells of a notebook import; it may still be starting.

    Called early, it loads their libraries while this process loads its own.

    Args:
        variables: what of the environment is to differ from the usual one.
    """
    environment = {**campus_environment(), **variables}
    return warm_parent(preload(cells), ENTRIES, sandbox=sandbox, environment=environment)


def begin(root: Path, assessment: str) -> None:
    """Start the warm parent of this assessment, if there is one; whoever marks later waits for it."""
    path = root / "assessments" / assessment / f"{assessment}.ipynb"
    if sys.platform == "linux" and path.is_file():
        engine(cell.data for cell in load_notebook(root, path).cells)


def preload(cells: Iterable[Mapping[str, Any]]) -> tuple[str, ...]:
    """The modules that the locked code cells import, and those every lesson draws with."""
    return tuple(sorted(imports(cells) | set(ALWAYS)))


def imports(cells: Iterable[Mapping[str, Any]]) -> frozenset[str]:
    """The modules that the locked code cells import."""
    modules: set[str] = set()
    for cell in cells:
        if cell.get("cell_type") == "code" and not is_answer(cell):
            modules |= imported(as_text(cell.get("source", "")))
    return frozenset(modules)
