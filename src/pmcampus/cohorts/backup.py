"""A whole cohort as one file, and put back from it: folder, database and keys, each file under its digest."""

import hashlib
import json
import os
import secrets
import shutil
import tempfile
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from pmcampus import gradebook
from pmcampus.audit import verify
from pmcampus.cohortdir import database_url, load_cohort, refuse_inside_content
from pmcampus.errors import CohortError
from pmcampus.files import digest
from pmcampus.gradebook.copying import copy_file, is_empty, put_rows, rows_of
from pmcampus.gradebook.surviving import file_of
from pmcampus.intake.bundles import Bundle, opened

FORMAT = "pmcampus-backup-1"
MANIFEST, FOLDER, FILE_COPY, ROWS = "manifest.json", "folder/", "database/gradebook.db", "database/rows.jsonl"
NBGRADER = f"{FOLDER}nbgrader_config.py"  # it names the old place, and marking writes it anew
MOST_FILES = 2_000_000
MOST_BYTES = 50_000_000_000


@dataclass(frozen=True)
class Saved:
    """How many files the backup has, and its SHA-256, to be noted elsewhere."""

    files: int
    sha256: str


@dataclass(frozen=True)
class Restored:
    """How many files were put back, and what an audit finds in them."""

    files: int
    rows: int
    faults: tuple[str, ...]


def backup(folder: Path, file: Path, *, now: datetime) -> Saved:
    """The cohort in one archive, readable by its owner only: it holds names, work, marks and private keys.

    Raises:
        CohortError: a run of marking is under way, the file is there already, or lies inside the cohort's
            folder; nothing was written then.
    """
    cohort = load_cohort(folder)
    if gradebook.somebody_at_work(folder):
        raise CohortError(f"{folder}: a run is marking this cohort; wait until it has ended.")
    if file.exists():
        raise CohortError(f"{file}: there is a file already; name another one.")
    if file.resolve().is_relative_to(folder.resolve()):
        raise CohortError(f"{file}: a backup inside what it saves is lost with it; name another place.")
    refuse_inside_content(file)
    url = database_url(folder, cohort, may_be_lost=True)
    file.parent.mkdir(parents=True, exist_ok=True)
    part = file.with_name(f".{file.name}.{secrets.token_hex(4)}.part")
    try:
        handle = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "wb") as out, tempfile.TemporaryDirectory(dir=file.parent) as scratch:
            sums: dict[str, str] = {}
            with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
                # The database first: what it tells of was on disk before it told.
                name, copy = _database(url, Path(scratch))
                sums[name] = _put(archive, name, copy)
                for path in _files(folder, file_of(url)):
                    name = FOLDER + path.relative_to(folder).as_posix()
                    sums[name] = _put(archive, name, path)
                head = {"format": FORMAT, "course": cohort.course, "made": now.isoformat(), "sha256": sums}
                archive.writestr(MANIFEST, json.dumps(head, indent=1, sort_keys=True))
            out.flush()
            os.fsync(out.fileno())
        part.replace(file)
    finally:
        part.unlink(missing_ok=True)
    return Saved(len(sums), digest(file))


def restore(file: Path, folder: Path, *, sha256: str | None = None) -> Restored:
    """The cohort of this backup in a folder that is not there yet, and its database.

    Args:
        sha256: what `backup` said, if somebody noted it.

    Raises:
        CohortError: the folder or the database is in use, or the backup is damaged, changed or another one;
            nothing was put anywhere then.
    """
    refuse_inside_content(folder)
    if folder.exists() and any(folder.iterdir()):
        raise CohortError(
            f"{folder}: there is something already; restore into a folder that is not there yet."
        )
    if sha256 and digest(file) != sha256.lower():
        raise CohortError(f"{file}: this is not the backup with that SHA-256; use an unchanged copy.")
    folder.parent.mkdir(parents=True, exist_ok=True)
    part = folder.with_name(f".{folder.name}.{secrets.token_hex(4)}.part")
    try:
        with opened(file, most=MOST_FILES, largest=MOST_BYTES) as bundle:
            head = _manifest(bundle)
            _lay_down(bundle, head["sha256"], part)
            cohort = load_cohort(part)
            _restore_database(bundle, database_url(part, cohort, may_be_lost=True), cohort.course, part)
        if folder.exists():
            folder.rmdir()
        part.rename(folder)
    finally:
        shutil.rmtree(part, ignore_errors=True)
    found = verify(folder)
    return Restored(len(head["sha256"]), found.rows, found.faults)


def _database(url: str, scratch: Path) -> tuple[str, Path]:
    if gradebook.is_missing(url):
        raise CohortError(
            "there is no gradebook; enrol learners first, or, if it was lost, see `pmcampus ledger rebuild`."
        )
    copy = scratch / "copy"
    if file_of(url) is not None:
        copy_file(url, copy)
        return FILE_COPY, copy
    with copy.open("w", encoding="utf-8") as out:
        for line in rows_of(url):
            out.write(line + "\n")
    return ROWS, copy


def _files(folder: Path, database: Path | None) -> Iterator[Path]:
    """Everything in the folder but the live database, locks and unfinished files."""
    skipped = {f"{database.name}{end}" for end in ("", "-wal", "-shm", "-journal")} if database else set()
    for path in sorted(folder.rglob("*")):
        if path.is_symlink() or not path.is_file():
            continue
        hidden = path.name.startswith(".")
        if hidden or (path.parent == folder and path.name in skipped):
            continue
        yield path


def _put(archive: zipfile.ZipFile, name: str, path: Path) -> str:
    """The SHA-256 of what was put into the archive, read once."""
    sums = hashlib.sha256()
    with path.open("rb") as source, archive.open(zipfile.ZipInfo(name), "w", force_zip64=True) as out:
        while block := source.read(1 << 20):
            sums.update(block)
            out.write(block)
    return sums.hexdigest()


def _manifest(bundle: Bundle) -> dict[str, Any]:
    try:
        head = json.loads(bundle.read(MANIFEST, limit=1_000_000_000))
        sums = head["sha256"]
        if head["format"] != FORMAT or {*sums, MANIFEST} != set(bundle.names):
            raise ValueError("files are missing or were added")
    except (ValueError, KeyError, TypeError) as problem:
        raise CohortError(
            f"{bundle.source}: this is no whole backup of a cohort ({problem}); use an unchanged copy."
        ) from None
    return dict(head)


def _lay_down(bundle: Bundle, sums: dict[str, str], part: Path) -> None:
    part.mkdir(mode=0o700)
    for name, wanted in sums.items():
        content = bundle.read(name, limit=MOST_BYTES)
        if hashlib.sha256(content).hexdigest() != wanted:
            raise CohortError(f"{bundle.source}: {name!r} was changed; use an unchanged copy.")
        if name.startswith(FOLDER) and name != NBGRADER:
            path = part / name.removeprefix(FOLDER)
            path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            path.write_bytes(content)
            path.chmod(0o600)


def _restore_database(bundle: Bundle, url: str, course: str, part: Path) -> None:
    """The database at its address, which is in the new folder or must be empty."""
    target = file_of(url)
    if not is_empty(url):
        raise CohortError(
            "the database of this cohort is there and holds learners; restore into an empty one: "
            "set PMCAMPUS_GRADEBOOK to its address."
        )
    if ROWS in bundle.names:
        lines = bundle.read(ROWS, limit=MOST_BYTES).decode("utf-8").splitlines()
        put_rows(url, course, lines)
    elif target is not None:
        target.write_bytes(bundle.read(FILE_COPY, limit=MOST_BYTES))
        target.chmod(0o600)
    else:
        raise CohortError(
            f"{bundle.source}: this backup holds an SQLite file, and PMCAMPUS_GRADEBOOK names a server; "
            "restore it without that variable."
        )
