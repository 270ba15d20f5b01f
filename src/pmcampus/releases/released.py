"""Whether the releases here are whole, and whether the tree says another thing under the same number."""

from collections.abc import Iterator
from pathlib import Path

from pmcampus.archive import sha256
from pmcampus.errors import CampusError
from pmcampus.model.release import RELEASES, Kind, Manifest
from pmcampus.releases.adopting import load_adopted
from pmcampus.releases.material import Material, material
from pmcampus.releases.shelf import manifest_path, read_manifest, released
from pmcampus.releases.unpacked import read_archive


def check(root: Path) -> Iterator[str]:
    """Every fault as a sentence: an archive that differs from its manifest, content changed in silence."""
    for kind in Kind:
        shelf = root / RELEASES / kind.shelf
        for id in sorted(p.name for p in shelf.iterdir() if p.is_dir()) if shelf.is_dir() else ():
            for manifest in released(root, f"{kind.shelf}/{id}"):
                yield from _whole(root, manifest)
    for kind in Kind:
        for path in sorted((root / kind.shelf).glob(f"*/{kind.form}")):
            yield from _unchanged(root, material(root, kind, path.parent.name))


def _whole(root: Path, manifest: Manifest) -> Iterator[str]:
    place = manifest_path(root, manifest.name, manifest.version).parent
    for archive in (manifest.learner, manifest.educator):
        if not (place / archive.file).is_file():
            continue  # the educators' archive of an adopted release may not be here
        try:
            read_archive(root, manifest, archive)
        except CampusError as problem:
            yield str(problem)


def _unchanged(root: Path, one: Material) -> Iterator[str]:
    path = manifest_path(root, one.name, one.form.version)
    if not path.is_file():
        return
    manifest = read_manifest(path)
    if one.name in load_adopted(root).adopted:
        return  # `adopted.yaml` holds the digests of what was laid down, a local layer included
    promised = {f.path: f.sha256 for f in manifest.educator.files if f.path.startswith(f"{one.name}/")}
    there = {path: sha256(content) for path, content in one.files.items()}
    for changed in sorted({*promised, *there}):
        if promised.get(changed) != there.get(changed):
            yield (
                f"{changed}: this differs from release {manifest.version}; raise the version in "
                f"{one.name}/{one.kind.form}, say in CHANGELOG.md what changed, and release it."
            )
            return
