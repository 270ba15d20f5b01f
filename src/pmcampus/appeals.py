"""Appeals in a cohort's folder: a file for what was asked, and beside it one for what was answered.

Neither is ever written again. Two people who answer at once cannot both: the second finds the file there.
"""

import os
import secrets
from pathlib import Path

from pydantic import BaseModel, ValidationError

from pmcampus.errors import CohortError
from pmcampus.model.dashboard import Answer, Appeal, Case

SHELF = "appeals"


class AlreadyAnswered(CohortError):
    """Somebody else answered meanwhile."""


def new_id() -> str:
    """An id that says nothing about anybody."""
    return secrets.token_hex(8)


def raise_appeal(folder: Path, appeal: Appeal) -> None:
    """The appeal, kept."""
    shelf = folder / SHELF
    shelf.mkdir(mode=0o700, exist_ok=True)
    _write(shelf / f"{appeal.id}.asked.json", appeal)


def answer_appeal(folder: Path, answer: Answer) -> None:
    """The answer, kept beside the appeal.

    Raises:
        AlreadyAnswered: there is an answer, which stays.
    """
    try:
        _write(folder / SHELF / f"{answer.appeal}.answered.json", answer)
    except FileExistsError:
        raise AlreadyAnswered(
            f"the appeal {answer.appeal} was answered by somebody else meanwhile; read that answer first."
        ) from None


def appeals(folder: Path, *, learner: str | None = None) -> list[Case]:
    """Every appeal, or this learner's; open ones first, then the latest first.

    Raises:
        CohortError: a file is no appeal.
    """
    found = []
    for path in sorted((folder / SHELF).glob("*.asked.json")):
        appeal = _read(path, Appeal)
        if learner is not None and appeal.learner != learner:
            continue
        beside = path.with_name(f"{appeal.id}.answered.json")
        found.append(Case(appeal=appeal, answer=_read(beside, Answer) if beside.is_file() else None))
    found.sort(key=lambda case: case.appeal.raised, reverse=True)
    return sorted(found, key=lambda case: case.answer is not None)


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


def _read[M: BaseModel](path: Path, model: type[M]) -> M:
    try:
        return model.model_validate_json(path.read_bytes())
    except (OSError, ValidationError) as problem:
        raise CohortError(
            f"{path}: this file is no appeal as PM Campus writes it ({type(problem).__name__}); "
            "restore it from a backup."
        ) from None
