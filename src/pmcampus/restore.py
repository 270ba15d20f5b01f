"""The official notebook with a learner's answers in it.

Everything a learner may not change comes from the official notebook: order, locked cells, points,
metadata, tests. Their answer cells go in by name; cells of their own stay where they put them.
"""

from collections.abc import Iterable, Mapping
from copy import deepcopy
from dataclasses import dataclass
from typing import Any

from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_markdown_cell

from pmcampus.model.notebook import is_answer, is_graded, name_of


@dataclass(frozen=True)
class Restored:
    """A notebook ready to run, and what had to be repaired, in the learner's words."""

    notebook: NotebookNode
    notes: tuple[str, ...]


def answer_cells(official: NotebookNode) -> frozenset[str]:
    """Names of the cells in which learners write."""
    return frozenset(name_of(cell) for cell in official.cells if is_answer(cell))


def restore(official: NotebookNode, handed_in: NotebookNode) -> Restored:
    """The official notebook with the answers of `handed_in`, and the repairs made.

    An answer that is missing keeps the official starter. Of several cells with one name the first
    that differs from the starter counts. A name on a cell of the other type is not an answer.
    """
    starters = {name_of(cell): cell for cell in official.cells if is_answer(cell)}
    names = {name_of(cell) for cell in official.cells if name_of(cell)}
    official_ids = {cell.get("id") for cell in official.cells}
    given: dict[str, list[str]] = {}
    own: dict[str, list[NotebookNode]] = {}
    notes: list[str] = []
    after = ""
    for cell in handed_in.cells:
        name = name_of(cell)
        if name in starters and cell.cell_type == starters[name].cell_type:
            given.setdefault(name, []).append(cell.source)
        elif name not in names and cell.get("id") not in official_ids and cell.source.strip():
            own.setdefault(after, []).append(cell)
        after = name if name in names else after

    for name, sources in given.items():
        if len(sources) > 1:
            notes.append(
                f"The cell {name} was there {len(sources)} times; the first one you changed was marked."
            )
    notes += [
        f"The answer cell {name} was missing; the empty one was put back."
        for name in starters
        if name not in given
    ]
    notes += _changed_locked(official, handed_in)
    return Restored(_rebuild(official, given, own), tuple(notes))


def _rebuild(
    official: NotebookNode, given: Mapping[str, list[str]], own: Mapping[str, list[NotebookNode]]
) -> NotebookNode:
    notebook = deepcopy(official)
    cells = [_own(cell, number) for number, cell in enumerate(own.get("", ()))]
    number = len(cells)
    for cell in notebook.cells:
        name = name_of(cell)
        if name in given:
            cell.source = _chosen(given[name], cell.source)
        cells.append(cell)
        for extra in own.get(name, ()) if name else ():
            cells.append(_own(extra, number))
            number += 1
    notebook.cells = cells
    return notebook


def _chosen(sources: Iterable[str], starter: str) -> str:
    return next((source for source in sources if source.strip() != starter.strip()), starter)


def _own(cell: NotebookNode, number: int) -> NotebookNode:
    """A learner's own cell, without any metadata it came with."""
    make: Any = new_code_cell if cell.cell_type == "code" else new_markdown_cell
    own: NotebookNode = make(cell.source, id=f"own-{number}")
    return own


def _changed_locked(official: NotebookNode, handed_in: NotebookNode) -> list[str]:
    found: dict[str, str] = {
        name_of(cell): cell.source for cell in reversed(handed_in.cells) if name_of(cell)
    }
    notes = []
    for cell in official.cells:
        name = name_of(cell)
        if not name or is_answer(cell) or is_graded(cell):
            continue  # a check cell's text differs by its hidden part: not the learner's doing
        if name not in found:
            notes.append(f"The cell {name} was missing; the official one was put back.")
        elif found[name].strip() != cell.source.strip():
            notes.append(f"The locked cell {name} had been changed; the official one was used.")
    return notes
