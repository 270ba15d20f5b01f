"""The bank of reference submissions of an assessment, and the verdicts on them: its verdict matrix.

Reference, untouched starter, every right and wrong answer of the banks, and the changed references that
the proof by mutants judges. A submission is known by the SHA-256 of what was written, so that the same
answer can be judged by two versions.
"""

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

from pmcampus.model.answers import RightAnswer
from pmcampus.model.release import Judged, Submission, VerdictMatrix
from pmcampus.proofs.mutants import MOST, chosen, mutants, other_numbers
from pmcampus.proofs.subject import Outcome, Subject, Trial, single


class Sent(NamedTuple):
    """A submission with what it writes below the starter."""

    submission: Submission
    code: str


def bank(subject: Subject) -> Iterator[Sent]:
    """The submissions of this version, item by item."""
    others = [None, *other_numbers(subject, 1)]
    changed = chosen(
        {item.cell: mutants(subject.references[item.cell]) for item in subject.automatic},
        most=MOST,
        seed=subject.id,
    )
    for item in subject.automatic:
        cell = item.cell
        numbers = others if subject.changes(item) else [None]
        yield _sent(cell, "reference", "reference", subject.references[cell])
        yield _sent(cell, "untouched", "untouched", "")
        held = subject.banks.get(cell)
        for answer in held.answers if held else ():
            kind = "right" if isinstance(answer, RightAnswer) else "wrong"
            for number in numbers:
                yield _sent(cell, kind, answer.name, answer.code, number)
        for mutant in changed[cell]:
            code = hashlib.sha256(mutant.code.encode()).hexdigest()[:12]
            yield _sent(cell, "mutant", f"line-{mutant.line}-{code}", mutant.code)


def kept(known: VerdictMatrix) -> list[Sent]:
    """The submissions of a matrix that was kept."""
    return [Sent(row.submission, known.answers[row.submission.answer]) for row in known.rows]


def trials(subject: Subject, sent: Iterable[Sent]) -> dict[Sent, Trial]:
    """How each of these submissions is put before this version; items it has not are left out."""
    items = {item.cell: item for item in subject.automatic}
    return {
        one: single(
            subject,
            items[one.submission.cell],
            subject.written(one.submission.cell, one.code),
            number=one.submission.number,
        )
        for one in sent
        if one.submission.cell in items
    }


def matrix(subject: Subject, asked: Mapping[Sent, Trial], outcomes: Mapping[Trial, Outcome]) -> VerdictMatrix:
    """The verdicts on these submissions, as values to keep and compare.

    Messages are not in it: their wording may be improved without a mark changing.
    """
    rows = []
    for sent, trial in asked.items():
        cell = sent.submission.cell
        verdict = outcomes[trial].verdicts.get(cell)
        mark = verdict.mark.value if verdict else "error"
        rows.append(Judged(submission=sent.submission, score=outcomes[trial].score(cell), mark=mark))
    return VerdictMatrix(
        assessment=subject.id,
        version=subject.form.version,
        rows=tuple(rows),
        answers={sent.submission.answer: sent.code for sent in asked},
    )


def _sent(cell: str, kind: str, name: str, code: str, number: int | None = None) -> Sent:
    answer = hashlib.sha256(code.encode()).hexdigest()
    return Sent(Submission(cell=cell, kind=kind, name=name, answer=answer, number=number), code)
