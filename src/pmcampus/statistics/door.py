"""The one place where scipy is loaded: inside a call, so that commands without statistics start at once."""

from typing import Any


def stats() -> Any:
    """`scipy.stats`: distributions and tests."""
    from scipy import stats as found  # type: ignore[import-untyped]  # it ships no types

    return found


def optimize() -> Any:
    """`scipy.optimize`: roots and integer programmes."""
    from scipy import optimize as found

    return found
