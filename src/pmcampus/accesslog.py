"""Who saw and changed what in a cohort: a file that only grows, each line sealed with the one before.

Nobody's name or id stands in it. Accounts and learners are pseudonyms under a key of the cohort's own,
so a page can say whom a line means while roster and key are there, and nobody can once they are gone.
"""

import fcntl
import hashlib
import hmac
import json
import os
import secrets
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from pydantic import ValidationError

from pmcampus.errors import CohortError
from pmcampus.model.dashboard import Look

SHELF = "dashboard"
KEY, LOG = "pseudonyms.key", "access.jsonl"
START = "0" * 64
PSEUDONYM = 16


@dataclass(frozen=True)
class AccessLog:
    """The log of one cohort, kept in its folder."""

    path: Path
    key: bytes

    def pseudonym(self, kind: str, id: str) -> str:
        """What stands for this account or learner; an empty id has none."""
        if not id:
            return ""
        return hmac.digest(self.key, f"{kind}\0{id}".encode(), "sha256").hex()[:PSEUDONYM]

    def add(self, look: Look, *, durable: bool = False) -> None:
        """One more line.

        Args:
            durable: the line outlives a power cut; for changes.

        Raises:
            OSError: it cannot be written, and then what it tells of must not happen.
        """
        with self.path.open("ab+") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            last, torn = _last_line(file)
            line = sealed(look, before=last)
            file.write((b"\n" if torn else b"") + line.encode() + b"\n")
            file.flush()
            if durable:
                os.fsync(file.fileno())

    def lines(self) -> list[str]:
        """All lines as they stand."""
        return [_text(line) for line in self._raw()]

    def last(self, page: int, size: int) -> tuple[list[str], int]:
        """A page of the lines, counted from the end and in their order, and how many lines there are."""
        found = self._raw()
        end = max(0, len(found) - (page - 1) * size)
        return [_text(line) for line in found[max(0, end - size) : end]], len(found)

    def _raw(self) -> list[bytes]:
        found = self.path.read_bytes().split(b"\n") if self.path.is_file() else [b""]
        return found if found[-1] else found[:-1]


def _text(line: bytes) -> str:
    return line.decode("utf-8", "replace")


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
    os.close(os.open(shelf / LOG, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600))
    return AccessLog(shelf / LOG, key)


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

    A line torn by a crash counts as none: the next one follows the last whole one.
    """
    before = START
    for number, line in enumerate(lines, start=1):
        try:
            stored = json.loads(line)
        except ValueError:
            if line.startswith('{"digest": "') and not line.endswith("}"):
                continue
            return number
        digest = stored.pop("digest", None) if isinstance(stored, dict) else None
        if digest is None or digest != _digest(stored) or stored.get("before_line") != before:
            return number
        before = digest
    return None


def _digest(body: dict[str, object]) -> str:
    return hashlib.sha256(json.dumps(body, sort_keys=True, ensure_ascii=False).encode()).hexdigest()


def _last_line(file: BinaryIO) -> tuple[str, bool]:
    """The digest of the last whole line, and whether a torn one comes after it."""
    end = file.seek(0, os.SEEK_END)
    if end == 0:
        return START, False
    size = 65536
    while True:
        file.seek(max(0, end - size))
        tail = file.read(size)
        torn = not tail.endswith(b"\n")
        for line in reversed(tail.split(b"\n")[:-1]):
            try:
                digest = json.loads(line)["digest"]
                file.seek(0, os.SEEK_END)
                return str(digest), torn
            except (ValueError, KeyError, TypeError):
                continue
        if size >= end:
            file.seek(0, os.SEEK_END)
            return START, torn
        size *= 4
