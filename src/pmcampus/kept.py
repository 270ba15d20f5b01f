"""What a verdict was read from, kept unchanged under its digest, so that it can be proved again."""

import hashlib
import json
from pathlib import Path

from pmcampus.errors import CohortError
from pmcampus.files import digest, write_bytes
from pmcampus.model.cohort import LEDGER_HEAD


def kept_path(folder: Path, fingerprint: str, kind: str = "ipynb") -> Path:
    """Where the bytes with this SHA-256 lie; `kind` is the file's ending."""
    return folder / "kept" / f"{fingerprint}.{kind}"


def keep(folder: Path, content: bytes, kind: str = "ipynb") -> str:
    """The SHA-256 under which these bytes are now kept; they outlive a power cut from here on."""
    fingerprint = hashlib.sha256(content).hexdigest()
    path = kept_path(folder, fingerprint, kind)
    if not is_whole(folder, fingerprint, kind):
        write_bytes(path, content, durable=True)
    return fingerprint


def is_whole(folder: Path, fingerprint: str, kind: str = "ipynb") -> bool:
    """Whether the kept file is there and still has the bytes of its name."""
    path = kept_path(folder, fingerprint, kind)
    return path.is_file() and digest(path) == fingerprint


def write_head(folder: Path, number: int, fingerprint: str) -> None:
    """Note the ledger's last row outside the database, so that rows cut off its end are missed."""
    text = json.dumps({"row": number, "digest": fingerprint}) + "\n"
    write_bytes(folder / LEDGER_HEAD, text.encode(), durable=True)


def read_head(folder: Path) -> tuple[int, str] | None:
    """The row noted last, as number and digest; None when none was.

    Raises:
        CohortError: the note cannot be read.
    """
    path = folder / LEDGER_HEAD
    if not path.is_file():
        return None
    try:
        stored = json.loads(path.read_text("utf-8"))
        return int(stored["row"]), str(stored["digest"])
    except (ValueError, KeyError, TypeError) as problem:
        raise CohortError(
            f"{path}: the note of the ledger's last row cannot be read ({problem}); "
            "verify the ledger against an export, then delete this file."
        ) from problem
