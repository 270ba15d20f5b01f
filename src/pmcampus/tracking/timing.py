"""Minutes by item from the notebooks that learners handed in: hostile files, read with limits."""

import json
from functools import lru_cache
from pathlib import Path
from typing import Any

from pmcampus.gradebook.firsts import first_submissions
from pmcampus.kept import kept_path
from pmcampus.model.assessment import answer_cell
from pmcampus.model.measure import Measure
from pmcampus.receive import MAX_BYTES, MAX_CELLS
from pmcampus.statistics.timing import Run, by_item, minutes_by_section, moment
from pmcampus.tracking.attempts import FirstAttempts
from pmcampus.tracking.cohort import OpenCohort

MOST_LEARNERS = 500  # whose files are opened for one page
MOST_READ = 100_000_000  # bytes of them all: about a second, the first time
BEGUN = ("iopub.execute_input", "shell.execute_reply.started", "iopub.status.busy")
ENDED = ("shell.execute_reply", "iopub.status.idle")


def minutes(t: OpenCohort, first: FirstAttempts) -> dict[str, Measure]:
    """By graded cell, the median over the first learners in the ledger."""
    cells = tuple(item.cell for item in first.head.items)
    wanted = frozenset(first.learners)
    works = [work for who, work in first_submissions(t.book, first.head.id) if who in wanted]
    each, read = [], 0
    for work in works[:MOST_LEARNERS]:
        path = kept_path(t.folder, work)
        read += path.stat().st_size if path.is_file() else 0
        if read > MOST_READ:
            break
        each.append(dict(_minutes(path, cells)))
    return by_item(each, cells)


@lru_cache(4 * MOST_LEARNERS)  # a kept file never changes: its name is its digest
def _minutes(path: Path, cells: tuple[str, ...]) -> tuple[tuple[str, float], ...]:
    """Graded cell and minutes, for those of which this notebook says something."""
    found = minutes_by_section(_runs(path, cells))
    return tuple((cell, found[place]) for place, cell in enumerate(cells) if place in found)


def _runs(path: Path, graded: tuple[str, ...]) -> list[Run]:
    """The last run of every cell that holds its moments, by the item at whose end it stands.

    Cells after an item's graded cell belong to the next item, those of the learner's own too.
    """
    try:
        if path.stat().st_size > MAX_BYTES:
            return []
        cells = json.loads(path.read_bytes())["cells"][:MAX_CELLS]
    except (OSError, ValueError, KeyError, TypeError, RecursionError):
        return []
    ends = _ends(cells, graded)
    runs, section = [], 0
    for place, cell in enumerate(cells):
        stamps = _mapping(_mapping(_mapping(cell).get("metadata")).get("execution"))
        begun, ended = _first(stamps, BEGUN), _first(stamps, ENDED)
        if begun is not None:
            runs.append(Run(section, begun, max(begun, ended or begun)))
        section = ends.get(place, section)
    return runs


def _ends(cells: list[Any], graded: tuple[str, ...]) -> dict[int, int]:
    """The places after which the next item begins: behind the graded cell, or its answer where it is gone."""
    names = {_name(cell): place for place, cell in reversed(list(enumerate(cells)))}
    found = {}
    for section, cell in enumerate(graded, start=1):
        place = names.get(cell, names.get(answer_cell(cell)))
        if place is not None:
            found[place] = section
    return found


def _first(stamps: dict[str, Any], names: tuple[str, ...]) -> Any:
    return next((at for name in names if (at := moment(stamps.get(name))) is not None), None)


def _name(cell: Any) -> str:
    return str(_mapping(_mapping(_mapping(cell).get("metadata")).get("nbgrader")).get("grade_id", ""))


def _mapping(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}
