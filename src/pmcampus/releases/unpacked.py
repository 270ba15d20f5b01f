"""Released content laid out as a small curriculum of its own, verified file by file each time it is used."""

import hashlib
import shutil
import tempfile
from collections.abc import Mapping
from pathlib import Path

from pmcampus.archive import sha256, verified
from pmcampus.errors import ReleaseError
from pmcampus.files import write_bytes
from pmcampus.model.release import EDUCATOR, LEARNER, Archive, Manifest, Pin
from pmcampus.releases.shelf import manifest_path, parse_manifest


def pinned(root: Path, name: str, pin: Pin) -> Manifest:
    """The manifest of this released version, when it is the one that was pinned.

    Raises:
        ReleaseError: it is not in `releases/`, or it is another than was pinned.
    """
    path = manifest_path(root, name, pin.version)
    try:
        content = path.read_bytes()
    except FileNotFoundError:
        raise ReleaseError(
            f"{path}: {name} {pin.version} is pinned but not among the releases here; adopt it with "
            f"`pmcampus adopt SOURCE {name}@{pin.version}`, or restore the folder from git."
        ) from None
    found = hashlib.sha256(content).hexdigest()
    if pin.digest and found != pin.digest:
        raise ReleaseError(
            f"{path}: this is not the release that was pinned (its digest is {found[:12]}, "
            f"{pin.digest[:12]} is pinned); restore the folder from git."
        )
    return parse_manifest(content, str(path))


def read_archive(root: Path, manifest: Manifest, archive: Archive) -> dict[str, bytes]:
    """The files of a release's archive, by their path in a curriculum.

    Raises:
        ReleaseError: the archive is not here, or differs from its manifest.
    """
    path = manifest_path(root, manifest.name, manifest.version).with_name(archive.file)
    try:
        content = path.read_bytes()
    except FileNotFoundError:
        raise ReleaseError(_absent(path, manifest, archive)) from None
    return verified(content, archive, manifest, str(path))


def lay_out(root: Path, manifest: Manifest) -> Path:
    """A content root that holds what educators have of this release, and the module it is pinned to.

    It lies in `build/released`, which may be deleted at any time.

    Raises:
        ReleaseError: an archive is missing or differs from its manifest.
    """
    files = {k: v for k, v in read_archive(root, manifest, manifest.educator).items() if "/" in k}
    for name, pin in manifest.pins.items():
        if name.startswith("modules/"):
            module = pinned(root, name, pin)
            files |= {k: v for k, v in read_archive(root, module, module.learner).items() if "/" in k}
    whole = sha256("\n".join(f"{name} {sha256(data)}" for name, data in sorted(files.items())).encode())
    place = root / "build" / "released" / whole[:32]
    if not _holds(place, files):
        _write(place, files)
    return place


def _absent(path: Path, manifest: Manifest, archive: Archive) -> str:
    if archive.file == EDUCATOR and path.with_name(LEARNER).is_file():
        return (
            f"{path}: only the learners' archive of {manifest.name} {manifest.version} is here; ask its "
            "authors for educator.zip and put it there: its digest stands in the manifest."
        )
    return f"{path}: the archive is missing; restore it from git."


def _holds(place: Path, files: Mapping[str, bytes]) -> bool:
    """Whether the folder holds these files and no others."""
    there = {p.relative_to(place).as_posix() for p in place.rglob("*") if p.is_file()}
    return there == set(files) and all((place / name).read_bytes() == data for name, data in files.items())


def _write(place: Path, files: Mapping[str, bytes]) -> None:
    place.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=place.parent, prefix=".part-") as made:
        new = Path(made) / "content"
        new.mkdir()
        for name, data in files.items():
            write_bytes(new / name, data)
        if place.exists():
            shutil.rmtree(place, ignore_errors=True)
        try:
            new.rename(place)
        except OSError:  # another process was first
            if not _holds(place, files):
                raise
