"""Archives that are the same for the same content, and archives from strangers, read without trust."""

import hashlib
import io
import re
import stat
import zipfile
import zlib
from collections.abc import Mapping
from typing import TypeVar

from pydantic import TypeAdapter, ValidationError

from pmcampus.errors import ReleaseError
from pmcampus.model.release import Archive, Manifest, ReleasedFile, SafePath

DATE = (1980, 1, 1, 0, 0, 0)  # the first that a zip file can hold
MODE = 0o100644
MOST_BYTES, MOST_UNPACKED, MOST_FILES = 50_000_000, 200_000_000, 2_000
SAFE = TypeAdapter(SafePath)
DEVICES = re.compile(r"(?i)(?:^|/)(?:con|prn|aux|nul|com\d|lpt\d)(?:\.|/|$)")
T = TypeVar("T")


def sha256(content: bytes) -> str:
    """The digest that manifests and pins hold."""
    return hashlib.sha256(content).hexdigest()


def pack(files: Mapping[str, bytes]) -> bytes:
    """These files as a zip: sorted, with one fixed date and mode, so that equal content gives equal bytes.

    Raises:
        ReleaseError: a name that cannot be unpacked safely everywhere.
    """
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w") as zipped:
        for name in sorted(files):
            refuse_name(name, "the release")
            entry = zipfile.ZipInfo(name, DATE)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.create_system = 3
            entry.external_attr = MODE << 16
            zipped.writestr(entry, files[name], compresslevel=9)
    content = held.getvalue()
    if len(content) > MOST_BYTES:
        raise ReleaseError(
            f"the archive would be {len(content) // 1_000_000} MB and {MOST_BYTES // 1_000_000} are allowed; "
            "put large data behind a DOI and a checksum in data/sources.yaml."
        )
    return content


def refuse_name(name: str, source: str) -> None:
    """Nothing, when this name stays inside its folder on every system.

    Raises:
        ReleaseError: it does not, or might not.
    """
    try:
        SAFE.validate_python(name)
    except ValidationError:
        pass
    else:
        if not DEVICES.search(name) and not any(part.endswith(".") for part in name.split("/")):
            return
    raise ReleaseError(
        f"{source}: {name[:80]!r} is no name that can be unpacked safely (letters, digits, dot, hyphen and "
        "underscore, no leading dot); nothing was written."
    )


def unpack(content: bytes, source: str) -> dict[str, bytes]:
    """The files of an archive by name, read into memory under limits; nothing is written.

    Raises:
        ReleaseError: traversal, absolute names, links, devices, names that stand twice or differ in case
            only, encryption, damage, or more than the limits allow.
    """
    if len(content) > MOST_BYTES:
        raise ReleaseError(f"{source}: more than {MOST_BYTES // 1_000_000} MB; nothing was written.")
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            entries = _checked(archive.infolist(), source)
            found: dict[str, bytes] = {}
            left = MOST_UNPACKED
            for entry in entries:
                with archive.open(entry) as packed:
                    data = packed.read(left + 1)
                left -= len(data)
                if left < 0:
                    raise ReleaseError(_too_much(source))
                found[entry.filename] = data
            return found
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError, NotImplementedError) as problem:
        raise ReleaseError(
            f"{source}: this archive is damaged or not a zip file ({problem}); get it anew."
        ) from problem
    except RuntimeError as problem:  # encrypted
        raise ReleaseError(f"{source}: this archive cannot be read ({problem}); nothing was written.") from (
            problem
        )


def _checked(entries: list[zipfile.ZipInfo], source: str) -> list[zipfile.ZipInfo]:
    """The entries that are files, when all of them may be unpacked."""
    if len(entries) > MOST_FILES:
        raise ReleaseError(f"{source}: more than {MOST_FILES} files; nothing was written.")
    if sum(entry.file_size for entry in entries) > MOST_UNPACKED:
        raise ReleaseError(_too_much(source))
    files: list[zipfile.ZipInfo] = []
    seen: set[str] = set()
    for entry in entries:
        kind = stat.S_IFMT(entry.external_attr >> 16)
        if entry.is_dir() and kind in (0, stat.S_IFDIR):
            refuse_name(entry.filename.rstrip("/"), source)
            continue
        refuse_name(entry.filename, source)
        if kind not in (0, stat.S_IFREG):
            raise ReleaseError(
                f"{source}: {entry.filename!r} is a link or a device, not a file; nothing was written."
            )
        folded = entry.filename.casefold()
        if folded in seen:
            raise ReleaseError(f"{source}: {entry.filename!r} is there twice; nothing was written.")
        seen.add(folded)
        files.append(entry)
    for name in seen:
        parents = name.split("/")[:-1]
        if any("/".join(parents[: n + 1]) in seen for n in range(len(parents))):
            raise ReleaseError(f"{source}: {name!r} lies in what is also a file; nothing was written.")
    return files


def _too_much(source: str) -> str:
    return f"{source}: unpacks to more than {MOST_UNPACKED // 1_000_000} MB; nothing was written."


def described(
    file: str, content: bytes, files: Mapping[str, bytes], *, learner: Mapping[str, bytes]
) -> Archive:
    """An archive as its manifest describes it; `learner` are the files that learners get."""
    listed = [
        ReleasedFile(path=name, size=len(data), sha256=sha256(data), learner=learner.get(name) == data)
        for name, data in sorted(files.items())
    ]
    return Archive.model_validate(
        {"file": file, "size": len(content), "sha256": sha256(content), "files": listed}
    )


def verified(content: bytes, archive: Archive, manifest: Manifest, source: str) -> dict[str, bytes]:
    """The files of a released archive, when it and each of them is what the manifest says.

    Raises:
        ReleaseError: anything differs, is missing or is there beside it.
    """
    if len(content) != archive.size or sha256(content) != archive.sha256:
        raise ReleaseError(
            f"{source}: {archive.file} of {manifest.name} {manifest.version} is not what its manifest says "
            f"({len(content)} bytes, {archive.size} promised, or another digest); nothing was written."
        )
    files = unpack(content, f"{source}, {archive.file}")
    promised = {file.path: file for file in archive.files}
    for name in sorted({*files} ^ {*promised}):
        state = "is not in the manifest" if name in files else "is missing"
        raise ReleaseError(f"{source}: {name} {state}; nothing was written.")
    for name, data in files.items():
        if sha256(data) != promised[name].sha256:
            raise ReleaseError(f"{source}: {name} is not what the manifest says; nothing was written.")
    return files
