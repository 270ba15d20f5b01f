"""Which files beside a notebook a sandboxed kernel gets a copy of.

It gets the data that the notebook reads by relative paths, and neither other people's notebooks nor
anything that only happens to lie near.
"""

from collections.abc import Iterator
from pathlib import Path

MOST_FILES = 200
MOST_BYTES = 50_000_000
NEVER = (".ipynb", ".db", ".sqlite", ".sqlite3")
NOT_FROM = ("gradebook.db", "nbgrader_config.py")


def copied(folder: Path) -> tuple[list[Path], int]:
    """Files to copy, nearest first, and how many were left out because they are too many or too large.

    Nothing is taken from a grader's course folder, from a home folder or from above one.
    """
    taken: list[Path] = []
    left_out, size = 0, 0
    for path in _files(folder):
        length = path.stat().st_size
        if len(taken) == MOST_FILES or size + length > MOST_BYTES:
            left_out += 1
            if left_out > MOST_FILES:
                break
        else:
            taken.append(path)
            size += length
    return taken, left_out


def _files(folder: Path) -> Iterator[Path]:
    """Files to copy, if there is room: in the folder, and for lessons in the data folder beside it."""
    waiting = [folder]
    if folder.name == "lessons":
        waiting.append(folder.parent / "data")
    while waiting:
        place = waiting.pop(0)
        if not _may_be_read(place):
            continue
        for path in sorted(place.iterdir()):
            if path.name.startswith(".") or path.is_symlink():
                continue
            if path.is_dir():
                waiting.append(path)
            elif path.is_file() and path.suffix.lower() not in NEVER:
                yield path


def _may_be_read(place: Path) -> bool:
    if place.is_symlink() or not place.is_dir() or Path.home().resolve().is_relative_to(place.resolve()):
        return False
    return not any((place / name).exists() for name in NOT_FROM)
