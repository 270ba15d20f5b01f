"""An archive or a folder as a list of named files, looked over before anything is read, and never unpacked.

What is hostile is refused as a whole, in one sentence. Contents are read into memory, a file at a time and
only when asked for, so nothing is left behind.
"""

import os
import stat
import struct
import unicodedata
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from pmcampus.errors import CohortError
from pmcampus.receive import MAX_BYTES
from pmcampus.spreadsheets import UNSEEN

MAX_FILES = 20_000
MAX_TOTAL = 4_000_000_000  # bytes, unpacked
MAX_RATIO = 200  # unpacked to packed; a notebook of text and pictures packs to a tenth, not to a thousandth
SMALL = 50_000_000  # bytes below which a ratio says nothing: one learner's odd file must not stop the others
MAX_NAME = 1_000
PACKINGS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
# What Python's zipfile raises at bytes that are no archive.
BROKEN = (
    zipfile.BadZipFile, zlib.error, struct.error, EOFError, OSError, OverflowError, NotImplementedError,
    RuntimeError, ValueError,
)  # fmt: skip
IGNORED = ("__MACOSX/", ".ipynb_checkpoints/", ".DS_Store", "Thumbs.db", "desktop.ini")


class Refused(CohortError):
    """The whole source is hostile or broken."""


@dataclass(frozen=True)
class Bundle:
    """Files by their path, with `/` between the parts, sorted; folders are left out.

    `odd` are those whose name holds signs that cannot be seen, written so that they can: never read.
    """

    source: Path
    names: tuple[str, ...]
    odd: tuple[str, ...] = ()
    _archive: zipfile.ZipFile | None = None

    def read(self, name: str, *, limit: int = MAX_BYTES) -> bytes:
        """The file's bytes, or one byte more than the limit of them.

        Raises:
            CohortError: it is damaged, or longer than the archive says.
        """
        if self._archive is None:
            return _read_file(self.source / name, limit)
        info = self._archive.getinfo(name)
        try:
            with self._archive.open(info) as file:
                content = file.read(limit + 1)
                if len(content) <= limit and file.read(1):
                    raise zipfile.BadZipFile("longer than the archive says")
                return content
        except BROKEN:
            raise Refused(
                f"{self.source}: {name!r} in the archive is damaged; download the archive again. "
                "Nothing was taken in."
            ) from None


@contextmanager
def opened(source: Path, *, most: int = MAX_FILES, largest: int = MAX_TOTAL) -> Iterator[Bundle]:
    """The files of this folder or ZIP archive.

    Args:
        most: how many files are allowed.
        largest: how many bytes they may have together.

    Raises:
        CohortError: neither of both, damaged, encrypted, or hostile: paths that lead out, links, repeated
            or unreadable names, too many or too large files, or far larger unpacked than packed.
    """
    if source.is_dir():
        yield _bundle(source, _names_in_folder(source, most))
        return
    try:
        archive = zipfile.ZipFile(source)
    except FileNotFoundError:
        raise CohortError(f"{source}: there is no such file or folder; check the name.") from None
    except BROKEN:
        if source.suffix.lower() == ".ipynb":
            raise CohortError(
                f"{source}: this is one notebook and no archive; take it in with `pmcampus hand-in`."
            ) from None
        raise Refused(
            f"{source}: this is no ZIP archive, or it was cut off; download it again. Nothing was taken in."
        ) from None
    with archive:
        yield _bundle(source, _names_in_archive(source, archive, most, largest), archive)


def _bundle(source: Path, names: tuple[str, ...], archive: zipfile.ZipFile | None = None) -> Bundle:
    odd = {name for name in names if UNSEEN.search(name)}
    plain = tuple(name for name in names if name not in odd)
    return Bundle(source, plain, tuple(sorted(ascii(name)[1:-1] for name in odd)), archive)


def _names_in_archive(source: Path, archive: zipfile.ZipFile, most: int, largest: int) -> tuple[str, ...]:
    infos = archive.infolist()
    _refuse_many(source, len(infos), most)
    seen: set[str] = set()
    total = 0
    for info in infos:
        name = info.filename
        _refuse_name(source, name, seen)
        kind = stat.S_IFMT(info.external_attr >> 16)
        if kind not in (0, stat.S_IFREG, stat.S_IFDIR):
            raise Refused(f"{source}: {name!r} is a link or no plain file; nothing was taken in.")
        if info.flag_bits & 0x1:
            raise Refused(f"{source}: {name!r} is encrypted; make the archive without a password.")
        if info.compress_type not in PACKINGS:
            raise Refused(f"{source}: {name!r} is packed in an unusual way; make a plain ZIP archive.")
        total += info.file_size
    size = source.stat().st_size
    if total > largest or (total > SMALL and total > MAX_RATIO * size):
        raise Refused(
            f"{source}: the archive would unpack to {total / 1e6:.0f} MB, {total / max(1, size):.0f} times "
            "its size; nothing was taken in."
        )
    if sum(info.compress_size for info in infos) > size:
        raise Refused(f"{source}: the archive holds files inside files; nothing was taken in.")
    return tuple(sorted(i.filename for i in infos if not i.is_dir() and not _is_ignored(i.filename)))


def _names_in_folder(source: Path, most: int) -> tuple[str, ...]:
    found: list[str] = []
    seen: set[str] = set()
    for place, folders, files in os.walk(source, followlinks=False):
        for name in sorted((*folders, *files)):
            path = Path(place, name)
            shown = path.relative_to(source).as_posix()
            mode = path.lstat().st_mode
            if not (stat.S_ISREG(mode) or stat.S_ISDIR(mode)):
                raise Refused(f"{source}: {shown!r} is a link or no plain file; nothing was taken in.")
            _refuse_name(source, shown, seen)
            if stat.S_ISREG(mode) and not _is_ignored(shown):
                found.append(shown)
        _refuse_many(source, len(seen), most)
    return tuple(sorted(found))


def _refuse_name(source: Path, name: str, seen: set[str]) -> None:
    plain = name.replace("\\", "/")
    parts = PurePosixPath(plain).parts
    shown = ascii(name[:80])
    if not plain or len(name) > MAX_NAME:
        raise Refused(f"{source}: the name {shown} is empty or too long; nothing was taken in.")
    if plain.startswith("/") or ".." in parts or (len(plain) > 1 and plain[1] == ":"):
        raise Refused(f"{source}: the name {shown} leads out of the archive; nothing was taken in.")
    key = unicodedata.normalize("NFC", plain.rstrip("/")).casefold()
    if key in seen:
        raise Refused(f"{source}: the name {shown} is there twice; nothing was taken in.")
    seen.add(key)


def _refuse_many(source: Path, count: int, most: int) -> None:
    if count > most:
        raise Refused(f"{source}: there are more than {most} files; nothing was taken in.")


def _is_ignored(name: str) -> bool:
    """What systems leave behind, such as the `._` shadow that a Mac lays beside a file on a foreign disk."""
    return PurePosixPath(name).name.startswith("._") or any(
        f"/{name}".rfind(f"/{mark}") >= 0 for mark in IGNORED
    )


def _read_file(path: Path, limit: int) -> bytes:
    try:
        with open(os.open(path, os.O_RDONLY | os.O_NOFOLLOW), "rb") as file:  # noqa: PTH123  a descriptor
            return file.read(limit + 1)
    except OSError as problem:
        raise CohortError(f"{path}: the file cannot be read ({problem.strerror}).") from problem
