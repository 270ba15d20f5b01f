"""Marking one submission: bytes in, verdict out, no database and no cohort folder."""

import sys
import tempfile
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any

from nbformat import NotebookNode

from pmcampus.checker import judge
from pmcampus.doctor import Layer, isolation, layers
from pmcampus.errors import GradingError, SandboxError, SubmissionRefused
from pmcampus.isolation import Isolated, run_isolated
from pmcampus.kernels import engine
from pmcampus.kernels.parent import WarmParent
from pmcampus.model.notebook import is_answer, name_of, storable
from pmcampus.model.verdict import Verdict
from pmcampus.notebooks import execute
from pmcampus.paper import Paper
from pmcampus.receive import fingerprint, receive
from pmcampus.restore import restore
from pmcampus.signs import signs
from pmcampus.variants import own_number

PER_CORE = 2  # submissions under way: while one waits for its other process or the database, one runs


@dataclass(frozen=True)
class Marked:
    """A verdict, the notebook it was read from (None for a refused submission), and how it was held."""

    verdict: Verdict
    notebook: NotebookNode | None
    isolation: str = "full"


def mark(paper: Paper, handed_in: bytes, *, unsafe: bool = False, number: int | None = None) -> Marked:
    """The verdict on one submission. The same bytes and the same paper give the same verdict.

    Args:
        unsafe: go on where a layer of the sandbox is missing; the outcome says which.
        number: the learner's own course number, put in the place of any other; None leaves theirs.

    Raises:
        SandboxError: a layer is missing, and `unsafe` was not asked for.
        GradingError: we failed, not the learner; nothing was scored.
    """
    parent, held = ready(paper, unsafe=unsafe)
    return replace(_mark(paper, paper.official, handed_in, parent, number), isolation=held)


def mark_visible(paper: Paper, handed_in: bytes) -> Marked:
    """The same with the checks a learner can see, on the learner's own machine, sandbox or not."""
    parent = ready(paper, unsafe=True)[0] if sys.platform == "linux" else None
    return _mark(paper, paper.release, handed_in, parent)


def ready(paper: Paper, *, unsafe: bool = False) -> tuple[WarmParent, str]:
    """The warm parent that serves this paper, and which layers of the sandbox hold, as the ledger says it.

    Raises:
        SandboxError: a layer is missing, and `unsafe` was not asked for.
        GradingError: a library of the assessment cannot be imported here.
    """
    parent = _started(paper.source.cells, unsafe=unsafe)
    beside = {name.removesuffix(".py") for name in paper.data if name.endswith(".py")}
    lacking = sorted((parent.missing & engine.imports(paper.source.cells)) - beside)
    if lacking:
        raise GradingError(
            f"{paper.id}: this machine cannot import {', '.join(lacking)}, which the assessment needs; "
            "nothing was marked. Install what the module's `environment` names and run it again."
        )
    held = _held(parent)
    if held != "full" and not unsafe:
        raise SandboxError(
            f"this machine cannot hold learners' code ({held.removeprefix('unsafe: ')}); nothing was marked. "
            "`pmcampus doctor` says more; --unsafe marks all the same and writes that into the ledger."
        )
    return parent, held


def examine() -> tuple[Layer, ...]:
    """Every layer of the sandbox, tried on this machine.

    Raises:
        SandboxError: this system has none.
    """
    return layers(_started((), unsafe=True))


def _started(cells: Iterable[Mapping[str, Any]], *, unsafe: bool) -> WarmParent:
    """A warm parent that runs: in a sandbox, or without one where that cannot be had and `unsafe` permits."""
    if sys.platform != "linux":
        raise SandboxError(
            "this system has no sandbox for learners' code; mark on Linux. Nothing was marked."
        )
    parent = engine.engine(cells)
    try:
        parent.ready()
    except SandboxError:
        if not unsafe:
            raise
        parent = engine.engine(cells, sandbox=False)
        parent.ready()
    return parent


@cache
def _held(parent: WarmParent) -> str:
    return isolation(layers(parent))


def _mark(
    paper: Paper,
    official: NotebookNode,
    handed_in: bytes,
    parent: WarmParent | None,
    number: int | None = None,
) -> Marked:
    form = paper.form
    blank = Verdict(
        assessment=paper.id, version=form.version, digest=fingerprint(handed_in), judged=form.verdict
    )
    try:
        submitted = receive(handed_in, answers=paper.answers)
    except SubmissionRefused as reason:
        return Marked(replace(blank, refused=str(reason)), None)
    restored, flag = restore(official, submitted), ""
    if number is not None and form.variant is not None:
        starter = paper.starters[form.variant.cell]
        restored, flag = own_number(restored, form.variant, number, starter=starter)
    if parent is None:
        ran = _without_sandbox(paper, restored.notebook)
    else:
        ran = run_isolated(
            restored.notebook,
            paper.answer_names,
            parent=parent,
            data=paper.data,
            cell_seconds=form.limits.cell_seconds,
            inside=form.verdict == "in-kernel",
        )
    notes = (*restored.notes, *_ended(ran))
    items = tuple(
        replace(item, message=storable(item.message), notes=tuple(map(storable, item.notes)))
        for item in judge(ran.notebook, starters=paper.starters, refused=ran.refused)
    )
    flags = (*((flag,) if flag else ()), *map(storable, _flags(ran, paper.starters)))
    return Marked(replace(blank, items=items, notes=notes, flags=flags), ran.notebook)


def _ended(ran: Isolated) -> list[str]:
    """What the learner is told of answers that ended their kernel."""
    return [
        f"The cell {_called(ran.notebook, number)} stopped the notebook ({reason}); "
        "the cells after it ran without it."
        for number, reason in ran.killed.items()
    ]


def _flags(ran: Isolated, starters: Mapping[str, str]) -> tuple[str, ...]:
    """What a person should look at; no score depends on it."""
    found = [
        f"{_called(ran.notebook, number)}: {sign}"
        for number, cell in enumerate(ran.notebook.cells)
        if cell.cell_type == "code" and (is_answer(cell) or not name_of(cell))
        for sign in signs(cell.source)
        if sign not in signs(starters.get(name_of(cell), ""))
    ]
    found += [
        f"{_called(ran.notebook, number)}: `{name}` could not be handed over: {reason}."
        for number, reasons in ran.refused.items()
        for name, reason in reasons.items()
    ]
    found += [
        f"{_called(ran.notebook, number)}: It stopped its kernel ({reason})."
        for number, reason in ran.killed.items()
    ]
    return tuple(dict.fromkeys(found))


def _called(notebook: NotebookNode, number: int) -> str:
    """A cell's name, or its place."""
    return name_of(notebook.cells[number]) or f"own cell {number + 1}"


def _without_sandbox(paper: Paper, notebook: NotebookNode) -> Isolated:
    """On a learner's own machine that has no sandbox: everything in one ordinary kernel."""
    with tempfile.TemporaryDirectory(prefix="pmcampus-marking-") as scratch:
        for name, content in paper.data.items():
            (Path(scratch) / name).write_bytes(content)
        executed = execute(notebook, folder=Path(scratch), cell_seconds=paper.form.limits.cell_seconds)
    return Isolated(executed.notebook, {}, {})
