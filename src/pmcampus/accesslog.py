"""Who saw and changed what in a cohort: a file a month that only grows, each line sealed with the last.

Nobody's name or id stands in it. Accounts and learners are pseudonyms under a key of the cohort's own,
so a page can say whom a line means while roster and key are there, and nobody can once they are gone.

A month is deleted as a whole when its time is over (GDPR, article 5, paragraph 1 (e)). A line of the log says
so and names the seal at which the chain begins from then on, so that only what was let go is missing.
"""

import fcntl
import hashlib
import json
import os
import secrets
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import BinaryIO

from pydantic import ValidationError

from pmcampus.errors import CohortError
from pmcampus.model.dashboard import Look
from pmcampus.pseudonyms import pseudonym_in_log

SHELF = "dashboard"
KEY, LOCK = "pseudonyms.key", ".access.lock"
WHOLE = "access.jsonl"  # a log that was begun before there were months
MONTH = "[0-9][0-9][0-9][0-9]-[0-9][0-9]"
START = "0" * 64
RETENTION = "retention"  # who deletes a month whose time is over: nobody's account


@dataclass(frozen=True)
class AccessLog:
    """The log of one cohort, kept in its folder."""

    shelf: Path
    key: bytes

    def pseudonym(self, kind: str, id: str) -> str:
        """What stands for this account or learner; an empty id has none."""
        return pseudonym_in_log(self.key, kind=kind, id=id)

    def files(self) -> list[Path]:
        """A file for each month, the earliest first."""
        return sorted(self.shelf.glob(f"access-{MONTH}.jsonl"))

    def add(self, look: Look, *, durable: bool = False) -> bool:
        """One more line; whether it is the first of its month.

        Args:
            durable: the line outlives a power cut; for changes.

        Raises:
            OSError: it cannot be written, and then what it tells of must not happen.
        """
        with self._alone():
            return self._append(look, durable=durable)

    def lines(self) -> list[str]:
        """All lines as they stand."""
        return [_text(line) for line in self._raw()]

    def last(self, page: int, size: int) -> tuple[list[str], int]:
        """A page of the lines, counted from the end and in their order, and how many lines there are."""
        found = self._raw()
        end = max(0, len(found) - (page - 1) * size)
        return [_text(line) for line in found[max(0, end - size) : end]], len(found)

    def prune(self, *, keep_months: int, now: datetime) -> list[str]:
        """The months that were deleted because all their lines are older than so many months."""
        now = now.astimezone(UTC)
        number = now.year * 12 + now.month - 1 - keep_months
        first_kept = f"access-{number // 12:04}-{number % 12 + 1:02}.jsonl"
        with self._alone():
            over = [path for path in self.files() if path.name < first_kept]
            if not over:
                return []
            months = [path.stem.removeprefix("access-") for path in over]
            seal = self._last(over)[0]
            # The record before the deed: a crash between them leaves more than is said, never less.
            self._append(
                Look(at=now, who=RETENTION, did="pruned", what=f"lines up to {months[-1]}", before=seal),
                durable=True,
            )
            for path in over:
                path.unlink()
        return months

    def _append(self, look: Look, *, durable: bool) -> bool:
        files = self.files()
        own = self.shelf / f"access-{look.at.astimezone(UTC):%Y-%m}.jsonl"
        path = max([own, *files])  # a clock that was set back begins no earlier month
        last, torn = self._last(files)
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        with os.fdopen(handle, "ab") as file:
            file.write((b"\n" if torn else b"") + sealed(look, before=last).encode() + b"\n")
            file.flush()
            if durable:
                os.fsync(file.fileno())
        return path not in files

    def _last(self, files: list[Path]) -> tuple[str, bool]:
        """The seal of the last whole line of these files, and whether the last of them ends in a torn one."""
        torn = False
        for path in reversed(files):
            with path.open("rb") as file:
                seal, ends_torn = _last_line(file)
            torn = torn or (ends_torn and path == files[-1])
            if seal is not None:
                return seal, torn
        return START, torn

    @contextmanager
    def _alone(self) -> Iterator[None]:
        with (self.shelf / LOCK).open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield

    def _raw(self) -> list[bytes]:
        found: list[bytes] = []
        for path in self.files():
            lines = path.read_bytes().split(b"\n")
            found += lines if lines[-1] else lines[:-1]
        return found


def open_log(folder: Path) -> AccessLog:
    """The cohort's log, with a new key where there is none yet; readable by its owner only.

    Raises:
        CohortError: the key's file holds none.
    """
    shelf = folder / SHELF
    shelf.mkdir(mode=0o700, exist_ok=True)
    place = shelf / KEY
    try:
        handle = os.open(place, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "w", encoding="ascii") as file:
            file.write(secrets.token_hex(32) + "\n")
    except FileExistsError:
        pass
    try:
        key = bytes.fromhex(place.read_text("ascii").strip())
    except ValueError:
        key = b""
    if len(key) < 16:
        raise CohortError(
            f"{place}: this is no key, so nobody can say whom the access log means; restore it from a backup."
        )
    log = AccessLog(shelf, key)
    with log._alone():
        _into_months(shelf / WHOLE)
    return log


def sealed(look: Look, *, before: str) -> str:
    """The line for this look, after a line with this digest."""
    body = {"before_line": before, **look.model_dump(mode="json")}
    return json.dumps({"digest": _digest(body), **body}, ensure_ascii=False)


def looks(lines: Iterable[str]) -> Iterator[Look | None]:
    """Each line as a value; None for one that is no line of this log."""
    for line in lines:
        try:
            stored = json.loads(line)
            del stored["digest"], stored["before_line"]
            yield Look.model_validate(stored)
        except (ValueError, KeyError, TypeError, ValidationError):
            yield None


def first_break(lines: Iterable[str]) -> int | None:
    """The number of the first line that was changed, or that follows one taken out; None when all fit.

    A line torn by a crash counts as none: the next one follows the last whole one. The first line may follow
    one that a later line says was let go when its time was over.
    """
    held = list(lines)
    let_go = {look.before for look in looks(held) if look is not None and look.did == "pruned"}
    before: str | None = None
    for number, line in enumerate(held, start=1):
        try:
            stored = json.loads(line)
        except ValueError:
            if line.startswith('{"digest": "') and not line.endswith("}"):
                continue
            return number
        digest = stored.pop("digest", None) if isinstance(stored, dict) else None
        if digest is None or digest != _digest(stored):
            return number
        follows = {before} if before is not None else {START, *let_go}
        if stored.get("before_line") not in follows:
            return number
        before = digest
    return None


def _text(line: bytes) -> str:
    return line.decode("utf-8", "replace")


def _digest(body: dict[str, object]) -> str:
    return hashlib.sha256(json.dumps(body, sort_keys=True, ensure_ascii=False).encode()).hexdigest()


def _into_months(whole: Path) -> None:
    """A log in one file becomes the file of its last month, with which it is let go."""
    if not whole.is_file():
        return
    known = [look for look in looks(whole.read_text("utf-8", errors="replace").splitlines()) if look]
    at = known[-1].at if known else datetime.fromtimestamp(whole.stat().st_mtime, UTC)
    goal = whole.with_name(f"access-{at.astimezone(UTC):%Y-%m}.jsonl")
    if goal.exists():  # both were written to: the months' chain began anew, so the old file stays as it is
        return
    if whole.stat().st_size:
        whole.rename(goal)
    else:
        whole.unlink()


def _last_line(file: BinaryIO) -> tuple[str | None, bool]:
    """The digest of the last whole line, and whether a torn one comes after it."""
    end = file.seek(0, os.SEEK_END)
    if end == 0:
        return None, False
    size = 65536
    while True:
        file.seek(max(0, end - size))
        tail = file.read(size)
        torn = not tail.endswith(b"\n")
        for line in reversed(tail.split(b"\n")[:-1]):
            try:
                return str(json.loads(line)["digest"]), torn
            except (ValueError, KeyError, TypeError):
                continue
        if size >= end:
            return None, torn
        size *= 4
