"""Files of any kind: written in one step, and told apart by their digest."""

import hashlib
import os
from pathlib import Path


def write_text(path: Path, text: str) -> None:
    """Put `text` into `path` as UTF-8, in one step: a reader sees the old file or the new one."""
    write_bytes(path, text.encode())


def write_bytes(path: Path, data: bytes, *, durable: bool = False) -> None:
    """The same for bytes; a `durable` file outlives a power cut, which costs milliseconds."""
    new_folders = _missing_folders(path.parent) if durable else []
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        with temporary.open("wb") as file:
            file.write(data)
            if durable:
                file.flush()
                os.fsync(file.fileno())
        temporary.replace(path)
    except OSError as problem:  # a full disk names no file by itself
        if problem.filename is None:
            problem.filename = str(path)
        raise
    finally:
        temporary.unlink(missing_ok=True)
    if durable:  # a name lasts when the folder that holds it was written
        for folder in (path.parent, *(new.parent for new in new_folders)):
            _write_folder_down(folder)


def _missing_folders(folder: Path) -> list[Path]:
    return [place for place in (folder, *folder.parents) if not place.exists()]


def _write_folder_down(folder: Path) -> None:
    if os.name == "nt":  # Windows opens no folders
        return
    opened = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(opened)
    finally:
        os.close(opened)


def digest(path: Path) -> str:
    """The file's SHA-256 in hexadecimal."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
