"""Proving that assessments measure what they claim, and writing their certificates.

A proof asks for notebooks to be judged (`proofs/`); they are judged here, in the same sandbox and by the
same checker as learners' work. What was proved is kept under `build/proofs` with a digest of content,
environment and code, so that an unchanged assessment is not judged again.
"""

import hashlib
import os
import platform
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import cache
from importlib.metadata import distributions
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from pmcampus.bench import Bench
from pmcampus.content import IGNORED_FOLDERS, load_form, write_text
from pmcampus.errors import ContentError
from pmcampus.model.answers import AnswerBank
from pmcampus.model.certificate import Certificate, Finding, ItemProof
from pmcampus.model.module import ModuleForm
from pmcampus.paper import Paper, load_paper, paper_ids
from pmcampus.proofs import alignment, answers, fairness, leaks, mutants, steadiness, variants
from pmcampus.proofs.subject import Outcome, Subject, Trial
from pmcampus.public import places

CODE = Path(__file__).parent
# What decides a verdict or a proof, beside the content.
JUDGES = (
    "kernels/*.py",
    "proofs/*.py",
    "model/*.py",
    "bench.py",
    "prove.py",
    "checker.py",
    "coursedir.py",
    "isolation.py",
    "names.py",
    "paper.py",
)
Tell = Callable[[str, int, int], None]


@dataclass(frozen=True)
class Proved:
    """A certificate, and whether the answers were judged now or before."""

    certificate: Certificate
    fresh: bool


def prove(
    ids: Sequence[str],
    *,
    root: Path,
    out: Path | None = None,
    again: bool = False,
    tell: Tell = lambda name, done, total: None,
) -> list[Proved]:
    """The certificates of these assessments, or of all; each is written to `build/proofs`.

    Args:
        again: judge all answers anew, changed or not.
        tell: called as answers are judged, with the assessment, how many are done, and of how many.

    Raises:
        ContentError: unknown assessment, or one that cannot be read.
        SandboxError: this system cannot run answers.
    """
    folder = out or root / "build" / "proofs"
    return [_prove(root, folder, name, again=again, tell=tell) for name in (ids or paper_ids(root))]


def certificate(root: Path, assessment: str, *, folder: Path | None = None) -> Certificate | None:
    """What was proved about this assessment as it now stands; None where that is unknown or out of date."""
    known = _read((folder or root / "build" / "proofs") / f"{assessment}.json")
    return known if known is not None and known.digest == digest(root, assessment) else None


def digest(root: Path, assessment: str) -> str:
    """One number for content, environment and code."""
    found = hashlib.sha256(_surroundings().encode())
    shelf = root / "assessments" / assessment
    module = load_paper(root, assessment).form.module
    for path in (*_files(shelf), root / "modules" / module / "module.yaml"):
        found.update(f"{path.relative_to(root)}\0".encode())
        found.update(hashlib.sha256(path.read_bytes()).digest())
    return found.hexdigest()


def subject_of(root: Path, paper: Paper) -> Subject:
    """The assessment, as its proofs see it.

    Raises:
        ContentError: its module or a bank cannot be read.
    """
    module = load_form(root, root / "modules" / paper.form.module / "module.yaml", ModuleForm)
    banks = {
        path.stem: load_form(root, path, AnswerBank)
        for path in sorted((paper.folder / "wrong-answers").glob("*.yaml"))
    }
    for form in (module, *banks.values()):
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


def _prove(root: Path, folder: Path, assessment: str, *, again: bool, tell: Tell) -> Proved:
    begun = time.perf_counter()
    paper = load_paper(root, assessment)
    subject = subject_of(root, paper)
    now = digest(root, assessment)
    path = folder / f"{assessment}.json"
    known = None if again else _read(path)
    fresh = known is None or known.digest != now
    if fresh:
        bench = Bench(paper, subject, lambda done, total: tell(assessment, done, total))
        judged, items = _judged(subject, bench)
        seconds, sandbox, count = time.perf_counter() - begun, bench.sandbox, bench.count
        told = bench.told
    else:
        assert known is not None
        judged = tuple(f for f in known.findings if f.proof not in ("alignment", "leaks"))
        items, sandbox, count, seconds = known.items, known.sandbox, known.judged, known.seconds
        told = known.told
    made = Certificate(
        assessment=assessment,
        title=paper.form.title,
        version=paper.form.version,
        digest=now,
        sandbox=sandbox,
        findings=(*judged, _leaks(root, paper, told), alignment.prove(subject)),
        items=items,
        outcomes=alignment.outcomes(subject),
        told=told,
        judged=count,
        seconds=round(seconds, 1),
    )
    write_text(path, made.model_dump_json(indent=1) + "\n")
    return Proved(made, fresh)


def _judged(subject: Subject, bench: Bench) -> tuple[tuple[Finding, ...], tuple[ItemProof, ...]]:
    """All proofs that need answers judged, each a step further in every round."""
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
        judged = bench.judge([trial for trials in wanted.values() for trial in trials])
        waiting = {place: [judged[trial] for trial in trials] for place, trials in wanted.items()}
    found: list[Finding] = []
    items: tuple[ItemProof, ...] = ()
    for place in sorted(results):
        if isinstance(results[place], tuple):
            finding, items = results[place]
            found.append(finding)
        elif results[place] is not None:
            found.append(results[place])
    return tuple(found), items


def _leaks(root: Path, paper: Paper, told: Iterable[str]) -> Finding:
    sources = [str(cell.source) for cell in paper.source.cells]
    secret, shown = leaks.secrets_of(sources), leaks.shown_of(sources)
    feedback = [(f"message {n}", text) for n, text in enumerate(told, start=1)]
    found = leaks.prove(leaks.fingerprints(secret, shown), places(root, paper))
    said = leaks.prove(
        leaks.fingerprints(map(leaks.untold, secret), shown), {"what checks say to learners": feedback}
    )
    return Finding(proof=found.proof, title=found.title, claims=(*found.claims, *said.claims))


def _read(path: Path) -> Certificate | None:
    try:
        return Certificate.model_validate_json(path.read_bytes())
    except (FileNotFoundError, ValidationError):
        return None


@cache
def _surroundings() -> str:
    """Environment and code, as text."""
    found = [platform.python_version(), platform.machine()]
    found += sorted({f"{d.metadata['Name']} {d.version}" for d in distributions() if d.metadata["Name"] != "pmcampus"})
    for pattern in JUDGES:
        for path in sorted(CODE.glob(pattern)):
            found.append(f"{path.relative_to(CODE)} {hashlib.sha256(path.read_bytes()).hexdigest()}")
    return "\n".join(found)


def _files(folder: Path) -> list[Path]:
    return sorted(p for p in folder.rglob("*") if p.is_file() and not IGNORED_FOLDERS & set(p.parts))
