"""Two versions of an assessment before the same bank of reference submissions."""

from collections.abc import Callable, Sequence
from pathlib import Path

from pmcampus import certificates
from pmcampus.bench import Bench
from pmcampus.model.release import VERDICTS, Judged, Manifest, VerdictMatrix
from pmcampus.paper import Paper, load_paper
from pmcampus.proofs import matrix
from pmcampus.proofs.matrix import Sent
from pmcampus.prove import subject_of
from pmcampus.releases.unpacked import lay_out, read_archive

Tell = Callable[[int, int], None]


def verdicts(root: Path, assessment: str, *, tell: Tell = lambda done, total: None) -> VerdictMatrix:
    """How the assessment in this tree judges its own bank; what the proof judged is not judged again.

    Raises:
        CampusError: the assessment cannot be read, or answers cannot be run here.
    """
    known = certificates.current_verdicts(root, assessment)
    if known is None:
        digest = certificates.digest(root, assessment)
        paper = load_paper(root, assessment)
        known = judge(root, paper, list(matrix.bank(subject_of(root, paper))), tell=tell)
        certificates.keep_verdicts(certificates.folder_of(root), digest, known)
    return known


def kept_verdicts(root: Path, manifest: Manifest) -> VerdictMatrix:
    """How a released assessment judged its bank on the day of its release.

    Raises:
        ReleaseError: its educators' archive is not here or differs from the manifest.
    """
    return VerdictMatrix.model_validate_json(read_archive(root, manifest, manifest.educator)[VERDICTS])


def both(
    root: Path, previous: Manifest, assessment: str, *, tell: Tell = lambda done, total: None
) -> tuple[VerdictMatrix, VerdictMatrix]:
    """The released version and the one in this tree, each with its verdicts on the banks of both.

    The earlier verdicts are those of the release: learners were marked by them, in the environment of
    that day. Only submissions that are new are put before the earlier version now.

    Raises:
        CampusError: a version cannot be read, or answers cannot be run here.
    """
    old, new = kept_verdicts(root, previous), verdicts(root, assessment, tell=tell)
    old_bank, new_bank = matrix.kept(old), matrix.kept(new)
    unseen = _missing(new_bank, old)
    if unseen:
        before = lay_out(root, previous)
        old = _with(old, judge(before, load_paper(before, assessment), unseen, tell=tell))
    unseen = _missing(old_bank, new)
    if unseen:
        new = _with(new, judge(root, load_paper(root, assessment), unseen, tell=tell))
    return old, new


def judge(root: Path, paper: Paper, sent: Sequence[Sent], *, tell: Tell) -> VerdictMatrix:
    """This version's verdicts on these submissions.

    Raises:
        CampusError: its module or a bank cannot be read, or answers cannot be run here.
    """
    subject = subject_of(root, paper)
    asked = matrix.trials(subject, sent)
    outcomes = Bench(paper, subject, tell).judge(list(asked.values())) if asked else {}
    return matrix.matrix(subject, asked, outcomes)


def _missing(sent: Sequence[Sent], known: VerdictMatrix) -> list[Sent]:
    """Submissions on whose very words this version has not been asked."""
    have = {_identity(row) for row in known.rows}
    return [s for s in sent if (s.submission.cell, s.submission.answer, s.submission.number) not in have]


def _with(known: VerdictMatrix, more: VerdictMatrix) -> VerdictMatrix:
    return known.model_copy(
        update={"rows": (*known.rows, *more.rows), "answers": {**known.answers, **more.answers}}
    )


def _identity(row: Judged) -> tuple[str, str, int | None]:
    return row.submission.cell, row.submission.answer, row.submission.number
