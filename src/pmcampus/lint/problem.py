"""One finding of a rule, as a value."""

from dataclasses import dataclass


@dataclass(frozen=True, order=True)
class Problem:
    """What is wrong at one place: `message` is one sentence of fact, `fix` one of remedy."""

    path: str
    line: int
    code: str
    severity: str
    message: str
    fix: str
