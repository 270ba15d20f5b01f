"""The version that a cohort pinned: from the tree while it holds it, else from the release."""

from collections.abc import Iterable, Mapping
from pathlib import Path

from pmcampus.coursedir import submitted_path
from pmcampus.errors import CohortError
from pmcampus.files import write_text
from pmcampus.forms import load_form
from pmcampus.model.assessment import AssessmentForm
from pmcampus.model.cohort import CohortForm
from pmcampus.model.release import Pin
from pmcampus.paper import Paper, load_paper
from pmcampus.releases.shelf import manifest_path
from pmcampus.releases.unpacked import lay_out, pinned

HANDED_IN_FOR = "version.txt"


def cohort_paper(cohort: CohortForm, assessment: str, root: Path) -> Paper:
    """The assessment, in the version this cohort pinned.

    Raises:
        CohortError: the cohort does not take it, or the pinned version is neither here nor released.
        ReleaseError: the release is not the one that was pinned, or it is damaged.
    """
    return load_paper(cohort_root(cohort, assessment, root), assessment)


def cohort_root(cohort: CohortForm, assessment: str, root: Path) -> Path:
    """The content root in which the pinned version of an assessment and its module lies.

    A version pinned with its digest is always read from the release, so that an unfinished change in the
    tree never touches a mark.

    Raises:
        CohortError, ReleaseError: see `cohort_paper`.
    """
    if assessment not in cohort.assessments:
        raise CohortError(
            f"{assessment!r} is not an assessment of this cohort; "
            f"choose one of {', '.join(cohort.assessments) or 'none: cohort.yaml pins no assessment'}."
        )
    name = f"assessments/{assessment}"
    pin = cohort.pin(name)
    if pin.digest is None:
        here = root / name / "assessment.yaml"
        form = load_form(root, here, AssessmentForm).value if here.is_file() else None
        if form is not None and form.version == pin.version:
            return root
        if not manifest_path(root, name, pin.version).is_file():
            raise CohortError(
                f"{assessment}: the cohort pins version {pin.version}, this curriculum holds "
                f"{form.version if form else 'none'} and has not released {pin.version}; adopt or check out "
                "the pinned version, or change the pin in cohort.yaml before anybody hands in."
            )
    return lay_out(root, pinned(root, name, pin))


def note_version(folder: Path, learner: str, cohort: CohortForm, assessment: str) -> None:
    """Write beside a submission for which version it was handed in."""
    pin = cohort.pin(f"assessments/{assessment}")
    place = submitted_path(folder, learner, assessment).with_name(HANDED_IN_FOR)
    write_text(place, f"{pin.version} {pin.digest or 'not-released'}\n")


def refuse_other_versions(
    folder: Path, cohort: CohortForm, assessment: str, *, marked: Mapping[str, str], learners: Iterable[str]
) -> None:
    """Nothing, when all that was handed in was made for the version that is pinned now.

    Args:
        marked: the version by which each learner was marked, as the ledger has it.

    Raises:
        CohortError: something was made for another version, which only a regrade may change.
    """
    pin = cohort.pin(f"assessments/{assessment}")
    others = {learner: version for learner, version in marked.items() if version != pin.version}
    for learner in learners:
        noted = _noted(submitted_path(folder, learner, assessment).with_name(HANDED_IN_FOR))
        if noted and (noted.version, noted.digest or pin.digest) != (pin.version, pin.digest or noted.digest):
            others.setdefault(learner, noted.version)
    if others:
        versions = ", ".join(sorted(set(others.values())))
        raise CohortError(
            f"{folder / 'cohort.yaml'}: {len(others)} submissions to {assessment} were made for version "
            f"{versions} and keep it, but {pin.version} is pinned; restore the pin, or mark all of them by "
            f"{pin.version} with --again, which shows every score that changes."
        )


def _noted(path: Path) -> Pin | None:
    try:
        version, _, digest = path.read_text("utf-8").strip().partition(" ")
        return Pin.model_validate({"version": version, "digest": digest if len(digest) == 64 else None})
    except (OSError, ValueError):
        return None
