"""Python's parser, one thread at a time.

CPython (here 3.11.7) counts the depth of a tree in one place for all threads. Where another thread comes in
between, which a finaliser or a garbage collector's callback lets it, both fail with a SystemError.
"""

import ast
from threading import RLock

_ONE_AT_A_TIME = RLock()  # what a finaliser parses in the same thread does not wait for itself


def parse(source: str) -> ast.Module:
    """What `ast.parse` gives, from any thread.

    Raises:
        SyntaxError: it is no Python.
        ValueError: it has a null byte or half of a surrogate pair.
        RecursionError, MemoryError: it is nested too deeply.
    """
    with _ONE_AT_A_TIME:
        return ast.parse(source)
