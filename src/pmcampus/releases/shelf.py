"""The folder `releases/` at the top of a curriculum: manifests, and the index made from them.

Archives are kept in git beside their manifest: each is a few hundred kilobytes, a released version must
still be gradable when the tree has moved on, and a checkout is then all an institution needs. Only
`pmcampus release` writes here; nothing in it is ever changed.
"""

import hashlib
from pathlib import Path

from pydantic import ValidationError

from pmcampus.errors import ReleaseError
from pmcampus.forms import load_form
from pmcampus.model.curriculum import CurriculumForm
from pmcampus.model.release import MANIFEST, RELEASES, Index, IndexEntry, Kind, Manifest
from pmcampus.versions import version_key


def read_manifest(path: Path) -> Manifest:
    """The manifest in this file.

    Raises:
        ReleaseError: there is none, or it cannot be read.
    """
    try:
        return parse_manifest(path.read_bytes(), str(path))
    except FileNotFoundError:
        raise ReleaseError(f"{path}: there is no such release; restore it from git.") from None


def parse_manifest(content: bytes, source: str) -> Manifest:
    """The manifest in these bytes.

    Raises:
        ReleaseError: they are none.
    """
    try:
        return Manifest.model_validate_json(content)
    except ValidationError as problem:
        first = problem.errors(include_url=False)[0]
        field = ".".join(map(str, first["loc"])) or "the file"
        raise ReleaseError(
            f"{source}: this is not a manifest of PM Campus ({field}: {first['msg']}); get the release anew."
        ) from None


def manifest_path(root: Path, name: str, version: str) -> Path:
    """Where the manifest of this release lies; `name` is shelf and id."""
    return root / RELEASES / name / version / MANIFEST


def released(root: Path, name: str) -> list[Manifest]:
    """Every released version of this module, assessment or case (`modules/<id>`), oldest first."""
    shelf = root / RELEASES / name
    paths = shelf.glob(f"*/{MANIFEST}") if shelf.is_dir() else ()
    return sorted(map(read_manifest, paths), key=lambda manifest: version_key(manifest.version))


def manifest_digest(root: Path, name: str, version: str) -> str:
    """What pins this release: the SHA-256 of its manifest.

    Raises:
        ReleaseError: it was never released.
    """
    try:
        return hashlib.sha256(manifest_path(root, name, version).read_bytes()).hexdigest()
    except FileNotFoundError:
        raise ReleaseError(
            f"{name} {version} was never released here; run `pmcampus release {name}`."
        ) from None


def index(root: Path) -> Index:
    """All releases of this curriculum, for `/releases/index.json`.

    Raises:
        ReleaseError: a manifest cannot be read, or lies in another release's folder.
        ContentError: the curriculum's form cannot be read.
    """
    campus = load_form(root, root / "curriculum" / "curriculum.yaml", CurriculumForm).value.title
    entries = []
    for kind in Kind:
        for path in sorted((root / RELEASES / kind.shelf).glob(f"*/*/{MANIFEST}")):
            manifest = read_manifest(path)
            place = path.parent.relative_to(root / RELEASES).as_posix()
            if manifest.place != place:
                raise ReleaseError(
                    f"{path}: this is the manifest of {manifest.place}; restore the folder from git."
                )
            entries.append(
                IndexEntry(
                    kind=kind,
                    id=manifest.id,
                    title=manifest.title,
                    version=manifest.version,
                    released=manifest.released,
                    manifest=f"{place}/{MANIFEST}",
                    sha256=hashlib.sha256(path.read_bytes()).hexdigest(),
                )
            )
    entries.sort(key=lambda e: (list(Kind).index(e.kind), e.id, version_key(e.version)))
    return Index(campus=campus, releases=tuple(entries))


def names_of(root: Path, name: str, *versions: str) -> list[str]:
    """What this id means among the releases: `modules/ID`, `assessments/ID`, or both, in these versions.

    Raises:
        ReleaseError: nothing of that name was released in all these versions.
    """
    shelf, _, id = name.rpartition("/")
    kinds = [kind for kind in Kind if shelf in ("", kind.shelf)]
    found = [
        f"{kind.shelf}/{id}"
        for kind in kinds
        if all(manifest_path(root, f"{kind.shelf}/{id}", version).is_file() for version in versions)
    ]
    if not found:
        known = [m.place for kind in kinds for m in released(root, f"{kind.shelf}/{id}")]
        raise ReleaseError(
            f"{name}: not released in {' and '.join(versions)}; there is {', '.join(known) or 'nothing'}."
        )
    return found
