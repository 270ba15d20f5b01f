"""Releasing: a version whose number tells the truth about marks, with everything that decided it."""

import os
import shutil
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from datetime import date
from pathlib import Path

import yaml

from pmcampus import contract
from pmcampus.archive import described, pack, sha256
from pmcampus.casepaper import TEAM, case_ids, load_case_form, load_case_paper
from pmcampus.content import load_tree
from pmcampus.errors import ContentError, ReleaseError
from pmcampus.files import write_bytes
from pmcampus.forms import load_form
from pmcampus.lint import lint
from pmcampus.model.certificate import Certificate
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
from pmcampus.paper import Paper, load_paper, paper_ids
from pmcampus.proofs import leaks
from pmcampus.prove import prove
from pmcampus.public import TEXTS, secrets
from pmcampus.releases import description, replay
from pmcampus.releases.adopting import load_adopted
from pmcampus.releases.crate import CRATE, citation, ro_crate
from pmcampus.releases.material import Material, material, resolve
from pmcampus.releases.shelf import manifest_digest, manifest_path, released
from pmcampus.releases.stored import prove_outputs
from pmcampus.versions import next_version, step_between, version_key

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
        wanted = [one for one in found if not _is_released(root, one)]
        found = wanted or found[-1:]
    for one in found:
        yield _release(root, tree, one, today=today, at_least=at_least, progress=progress)


def _release(
    root: Path, tree: Tree, one: Material, *, today: date, at_least: Step, progress: Progress
) -> Manifest:
    _refuse_adopted(root, one)
    previous = _free(root, one)
    changelog = one.changelog()
    _refuse_low(one, previous, Decision(step=Step.PATCH), at_least)  # before anything is run
    progress(f"{one.name} {one.form.version}: rules, stored outputs, proof")
    _lint(tree, one, today)
    pins = _pins(root, one)
    if one.kind is not Kind.ASSESSMENT:
        prove_outputs(root / one.kind.shelf / one.id)
    certificates = _certificates(root, one)
    progress(f"{one.name} {one.form.version}: contract and verdicts")
    verdicts, decision = _decision(root, one, previous)
    _refuse_low(one, previous, decision, at_least)

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
    return write_release(root, manifest, {**packed, MANIFEST: _json(manifest.model_dump_json(indent=1))})


def write_release(root: Path, manifest: Manifest, files: Mapping[str, bytes]) -> Path:
    """The same, for a manifest that is there as bytes already."""
    place = manifest_path(root, manifest.name, manifest.version).parent
    part = place.with_name(f".{place.name}.{os.getpid()}.part")
    shutil.rmtree(part, ignore_errors=True)
    try:
        for name, content in files.items():
            write_bytes(part / name, content)
        if place.exists():
            raise ReleaseError(_taken(manifest.name, manifest.version))
        part.rename(place)
    except OSError:
        if place.exists():
            raise ReleaseError(_taken(manifest.name, manifest.version)) from None
        raise
    finally:
        shutil.rmtree(part, ignore_errors=True)
    return place


def refuse_leaks(root: Path, learner: Mapping[str, bytes], *, is_teaching: bool) -> None:
    """Nothing, when no solution and no hidden test of any assessment can be read in these files.

    Raises:
        ReleaseError: one can be read, and where.
    """
    every = leaks.together(leaks.fingerprints(*secrets(paper)) for paper in _papers(root))
    for name, content in learner.items():
        if name.endswith(TEXTS):
            hits = every.found_in(leaks.readable(name, content), is_teaching=is_teaching)
            if hits:
                raise ReleaseError(
                    f"{name}: learners could read a solution or a hidden test here ({hits[0][:80]} ...); "
                    "take it out, or move it into a cell that is cleared, and release again."
                )


def _papers(root: Path) -> Iterator[Paper]:
    """Everything here that is marked by machine: assessments, and the notebooks of team cases."""
    yield from (load_paper(root, id) for id in paper_ids(root))
    for case in case_ids(root):
        for part in (*load_case_form(root, case).roles, TEAM):
            with suppress(ContentError):  # a notebook without an item that is marked by machine
                yield load_case_paper(root, case, part)


def _is_released(root: Path, one: Material) -> bool:
    return manifest_path(root, one.name, one.form.version).is_file()


def _refuse_adopted(root: Path, one: Material) -> None:
    known = load_adopted(root).adopted.get(one.name)
    if known is not None:
        raise ReleaseError(
            f"{one.name}: this was adopted from {known.source}, and only its authors release it; make it "
            f"your own with `pmcampus fork {one.name} NEW-ID`."
        )


def _free(root: Path, one: Material) -> Manifest | None:
    """The newest release before this one.

    Raises:
        ReleaseError: the version is taken, or not newer than what was released.
    """
    if _is_released(root, one):
        raise ReleaseError(_taken(one.name, one.form.version))
    earlier = released(root, one.name)
    if earlier and version_key(earlier[-1].version) > version_key(one.form.version):
        raise ReleaseError(
            f"{one.name}/{one.kind.form}: version {one.form.version} is lower than {earlier[-1].version}, "
            f"which is released; write at least {next_version(earlier[-1].version, Step.PATCH)}."
        )
    return earlier[-1] if earlier else None


def _taken(name: str, version: str) -> str:
    return (
        f"{name} {version} is released already and a release is never changed; write a higher version into "
        "the form, say in CHANGELOG.md what changed, and release that."
    )


def _lint(tree: Tree, one: Material, today: date) -> None:
    own = [f"{one.name}/", "curriculum/"]
    if one.kind is Kind.MODULE and one.form.assessment:
        own.append(f"assessments/{one.form.assessment}/")
    if one.kind is Kind.ASSESSMENT:
        own.append(f"modules/{one.form.module}/")
    for problem in lint(tree, today=today):
        if problem.severity == "error" and problem.path.startswith(tuple(own)):
            raise ReleaseError(
                f"{problem.path}:{problem.line}: {problem.code} {problem.message} {problem.fix} "
                "(`pmcampus lint` shows all; a release needs none.)"
            )


def _certificates(root: Path, one: Material) -> tuple[Certificate, ...]:
    """Those of the assessment, or the module's, or every notebook of a case; without the time they took.

    Raises:
        ReleaseError: a proof does not hold.
    """
    subject = getattr(one.form, "assessment", None) if one.kind is Kind.MODULE else one.id
    if subject is None or (one.kind is not Kind.CASE and subject not in paper_ids(root)):
        return ()
    found = []
    for proved in prove([subject], root=root):
        made = proved.certificate
        for claim in (claim for finding in made.findings for claim in finding.claims):
            if not claim.holds:
                raise ReleaseError(
                    f"{made.assessment}: not proved: {claim.says}"
                    + (f" ({claim.found[0]})" if claim.found else "")
                    + f"; `pmcampus prove {made.assessment}` shows all."
                )
        found.append(made.model_copy(update={"seconds": 0.0}))
    return tuple(found)


def _decision(root: Path, one: Material, previous: Manifest | None) -> tuple[VerdictMatrix | None, Decision]:
    """How this version judges its bank, and the step that leads to it from the one before."""
    own = replay.verdicts(root, one.id) if one.kind is Kind.ASSESSMENT else None
    if previous is None:
        return own, Decision(step=Step.FIRST)
    if own is None:
        return None, contract.decide(previous.contract, one.contract)
    old, new = replay.both(root, previous, one.id)
    return own, contract.decide(previous.contract, one.contract, old, new)


def _refuse_low(one: Material, previous: Manifest | None, decision: Decision, at_least: Step) -> None:
    """Nothing, when the version in the form keeps what its number promises.

    Raises:
        ReleaseError: it does not, with the fact that decides.
    """
    if previous is None:
        return
    asked = step_between(previous.version, one.form.version) or Step.PATCH
    if asked.number >= max(decision.step.number, at_least.number):
        return
    needed = max(decision.step, at_least, key=lambda step: step.number)
    promise = {
        Step.PATCH: "that contract and every verdict stay alike",
        Step.MINOR: "that every verdict, point and rule stays alike",
    }[asked]
    if decision.step.number > asked.number:
        facts = decision.deciding()
        more = f" (and {len(facts) - 1} more)" if len(facts) > 1 else ""
        why = f"{facts[0].sentence()}{more}"
    else:
        why = f"you asked for {at_least.value} at least"
    raise ReleaseError(
        f"{one.name}/{one.kind.form}: version {one.form.version} after {previous.version} promises "
        f"{promise}, but {why}; write {next_version(previous.version, needed)} here and in CHANGELOG.md."
    )


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
