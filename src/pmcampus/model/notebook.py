"""A notebook as stored, its cells, and what nbgrader has noted on them.

The functions take a cell as a mapping: one read with `json`, or one of nbformat's.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

MEMORY_ADDRESS = re.compile(r"\b0x[0-9a-f]{6,}\b")
COLOURS = re.compile(r"\x1b\[[0-9;]*[A-Za-z]")
UNSTORABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff]")
SOLUTION = re.compile(r"### BEGIN SOLUTION\n(.*?)\n?### END SOLUTION", re.DOTALL)


@dataclass(frozen=True)
class Cell:
    """One notebook cell as stored; `index` counts from 1."""

    index: int
    line: int
    data: Mapping[str, Any]

    @property
    def id(self) -> str:
        """The cell's own id, or its number where the file has none."""
        return str(self.data.get("id") or f"#{self.index}")

    @property
    def kind(self) -> str:
        """markdown, code or raw."""
        return str(self.data.get("cell_type", ""))

    @property
    def source(self) -> str:
        """The text, whether stored as one string or as lines."""
        return as_text(self.data.get("source", ""))

    @property
    def metadata(self) -> Mapping[str, Any]:
        """The cell's metadata."""
        return self.data.get("metadata") or {}

    @property
    def tags(self) -> frozenset[str]:
        """The cell's tags."""
        return frozenset(self.metadata.get("tags") or ())

    @property
    def outputs(self) -> list[Mapping[str, Any]]:
        """The stored outputs of a code cell."""
        return list(self.data.get("outputs") or ())

    @property
    def nbgrader(self) -> Mapping[str, Any]:
        """nbgrader's mark on the cell, or an empty mapping."""
        return mark_of(self.data)


@dataclass(frozen=True)
class Notebook:
    """A notebook as stored; `fault` says why it could not be read."""

    path: str
    metadata: Mapping[str, Any]
    cells: tuple[Cell, ...]
    nbformat: tuple[int, int] = (4, 5)
    fault: str | None = None

    def code(self) -> Iterator[Cell]:
        """Code cells in order."""
        return (cell for cell in self.cells if cell.kind == "code")

    def prose(self) -> Iterator[Cell]:
        """Markdown cells in order."""
        return (cell for cell in self.cells if cell.kind == "markdown")


def as_text(value: str | Sequence[str]) -> str:
    """Text as notebooks store it: one string, or lines."""
    return value if isinstance(value, str) else "".join(value)


def without_colours(text: str) -> str:
    """The text without a terminal's escape codes."""
    return COLOURS.sub("", text)


def storable(text: str) -> str:
    """The text with a sign in the place of what no page or terminal takes: controls, half surrogate pairs."""
    return UNSTORABLE.sub("\N{REPLACEMENT CHARACTER}", without_colours(text))


def mark_of(cell: Mapping[str, Any]) -> Mapping[str, Any]:
    """nbgrader's mark on the cell, or an empty mapping."""
    mark: Mapping[str, Any] = (cell.get("metadata") or {}).get("nbgrader") or {}
    return mark


def name_of(cell: Mapping[str, Any]) -> str:
    """The name under which nbgrader knows the cell; empty where it knows none."""
    return str(mark_of(cell).get("grade_id") or "")


def is_answer(cell: Mapping[str, Any]) -> bool:
    """Whether a learner writes in it."""
    return bool(mark_of(cell).get("solution"))


def is_graded(cell: Mapping[str, Any]) -> bool:
    """Whether it carries points."""
    return bool(mark_of(cell).get("grade"))
