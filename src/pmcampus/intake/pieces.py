"""One notebook that a source holds, and the rule of one for each learner."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import PurePosixPath
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

NOTEBOOK = ".ipynb"


@dataclass(frozen=True)
class Piece:
    """A notebook in a source: its path, whose it is or why nobody's, and when it was handed in.

    `remark` is for a person to read, such as the platform's own word that it came late; `file` is what the
    learner called it, where the platform put words of its own before.
    """

    name: str
    learner: str | None
    why: str = ""
    at: datetime | None = None
    remark: str = ""
    file: str = ""


def is_notebook(name: str) -> bool:
    """Whether the name is a notebook's."""
    return name.lower().endswith(NOTEBOOK)


def stem(name: str) -> str:
    """The file's name without folders and ending."""
    return PurePosixPath(name).name[: -len(NOTEBOOK)]


def one_each(pieces: Iterable[Piece], *, assessment: str) -> list[Piece]:
    """The same pieces, of which each learner has one at most.

    Of several, the one with the assessment's name counts; where that decides nothing, none does.
    """
    by_learner: dict[str, list[Piece]] = defaultdict(list)
    found: list[Piece] = []
    for piece in pieces:
        if piece.learner is None:
            found.append(piece)
        else:
            by_learner[piece.learner].append(piece)
    for learner, own in by_learner.items():
        named = [piece for piece in own if stem(piece.file or piece.name) == assessment] or own
        chosen = named[0] if len(named) == 1 else None
        for piece in own:
            if piece is chosen:
                found.append(piece)
            elif chosen:
                found.append(
                    replace(piece, learner=None, why=f"{learner} has another file with the right name")
                )
            else:
                fact = f"{learner} has {len(named)} notebooks here, and nothing says which one counts"
                found.append(replace(piece, learner=None, why=fact))
    return sorted(found, key=lambda piece: piece.name)


def moment(text: str) -> datetime | None:
    """A moment as nbgrader writes it, `2026-11-20 16:00:00.123456 UTC`; None when its zone is not known."""
    parts = text.strip().split(" ")
    zone = parts[2] if len(parts) > 2 else "UTC"
    try:
        naive = datetime.fromisoformat(" ".join(parts[:2]))
        if naive.tzinfo is not None:
            return naive.astimezone(UTC)
        known = UTC if zone in ("UTC", "GMT", "Z") else ZoneInfo(zone)
        return naive.replace(tzinfo=known).astimezone(UTC)
    except (ValueError, OverflowError, ZoneInfoNotFoundError, OSError):
        return None
