"""Handing in: the bytes kept, a signed receipt, and the notebook where nbgrader looks for it."""

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from pmcampus.allowancefile import load_allowances
from pmcampus.cohort import role_ids
from pmcampus.cohortdir import TIMESTAMP, load_cohort, load_roster, read_timestamp
from pmcampus.coursedir import submitted_path
from pmcampus.errors import CohortError
from pmcampus.files import write_bytes
from pmcampus.forms import load_form
from pmcampus.kept import keep
from pmcampus.model.allowance import Allowance
from pmcampus.model.assessment import AssessmentForm
from pmcampus.model.cohort import CohortForm, Learner
from pmcampus.receipts import Receipt, checked, signed
from pmcampus.receive import MAX_BYTES, fingerprint
from pmcampus.releases.pins import cohort_root, note_version
from pmcampus.signingkey import signing_key
from pmcampus.terms import Terms, terms_of

SKEW = timedelta(hours=1)  # how far another machine's clock may be ahead of this one's


@dataclass(frozen=True)
class Desk:
    """What is needed to take in submissions to one assessment, read once."""

    folder: Path
    cohort: CohortForm
    assessment: str
    attempts: int
    learners: tuple[Learner, ...]
    granted: tuple[Allowance, ...]
    key: Ed25519PrivateKey

    def terms(self, learner: str) -> Terms:
        """What holds for this learner."""
        return terms_of(self.cohort, self.granted, learner, self.assessment, attempts=self.attempts)


@dataclass(frozen=True)
class Taken:
    """Where the notebook and its receipt lie; `is_new` is False when the same bytes had come before."""

    place: Path
    receipt_file: Path
    receipt: Receipt
    is_new: bool


def open_desk(folder: Path, assessment: str, *, root: Path) -> Desk:
    """The desk at which this cohort's submissions to the assessment are taken in.

    Raises:
        CohortError: no cohort, nobody enrolled, another assessment, or a version that is nowhere.
        ReleaseError: the pinned release is damaged.
    """
    cohort = load_cohort(folder)
    learners = load_roster(folder, cohort, roles=role_ids(root))
    shelf = cohort_root(cohort, assessment, root) / "assessments" / assessment
    form = load_form(root, shelf / "assessment.yaml", AssessmentForm).value
    return Desk(
        folder=folder,
        cohort=cohort,
        assessment=assessment,
        attempts=form.attempts,
        learners=tuple(learners),
        granted=load_allowances(folder),
        key=signing_key(folder),
    )


def take_in(desk: Desk, learner: str, content: bytes, *, at: datetime | None, received: datetime) -> Taken:
    """The notebook's place and its receipt. The same bytes again change nothing.

    A later submission takes the place of the earlier one, whose bytes stay kept.

    Args:
        at: when the learner handed in, where that is known.
        received: now.

    Raises:
        CohortError: unknown learner, a file that is too large, an attempt too many, or one that was
            handed in before what is there.
    """
    if learner not in {person.id for person in desk.learners}:
        raise CohortError(f"{learner!r} is not on the roster of {desk.folder}; enrol them first.")
    if len(content) > MAX_BYTES:
        raise CohortError(
            f"{learner}: the file is larger than {MAX_BYTES // 1_000_000} MB; clear its outputs first."
        )
    place = submitted_path(desk.folder, learner, desk.assessment)
    with _alone(desk.folder):
        known = _receipts(desk, learner)
        digest = fingerprint(content)
        there = fingerprint(place.read_bytes()) if place.is_file() else None
        for receipt in known:
            if receipt.sha256 == digest:
                if receipt is known[-1] and there != digest:  # a crash came between receipt and file
                    _lay_down(place, content, _moment(receipt.handed_in))
                return Taken(place, _file(desk, receipt), receipt, is_new=False)
        last = max((receipt.attempt for receipt in known), default=0)  # one in between may be gone
        used = last + (there not in {None, digest, *(receipt.sha256 for receipt in known)})
        _refuse_too_many(desk, learner, used)
        _refuse_odd_moment(place, at, learner, received=received)
        keep(desk.folder, content)
        receipt = Receipt(
            course=desk.cohort.course,
            learner=learner,
            assessment=desk.assessment,
            version=desk.cohort.assessments[desk.assessment],
            sha256=digest,
            size=len(content),
            received=_written(received),
            handed_in=_written(at) if at else "",
            attempt=used + 1,
        )
        file = _file(desk, receipt)
        file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        write_bytes(file, signed(receipt, desk.key), durable=True)
        note_version(desk.folder, learner, desk.cohort, desk.assessment)
        _lay_down(place, content, at)
        return Taken(place, file, receipt, is_new=True)


def hand_in(folder: Path, learner: str, file: Path, *, root: Path, at: datetime) -> Path:
    """Where the learner's notebook now lies, unchanged, with the moment it came in.

    Raises:
        CohortError: a file that says no assessment of this cohort, or see `take_in`.
    """
    return hand_in_file(folder, learner, file, root=root, at=at).place


def hand_in_file(folder: Path, learner: str, file: Path, *, root: Path, at: datetime) -> Taken:
    """The same, with its receipt."""
    cohort = load_cohort(folder)
    known = {person.id for person in load_roster(folder, cohort, roles=role_ids(root))}
    if learner not in known:
        raise CohortError(f"{learner!r} is not on the roster of {folder}; enrol them first.")
    if file.stem not in cohort.assessments:
        raise CohortError(
            f"{file}: the file's name says no assessment of this cohort; "
            f"name it {' or '.join(f'{name}.ipynb' for name in cohort.assessments)}."
        )
    desk = open_desk(folder, file.stem, root=root)
    return take_in(desk, learner, read_submission(file), at=at, received=at)


def read_submission(file: Path) -> bytes:
    """A notebook's bytes.

    Raises:
        CohortError: it cannot be read, or is too large.
    """
    try:
        content = file.read_bytes() if file.stat().st_size <= MAX_BYTES else None
    except OSError as problem:
        raise CohortError(f"{file}: the file cannot be read ({problem.strerror}).") from problem
    if content is None:
        raise CohortError(
            f"{file}: the file is larger than {MAX_BYTES // 1_000_000} MB; clear its outputs first."
        )
    return content


def _receipts(desk: Desk, learner: str) -> list[Receipt]:
    """The learner's receipts for this assessment, first attempt first."""
    shelf = desk.folder / "receipts" / learner / desk.assessment
    files = sorted(shelf.glob("*.json"), key=lambda file: (len(file.name), file.name))
    public = desk.key.public_key()
    found = [checked(file.read_bytes(), public, source=str(file)) for file in files]
    for file, receipt in zip(files, found, strict=True):
        if (receipt.learner, receipt.assessment) != (learner, desk.assessment):
            raise CohortError(f"{file}: this is a receipt of somebody else; put it back where it belongs.")
    return found


def _file(desk: Desk, receipt: Receipt) -> Path:
    return desk.folder / "receipts" / receipt.learner / receipt.assessment / f"{receipt.attempt}.json"


def _refuse_too_many(desk: Desk, learner: str, used: int) -> None:
    allowed = desk.terms(learner).attempts
    if allowed is not None and used >= allowed:
        times = "once" if used == 1 else f"{used} times"
        raise CohortError(
            f"{learner} has handed in {desk.assessment} {times}, as often as is allowed; nothing was taken "
            f"in. `pmcampus allow {desk.folder} {learner} {desk.assessment} --attempts {used + 1} "
            '--because "..."` grants another attempt.'
        )


def _refuse_odd_moment(place: Path, at: datetime | None, learner: str, *, received: datetime) -> None:
    if at is not None and at > received + SKEW:
        raise CohortError(
            f"{learner}: this was handed in at {at.astimezone(UTC).strftime(TIMESTAMP)}, which lies in the "
            "future; see which clock is wrong, and name the moment with --at."
        )
    current = read_timestamp(place.parent / "timestamp.txt")
    if at is not None and current is not None and place.is_file() and at < current:
        raise CohortError(
            f"{learner}: this was handed in at {at.astimezone(UTC).strftime(TIMESTAMP)}, before what is "
            f"there ({current.strftime(TIMESTAMP)}); the later one stays."
        )


def _lay_down(place: Path, content: bytes, at: datetime | None) -> None:
    """The moment first, so that no notebook stands beside the moment of an earlier one for long."""
    moment = place.parent / "timestamp.txt"
    if at is None:
        moment.unlink(missing_ok=True)
    else:
        write_bytes(moment, (at.astimezone(UTC).strftime(TIMESTAMP) + "\n").encode(), durable=True)
    write_bytes(place, content, durable=True)


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """While this holds, nobody else hands in."""
    with (folder / ".hand-in").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _written(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _moment(text: str) -> datetime | None:
    return datetime.fromisoformat(text) if text else None
