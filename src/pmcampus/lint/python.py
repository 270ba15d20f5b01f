"""A code cell, read for what rules ask, never run."""

import ast
import re
import warnings
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

MAGIC = re.compile(r"^\s*(?:[%!]|\?|\w+\?\??\s*$|\w+\s*=\s*[%!])")
CELL_MAGIC = re.compile(r"^\s*%%")


@dataclass(frozen=True)
class Python:
    """One cell's code; `tree` is None where Python cannot read it, and `error` says why."""

    tree: ast.Module | None
    magics: tuple[str, ...]
    error: str = ""

    def nodes(self) -> Iterator[ast.AST]:
        """Every node of the code."""
        return ast.walk(self.tree) if self.tree is not None else iter(())

    def texts(self) -> Iterator[str]:
        """Every text in quotation marks."""
        for node in self.nodes():
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                yield node.value

    def imports(self) -> Iterator[str]:
        """Every module that is imported, by its full name."""
        for node in self.nodes():
            if isinstance(node, ast.Import):
                yield from (alias.name for alias in node.names)
            elif isinstance(node, ast.ImportFrom) and node.module:
                yield node.module
                yield from (f"{node.module}.{alias.name}" for alias in node.names)

    def calls(self) -> Iterator[tuple[str, ast.Call]]:
        """Every call with the dotted name of what is called, as far as it has one."""
        for node in self.nodes():
            if isinstance(node, ast.Call):
                yield dotted(node.func), node


@lru_cache(maxsize=20_000)
def read(source: str) -> Python:
    """The cell's code, with notebook magics taken out."""
    if CELL_MAGIC.match(source):
        return Python(ast.Module(body=[], type_ignores=[]), (source.strip().split("\n")[0],))
    try:
        return Python(_parsed(source), ())
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        pass
    lines = source.split("\n")
    magics = tuple(line.strip() for line in lines if MAGIC.match(line))
    rest = "\n".join(re.match(r"\s*", line)[0] + "pass" if MAGIC.match(line) else line for line in lines)  # type: ignore[index]
    try:
        return Python(_parsed(rest), magics)
    except (SyntaxError, ValueError, RecursionError, MemoryError) as problem:
        return Python(None, magics, str(getattr(problem, "msg", problem)))


def dotted(node: ast.AST) -> str:
    """The name of a function as it is written, such as `np.random.rand`."""
    if isinstance(node, ast.Name):
        return node.id
    if isinstance(node, ast.Attribute):
        return f"{dotted(node.value)}.{node.attr}"
    return ""


def _parsed(source: str) -> ast.Module:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return ast.parse(source)
