"""Submissions from nbgrader's exchange: folders `learner+assessment+moment+random` in `inbound`."""

import re
from pathlib import PurePosixPath

from pmcampus.intake.bundles import Bundle
from pmcampus.intake.people import People
from pmcampus.intake.pieces import Piece, is_notebook, moment

# See nbgrader/exchange/default/submit.py; a user's name may itself hold a plus sign.
FOLDER = re.compile(r"^(?P<who>.+)\+(?P<what>[^+]+)\+(?P<when>\d{4}-\d\d-\d\d[^+]*)(?:\+(?P<random>[^+]+))?$")


def fits(names: tuple[str, ...]) -> int:
    """How many notebooks lie in a folder that is named so."""
    return sum(is_notebook(name) and _folder(name) is not None for name in names)


def pieces(bundle: Bundle, *, assessment: str, people: People) -> list[Piece]:
    """The last submission of each learner to this assessment, and what nobody can be found for."""
    latest: dict[str, Piece] = {}
    lost: list[Piece] = []
    for name in filter(is_notebook, bundle.names):
        folder = _folder(name)
        if folder is None:
            lost.append(Piece(name, None, "its folder is not named learner+assessment+moment+random"))
            continue
        if folder["what"] != assessment or PurePosixPath(name).stem != assessment:
            continue
        match = people.by_id(folder["who"])
        at = moment(folder["when"])
        piece = Piece(name, match.learner, match.why, at=at)
        if match.learner is None:
            lost.append(piece)
        elif at is None:
            lost.append(Piece(name, None, f"its moment {folder['when']!r} has a zone that is not known"))
        else:
            before = latest.get(match.learner)
            if before is None or before.at is None or at > before.at:
                latest[match.learner] = piece
    return [*lost, *latest.values()]


def _folder(name: str) -> re.Match[str] | None:
    parts = PurePosixPath(name).parts
    return FOLDER.match(parts[-2]) if len(parts) > 1 else None
