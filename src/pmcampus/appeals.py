"""Appeals in a cohort's folder, by learner: a file for what was asked, beside it one for what was answered.

Neither is ever written again. Two people who answer at once cannot both: the second finds the file there.
"""

import fcntl
import os
import secrets
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TypeVar

from pydantic import BaseModel, ValidationError

from pmcampus.errors import CohortError
from pmcampus.model.dashboard import Answer, Appeal, Case

SHELF = "appeals"
ASKED, ANSWERED = ".asked.json", ".answered.json"
M = TypeVar("M", bound=BaseModel)


class AlreadyAnswered(CohortError):
    """Somebody else answered meanwhile."""


def new_id() -> str:
    """An id that says nothing about anybody."""
    return secrets.token_hex(8)


def raise_appeal(folder: Path, appeal: Appeal) -> None:
    """The appeal, kept."""
    shelf = folder / SHELF
    shelf.mkdir(mode=0o700, exist_ok=True)
    (shelf / appeal.learner).mkdir(mode=0o700, exist_ok=True)
    _write(shelf / appeal.learner / f"{appeal.id}{ASKED}", appeal)


@contextmanager
def answering(folder: Path, appeal: Appeal) -> Iterator[Callable[[Answer], None]]:
    """A function that keeps the answer; meanwhile nobody else can answer any appeal of this cohort.

    Raises:
        AlreadyAnswered: there is an answer, which stays.
    """
    shelf = folder / SHELF
    with (shelf / ".answering").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        path = shelf / appeal.learner / f"{appeal.id}{ANSWERED}"
        if path.exists():
            raise AlreadyAnswered("Somebody else answered this appeal meanwhile; read that answer first.")
        yield lambda answer: _write(path, answer)


def appeals(folder: Path, *, learner: str | None = None) -> list[Case]:
    """Every appeal, or this learner's; open ones first, then the latest first.

    Raises:
        CohortError: a file is no appeal.
    """
    found = [_case(path) for path in sorted((folder / SHELF).glob(f"{learner or '*'}/*{ASKED}"))]
    found.sort(key=lambda case: case.appeal.raised, reverse=True)
    return sorted(found, key=lambda case: case.answer is not None)


def unanswered(folder: Path) -> int:
    """How many appeals wait for an answer: names of files say it, so none is read."""
    return sum(
        not path.with_name(path.name.replace(ASKED, ANSWERED)).exists()
        for path in (folder / SHELF).glob(f"*/*{ASKED}")
    )


def find(folder: Path, id: str) -> Case | None:
    """The appeal with this id.

    Raises:
        CohortError: its file is no appeal.
    """
    if not id.isalnum():
        return None
    return next((_case(path) for path in (folder / SHELF).glob(f"*/{id}{ASKED}")), None)


def _case(path: Path) -> Case:
    beside = path.with_name(path.name.replace(ASKED, ANSWERED))
    return Case(appeal=_read(path, Appeal), answer=_read(beside, Answer) if beside.is_file() else None)


def _write(path: Path, value: BaseModel) -> None:
    """All of it or nothing, and never over a file that is there."""
    temporary = path.with_name(f".{path.name}.{secrets.token_hex(4)}.part")
    try:
        handle = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(value.model_dump_json(indent=1) + "\n")
            file.flush()
            os.fsync(file.fileno())
        os.link(temporary, path)
    finally:
        temporary.unlink(missing_ok=True)


def _read(path: Path, model: type[M]) -> M:
    try:
        return model.model_validate_json(path.read_bytes())
    except (OSError, ValidationError) as problem:
        raise CohortError(
            f"{path}: this file is no appeal as PM Campus writes it ({type(problem).__name__}); "
            "restore it from a backup."
        ) from None
