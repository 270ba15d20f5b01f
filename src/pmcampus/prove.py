"""Proving that assessments measure what they claim, and writing their certificates.

A proof asks for notebooks to be judged (`proofs/`); they are judged on the bench, in the same sandbox and
by the same checker as learners' work. What was judged is kept with a digest of content, environment and
code, so that an unchanged assessment is not judged again; what needs no judging is looked at every time.
"""

import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from pmcampus import certificates
from pmcampus.bench import Bench
from pmcampus.casepaper import TEAM, case_ids, load_case_form, load_case_paper
from pmcampus.errors import ContentError
from pmcampus.forms import load_form
from pmcampus.model.answers import AnswerBank
from pmcampus.model.certificate import Certificate, Finding, ItemProof
from pmcampus.model.module import ModuleForm
from pmcampus.model.tree import Form
from pmcampus.paper import Paper, load_paper, paper_ids
from pmcampus.proofs import alignment, answers, fairness, leaks, matrix, mutants, steadiness, variants
from pmcampus.proofs.subject import Outcome, Subject, Trial
from pmcampus.public import TEACHING, places, secrets

UNJUDGED = ("leaks", "alignment")
Tell = Callable[[str, int, int], None]


class Proved(NamedTuple):
    """A certificate, and whether its answers were judged now or before."""

    certificate: Certificate
    is_fresh: bool


def prove(
    ids: Sequence[str] = (),
    *,
    root: Path,
    again: bool = False,
    tell: Tell = lambda name, done, total: None,
) -> Iterator[Proved]:
    """The certificates of these assessments, or of all, as they are written to `build/proofs`.

    Args:
        ids: assessments; team cases, of which every notebook is proved for itself, or one of them as
            `<case>--<role>` or `<case>--team`; none means all.
        again: judge all answers anew, changed or not.
        tell: called as answers are judged, with the assessment, how many are done, and of how many.

    Raises:
        ContentError: unknown assessment, or one that cannot be read.
        SandboxError: this system cannot run answers.
    """
    cases = case_ids(root)
    for name in ids or (*paper_ids(root), *cases):
        _, is_part, part = name.partition("--")
        if name in cases:
            for one in (*load_case_form(root, name).roles, TEAM):
                yield _prove(root, f"{name}--{one}", part=one, again=again, tell=tell)
        else:
            yield _prove(root, name, part=part if is_part else None, again=again, tell=tell)


def subject_of(root: Path, paper: Paper, part: str | None = None) -> Subject:
    """The assessment, or one notebook of a team case, as its proofs see it.

    Args:
        part: the role, or the team; banks that all roles share lie beside the folders of the parts.

    Raises:
        ContentError: its module or a bank cannot be read.
    """
    module = load_form(root, root / "modules" / paper.form.module / "module.yaml", ModuleForm)
    shelf = paper.folder / "wrong-answers"
    items = {item.cell for item in paper.form.items}
    paths = [*sorted(shelf.glob("*.yaml")), *(sorted((shelf / part).glob("*.yaml")) if part else ())]
    banks = {path.stem: load_form(root, path, AnswerBank) for path in paths if not part or path.stem in items}
    forms: tuple[Form[Any], ...] = (module, *banks.values())
    for form in forms:
        for fault in form.faults:
            raise ContentError(f"{form.path}:{fault.line}: {fault.message}")
    return Subject(
        id=paper.id,
        form=paper.form,
        module=module.value,
        banks={name: form.value for name, form in banks.items()},
        source=paper.source,
        official=paper.official,
        release=paper.release,
        starters=paper.starters,
        references=paper.references,
        points=paper.points(),
        answer_names=paper.answer_names,
    )


def judged(
    subject: Subject, judge: Callable[[Sequence[Trial]], dict[Trial, Outcome]]
) -> tuple[tuple[Finding, ...], tuple[ItemProof, ...]]:
    """All proofs that need answers judged; in every round each of them goes a step further."""
    asking: list[Any] = [
        answers.reference(subject),
        answers.bank(subject),
        mutants.prove(subject),
        fairness.prove(subject),
        steadiness.prove(subject),
        variants.prove(subject),
    ]
    waiting: dict[int, Sequence[Outcome] | None] = dict.fromkeys(range(len(asking)))
    results: dict[int, Any] = {}
    while waiting:
        wanted: dict[int, Sequence[Trial]] = {}
        for place, outcomes in waiting.items():
            try:
                wanted[place] = asking[place].send(outcomes)
            except StopIteration as end:
                results[place] = end.value
        known = judge([trial for trials in wanted.values() for trial in trials])
        waiting = {place: [known[trial] for trial in trials] for place, trials in wanted.items()}
    findings: list[Finding] = []
    items: tuple[ItemProof, ...] = ()
    for _, result in sorted(results.items()):
        if isinstance(result, tuple):
            finding, items = result
            findings.append(finding)
        elif result is not None:
            findings.append(result)
    return tuple(findings), items


def leaked(root: Path, paper: Paper, told: Iterable[str]) -> Finding:
    """Whether a solution or hidden test can be read in what learners get, or in what checks tell them."""
    secret, shown = secrets(paper)
    said = [(f"message {number}", text) for number, text in enumerate(told, start=1)]
    code_only = leaks.fingerprints(map(leaks.untold, secret), shown)
    everywhere = leaks.prove(leaks.fingerprints(secret, shown), places(root, paper), teaching=TEACHING)
    in_feedback = leaks.prove(code_only, {"what checks say to learners, on feedback pages": said})
    return Finding(
        proof=everywhere.proof,
        title=everywhere.title,
        claims=(leaks.in_plain_sight(secret, shown), *everywhere.claims, *in_feedback.claims),
    )


def _prove(root: Path, assessment: str, *, part: str | None, again: bool, tell: Tell) -> Proved:
    begun = time.perf_counter()
    digest = certificates.digest(root, assessment)  # first: what is changed meanwhile was not proved
    paper = (
        load_case_paper(root, assessment.partition("--")[0], part) if part else load_paper(root, assessment)
    )
    subject = subject_of(root, paper, part)
    known = None if again else certificates.current(root, assessment)
    if known is None:
        bench = Bench(paper, subject, lambda done, total: tell(assessment, done, total))
        findings, items = judged(subject, bench.judge)
        if part is None:  # releases of assessments compare verdicts; a case has no released versions yet
            asked = matrix.trials(subject, matrix.bank(subject))
            verdicts = matrix.matrix(subject, asked, bench.judge(list(asked.values())))
            certificates.keep_verdicts(certificates.folder_of(root), digest, verdicts)
        run: dict[str, Any] = {
            "sandbox": bench.sandbox,
            "told": bench.told,
            "judged": bench.count,
            "seconds": round(time.perf_counter() - begun, 1),
        }
    else:
        findings = tuple(f for f in known.findings if f.proof not in UNJUDGED)
        items = known.items
        run = {name: getattr(known, name) for name in ("sandbox", "told", "judged", "seconds")}
    made = Certificate(
        assessment=assessment,
        title=paper.form.title,
        version=paper.form.version,
        digest=digest,
        findings=(*findings, leaked(root, paper, run["told"]), *([] if part else [alignment.prove(subject)])),
        items=items,
        outcomes=() if part else alignment.outcomes(subject),
        **run,
    )
    certificates.keep(certificates.folder_of(root), made)
    return Proved(made, known is None)
