"""Submissions from Canvas's "Download Submissions": `lastnamefirstname_LATE_12345_67890_work-1.ipynb`.

The numbers are Canvas's for the person and for the file; `_LATE` is there when it came late, and `-1` when it
was handed in again. See lib/content_zipper.rb in Canvas's source.
"""

import re
from pathlib import PurePosixPath

from pmcampus.intake.bundles import Bundle
from pmcampus.intake.people import People, agreed
from pmcampus.intake.pieces import Piece, is_notebook

NAME = re.compile(r"^(?P<who>[^_/]+)(?P<late>_LATE)?_(?P<number>\d+)_(?P<file>\d+)_(?P<rest>.+)$")
AGAIN = re.compile(r"-\d+(?=\.[^.]+$)")  # what Canvas adds to the name of a file that is handed in again


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
        by_number = people.by_number(parts["number"], "canvas")
        match = agreed(by_number, people.by_sortable(parts["who"]), parts["number"])
        remark = "Canvas says it came late" if parts["late"] else ""
        found.append(Piece(name, match.learner, match.why, remark=remark, file=AGAIN.sub("", parts["rest"])))
    return found


def _parts(name: str) -> re.Match[str] | None:
    return NAME.match(PurePosixPath(name).name)
