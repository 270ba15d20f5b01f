"""Running a notebook in two processes: answers in the learner's sandbox, tests in a checker of their own.

    coordinator ──job──▶ checker ──cells, calls──▶ learner's kernel
                ◀results─        ◀─plain values──

The learner's kernel gets the learner's cells and the visible locked ones. Test cells, expected values and
hidden helpers are only ever in the checker, which gets plain values back and nothing else.
"""

from collections.abc import Mapping
from copy import deepcopy
from dataclasses import dataclass
from signal import SIGINT
from typing import Any

import nbformat
from nbformat import NotebookNode

from pmcampus.errors import GradingError, SandboxError
from pmcampus.kernels.channel import Closed, Malformed, TooLate
from pmcampus.kernels.limits import Limits
from pmcampus.kernels.parent import Child, WarmParent
from pmcampus.model.notebook import is_answer, is_graded, name_of
from pmcampus.names import defined, read

LEARNER = Limits()
CHECKER = Limits(memory=4096, processes=64, open_files=1024)
STUBBORN, GRACE = 6, 60
MOST_KERNELS = 25
HIDDEN_TESTS = "### BEGIN HIDDEN TESTS"


@dataclass(frozen=True)
class Isolated:
    """A notebook with the outputs of all its cells, what could not be handed over, and what ended a kernel.

    `refused` and `killed` go by the cell's number in the notebook.
    """

    notebook: NotebookNode
    refused: Mapping[int, Mapping[str, str]]
    killed: Mapping[int, str]


def steps(
    notebook: NotebookNode, names: Mapping[str, frozenset[str]], *, inside: bool = False
) -> list[dict[str, Any]]:
    """What the checker does with each code cell.

    Args:
        notebook: a restored notebook.
        names: the names that each answer cell defines.
        inside: run test cells in the learner's kernel, as nbgrader does (`verdict: in-kernel`).
    """
    found: list[dict[str, Any]] = []
    so_far: set[str] = set()
    for number, cell in enumerate(notebook.cells):
        if cell.cell_type != "code" or not cell.source.strip():
            continue
        name = name_of(cell)
        if inside or not name or is_answer(cell):
            found.append({"cell": number, "kind": "learner", "source": cell.source})
            so_far |= names.get(name, frozenset())
        else:
            kind = "check" if is_graded(cell) else "given"
            needs = sorted(so_far & read(cell.source))
            step = {"cell": number, "kind": kind, "source": cell.source, "needs": needs}
            found.append(step | {"secret": HIDDEN_TESTS in cell.source})
            if kind == "given":
                so_far -= defined(cell.source)  # from here on the official meaning holds
    return found


def run_isolated(
    notebook: NotebookNode,
    names: Mapping[str, frozenset[str]],
    *,
    parent: WarmParent,
    data: Mapping[str, bytes],
    cell_seconds: int,
    inside: bool = False,
) -> Isolated:
    """The notebook run from top to bottom, whatever its cells do.

    Raises:
        GradingError: we failed, not the learner; nothing may be scored.
    """
    plan = steps(notebook, names, inside=inside)
    total = STUBBORN * cell_seconds + GRACE
    job = {"steps": plan, "files": list(data), "cell_seconds": cell_seconds, "total_seconds": total}
    results = _talk(parent, job, list(data.values()), seconds=total + GRACE)
    run = deepcopy(notebook)
    refused: dict[int, dict[str, str]] = {}
    killed: dict[int, str] = {}
    for count, (step, result) in enumerate(zip(plan, results, strict=True), start=1):
        cell = run.cells[step["cell"]]
        cell.outputs = [_output(output, count) for output in result["outputs"]]
        cell.execution_count = count if result["ran"] else None
        if not result["ok"] and result["ran"] and not any(o.output_type == "error" for o in cell.outputs):
            cell.outputs.append(
                _new("error", ename="NotFinished", evalue="This cell did not end.", traceback=[])
            )
        if result["refused"]:
            refused[step["cell"]] = result["refused"]
        if result["killed"]:
            killed[step["cell"]] = result["killed"]
    return Isolated(run, refused, killed)


def _talk(
    parent: WarmParent, job: dict[str, Any], parts: list[bytes], *, seconds: float
) -> list[dict[str, Any]]:
    """The checker's results; its wishes are fulfilled meanwhile."""
    checker = parent.fork("checker", CHECKER)
    kernels: list[Child] = []
    try:
        message, _ = checker.channel.receive(GRACE)
        checker.channel.send(job, parts)
        while True:
            if "failed" in message:
                raise SandboxError(
                    f"a kernel could not be locked in ({message['failed']}); nothing was scored."
                )
            message, _ = checker.channel.receive(seconds)
            if "done" in message:
                return list(message["done"])
            match message.get("need"):
                case "kernel":
                    if len(kernels) >= MOST_KERNELS:
                        raise GradingError("the answers ended one kernel after another; nothing was scored.")
                    kernels.append(parent.fork("learner", LEARNER))
                    checker.channel.send_descriptors({}, [kernels[-1].channel.socket.fileno()])
                case "interrupt":
                    kernels[-1].send_signal(SIGINT)
                case "end":
                    kernels.pop().end()
    except (Closed, Malformed, TooLate) as problem:
        raise GradingError(
            f"the checker ended before it had a verdict ({type(problem).__name__}); nothing was scored, "
            "run it again, and look at the assessment's tests if it happens twice."
        ) from problem
    finally:
        for child in (*kernels, checker):
            child.end()


def _output(output: Any, count: int) -> NotebookNode:
    """One output in a notebook's form; the checker has made sure of its own."""
    made: NotebookNode = nbformat.from_dict(output)
    if made.output_type == "execute_result":
        made.execution_count = count
    return made


def _new(kind: str, **content: Any) -> NotebookNode:
    """An output; nbformat's own maker checks each against its whole schema, which costs more than the run."""
    return NotebookNode(output_type=kind, **content)
