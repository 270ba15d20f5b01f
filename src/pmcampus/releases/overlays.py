"""A local layer over an adopted module: its language, its law, its cases and contacts, never its contract."""

from collections.abc import Mapping
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import yaml

from pmcampus import contract
from pmcampus.archive import refuse_name, sha256
from pmcampus.errors import ReleaseError
from pmcampus.files import write_bytes
from pmcampus.forms import load_form
from pmcampus.model.adoption import OVERLAY, OVERLAYS, OverlayForm
from pmcampus.model.release import Contract, Kind, Manifest, Pin, Step
from pmcampus.releases.material import material
from pmcampus.versions import newest


def overlay_pin(root: Path, name: str) -> Pin | None:
    """Version and digest of the campus's layer over this module; None where it has none.

    Raises:
        ReleaseError: its form has faults.
    """
    found = _read(root, name)
    if found is None:
        return None
    form, files = found
    whole = "\n".join(f"{path} {sha256(content)}" for path, content in sorted(files.items()))
    return Pin(version=form.version, digest=sha256((form.model_dump_json() + whole).encode()))


def adapted(root: Path, manifest: Manifest, files: Mapping[str, bytes]) -> dict[str, bytes]:
    """The released files with the campus's own layer over them.

    Raises:
        ReleaseError: the layer was made for other versions, or it changes what was promised to learners.
    """
    found = _read(root, manifest.name)
    if found is None:
        return dict(files)
    where = f"{OVERLAYS}/{manifest.name}"
    if manifest.kind is not Kind.MODULE:
        raise ReleaseError(
            f"{where}: the text of {manifest.name} is part of what is judged, so it has no overlay; "
            + _fork(manifest)
        )
    form, own = found
    if newest([manifest.version], form.versions) is None:
        raise ReleaseError(
            f"{where}/{OVERLAY}: made for versions {form.versions}, and {manifest.version} is none of them; "
            "compare its files with the new version, then widen `versions` and raise its own `version`."
        )
    made = dict(files)
    for path, content in own.items():
        made[f"{manifest.name}/{path}"] = content
    at = f"{manifest.name}/module.yaml"
    made[at] = _form(made[at], form, manifest, where)
    _refuse_changed_contract(manifest, files, made, where)
    return made


def _read(root: Path, name: str) -> tuple[OverlayForm, dict[str, bytes]] | None:
    folder = root / OVERLAYS / name
    if not (folder / OVERLAY).is_file():
        return None
    form = load_form(root, folder / OVERLAY, OverlayForm)
    if form.model is None:
        raise ReleaseError(f"{form.path}:{form.faults[0].line}: {form.faults[0].message}")
    files = {
        p.relative_to(folder / "files").as_posix(): p.read_bytes()
        for p in sorted((folder / "files").rglob("*"))
        if p.is_file()
    }
    for path in files:
        refuse_name(path, f"{form.path}, files")
        if path in ("module.yaml", "CHANGELOG.md"):
            raise ReleaseError(
                f"{OVERLAYS}/{name}/files/{path}: this file stays as it was released; "
                f"say in {OVERLAY} what differs."
            )
    return form.model, files


def _form(content: bytes, overlay: OverlayForm, manifest: Manifest, where: str) -> bytes:
    """The module's form with the layer's words."""
    data: dict[str, Any] = yaml.safe_load(content)
    data |= overlay.texts
    data |= {key: value for key in ("language", "jurisdiction") if (value := getattr(overlay, key))}
    lessons = {entry["file"][3:].removesuffix(".ipynb"): entry for entry in data["lessons"]}
    for id, words in overlay.lessons.items():
        if id not in lessons:
            raise ReleaseError(
                f"{where}/{OVERLAY}: there is no lesson {id}; write one of {', '.join(lessons)}."
            )
        lessons[id] |= words.model_dump(mode="json", exclude_none=True)
    head = (
        f"# Made by PM Campus from {manifest.name} {manifest.version} and {where}; change that, not this.\n"
    )
    return (head + yaml.safe_dump(data, sort_keys=False, allow_unicode=True, width=100)).encode()


def _refuse_changed_contract(
    manifest: Manifest, before: Mapping[str, bytes], after: Mapping[str, bytes], where: str
) -> None:
    decision = contract.decide(_contract(manifest, before), _contract(manifest, after))
    changed = [f for f in decision.evidence if f.step is Step.MAJOR or (f.before and "data file" in f.what)]
    if changed:
        raise ReleaseError(
            f"{where}: an overlay may not change what learners are promised ({changed[0].sentence()}); "
            + _fork(manifest)
        )


def _contract(manifest: Manifest, files: Mapping[str, bytes]) -> Contract:
    with TemporaryDirectory(prefix="pmcampus-overlay-") as made:
        for path, content in files.items():
            if path.startswith(f"{manifest.name}/"):
                write_bytes(Path(made) / path, content)
        return material(Path(made), manifest.kind, manifest.id).contract


def _fork(manifest: Manifest) -> str:
    return (
        f"make a fork: `pmcampus fork {manifest.name} NEW-ID` copies it under an id of your own, "
        "and you release it yourself."
    )
