"""Giving a learner the certificate and the badge of a module that they passed, and checking either."""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from pmcampus import gradebook
from pmcampus.award import Award, badge_in, certificate, digest_of_certificate
from pmcampus.badges import KEY, Badge, badge, checked_badge
from pmcampus.cohortdir import database_url, load_cohort
from pmcampus.cohortkey import pseudonym_key
from pmcampus.cohortprogress import cohort_progress
from pmcampus.content import load_style
from pmcampus.errors import CohortError
from pmcampus.forms import load_form
from pmcampus.model.module import ModuleForm
from pmcampus.progress import State
from pmcampus.pseudonyms import pseudonym
from pmcampus.receipts import read_public_key
from pmcampus.releases.pins import cohort_paper
from pmcampus.signingkey import signing_key

MAX_PAGE = 5_000_000


@dataclass(frozen=True)
class Given:
    """The badge, and the certificate that carries it."""

    award: Award
    token: str
    page: bytes


def give(folder: Path, learner: str, module: str, *, root: Path, now: datetime) -> Given:
    """The badge and the certificate of this learner for this module.

    Raises:
        CohortError: they have not passed, `cohort.yaml` names no issuer, or the module has no assessment
            in this cohort.
    """
    award = award_of(folder, learner, module, root=root, now=now)
    who = pseudonym(pseudonym_key(folder), purpose="badges", learner=learner)
    said = digest_of_certificate(certificate(award))
    token = badge(award, signing_key(folder, KEY), pseudonym=who, certificate=said)
    return Given(award, token, certificate(award, token=token, style=load_style(root)))


def award_of(folder: Path, learner: str, module: str, *, root: Path, now: datetime) -> Award:
    """What there is to certify; see `give`."""
    cohort = load_cohort(folder)
    if cohort.issuer is None:
        raise CohortError(
            f"{folder / 'cohort.yaml'}: it names no issuer, and nobody but you can say who awards this; "
            "fill in issuer: name, country, url, quality_assurance and participation."
        )
    if module not in cohort.modules:
        raise CohortError(
            f"{module!r} is not a module of this cohort; choose one of {', '.join(cohort.modules)}."
        )
    form = load_form(root, root / "modules" / module / "module.yaml", ModuleForm).value
    if form.assessment is None or form.assessment not in cohort.assessments:
        raise CohortError(f"{module}: this cohort takes no assessment of it, so nobody can pass it.")
    paper = cohort_paper(cohort, form.assessment, root)
    standing = cohort_progress(folder, form.assessment, root=root, as_of=now)
    row = next((row for row in standing.rows if row.learner.id == learner), None)
    if row is None:
        raise CohortError(f"{learner!r} is not on the roster of {folder}; enrol them first.")
    if row.state is not State.PASSED or row.score is None:
        raise CohortError(
            f"{learner} has not passed {form.assessment} ({row.state}); a certificate is for those who have."
        )
    with gradebook.open_gradebook(database_url(folder, cohort), cohort.course) as book:
        marking = gradebook.marked(book, form.assessment, [learner])[learner]
    marked = [item.marked for item in paper.form.items]
    return Award(
        course=cohort.course,
        learner=learner,
        name=row.learner.name,
        issuer=cohort.issuer,
        issued=now,
        module=module,
        title=form.title,
        version=cohort.modules[module],
        level=form.level,
        outcomes=tuple(f"{outcome.verb} {outcome.text}" for outcome in form.outcomes),
        hours=form.hours.total,
        assessment=paper.form.title,
        items_by_machine=marked.count("automatically"),
        items_by_people=marked.count("by-rubric"),
        passing_score=paper.form.passing_score,
        share=row.score / standing.points,
        submission=marking.submission,
        is_reviewed=form.clinical_review.reviewed_by is not None,
        is_fictitious=cohort.fictitious,
    )


def check(file: Path, key: Path) -> Badge:
    """What a badge says, or a certificate that carries one; of a certificate, that nothing on it was changed.

    Needs neither the cohort nor a network.

    Raises:
        CohortError: it is not genuine.
    """
    public = read_public_key(_read(key), source=str(key))
    content = _read(file)
    if b"<!--certificate-->" not in content:
        return checked_badge(content.decode("ascii", "replace"), public, source=str(file))
    found = checked_badge(badge_in(content), public, source=str(file))
    if digest_of_certificate(content) != found.certificate:
        raise CohortError(
            f"{file}: the badge is genuine and the certificate around it was changed; "
            f"what is certified is {found.title!r} for {', '.join(found.names)}."
        )
    return found


def _read(path: Path) -> bytes:
    try:
        if path.stat().st_size > MAX_PAGE:
            raise CohortError(f"{path}: this file is too large to be a badge, a certificate or a key.")
        return path.read_bytes()
    except OSError as problem:
        raise CohortError(f"{path}: the file cannot be read ({problem.strerror}).") from problem
