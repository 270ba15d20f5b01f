"""A code cell, read for what rules ask, never run."""

import ast
import re
import warnings
from dataclasses import dataclass
from functools import lru_cache

from pmcampus.syntax import parse

MAGIC = re.compile(r"^\s*(?:[%!]|\?|\w+\?\??\s*$|\w+\s*=\s*[%!])")
CELL_MAGIC = re.compile(r"^\s*%%")


@dataclass(frozen=True)
class Python:
    """One cell's code; `tree` is None where Python cannot read it, and `error` says why.

    `texts` are the texts in quotation marks, `imports` the full names of imported modules, `calls`
    the calls with the dotted name of what is called: found in one walk, because many rules ask.
    """

    tree: ast.Module | None
    magics: tuple[str, ...]
    error: str = ""
    texts: tuple[str, ...] = ()
    imports: tuple[str, ...] = ()
    calls: tuple[tuple[str, ast.Call], ...] = ()


@lru_cache(maxsize=20_000)
def read(source: str) -> Python:
    """The cell's code, with notebook magics taken out."""
    if CELL_MAGIC.match(source):
        return Python(ast.Module(body=[], type_ignores=[]), (source.strip().split("\n")[0],))
    try:
        return _seen(_parsed(source), ())
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        pass
    lines = source.split("\n")
    magics = tuple(line.strip() for line in lines if MAGIC.match(line))
    rest = "\n".join(re.match(r"\s*", line)[0] + "pass" if MAGIC.match(line) else line for line in lines)  # type: ignore[index]
    try:
        return _seen(_parsed(rest), magics)
    except (SyntaxError, ValueError, RecursionError, MemoryError) as problem:
        return Python(None, magics, str(getattr(problem, "msg", problem)))


def _seen(tree: ast.Module, magics: tuple[str, ...]) -> Python:
    texts: list[str] = []
    imports: list[str] = []
    calls: list[tuple[str, ast.Call]] = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            texts.append(node.value)
        elif isinstance(node, ast.Import):
            imports += [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.module:
            imports += [node.module, *(f"{node.module}.{alias.name}" for alias in node.names)]
        elif isinstance(node, ast.Call):
            calls.append((dotted(node.func), node))
    return Python(tree, magics, "", tuple(texts), tuple(imports), tuple(calls))


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
        return parse(source)
