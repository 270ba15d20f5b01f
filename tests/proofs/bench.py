"""The tiny assessment on the bench: one proof at a time."""

from pathlib import Path
from typing import Any

from pmcampus.bench import Bench
from pmcampus.model.certificate import Finding, ItemProof
from pmcampus.paper import load_paper
from pmcampus.proofs.subject import Subject
from pmcampus.prove import subject_of


def subject(root: Path) -> Subject:
    """The tiny assessment, as its proofs see it."""
    return subject_of(root, load_paper(root, "counting"))


def run(root: Path, proof: Any) -> tuple[Finding, tuple[ItemProof, ...]]:
    """What one proof finds about the assessment of this curriculum, judged in the real sandbox."""
    paper = load_paper(root, "counting")
    about = subject_of(root, paper)
    bench = Bench(paper, about, lambda done, total: None)
    asking, outcomes = proof(about), None
    while True:
        try:
            trials = asking.send(outcomes)
        except StopIteration as end:
            return end.value if isinstance(end.value, tuple) else (end.value, ())
        known = bench.judge(trials)
        outcomes = [known[trial] for trial in trials]


def against(finding: Finding) -> dict[str, tuple[str, ...]]:
    """The claims that do not hold, with what speaks against each."""
    return {claim.says: claim.found for claim in finding.claims if not claim.holds}
