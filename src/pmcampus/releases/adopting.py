"""What an adoption brings and how it is laid down: offers verified in memory, then the lock and the files."""

import os
import shutil
import tempfile
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import yaml
from pydantic import BaseModel

from pmcampus.archive import sha256, verified
from pmcampus.errors import ReleaseError
from pmcampus.files import write_bytes, write_text
from pmcampus.forms import load_form
from pmcampus.model.adoption import ADOPTED, Adopted, AdoptedForm
from pmcampus.model.release import (
    CERTIFICATE,
    EDUCATOR,
    LEARNER,
    MANIFEST,
    VERDICTS,
    IndexEntry,
    Kind,
    Manifest,
    VerdictMatrix,
)
from pmcampus.releases.excerpt import entries, refuse_aliases
from pmcampus.releases.material import FORMS
from pmcampus.releases.shelf import manifest_path, parse_manifest
from pmcampus.releases.sources import MOST_INDEX, Source

BESIDE = frozenset({"ro-crate-metadata.json", "CITATION.cff", "LICENSE-content", VERDICTS, CERTIFICATE})
NOTES = "instructor-notes.md"
NOT_HERE = """# Instructor notes: {title}

The notes did not come with the learners' archive from which this module was adopted. They are in its
educators' archive, `educator.zip`, whose SHA-256 is

    {digest}

Ask the authors for it, and adopt the folder it lies in: `pmcampus adopt FOLDER ID`.
"""
HEAD = "# Written by `pmcampus adopt` and `pmcampus update`: what this campus took over, and from where.\n"


@dataclass(frozen=True)
class Offer:
    """A release fetched and verified, digest by digest; nothing of it was written yet."""

    manifest: Manifest
    packed: Mapping[str, bytes]
    learner: Mapping[str, bytes]
    educator: Mapping[str, bytes] | None

    @property
    def digest(self) -> str:
        """What pins it."""
        return sha256(self.packed[MANIFEST])

    @property
    def files(self) -> Mapping[str, bytes]:
        """The best there is: the educators' files, else the learners'."""
        return self.learner if self.educator is None else self.educator

    @property
    def content(self) -> dict[str, bytes]:
        """The files that go into the content folder; a page says where notes are that did not come."""
        found = {p: c for p, c in self.files.items() if p.startswith(f"{self.manifest.name}/")}
        if self.educator is None and self.manifest.kind is Kind.MODULE:
            title, digest = self.manifest.title, self.manifest.educator.sha256
            found[f"{self.manifest.name}/{NOTES}"] = NOT_HERE.format(title=title, digest=digest).encode()
        return found

    @property
    def verdicts(self) -> VerdictMatrix | None:
        """How it judges its bank, where the educators' archive is there to say it."""
        found = self.files.get(VERDICTS)
        return VerdictMatrix.model_validate_json(found) if found is not None else None


def fetch(source: Source, entry: IndexEntry, *, digest: str | None = None) -> Offer:
    """This release, verified.

    Args:
        digest: what its manifest's SHA-256 must be, where somebody was told it by another way.

    Raises:
        ReleaseError: anything is missing, damaged, or not what the index and the manifest promise.
    """
    where = f"{source.name}: {entry.name} {entry.version}"
    content = source.read(entry.manifest, MOST_INDEX)
    if content is None:
        raise ReleaseError(f"{where}: the manifest is missing; ask the campus that offers it.")
    for promised, by in ((entry.sha256, "the index"), (digest, "you")):
        if promised is not None and sha256(content) != promised:
            raise ReleaseError(
                f"{where}: the manifest has the digest {sha256(content)[:16]}, {by} promised "
                f"{promised[:16]}; nothing was written."
            )
    manifest = parse_manifest(content, where)
    if (manifest.kind, manifest.id, manifest.version) != (entry.kind, entry.id, entry.version):
        raise ReleaseError(f"{where}: the manifest is that of {manifest.place}; nothing was written.")
    folder = entry.manifest.removesuffix(MANIFEST)
    packed = {MANIFEST: content}
    unpacked: dict[str, dict[str, bytes]] = {}
    for archive in (manifest.learner, manifest.educator):
        data = source.read(f"{folder}{archive.file}")
        if data is not None:
            unpacked[archive.file] = verified(data, archive, manifest, where)
            packed[archive.file] = data
    if LEARNER not in unpacked:
        raise ReleaseError(f"{where}: the learners' archive is missing; nothing was written.")
    offer = Offer(manifest, packed, unpacked[LEARNER], unpacked.get(EDUCATOR))
    _refuse_strange(offer, where)
    return offer


def load_adopted(root: Path) -> AdoptedForm:
    """What this campus took over.

    Raises:
        ContentError: `adopted.yaml` has faults.
    """
    path = root / ADOPTED
    return load_form(root, path, AdoptedForm).value if path.is_file() else AdoptedForm()


def write_adopted(root: Path, form: AdoptedForm) -> None:
    """The lock, by name, with a line that says what it is."""
    data = form.model_dump(mode="json", exclude_defaults=True)
    data["adopted"] = dict(sorted(data.get("adopted", {}).items()))
    write_text(root / ADOPTED, HEAD + yaml.safe_dump(data, sort_keys=False, allow_unicode=True))


def refuse_changed(root: Path, name: str, adopted: Adopted) -> None:
    """Nothing, when the adopted folder is as it was laid down.

    Raises:
        ReleaseError: somebody changed it; an update would lose that.
    """
    there = {p.relative_to(root).as_posix(): p for p in (root / name).rglob("*") if _is_content(p)}
    for path in sorted({*there, *adopted.files}):
        if path not in there or sha256(there[path].read_bytes()) != adopted.files.get(path):
            raise ReleaseError(
                f"{path}: this file was adopted and then changed here, and an update would lose that; move "
                f"the change to overlays/{name}/files/, or restore the file from git."
            )


def keep_release(root: Path, offer: Offer) -> None:
    """The release among the campus's own, unchanged; an educators' archive that came later is added.

    Raises:
        ReleaseError: another release is there under the same version.
    """
    place = manifest_path(root, offer.manifest.name, offer.manifest.version).parent
    if not place.exists():
        part = place.with_name(f".{place.name}.{os.getpid()}.part")
        try:
            for name, content in offer.packed.items():
                write_bytes(part / name, content)
            part.rename(place)
        finally:
            shutil.rmtree(part, ignore_errors=True)
        return
    if (place / MANIFEST).read_bytes() != offer.packed[MANIFEST]:
        raise ReleaseError(
            f"{place}: another {offer.manifest.name} {offer.manifest.version} was released or adopted here; "
            "two campuses use the same id, so one of them has to fork under an id of its own."
        )
    for name, content in offer.packed.items():
        if not (place / name).is_file():
            write_bytes(place / name, content)


def lay_down(root: Path, name: str, files: Mapping[str, bytes]) -> dict[str, str]:
    """The content folder with exactly these files, exchanged in one step; their digests."""
    place = root / name
    place.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=place.parent, prefix=".part-") as made:
        new, old = Path(made) / "new", Path(made) / "old"
        for path, content in files.items():
            write_bytes(new / Path(path).relative_to(name), content)
        if place.exists():
            place.rename(old)
        try:
            new.rename(place)
        except OSError:
            with suppress(OSError):
                old.rename(place)
            raise
    return {path: sha256(content) for path, content in sorted(files.items())}


def is_laid(root: Path, name: str, files: Mapping[str, bytes]) -> bool:
    """Whether the content folder holds exactly these files."""
    there = {p.relative_to(root).as_posix(): p for p in (root / name).rglob("*") if _is_content(p)}
    return set(there) == set(files) and all(there[path].read_bytes() == files[path] for path in files)


def _refuse_strange(offer: Offer, where: str) -> None:
    """Nothing, when the archives hold this content and nothing that would land elsewhere.

    Raises:
        ReleaseError: a file of something else, or a form that cannot be read or is of another version.
    """
    name = offer.manifest.name
    for path in {*offer.learner, *(offer.educator or ())}:
        if not path.startswith((f"{name}/", "excerpt/")) and path not in BESIDE:
            raise ReleaseError(f"{where}: {path} is no part of {name}; nothing was written.")
    for files in (offer.learner, offer.educator or {}):
        refuse_aliases(files, where)
        entries(files, where)
    kind = offer.manifest.kind
    content = offer.files.get(f"{name}/{kind.form}")
    if content is None:
        if kind is Kind.MODULE or offer.educator is not None:
            raise ReleaseError(f"{where}: {kind.form} is missing; nothing was written.")
        return
    with tempfile.TemporaryDirectory(prefix="pmcampus-offer-") as made:
        write_bytes(Path(made) / kind.form, content)
        model: type[BaseModel] = FORMS[kind]
        form = load_form(Path(made), Path(made) / kind.form, model)
    if form.model is None:
        fault = form.faults[0]
        raise ReleaseError(f"{where}: {kind.form}:{fault.line}: {fault.message} Nothing was written.")
    if getattr(form.model, "version", None) != offer.manifest.version:
        raise ReleaseError(f"{where}: {kind.form} is of another version; nothing was written.")


def _is_content(path: Path) -> bool:
    return path.is_file() and "__pycache__" not in path.parts and ".ipynb_checkpoints" not in path.parts
