"""Releasing: a version whose number tells the truth about marks, with everything that decided it."""

import os
import shutil
from collections.abc import Callable, Iterator, Mapping
from datetime import date
from pathlib import Path

import yaml

from pmcampus import contract
from pmcampus.archive import described, pack, sha256
from pmcampus.content import load_tree
from pmcampus.errors import ReleaseError
from pmcampus.files import write_bytes
from pmcampus.forms import load_form
from pmcampus.model.module import ModuleForm
from pmcampus.model.release import (
    CERTIFICATE,
    EDUCATOR,
    LEARNER,
    MANIFEST,
    VERDICTS,
    Decision,
    ForkOf,
    Kind,
    Manifest,
    Pin,
    Step,
    VerdictMatrix,
)
from pmcampus.model.tree import Tree
from pmcampus.releases import description, replay
from pmcampus.releases.conditions import (
    certificates_of,
    is_released,
    refuse_adopted,
    refuse_faults,
    refuse_leaks,
    refuse_low,
    release_before,
    taken,
)
from pmcampus.releases.crate import CRATE, citation, ro_crate
from pmcampus.releases.material import Material, material, resolve
from pmcampus.releases.shelf import manifest_digest, manifest_path, released
from pmcampus.releases.stored import prove_outputs

Progress = Callable[[str], None]


def release(
    name: str,
    *,
    root: Path,
    today: date,
    at_least: Step = Step.PATCH,
    progress: Progress = lambda step: None,
) -> Iterator[Manifest]:
    """The manifests of what was released, each written with its archives in one step.

    The version is the one in the form. An id alone releases all that carry it and are not released in
    this version, a module before its assessment.

    Args:
        name: an id, or `modules/ID`, `assessments/ID`, `case_studies/ID`.
        at_least: the smallest step the author asks for; it can raise what the evidence asks for.

    Raises:
        ReleaseError: a version that is taken, too low or without an entry in the changelog; content
            with faults, without a proof, or with an answer in what learners get.
        CampusError: content that cannot be read, or answers that cannot be run here.
    """
    tree = load_tree(root)
    found = [material(root, kind, id) for kind, id in resolve(root, name)]
    if len(found) > 1:
        wanted = [one for one in found if not is_released(root, one)]
        found = wanted or found[-1:]
    for one in found:
        yield _release(root, tree, one, today=today, at_least=at_least, progress=progress)


def _release(
    root: Path, tree: Tree, one: Material, *, today: date, at_least: Step, progress: Progress
) -> Manifest:
    refuse_adopted(root, one)
    previous = release_before(root, one)
    changelog = one.changelog()
    refuse_low(one, previous, Decision(step=Step.PATCH), at_least)  # before anything is run
    progress(f"{one.name} {one.form.version}: rules, stored outputs, proof")
    refuse_faults(tree, one, today)
    pins = _pins(root, one)
    if one.kind is not Kind.ASSESSMENT:
        prove_outputs(root / one.kind.shelf / one.id)
    certificates = certificates_of(root, one)
    progress(f"{one.name} {one.form.version}: contract and verdicts")
    verdicts, decision = _decision(root, one, previous)
    refuse_low(one, previous, decision, at_least)

    progress(f"{one.name} {one.form.version}: archives")
    shared = description.shared(root, tree, one, today)
    learner = {**one.for_learners, **shared}
    educator = {**one.files, **shared}
    if verdicts is not None:
        educator[VERDICTS] = _json(verdicts.model_dump_json(indent=1))
    if certificates:
        several = ", ".join(certificate.model_dump_json(indent=1) for certificate in certificates)
        educator[CERTIFICATE] = _json(several if len(certificates) == 1 else f"[{several}]")
    for files in (learner, educator):
        files[CRATE] = ro_crate(description.whole(tree, one, today), files)
    refuse_leaks(root, learner, is_teaching=one.kind is not Kind.ASSESSMENT)
    packed = {LEARNER: pack(learner), EDUCATOR: pack(educator)}
    made = Manifest(
        kind=one.kind,
        id=one.id,
        title=one.form.title,
        summary=getattr(one.form, "summary", f"Graded assessment: {one.form.title}."),
        version=one.form.version,
        released=today,
        language=getattr(one.form, "language", tree.curriculum.value.language),
        jurisdiction=getattr(one.form, "jurisdiction", None),
        licence=description.licence(tree, one),
        authors=tuple(author["name"] for author in description.authors(tree, one)),
        citation=citation(
            authors=[author["name"] for author in description.authors(tree, one)],
            year=today.year,
            title=one.form.title,
            version=one.form.version,
            kind=one.kind.value,
            campus=tree.curriculum.value.title,
        ),
        hours=one.form.hours.total if one.kind is Kind.MODULE else None,
        minutes=description.minutes(one),
        changelog=changelog,
        decision=decision,
        previous=Pin(version=previous.version, digest=manifest_digest(root, one.name, previous.version))
        if previous
        else None,
        contract=one.contract,
        contract_digest=sha256(one.contract.model_dump_json().encode()),
        certificate=sha256(educator[CERTIFICATE]) if certificates else None,
        verdicts=sha256(educator[VERDICTS]) if verdicts else None,
        pins=pins,
        fork_of=_fork_of(one),
        learner=described(LEARNER, packed[LEARNER], learner, learner=learner),
        educator=described(EDUCATOR, packed[EDUCATOR], educator, learner=learner),
    )
    write(root, made, packed)
    return made


def write(root: Path, manifest: Manifest, packed: Mapping[str, bytes]) -> Path:
    """The release's folder, with manifest and archives; it appears whole or not at all.

    Raises:
        ReleaseError: there is one already.
    """
    place = manifest_path(root, manifest.name, manifest.version).parent
    part = place.with_name(f".{place.name}.{os.getpid()}.part")
    shutil.rmtree(part, ignore_errors=True)
    try:
        for name, content in packed.items():
            write_bytes(part / name, content)
        write_bytes(part / MANIFEST, _json(manifest.model_dump_json(indent=1)))
        if place.exists():
            raise ReleaseError(taken(manifest.name, manifest.version))
        part.rename(place)
    except OSError:
        if place.exists():
            raise ReleaseError(taken(manifest.name, manifest.version)) from None
        raise
    finally:
        shutil.rmtree(part, ignore_errors=True)
    return place


def _decision(root: Path, one: Material, previous: Manifest | None) -> tuple[VerdictMatrix | None, Decision]:
    """How this version judges its bank, and the step that leads to it from the one before."""
    own = replay.verdicts(root, one.id) if one.kind is Kind.ASSESSMENT else None
    if previous is None:
        return own, Decision(step=Step.FIRST)
    if own is None:
        return None, contract.decide(previous.contract, one.contract)
    old, new = replay.both(root, previous, one.id)
    return own, contract.decide(previous.contract, one.contract, old, new)


def _pins(root: Path, one: Material) -> dict[str, Pin]:
    """The released versions that this one was made and proved with.

    Raises:
        ReleaseError: an assessment's module is not released in the version of this tree.
    """
    found = {}
    for id in one.contract.requires:
        name, path = f"modules/{id}", root / "modules" / id / "module.yaml"
        if one.kind is Kind.ASSESSMENT:
            version = load_form(root, path, ModuleForm).value.version
            found[name] = Pin(version=version, digest=manifest_digest(root, name, version))
        elif earlier := released(root, name):
            version = earlier[-1].version
            found[name] = Pin(version=version, digest=manifest_digest(root, name, version))
    return found


def _fork_of(one: Material) -> ForkOf | None:
    content = one.files.get(f"{one.name}/fork-of.yaml")
    if content is None:
        return None
    return ForkOf.model_validate(yaml.safe_load(content))


def _json(text: str) -> bytes:
    return f"{text}\n".encode()
