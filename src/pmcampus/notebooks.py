"""Running a notebook in an ordinary local kernel, and storing what it gave.

This file is where kernels start. What runs inside is not trusted to end, to stay alive or to be quiet.
"""

import os
import sys
import tempfile
from collections.abc import Mapping
from contextlib import suppress
from copy import deepcopy
from dataclasses import dataclass
from pathlib import Path
from signal import SIGKILL
from subprocess import DEVNULL
from threading import Timer
from typing import Any

import nbformat
from jupyter_client.kernelspec import KernelSpecManager
from jupyter_client.manager import AsyncKernelManager
from nbclient import NotebookClient
from nbclient.exceptions import DeadKernelError
from nbformat import NotebookNode

from pmcampus.errors import ContentError, GradingError
from pmcampus.files import write_text
from pmcampus.kernels.environment import SETTINGS, campus_environment
from pmcampus.model.notebook import MEMORY_ADDRESS

NOTEBOOK_METADATA = {
    "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
    "language_info": {"name": "python"},
}
KEPT_CELL_METADATA = {"tags", "alt", "caption", "nbgrader", "jupyter"}
TOO_LONG = "This cell took longer than {} seconds and was stopped."
TOO_MUCH = "This cell gave more than 2 MB of output; the rest was left out."
MAX_OUTPUT = 2_000_000
STUBBORN = 6  # times the limit of one cell
GRACE = 60  # seconds on top


@dataclass(frozen=True)
class Executed:
    """A notebook with its outputs; `stopped` says why the run ended early, in one sentence."""

    notebook: NotebookNode
    stopped: str | None = None


def kernel_command() -> list[str]:
    """How a kernel of this very interpreter is started: figures as SVG, no history kept."""
    return [
        sys.executable,
        "-m",
        "ipykernel_launcher",
        "-f",
        "{connection_file}",
        *(f"--{kind}.{name}={value}" for kind, given in SETTINGS.items() for name, value in given.items()),
    ]


def execute(notebook: NotebookNode, *, folder: Path, cell_seconds: int) -> Executed:
    """The notebook run from top to bottom in a fresh kernel, whatever its cells do.

    A cell that takes longer than `cell_seconds` is interrupted and counts as failed; the next
    cells still run. A kernel that will not be interrupted is killed after `STUBBORN` times
    that and `GRACE` seconds.
    When the kernel dies, the cells after it have no output.

    Raises:
        GradingError: the kernel never started, which is our failure and not the learner's.
    """
    run = deepcopy(notebook)
    with tempfile.TemporaryDirectory(prefix="pmcampus-kernel-") as sockets:
        manager = _kernel_manager(Path(sockets))
        client = _Bounded(
            run,
            km=manager,
            timeout=cell_seconds,
            startup_timeout=60,
            interrupt_on_timeout=True,
            error_on_timeout={
                "ename": "TimeoutError",
                "evalue": TOO_LONG.format(cell_seconds),
                "traceback": [],
            },
            allow_errors=True,
            record_timing=False,
            resources={"metadata": {"path": str(folder)}},
        )
        client.log.setLevel("CRITICAL")
        client.reset_execution_trackers()
        ended: dict[int, str] = {}
        client.on_cell_executed = lambda cell, cell_index, execute_reply: ended.update(
            {cell_index: execute_reply["content"]["status"]}
        )
        watch = Timer(STUBBORN * cell_seconds + GRACE, _kill, [manager])
        watch.start()
        try:
            client.execute(cleanup_kc=True, env=_kernel_environment(), stdout=DEVNULL, stderr=DEVNULL)
        except DeadKernelError:
            _mark_unproved(run, ended)
            return Executed(run, "The kernel died while a cell was running; the cells after it did not run.")
        except RuntimeError as problem:
            raise GradingError(
                f"the kernel did not start ({problem}); nothing was marked, try again."
            ) from problem
        finally:
            watch.cancel()
            _kill(manager)
    _mark_unproved(run, ended)
    return Executed(run)


class _Bounded(NotebookClient):
    """A client that keeps no more of a cell's output than anybody reads; a cell that gives more failed."""

    def output(
        self, outs: list[NotebookNode], msg: dict[str, Any], display_id: str | None, cell_index: int
    ) -> NotebookNode | None:
        """The output kept of this message, if any."""
        kept = self.__dict__.setdefault("kept", {})
        before = kept.get(cell_index, 0)
        kept[cell_index] = before + _length(msg["content"])
        if kept[cell_index] <= MAX_OUTPUT:
            found: NotebookNode | None = super().output(outs, msg, display_id, cell_index)
            return found
        if before <= MAX_OUTPUT:
            outs.append(nbformat.v4.new_output("error", ename="TooMuchOutput", evalue=TOO_MUCH, traceback=[]))
        return None


def _length(content: Any) -> int:
    """How many characters a message carries, whatever its form."""
    if isinstance(content, Mapping):
        return sum(_length(part) for part in content.values())
    if isinstance(content, list):
        return sum(_length(part) for part in content)
    return len(content) if isinstance(content, str) else 1


def _mark_unproved(run: NotebookNode, ended: Mapping[int, str]) -> None:
    """An error in every code cell of which no kernel said that it ended well: silence is no proof."""
    for index, cell in enumerate(run.cells):
        if cell.cell_type != "code" or not cell.source.strip() or ended.get(index) == "ok":
            continue
        if not any(output.output_type == "error" for output in cell.outputs):
            cell.outputs.append(
                nbformat.v4.new_output(
                    "error", ename="NotFinished", evalue="This cell did not end.", traceback=[]
                )
            )


def _kill(manager: AsyncKernelManager) -> None:
    """End the kernel and whatever shares its process group."""
    process = getattr(manager.provisioner, "process", None)
    if process is not None and process.poll() is None:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, SIGKILL)


def normalise(notebook: NotebookNode) -> NotebookNode:
    """The same notebook as it is committed: nothing in it that differs between two runs."""
    notebook.metadata = nbformat.from_dict(NOTEBOOK_METADATA)
    count = 0
    for cell in notebook.cells:
        cell.metadata = nbformat.from_dict(
            {key: cell.metadata[key] for key in sorted(cell.metadata) if key in KEPT_CELL_METADATA}
        )
        if cell.cell_type != "code":
            continue
        count += 1
        cell.execution_count = count
        cell.outputs = [_normal_output(output, count) for output in _merged(cell.outputs)]
    return notebook


def run_lesson(path: Path, *, cell_seconds: int = 60) -> bool:
    """One lesson executed and stored; True when a byte changed.

    Raises:
        ContentError: a cell fails, writes to stderr or shows a memory address; the file keeps its
            old outputs then.
    """
    before = path.read_text("utf-8")
    executed = execute(nbformat.reads(before, 4), folder=path.parent, cell_seconds=cell_seconds)
    if executed.stopped:
        raise ContentError(f"{path}: {executed.stopped}")
    for number, cell in enumerate(executed.notebook.cells, start=1):
        _refuse_faulty(path, number, cell)
    after = nbformat.writes(normalise(executed.notebook), 4) + "\n"
    if after != before:
        write_text(path, after)
    return bool(after != before)


def _kernel_manager(sockets: Path) -> AsyncKernelManager:
    """A kernel of this very interpreter, whatever kernels the machine has registered.

    It talks through unix sockets in a private folder: no port that others could reach.
    """
    manager = AsyncKernelManager(kernel_name="python3", transport="ipc", ip=str(sockets / "kernel"))
    spec = KernelSpecManager(ensure_native_kernel=True).get_kernel_spec("python3")
    spec.argv = kernel_command()
    manager._kernel_spec = spec
    return manager


def _kernel_environment() -> dict[str, str]:
    kept = ("PATH", "HOME", "LANG", "VIRTUAL_ENV", "LD_LIBRARY_PATH", "TMPDIR")
    return {key: os.environ[key] for key in kept if key in os.environ} | campus_environment()


def _refuse_faulty(path: Path, number: int, cell: NotebookNode) -> None:
    for output in cell.get("outputs", ()):
        where = f"{path}: cell {number} ({cell.get('id', 'no id')})"
        if output.output_type == "error" and "raises-exception" not in cell.metadata.get("tags", ()):
            raise ContentError(f"{where} fails with {output.ename}: {output.evalue}. Mend it and run again.")
        if output.output_type == "stream" and output.name == "stderr":
            raise ContentError(
                f"{where} writes to stderr: {output.text.strip()[:200]!r}. Remove the warning's cause."
            )
        if MEMORY_ADDRESS.search(str(output.get("data", {}).get("text/plain", ""))):
            raise ContentError(
                f"{where} shows a memory address. End plots with plt.show(), and print values."
            )


def _merged(outputs: list[NotebookNode]) -> list[NotebookNode]:
    """Outputs with neighbouring pieces of one stream joined, as timing splits them at random."""
    merged: list[NotebookNode] = []
    for output in outputs:
        last = merged[-1] if merged else None
        if last and output.output_type == "stream" == last.output_type and output.name == last.name:
            last.text += output.text
        else:
            merged.append(output)
    return merged


def _normal_output(output: NotebookNode, count: int) -> NotebookNode:
    if "execution_count" in output:
        output.execution_count = count
    if "metadata" in output:
        output.metadata = nbformat.from_dict({})
    return output
