"""About how long somebody worked on each item, by when the cells of their notebook were run last.

JupyterLab notes for each cell when its last run began and ended, where "record timing" is switched on
(nbformat, cell metadata `execution`). The learner's own program writes it into the learner's own file, so
nothing here can be verified and nothing here may count for marks. What is no moment, or lies where no
moment can lie, is as if it were not there.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from statistics import median

from pmcampus.model.measure import Measure

CAP = timedelta(minutes=10)  # of one gap: more is a pause
LEAST = timedelta(seconds=1)  # a shorter gap is a machine's, as when all cells are run at once
MOST = 60.0  # minutes of one learner on one item, whatever the file says
EARLIEST = datetime(2000, 1, 1, tzinfo=UTC)
LONGEST = 40  # signs of a moment
NONE = "not recorded"  # no notebook holds moments of this item's runs


@dataclass(frozen=True)
class Run:
    """The last run of a cell; `section` counts the graded cells before it, so it names an item."""

    section: int
    begun: datetime
    ended: datetime


def moment(text: object) -> datetime | None:
    """The moment in this text, in UTC; None for anything that is none."""
    if not isinstance(text, str) or len(text) > LONGEST:
        return None
    try:
        found = datetime.fromisoformat(text)
        return found.astimezone(UTC) if found.tzinfo and found.year > EARLIEST.year else None
    except (ValueError, OverflowError):
        return None


def minutes_by_section(runs: Sequence[Run]) -> dict[int, float]:
    """Minutes by section, for those of which something is known.

    A gap between two runs that follow each other in time is work on the later one's item, when the run before
    lies in the same item or in the one just above. Whoever jumped, or came back, worked on more than one.
    """
    found: dict[int, float] = {}
    for before, after in pairwise(sorted(runs, key=lambda run: (run.begun, run.section))):
        gap = after.begun - before.ended
        if after.section - before.section in (0, 1) and gap >= LEAST:
            found[after.section] = found.get(after.section, 0.0) + min(gap, CAP).total_seconds() / 60
    return {section: min(minutes, MOST) for section, minutes in found.items()}


def typical(minutes: Sequence[float]) -> Measure:
    """The median over learners."""
    if not minutes:
        return Measure("minutes", None, 0, reason=NONE)
    return Measure("minutes", median(minutes), len(minutes))


def by_item(each: Sequence[Mapping[str, float]], cells: Sequence[str]) -> dict[str, Measure]:
    """The median of each of these graded cells; a mapping from cell to minutes for each learner."""
    return {cell: typical([one[cell] for one in each if cell in one]) for cell in cells}
