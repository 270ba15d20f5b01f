"""Signs in an answer's text that a person should look at; they never change a mark.

Marks do not depend on them: the checks run where no learner's code is. A sign says that somebody tried
something that honest answers have no use for.
"""

import ast
from collections.abc import Iterator
from functools import lru_cache

from pmcampus.names import KEPT, parsed

MODULES = {
    "ctypes": "calls the machine's own library functions",
    "gc": "looks through the program's memory",
    "inspect": "looks at the program that runs it",
    "multiprocessing": "starts processes",
    "pty": "opens a terminal",
    "pickle": "makes objects that run code when they are read",
    "dill": "makes objects that run code when they are read",
    "cloudpickle": "makes objects that run code when they are read",
    "signal": "changes how the program is interrupted",
    "socket": "opens a network connection",
    "subprocess": "starts other programs",
    "urllib": "opens a network connection",
    "requests": "opens a network connection",
    "http": "opens a network connection",
    "zmq": "speaks to the kernel's own channels",
}
NAMES = {
    "get_ipython": "reaches into the notebook program",
    "__builtins__": "changes Python's own functions",
    "builtins": "changes Python's own functions",
    "globals": "looks at or changes all names at once",
    "In": "reads the notebook's earlier cells",
    "_ih": "reads the notebook's earlier cells",
}
ATTRIBUTES = {
    "_getframe": "looks at the program that runs it",
    "_exit": "ends its kernel",
    "abort": "ends its kernel",
    "ast_transformers": "changes how cells are read",
    "environ": "reads the environment",
    "excepthook": "changes how errors are shown",
    "fork": "starts processes",
    "get_objects": "looks through the program's memory",
    "input_transformers_post": "changes how cells are read",
    "kill": "sends signals to processes",
    "modules": "looks at or changes loaded libraries",
    "setsid": "starts processes that outlive their parent",
    "settrace": "looks at the program that runs it",
    "setprofile": "looks at the program that runs it",
    "showtraceback": "changes how errors are shown",
    "showwarning": "changes how warnings are shown",
    "system": "starts other programs",
}
METHODS = {
    "__eq__": "defines what equals it",
    "__ne__": "defines what equals it",
    "__bool__": "defines whether it is true",
    "__float__": "defines its value as a number",
    "__array__": "defines its value as an array",
    "__instancecheck__": "defines what it is an instance of",
    "__class__": "defines what it is an instance of",
    "__reduce__": "makes objects that run code when they are read",
    "__reduce_ex__": "makes objects that run code when they are read",
}
PLACES = ("/proc", "/etc/", "/root", "/home", "gradebook", "../", "/dev/", "/sys/", "169.254.")
MAGIC = ("%run", "%load_ext", "%pip", "%conda", "!", "%%", "%system", "%sx", "%cd")
OWN_FIX = frozenset(dir(__builtins__)) if not isinstance(__builtins__, dict) else frozenset(__builtins__)


@lru_cache(KEPT)
def signs(source: str) -> tuple[str, ...]:
    """What in this cell a person should look at, each once, in alphabetical order."""
    found = {
        f"It uses notebook commands ({line.split()[0]})."
        for line in map(str.strip, source.splitlines())
        if line.startswith(MAGIC) and line != "!"
    }
    tree = parsed(source)
    if tree is not None:
        found.update(_in_tree(tree))
    return tuple(sorted(found))


def _in_tree(tree: ast.Module) -> Iterator[str]:
    libraries = {
        alias.asname or alias.name.partition(".")[0]
        for node in ast.walk(tree)
        if isinstance(node, ast.Import)
        for alias in node.names
    }
    for node in ast.walk(tree):
        if isinstance(node, (ast.Import, ast.ImportFrom)):
            named = [a.name for a in node.names] if isinstance(node, ast.Import) else [node.module or ""]
            for module in named:
                if module.partition(".")[0] in MODULES:
                    yield f"It {MODULES[module.partition('.')[0]]} (import {module})."
        elif isinstance(node, ast.Name):
            if isinstance(node.ctx, ast.Load) and node.id in NAMES:
                yield f"It {NAMES[node.id]} ({node.id})."
            elif isinstance(node.ctx, ast.Store) and node.id in OWN_FIX and not node.id.startswith("_"):
                yield f"It gives Python's own name {node.id} another meaning."
        elif isinstance(node, ast.Attribute):
            if node.attr in ATTRIBUTES:
                yield f"It {ATTRIBUTES[node.attr]} (.{node.attr})."
            if isinstance(node.ctx, ast.Store) and (names := _dotted(node))[0] in libraries:
                yield f"It changes a library ({'.'.join(names)[:60]})."
        elif isinstance(node, ast.FunctionDef) and node.name in METHODS:
            yield f"It {METHODS[node.name]} ({node.name})."
        elif isinstance(node, ast.FunctionDef) and node.name in OWN_FIX:
            yield f"It gives Python's own name {node.name} another meaning."
        elif (
            isinstance(node, ast.Call)
            and isinstance(node.func, ast.Name)
            and node.func.id in ("setattr", "exec", "eval", "compile", "__import__")
        ):
            yield f"It runs code or changes objects by name ({node.func.id})."
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            for place in PLACES:
                if place in node.value and "://doi" not in node.value:
                    yield f"It names a place outside its own folder ({place})."


def _dotted(node: ast.AST) -> list[str]:
    """The names of `a.b.c`, however many; the first is empty where it is no name. `ast.unparse` recurses."""
    names: list[str] = []
    while isinstance(node, ast.Attribute):
        names.append(node.attr)
        node = node.value
    return [node.id if isinstance(node, ast.Name) else "", *reversed(names)]
