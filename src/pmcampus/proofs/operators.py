"""Small mistakes, as people make them: what can be changed in a right answer.

Cosmic Ray and mutmut change files on disk and run a whole test suite for each change; their operators know
Python's mistakes, not ours (a dropped filter, the mean for the median, a wrong unit). An answer is a few
lines that are judged one by one, so the changes are made here, on the trees of Python's own parser: an
operator gets a node and yields what stands in its place.
"""

import ast
from collections.abc import Callable, Iterator
from copy import deepcopy
from typing import Any

UNITS = frozenset({10, 12, 24, 52, 60, 100, 365, 1000, 1_000_000})
COMPARED: dict[type[ast.cmpop], tuple[type[ast.cmpop], ...]] = {
    ast.Lt: (ast.LtE, ast.Gt),
    ast.LtE: (ast.Lt, ast.Gt),
    ast.Gt: (ast.GtE, ast.Lt),
    ast.GtE: (ast.Gt, ast.Lt),
    ast.Eq: (ast.NotEq,),
    ast.NotEq: (ast.Eq,),
    ast.In: (ast.NotIn,),
    ast.NotIn: (ast.In,),
    ast.Is: (ast.IsNot,),
    ast.IsNot: (ast.Is,),
}
CALCULATED: dict[type[ast.operator], type[ast.operator]] = {
    ast.Add: ast.Sub,
    ast.Sub: ast.Add,
    ast.Mult: ast.Div,
    ast.Div: ast.Mult,
    ast.FloorDiv: ast.Div,
    ast.Mod: ast.FloorDiv,
    ast.Pow: ast.Mult,
    ast.BitAnd: ast.BitOr,
    ast.BitOr: ast.BitAnd,
}
SIMILAR = {
    "mean": "median",
    "median": "mean",
    "sum": "max",
    "max": "min",
    "min": "max",
    "idxmax": "idxmin",
    "idxmin": "idxmax",
    "argmax": "argmin",
    "argmin": "argmax",
    "std": "var",
    "var": "std",
    "any": "all",
    "all": "any",
    "ceil": "floor",
    "floor": "ceil",
    "first": "last",
    "last": "first",
    "head": "tail",
    "tail": "head",
    "count": "sum",
    "union": "intersection",
    "intersection": "union",
    "log": "log10",
    "log10": "log",
    "append": "count",
    "add": "discard",
}
Change = Callable[[Any, Any], Iterator[ast.AST | None]]


def number(node: ast.Constant, tree: Any) -> Iterator[ast.AST | None]:
    """One more, one less; a number half as large again."""
    if isinstance(node.value, bool) or not isinstance(node.value, int | float) or node.value in UNITS:
        return
    if isinstance(node.value, int):
        yield ast.Constant(node.value + 1)
        yield ast.Constant(node.value - 1)
    elif node.value:
        yield ast.Constant(node.value * 1.5)
    else:
        yield ast.Constant(1.0)


def unit(node: ast.Constant, tree: Any) -> Iterator[ast.AST | None]:
    """A factor between two units, forgotten or ten times too large."""
    if not isinstance(node.value, bool) and node.value in UNITS:
        yield ast.Constant(1)
        yield ast.Constant(node.value * 10)


def text(node: ast.Constant, tree: Any) -> Iterator[ast.AST | None]:
    """A text that is left out."""
    if isinstance(node.value, str) and node.value:
        yield ast.Constant("")


def truth(node: ast.Constant, tree: Any) -> Iterator[ast.AST | None]:
    """True for False, and the other way."""
    if isinstance(node.value, bool):
        yield ast.Constant(not node.value)


def word_in_list(node: ast.Call, tree: Any) -> Iterator[ast.AST | None]:
    """One word of a written list (`"a b c".split()`) in the place of its neighbour."""
    called = node.func
    if not (
        isinstance(called, ast.Attribute)
        and called.attr == "split"
        and isinstance(called.value, ast.Constant)
        and isinstance(called.value.value, str)
        and not node.args
    ):
        return
    words = called.value.value.split()
    for place in range(len(words)):
        others = [word for word in words[place + 1 :] + words[:place] if word != words[place]]
        if others:
            changed = deepcopy(node)
            changed.func.value.value = " ".join((*words[:place], others[0], *words[place + 1 :]))  # type: ignore[attr-defined]
            yield changed


def comparison(node: ast.Compare, tree: Any) -> Iterator[ast.AST | None]:
    """A boundary that belongs to the other side, or the opposite."""
    for place, compared in enumerate(node.ops):
        for other in COMPARED.get(type(compared), ()):
            changed = deepcopy(node)
            changed.ops[place] = other()
            yield changed


def logic(node: ast.BoolOp, tree: Any) -> Iterator[ast.AST | None]:
    """And for or; one of the conditions forgotten."""
    changed = deepcopy(node)
    changed.op = ast.Or() if isinstance(node.op, ast.And) else ast.And()
    yield changed
    for place in range(len(node.values)):
        rest = node.values[:place] + node.values[place + 1 :]
        yield rest[0] if len(rest) == 1 else ast.BoolOp(node.op, rest)


def negation(node: ast.UnaryOp, tree: Any) -> Iterator[ast.AST | None]:
    """A minus or a not that is forgotten."""
    yield node.operand


def arithmetic(node: ast.BinOp, tree: Any) -> Iterator[ast.AST | None]:
    """Another sign; both sides in the wrong order; one side only."""
    other = CALCULATED.get(type(node.op))
    if other is not None:
        changed = deepcopy(node)
        changed.op = other()
        yield changed
    if isinstance(node.op, ast.Sub | ast.Div | ast.Pow | ast.FloorDiv | ast.Mod):
        yield ast.BinOp(node.right, node.op, node.left)
    yield node.left
    yield node.right


def condition(node: ast.IfExp, tree: Any) -> Iterator[ast.AST | None]:
    """The condition turned round; one of the two cases for both."""
    yield ast.IfExp(ast.UnaryOp(ast.Not(), node.test), node.body, node.orelse)
    yield node.body
    yield node.orelse


def dropped_filter(node: Any, tree: Any) -> Iterator[ast.AST | None]:
    """A comprehension without its condition."""
    for place, generator in enumerate(node.generators):
        if generator.ifs:
            changed = deepcopy(node)
            changed.generators[place].ifs = []
            yield changed


def dropped_rows(node: ast.Subscript, tree: Any) -> Iterator[ast.AST | None]:
    """A table without its row filter; another column that the answer names elsewhere."""
    if isinstance(node.slice, ast.Compare | ast.BoolOp):
        yield node.value
    if isinstance(node.slice, ast.Constant) and isinstance(node.slice.value, str):
        for other in _keys(tree):
            if other != node.slice.value:
                yield ast.Subscript(node.value, ast.Constant(other), node.ctx)
                break


def similar_function(node: ast.Call, tree: Any) -> Iterator[ast.AST | None]:
    """The mean for the median, the largest for the sum, rounded down for rounded up."""
    changed = deepcopy(node)
    if isinstance(node.func, ast.Attribute) and node.func.attr in SIMILAR:
        changed.func.attr = SIMILAR[node.func.attr]  # type: ignore[attr-defined]
        yield changed
    elif isinstance(node.func, ast.Name) and node.func.id in SIMILAR:
        changed.func.id = SIMILAR[node.func.id]  # type: ignore[attr-defined]
        yield changed
    elif isinstance(node.func, ast.Name) and node.func.id in ("sorted", "abs", "round", "set") and node.args:
        yield node.args[0]
    for place, keyword in enumerate(node.keywords):
        if keyword.arg in ("key", "default", "reverse", "axis", "ascending", "skipna", "ddof"):
            without = deepcopy(node)
            del without.keywords[place]
            yield without


def swapped_arguments(node: ast.Call, tree: Any) -> Iterator[ast.AST | None]:
    """The first two arguments in the wrong order."""
    if isinstance(node.func, ast.Name) and node.func.id in ("min", "max", "print"):
        return
    if len(node.args) >= 2 and ast.dump(node.args[0]) != ast.dump(node.args[1]):
        changed = deepcopy(node)
        changed.args[0], changed.args[1] = changed.args[1], changed.args[0]
        yield changed


def forgotten_entry(node: ast.List | ast.Tuple | ast.Set, tree: Any) -> Iterator[ast.AST | None]:
    """A list that lacks one of its entries."""
    if isinstance(node, ast.Tuple) and isinstance(node.ctx, ast.Store):
        return
    for place in range(len(node.elts)) if len(node.elts) > 1 else ():
        changed = deepcopy(node)
        del changed.elts[place]
        yield changed


def forgotten_step(node: ast.AugAssign | ast.Return, tree: Any) -> Iterator[ast.AST | None]:
    """A sum that is not kept, an answer that is not given back."""
    if isinstance(node, ast.Return):
        if node.value is not None:
            yield ast.Return(ast.Constant(None))
    else:
        yield ast.Assign([node.target], node.value, lineno=node.lineno)


OPERATORS: tuple[tuple[str, tuple[type[ast.AST], ...], Change], ...] = (
    ("number", (ast.Constant,), number),
    ("unit", (ast.Constant,), unit),
    ("text", (ast.Constant,), text),
    ("truth", (ast.Constant,), truth),
    ("word in a list", (ast.Call,), word_in_list),
    ("comparison", (ast.Compare,), comparison),
    ("logic", (ast.BoolOp,), logic),
    ("negation", (ast.UnaryOp,), negation),
    ("arithmetic", (ast.BinOp,), arithmetic),
    ("condition", (ast.IfExp,), condition),
    ("dropped filter", (ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp), dropped_filter),
    ("rows and columns", (ast.Subscript,), dropped_rows),
    ("similar function", (ast.Call,), similar_function),
    ("swapped arguments", (ast.Call,), swapped_arguments),
    ("forgotten entry", (ast.List, ast.Tuple, ast.Set), forgotten_entry),
    ("forgotten step", (ast.AugAssign, ast.Return), forgotten_step),
)


def _keys(tree: ast.AST) -> list[str]:
    """Texts that the answer uses as column or key."""
    return sorted(
        {
            node.slice.value
            for node in ast.walk(tree)
            if isinstance(node, ast.Subscript)
            and isinstance(node.slice, ast.Constant)
            and isinstance(node.slice.value, str)
        }
    )
