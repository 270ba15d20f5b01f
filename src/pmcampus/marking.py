"""Marking one submission: bytes in, verdict out, no database and no cohort folder."""

import shutil
import tempfile
from dataclasses import dataclass, replace
from pathlib import Path

from nbformat import NotebookNode

from pmcampus.checker import judge
from pmcampus.errors import SubmissionRefused
from pmcampus.model.verdict import Verdict
from pmcampus.notebooks import execute
from pmcampus.paper import Paper
from pmcampus.receive import fingerprint, receive
from pmcampus.restore import restore


@dataclass(frozen=True)
class Marked:
    """A verdict, and the notebook it was read from; None for a refused submission."""

    verdict: Verdict
    notebook: NotebookNode | None


def mark(paper: Paper, handed_in: bytes) -> Marked:
    """The verdict on one submission. The same bytes and the same paper give the same verdict.

    Raises:
        GradingError: the kernel did not start; nothing was scored.
    """
    return _mark(paper, paper.official, handed_in)


def mark_visible(paper: Paper, handed_in: bytes) -> Marked:
    """The same with the checks a learner can see: whether each answer has the right form."""
    return _mark(paper, paper.release, handed_in)


def _mark(paper: Paper, official: NotebookNode, handed_in: bytes) -> Marked:
    blank = Verdict(assessment=paper.id, version=paper.form.version, digest=fingerprint(handed_in))
    try:
        submitted = receive(handed_in, answers=paper.answers)
    except SubmissionRefused as reason:
        return Marked(replace(blank, refused=str(reason)), None)
    restored = restore(official, submitted)
    with tempfile.TemporaryDirectory(prefix="pmcampus-marking-") as scratch:
        for path in paper.data_files:
            shutil.copy2(path, Path(scratch) / path.name)
        executed = execute(
            restored.notebook, folder=Path(scratch), cell_seconds=paper.form.limits.cell_seconds
        )
    notes = restored.notes + ((executed.stopped,) if executed.stopped else ())
    items = judge(executed.notebook, starters=paper.starters)
    return Marked(replace(blank, items=items, notes=notes), executed.notebook)
