"""The sources of submissions by name, and which one a bundle is."""

from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass, replace
from typing import Protocol

from pmcampus.errors import CohortError
from pmcampus.intake import canvas, exchange, folder, moodle
from pmcampus.intake.bundles import Bundle
from pmcampus.intake.people import People
from pmcampus.intake.pieces import NOTEBOOK, Piece, is_notebook, one_each, stem


class Pieces(Protocol):
    """What each source's file has."""

    def __call__(self, bundle: Bundle, *, assessment: str, people: People) -> list[Piece]:
        """The notebooks that the bundle holds."""


@dataclass(frozen=True)
class Source:
    """A source: how many names fit it, and how its notebooks are found."""

    fits: Callable[[tuple[str, ...]], int]
    pieces: Pieces


SOURCES = {
    "exchange": Source(exchange.fits, exchange.pieces),
    "moodle": Source(moodle.fits, moodle.pieces),
    "canvas": Source(canvas.fits, canvas.pieces),
    "folder": Source(folder.fits, folder.pieces),
}


def kind_of(bundle: Bundle) -> str:
    """The source whose names fit best; of equals the one listed first.

    Raises:
        CohortError: there is no notebook in it.
    """
    found = max(SOURCES, key=lambda kind: SOURCES[kind].fits(bundle.names))
    if not SOURCES[found].fits(bundle.names) and not any(map(is_notebook, bundle.odd)):
        raise CohortError(f"{bundle.source}: there is no notebook (.ipynb) in it; check what was downloaded.")
    return found


def find(
    bundle: Bundle, *, kind: str, assessment: str, people: People, others: Collection[str] = ()
) -> list[Piece]:
    """The notebooks of this bundle, one at most for each learner, and files of those who have none.

    A learner whose only file is a ZIP or has another ending handed something in, which a person must see.
    A notebook with the name of another assessment is none of this one: a folder may hold a whole term's.

    Args:
        others: the other assessments of the cohort.
    """
    why = "its name holds signs that cannot be seen"
    odd = [Piece(name, None, why) for name in bundle.odd if is_notebook(name)]
    found = list(_own(SOURCES[kind].pieces(bundle, assessment=assessment, people=people), kind, others))
    here = {piece.learner for piece in found}
    others = [name for name in bundle.names if not is_notebook(name) and not name.endswith("timestamp.txt")]
    named = replace(bundle, names=tuple(name + NOTEBOOK for name in others))
    lost = [
        Piece(piece.name.removesuffix(NOTEBOOK), None, f"{piece.learner} has no notebook here, only this")
        for piece in SOURCES[kind].pieces(named, assessment=assessment, people=people)
        if piece.learner and piece.learner not in here
    ]
    return one_each([*odd, *lost, *found], assessment=assessment)


def _own(pieces: list[Piece], kind: str, others: Collection[str]) -> Iterator[Piece]:
    for piece in pieces:
        name = stem(piece.file or piece.name)
        if name not in others:
            yield piece
        elif kind != "folder":
            yield replace(piece, learner=None, why=f"it has the name of another assessment, {name}")
