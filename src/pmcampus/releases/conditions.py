"""What must hold before something is released; each function refuses in one sentence."""

from collections.abc import Iterator, Mapping
from contextlib import suppress
from datetime import date
from pathlib import Path

from pmcampus.casepaper import TEAM, case_ids, load_case_form, load_case_paper
from pmcampus.errors import ContentError, ReleaseError
from pmcampus.lint import lint
from pmcampus.model.certificate import Certificate
from pmcampus.model.release import Decision, Kind, Manifest, Step
from pmcampus.model.tree import Tree
from pmcampus.paper import Paper, load_paper, paper_ids
from pmcampus.proofs import leaks
from pmcampus.prove import prove
from pmcampus.public import TEXTS, secrets
from pmcampus.releases.adopting import load_adopted
from pmcampus.releases.material import Material
from pmcampus.releases.shelf import manifest_path, released
from pmcampus.versions import next_version, step_between, version_key


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


def is_released(root: Path, one: Material) -> bool:
    """Whether this version is released already."""
    return manifest_path(root, one.name, one.form.version).is_file()


def refuse_adopted(root: Path, one: Material) -> None:
    """Nothing, unless it was adopted: only its authors release it.

    Raises:
        ReleaseError: it was.
    """
    known = load_adopted(root).adopted.get(one.name)
    if known is not None:
        raise ReleaseError(
            f"{one.name}: this was adopted from {known.source}, and only its authors release it; make it "
            f"your own with `pmcampus fork {one.name} NEW-ID`."
        )


def release_before(root: Path, one: Material) -> Manifest | None:
    """The newest release before this one.

    Raises:
        ReleaseError: the version is taken, or not newer than what was released.
    """
    if is_released(root, one):
        raise ReleaseError(taken(one.name, one.form.version))
    earlier = released(root, one.name)
    if earlier and version_key(earlier[-1].version) > version_key(one.form.version):
        raise ReleaseError(
            f"{one.name}/{one.kind.form}: version {one.form.version} is lower than {earlier[-1].version}, "
            f"which is released; write at least {next_version(earlier[-1].version, Step.PATCH)}."
        )
    return earlier[-1] if earlier else None


def taken(name: str, version: str) -> str:
    """Why a version cannot be released twice."""
    return (
        f"{name} {version} is released already and a release is never changed; write a higher version into "
        "the form, say in CHANGELOG.md what changed, and release that."
    )


def refuse_faults(tree: Tree, one: Material, today: date) -> None:
    """Nothing, when no rule finds an error in it, in what it belongs to, or in the curriculum.

    Raises:
        ReleaseError: the first error.
    """
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


def certificates_of(root: Path, one: Material) -> tuple[Certificate, ...]:
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


def refuse_low(one: Material, previous: Manifest | None, decision: Decision, at_least: Step) -> None:
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
