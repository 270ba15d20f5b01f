"""Python's parser from several threads."""

import gc
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from pmcampus.syntax import parse

THREADS = 8
LONG = "\n".join(f"x{i} = f(a[{i}], (b + {i}) * [c, {{'k': d}}][0])" for i in range(60))


@pytest.fixture
def always_interrupted() -> Iterator[None]:
    """The collector comes often and runs Python when it does, and threads change at every chance."""

    def visit(_phase: str, _told: dict[str, Any]) -> None:
        sum(range(50))

    interval, threshold = sys.getswitchinterval(), gc.get_threshold()
    sys.setswitchinterval(1e-6)
    gc.set_threshold(50)
    gc.callbacks.append(visit)
    yield
    gc.callbacks.remove(visit)
    gc.set_threshold(*threshold)
    sys.setswitchinterval(interval)


@pytest.mark.usefixtures("always_interrupted")
def test_threads_that_parse_at_once_do_not_disturb_each_other() -> None:
    """At different depths of the stack, where `ast.parse` itself ends in a SystemError."""

    def deep(level: int) -> int:
        return deep(level - 1) if level else len(parse(LONG).body)

    with ThreadPoolExecutor(THREADS) as pool:
        found = list(pool.map(deep, (3 * (i % THREADS) for i in range(20 * THREADS))))

    assert found == [60] * len(found)


@pytest.mark.parametrize("text", ["this is no Python", "a = (", "\0"])
def test_what_is_no_python_is_refused_as_python_does(text: str) -> None:
    """With its own exceptions."""
    with pytest.raises((SyntaxError, ValueError)):
        parse(text)
