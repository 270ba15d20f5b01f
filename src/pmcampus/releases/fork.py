"""A fork: the same content under a new id, free to change what it promises, with its origin on record."""

from pathlib import Path

import yaml

from pmcampus.errors import ReleaseError
from pmcampus.files import write_bytes
from pmcampus.model.common import is_slug
from pmcampus.model.release import Kind, Pin
from pmcampus.releases.material import resolve
from pmcampus.releases.shelf import manifest_digest, released
from pmcampus.releases.unpacked import pinned, read_archive

FORK = "fork-of.yaml"


def fork(name: str, id: str, *, root: Path) -> Path:
    """The new folder, with the newest released content and a note of where it is from.

    Raises:
        ReleaseError: nothing of it was released, or the new id is taken or impossible.
    """
    if not is_slug(id):
        raise ReleaseError(f"{id!r} cannot be an id; write lower-case words joined by hyphens.")
    (kind, old), *more = resolve(root, name)
    if more:
        raise ReleaseError(f"{name}: write modules/{old} or assessments/{old}.")
    full = f"{kind.shelf}/{old}"
    earlier = released(root, full)
    if not earlier:
        raise ReleaseError(
            f"{full}: nothing of it was released; copy the folder and give it a form of its own."
        )
    if any((root / k.shelf / id).exists() for k in Kind):
        raise ReleaseError(f"{id}: this id is taken; choose another.")
    manifest = earlier[-1]
    pin = Pin(version=manifest.version, digest=manifest_digest(root, full, manifest.version))
    files = read_archive(root, pinned(root, full, pin), manifest.educator)
    place = root / kind.shelf / id
    for path, content in files.items():
        if path.startswith(f"{full}/"):
            inside = path.removeprefix(f"{full}/")
            write_bytes(place / (f"{id}.ipynb" if inside == f"{old}.ipynb" else inside), content)
    note = {"id": old, "version": manifest.version, "digest": pin.digest}
    head = (
        "# Where this was copied from; a work of its own now, whose marks do not compare with those there.\n"
    )
    write_bytes(place / FORK, (head + yaml.safe_dump(note, sort_keys=False)).encode())
    return place
