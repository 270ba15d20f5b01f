"""Pages as text for a terminal, CSV for a spreadsheet, and JSON for a program."""

import json
from collections.abc import Callable, Sequence
from dataclasses import fields, is_dataclass
from datetime import datetime
from enum import Enum
from typing import Any

from pmcampus.model.measure import SMALL, Measure
from pmcampus.spreadsheets import table_text
from pmcampus.statistics import METRICS
from pmcampus.tables.outside import outside_tables
from pmcampus.tables.pages import tables_of
from pmcampus.tables.table import SMALL_SIGN, Table, Value, plain, shown

WIDE = 110


def render(form: str, page: object, *, outside: bool = False) -> str:
    """The page in this form: `text`, `csv` or `json`.

    Args:
        outside: for people outside the team: cells of few people hidden, and no single learner.

    Raises:
        CohortError: the page cannot leave the team.
    """
    if form == "json":
        return tables_json(outside_tables(page)) if outside else as_json(page)
    return FORMS[form](outside_tables(page) if outside else tables_of(page))


def as_text(tables: Sequence[Table]) -> str:
    """Tables under each other, with what to know below each."""
    blocks = ["\n".join(_block(table)) for table in tables]
    few = any(
        isinstance(value, Measure) and value.value is not None and value.is_small for value in _values(tables)
    )
    if few:
        blocks.append(f"{SMALL_SIGN} made from fewer than {SMALL}: read it as a hint, with its interval.")
    return "\n\n".join(blocks) + "\n"


def as_csv(tables: Sequence[Table]) -> str:
    """The tables, a line with its title before each when there are several.

    A measure fills five columns: value, both ends of its interval, n, and why there is none.
    """
    several = len(tables) > 1
    return "\n".join(
        (table_text((table.title,), ()) if several else "") + table_text(*_wide(table)) for table in tables
    )


def as_json(page: object) -> str:
    """The page field by field, with the definitions of the metrics in it."""
    used: set[str] = set()
    value = _plain(page, used)
    metrics = {key: _plain(METRICS[key], set()) for key in sorted(used) if key in METRICS}
    kind = "AtRisk" if isinstance(page, tuple) else type(page).__name__
    whole = {"page": kind, "value": value, "metrics": metrics}
    return json.dumps(whole, indent=2, ensure_ascii=False, allow_nan=False) + "\n"


def tables_json(tables: Sequence[Table]) -> str:
    """The tables themselves, where the page has more than may be shown."""
    value = [_plain(table, set()) for table in tables]
    return json.dumps({"tables": value}, indent=2, ensure_ascii=False, allow_nan=False) + "\n"


FORMS: dict[str, Callable[[Sequence[Table]], str]] = {"text": as_text, "csv": as_csv}


def _block(table: Table) -> list[str]:
    cells = [tuple(map(shown, row)) for row in table.rows]
    heads = tuple(map(plain, table.columns))
    widths = [max(map(len, column)) for column in zip(heads, *cells, strict=True)]
    right = [all(not isinstance(row[i], str) for row in table.rows) for i in range(len(heads))]
    lines = [plain(table.title, WIDE)] if table.title else []
    lines.append("  ".join(_padded(*one) for one in zip(heads, widths, right, strict=True)).rstrip())
    for row in cells:
        lines.append("  ".join(_padded(*one) for one in zip(row, widths, right, strict=True)).rstrip())
    if not cells:
        lines.append("(nobody, nothing)")
    return lines + [f"  {_line(note)}" for note in table.notes]


def _padded(text: str, width: int, right: bool) -> str:
    return text.rjust(width) if right else text.ljust(width)


def _line(note: str) -> str:
    """A note as it is: it holds no text of a learner beyond ids, which the roster keeps short."""
    return " ".join(note.split())


def _values(tables: Sequence[Table]) -> list[Value]:
    return [value for table in tables for row in table.rows for value in row]


def _wide(table: Table) -> tuple[list[str], list[list[object]]]:
    """The table with every measure spread over columns of its own."""
    measured = [any(isinstance(row[i], Measure) for row in table.rows) for i in range(len(table.columns))]
    heads: list[str] = []
    for name, wide in zip(table.columns, measured, strict=True):
        heads += (
            [name, f"{name}, low", f"{name}, high", f"{name}, n", f"{name}, why none"] if wide else [name]
        )
    rows: list[list[object]] = []
    for row in table.rows:
        cells: list[object] = []
        for value, wide in zip(row, measured, strict=True):
            if isinstance(value, Measure):
                ends = (value.interval.low, value.interval.high) if value.interval else (None, None)
                cells += [value.value, *ends, value.n, value.reason]
            else:
                cells += [value, None, None, None, None] if wide else [value]
        rows.append(cells)
    return heads, rows


def _plain(value: Any, used: set[str]) -> Any:
    if isinstance(value, Measure):
        used.add(value.metric)
    if is_dataclass(value):
        found = {field.name: _plain(getattr(value, field.name), used) for field in fields(value)}
        return found | ({"is_small": value.is_small} if isinstance(value, Measure) else {})
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, tuple | list):
        return [_plain(one, used) for one in value]
    return value
