"""Which names a cell defines and which it reads, without running it."""

import ast
import warnings
from collections.abc import Iterator
from functools import lru_cache

from pmcampus.syntax import parse

KEPT = 4096  # cells of assessments come back with every submission


def parsed(source: str) -> ast.Module | None:
    """The cell's syntax tree, IPython's own syntax translated; None when it is no Python."""
    try:
        return parse(source)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        pass
    from IPython.core.inputtransformer2 import TransformerManager

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return parse(TransformerManager().transform_cell(source))
    except Exception:  # whatever a hostile text does to IPython's reader
        return None


@lru_cache(KEPT)
def defined(source: str) -> frozenset[str]:
    """Names that the cell binds at its top level."""
    tree = parsed(source)
    return frozenset(_bound(tree)) if tree else frozenset()


@lru_cache(KEPT)
def read(source: str) -> frozenset[str]:
    """Names that the cell may read or delete, as a name or as a text such as `globals()["answer"]`."""
    tree = parsed(source)
    found: set[str] = set()
    for node in ast.walk(tree) if tree else ():
        if isinstance(node, ast.Name) and not isinstance(node.ctx, ast.Store):
            found.add(node.id)
        elif isinstance(node, ast.AugAssign) and isinstance(node.target, ast.Name):
            found.add(node.target.id)
        elif isinstance(node, ast.Constant) and isinstance(node.value, str) and node.value.isidentifier():
            found.add(node.value)
    return frozenset(found)


@lru_cache(KEPT)
def imported(source: str) -> frozenset[str]:
    """Modules that the cell imports, in full: `a.b` for `import a.b` and for `from a.b import c`."""
    tree = parsed(source)
    found: set[str] = set()
    for node in ast.walk(tree) if tree else ():
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            found.add(node.module)
    return frozenset(found)


def _bound(node: ast.AST) -> Iterator[str]:
    """Names bound here or in blocks below, but not inside functions, classes and comprehensions."""
    for child in ast.iter_child_nodes(node):
        if isinstance(child, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
            yield child.name
        elif isinstance(child, (ast.Import, ast.ImportFrom)):
            yield from ((a.asname or a.name.partition(".")[0]) for a in child.names)
        elif isinstance(child, ast.Name) and isinstance(child.ctx, ast.Store):
            yield child.id
        elif isinstance(child, ast.ExceptHandler) and child.name:
            yield from _bound(child)
        elif isinstance(child, (ast.MatchAs, ast.MatchStar)) and child.name:
            yield child.name
            yield from _bound(child)
        elif not isinstance(child, (ast.Lambda, ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)):
            yield from _bound(child)
