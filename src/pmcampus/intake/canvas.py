"""Submissions from Canvas's "Download Submissions": `lastnamefirstname_LATE_12345_67890_work-1.ipynb`.

The numbers are Canvas's for the person and for the file; `_LATE` is there when it came late, and `-1` when it
was handed in again. See lib/content_zipper.rb in Canvas's source.
"""

import re
from pathlib import PurePosixPath

from pmcampus.intake.bundles import Bundle
from pmcampus.intake.people import Match, People
from pmcampus.intake.pieces import Piece, is_notebook

NAME = re.compile(r"^(?P<who>[^_/]+)(?P<late>_LATE)?_(?P<number>\d+)_(?P<file>\d+)_(?P<rest>.+)$")


def fits(names: tuple[str, ...]) -> int:
    """How many notebooks are named so."""
    return sum(is_notebook(name) and _parts(name) is not None for name in names)


def pieces(bundle: Bundle, *, assessment: str, people: People) -> list[Piece]:
    """Every notebook; by Canvas's number of the person, otherwise by a name only one has."""
    found = []
    for name in filter(is_notebook, bundle.names):
        parts = _parts(name)
        if parts is None:
            found.append(Piece(name, None, "it is not named as Canvas names submissions"))
            continue
        match = _match(parts["who"], parts["number"], people)
        remark = "Canvas says it came late" if parts["late"] else ""
        found.append(Piece(name, match.learner, match.why, remark=remark))
    return found


def _parts(name: str) -> re.Match[str] | None:
    return NAME.match(PurePosixPath(name).name)


def _match(who: str, number: str, people: People) -> Match:
    by_number = people.by_number(number)
    if by_number.learner or "stands for" in by_number.why:
        return by_number
    by_name = people.by_sortable(who)
    return by_name if by_name.learner else Match(None, f"{by_name.why}, and {by_number.why}")
