"""A table of plain values and measures, and how each reads on a terminal."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from pmcampus.model.measure import Measure
from pmcampus.statistics import METRICS

Value = str | int | float | bool | Measure | None
LONGEST = 60  # letters of one cell on a terminal
# Control characters, and those that turn the direction of what follows, or hide.
UNSEEN = re.compile("[\x00-\x1f\x7f-\x9f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]")
SMALL_SIGN = "~"


@dataclass(frozen=True)
class Table:
    """One table: a title, names of columns, rows, and what to know when reading it."""

    title: str
    columns: tuple[str, ...]
    rows: Sequence[tuple[Value, ...]]
    notes: tuple[str, ...] = ()


def plain(text: str, longest: int = LONGEST) -> str:
    """The text as it may go to a terminal: nothing moves the cursor or turns the line, and it has an end."""
    seen = UNSEEN.sub("\N{REPLACEMENT CHARACTER}", text[: longest + 1])
    return seen if len(seen) <= longest else f"{seen[: longest - 1]}…"


def shown(value: Value) -> str:
    """One cell as text; nothing is a dash."""
    if value is None:
        return "–"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, Measure):
        return _measure(value)
    return plain(value) if isinstance(value, str) else f"{value:g}"


def _measure(measure: Measure) -> str:
    """A value with its interval; few learners are marked, and get one digit less."""
    if measure.value is None:
        return "–"
    digits = _digits(measure)
    text = _rounded(measure.value, digits)
    if measure.interval is not None:
        text += f" [{_rounded(measure.interval.low, digits)}, {_rounded(measure.interval.high, digits)}]"
    return f"{text}{SMALL_SIGN}" if measure.is_small else text


def _rounded(value: float, digits: int) -> str:
    return f"{round(value, digits) + 0.0:.{digits}f}"  # no minus before a zero


def _digits(measure: Measure) -> int:
    unit = METRICS[measure.metric].unit if measure.metric in METRICS else ""
    most = 1 if unit in ("points", "per cent", "minutes") else 3 if measure.metric in ("p", "q") else 2
    return most - 1 if measure.is_small and most > 1 else most
