"""Cohorts: make one, enrol learners, take in what they hand in."""

import re
import unicodedata
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from pmcampus import gradebook
from pmcampus.cohortdir import (
    TIMESTAMP,
    database_url,
    load_cohort,
    load_roster,
    parse_roster,
    refuse_inside_content,
    write_cohort,
    write_roster,
)
from pmcampus.cohortkey import make_key
from pmcampus.content import load_form, load_tree, write_bytes, write_text
from pmcampus.coursedir import submitted_path
from pmcampus.environment import computing_digest
from pmcampus.errors import CohortError
from pmcampus.model.cohort import CohortForm, Learner
from pmcampus.model.curriculum import RoleForm
from pmcampus.pins import cohort_paper, note_version
from pmcampus.receive import MAX_BYTES
from pmcampus.releases import manifest_digest, manifest_path

WEEKS = 10


def new(
    folder: Path,
    *,
    root: Path,
    pathway: str,
    title: str | None = None,
    starts: date,
    key: bytes | None = None,
) -> CohortForm:
    """A new cohort's folder, with the written modules and assessments of its pathway pinned.

    Args:
        key: what learners' course numbers are derived from; by default a random one.

    Raises:
        CohortError: the folder lies inside the repository or holds a cohort already; unknown pathway.
    """
    refuse_inside_content(folder)
    if (folder / "cohort.yaml").exists():
        raise CohortError(f"{folder}: there is a cohort already; choose another folder.")
    tree = load_tree(root).valid()
    pathways = tree.pathways.value.pathways
    if pathway not in pathways:
        raise CohortError(f"{pathway!r} is not a pathway; choose one of {', '.join(sorted(pathways))}.")
    steps = [*pathways[pathway].required, *pathways[pathway].elective]
    written = [tree.modules[step.module].form.value for step in steps if step.module in tree.modules]
    ids = [step.module for step in steps if step.module in tree.modules]
    papers = [form.assessment for form in written if form.assessment in tree.assessments]
    try:
        ends = starts + timedelta(weeks=WEEKS)
    except OverflowError:
        raise CohortError(f"{starts}: a cohort cannot start that late; name an earlier day.") from None
    names = {f"modules/{id}": form.version for id, form in zip(ids, written, strict=True)}
    names |= {f"assessments/{p}": tree.assessments[p].form.value.version for p in papers if p}
    cohort = CohortForm(
        title=title or f"{pathways[pathway].title}, {starts:%B %Y}",
        course=_course(folder),
        pathway=pathway,
        starts=starts,
        ends=ends,
        modules={module: form.version for module, form in zip(ids, written, strict=True)},
        assessments={paper: tree.assessments[paper].form.value.version for paper in papers if paper},
        digests=_digests(root, names),
        environment=computing_digest(),
        due={
            paper: datetime(ends.year, ends.month, ends.day, 23, 59, tzinfo=UTC) for paper in papers if paper
        },
    )
    folder.mkdir(parents=True, exist_ok=True)
    folder.chmod(0o700)
    write_cohort(folder, cohort)
    make_key(folder, key)
    return cohort


def enrol(folder: Path, roster: Path, *, root: Path) -> list[Learner]:
    """The learners of this roster, added to the cohort; a known id gets its new name, role and team.

    Raises:
        CohortError: the roster is faulty, or the gradebook cannot be reached; nobody was enrolled then.
    """
    cohort = load_cohort(folder)
    roles = role_ids(root)
    try:
        content = roster.read_bytes()
    except OSError as problem:
        raise CohortError(f"{roster}: the roster cannot be read ({problem.strerror}).") from problem
    new_ones = parse_roster(content, source=str(roster), roles=roles)
    known = load_roster(folder, cohort, roles=roles) if (folder / cohort.roster).is_file() else []
    learners = sorted({learner.id: learner for learner in (*known, *new_ones)}.values())
    with gradebook.open_gradebook(database_url(folder, cohort), cohort.course) as book:
        write_roster(folder, cohort, learners)  # the roster first: grading brings the gradebook up to it
        gradebook.enrol(book, learners)
    return new_ones


def hand_in(folder: Path, learner: str, file: Path, *, root: Path, at: datetime) -> Path:
    """Where the learner's notebook now lies, unchanged, with the moment it came in.

    A later submission takes the place of the earlier one.

    Raises:
        CohortError: unknown learner, a file that says no assessment of this cohort, or one too large.
    """
    cohort = load_cohort(folder)
    known = {person.id for person in load_roster(folder, cohort, roles=role_ids(root))}
    if learner not in known:
        raise CohortError(f"{learner!r} is not on the roster of {folder}; enrol them first.")
    assessment = file.stem
    if assessment not in cohort.assessments:
        raise CohortError(
            f"{file}: the file's name says no assessment of this cohort; "
            f"name it {' or '.join(f'{name}.ipynb' for name in cohort.assessments)}."
        )
    cohort_paper(cohort, assessment, root)
    try:
        content = file.read_bytes() if file.stat().st_size <= MAX_BYTES else None
    except OSError as problem:
        raise CohortError(f"{file}: the file cannot be read ({problem.strerror}).") from problem
    if content is None:
        raise CohortError(
            f"{file}: the file is larger than {MAX_BYTES // 1_000_000} MB; clear its outputs first."
        )
    place = submitted_path(folder, learner, assessment)
    write_text(place.parent / "timestamp.txt", at.astimezone(UTC).strftime(TIMESTAMP) + "\n")
    note_version(folder, learner, cohort, assessment)
    write_bytes(place, content, durable=True)
    return place


def _digests(root: Path, names: dict[str, str]) -> dict[str, str]:
    """The manifests of those versions that are released; drafts have none and can still be tried out."""
    return {
        name: manifest_digest(root, name, version)
        for name, version in names.items()
        if manifest_path(root, name, version).is_file()
    }


def _course(folder: Path) -> str:
    """The folder's name as an identifier; `cohort` stands where it has no usable letter first."""
    plain = unicodedata.normalize("NFKD", folder.resolve().name).encode("ascii", "ignore").decode()
    words = re.findall("[a-z0-9]+", plain.lower())
    return "-".join(words if words and words[0][0].isalpha() else ["cohort", *words])


def role_ids(root: Path) -> frozenset[str]:
    """The roles a learner can have."""
    return frozenset(load_form(root, root / "curriculum" / "roles.yaml", RoleForm).value.roles)
