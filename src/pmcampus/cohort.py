"""Cohorts: make one, enrol learners."""

import re
import unicodedata
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from pmcampus import gradebook
from pmcampus.cohortdir import (
    COLUMNS,
    database_url,
    load_cohort,
    load_roster,
    parse_roster,
    refuse_inside_content,
    write_cohort,
    write_roster,
)
from pmcampus.cohortkey import make_key
from pmcampus.content import load_tree
from pmcampus.environment import computing_digest
from pmcampus.errors import CohortError
from pmcampus.forms import load_form
from pmcampus.intake.bundles import opened
from pmcampus.intake.identities import add_identities, identities_of, with_identities
from pmcampus.intake.oneroster import students
from pmcampus.model.cohort import CohortForm, Learner
from pmcampus.model.curriculum import RoleForm
from pmcampus.releases.overlays import overlay_pin
from pmcampus.releases.shelf import manifest_digest, manifest_path
from pmcampus.signingkey import signing_key
from pmcampus.spreadsheets import Note, read_table, silent

WEEKS = 10
# Devices, with any ending, and a dot at the end: https://learn.microsoft.com/windows/win32/fileio/naming-a-file
NOT_ON_WINDOWS = re.compile(r"(con|prn|aux|nul|(com|lpt)\d)(\..*)?|.*\.", re.IGNORECASE)


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
        overlays={name: pin for name in names if (pin := overlay_pin(root, name))},
        environment=computing_digest(),
        due={
            paper: datetime(ends.year, ends.month, ends.day, 23, 59, tzinfo=UTC) for paper in papers if paper
        },
    )
    folder.mkdir(parents=True, exist_ok=True)
    folder.chmod(0o700)
    write_cohort(folder, cohort)
    make_key(folder, key)
    signing_key(folder)
    return cohort


def enrol(
    folder: Path, roster: Path, *, root: Path, encoding: str | None = None, note: Note = silent
) -> list[Learner]:
    """The learners of this roster, added to the cohort; a known id gets its new name, role and team.

    Args:
        encoding: how the roster was saved; by default UTF-8, or what its first bytes say.
        note: hears what was read in another way than it stands.

    Raises:
        CohortError: the roster is faulty, or the gradebook cannot be reached; nobody was enrolled then.
    """
    load_cohort(folder)
    roles = role_ids(root)
    try:
        content = roster.read_bytes()
    except OSError as problem:
        raise CohortError(f"{roster}: the roster cannot be read ({problem.strerror}).") from problem
    new_ones = parse_roster(content, source=str(roster), roles=roles, encoding=encoding, note=note)
    identities = identities_of(read_table(content, source=str(roster), required=COLUMNS, encoding=encoding))
    with_identities(folder, identities)
    add_learners(folder, new_ones, root=root)
    add_identities(folder, identities)
    return new_ones


@dataclass(frozen=True)
class FromOneRoster:
    """What OneRoster does not know, or has several of; see `intake.oneroster.students`."""

    class_: str | None = None
    role: str | None = None
    team: str | None = None
    places: Path | None = None
    id_column: str | None = None


def enrol_oneroster(
    folder: Path, source: Path, options: FromOneRoster, *, root: Path, note: Note = silent
) -> list[Learner]:
    """The students of one class of a OneRoster export, added to the cohort.

    Raises:
        CohortError: see `intake.oneroster.students` and `intake.bundles.opened`; nobody was enrolled then.
    """
    load_cohort(folder)
    places = None
    if options.places:
        table = options.places.read_bytes()
        places = read_table(table, source=str(options.places), required=("learner", "role", "team"))
    with opened(source) as bundle:
        found = students(
            bundle,
            class_=options.class_,
            roles=role_ids(root),
            role=options.role,
            team=options.team,
            places=places,
            id_column=options.id_column,
            note=note,
        )
    with_identities(folder, found.identities)
    add_learners(folder, found.learners, root=root)
    add_identities(folder, found.identities)
    return found.learners


def add_learners(folder: Path, new_ones: list[Learner], *, root: Path) -> None:
    """These learners on the roster and in the gradebook.

    Raises:
        CohortError: the gradebook cannot be reached, or an id cannot stand beside those that are there.
    """
    cohort = load_cohort(folder)
    known = load_roster(folder, cohort, roles=role_ids(root)) if (folder / cohort.roster).is_file() else []
    _refuse_ids(folder, {one.id for one in known}, {one.id for one in new_ones})
    learners = sorted({learner.id: learner for learner in (*known, *new_ones)}.values())
    with gradebook.open_gradebook(database_url(folder, cohort), cohort.course) as book:
        write_roster(folder, cohort, learners)  # the roster first: grading brings the gradebook up to it
        gradebook.enrol(book, learners)


def _refuse_ids(folder: Path, known: set[str], new_ones: set[str]) -> None:
    """Ids name folders, and people type them: two that differ in case alone are one."""
    there = {id.casefold(): id for id in known}
    for id in sorted(new_ones - known):
        if other := there.get(id.casefold()):
            raise CohortError(
                f"{id}: {folder} has the learner {other!r}; write the id as it is there, or choose another."
            )
        if NOT_ON_WINDOWS.fullmatch(id):
            raise CohortError(f"{id!r} cannot be an id: Windows has no folder of this name; choose another.")


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
