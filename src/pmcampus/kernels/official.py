"""Inside a checker: runs the official cells and the tests, and asks a learner's kernel for the answers.

The learner's code never runs here. A checker marks one submission and ends.
"""

import signal
import socket
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from pmcampus.kernels.channel import Channel
from pmcampus.kernels.outputs import Room
from pmcampus.kernels.remote import LearnerDied, NoKernel, Proxy, Remote
from pmcampus.kernels.shell import Shell, error, warm_shell

FETCH_SECONDS = 20.0
SLACK = 5.0


def warm_up() -> None:
    """Nothing beyond what a learner's kernel warms: both are forked from one parent."""


def serve(channel: Channel, order: dict[str, Any]) -> None:
    """One job, and its results."""
    job, parts = channel.receive()
    if "numpy" in sys.modules:  # a score or a sentence says 3, also where an answer made it np.int64(3)
        sys.modules["numpy"].set_printoptions(legacy="1.25")
    try:
        channel.send({"done": Checker(channel, job, parts).run()})
    except NoKernel as problem:
        channel.send({"failed": str(problem)})


@dataclass
class Result:
    """What one cell gave. `refused` names answers that could not be handed over, with the reason."""

    ok: bool = True
    ran: bool = True
    outputs: list[Any] = field(default_factory=list)
    refused: dict[str, str] = field(default_factory=dict)
    killed: str = ""

    def as_json(self) -> dict[str, Any]:
        """Plain values."""
        return dict(vars(self))


class Checker:
    """Goes through one notebook, cell by cell, in two processes: the learner's, and this one."""

    def __init__(self, channel: Channel, job: dict[str, Any], parts: list[bytes]) -> None:
        self.channel, self.steps = channel, job["steps"]
        self.files = list(zip(job["files"], parts, strict=True))
        self.cell_seconds = float(job["cell_seconds"])
        self.deadline = time.monotonic() + float(job["total_seconds"])
        self.shell: Shell = warm_shell()
        self.shell.brief = True
        self.remote: Remote | None = None
        self.room = Room()
        self.injected: set[str] = set()
        self.done: list[
            str
        ] = []  # cells that the learner's kernel has survived, to be run again in a new one

    def run(self) -> list[dict[str, Any]]:
        """The result of each step."""
        for name, content in self.files:
            with open(name, "wb") as file:  # noqa: PTH123 - a plain name in this process's own folder
                file.write(content)
        results = []
        for step in self.steps:
            if time.monotonic() > self.deadline:
                results.append(Result(ok=False, ran=False).as_json())
                continue
            results.append(getattr(self, f"_{step['kind']}")(step).as_json())
        if self.remote is not None:
            self.remote.end()
        return results

    def _learner(self, step: dict[str, Any]) -> Result:
        """A cell of the learner's, in their kernel."""
        try:
            answer = self._kernel().run(step["source"], seconds=self._seconds())
        except LearnerDied as reason:
            self.remote = None
            text = f"This cell was given up: {reason}."
            return Result(ok=False, outputs=[error("KernelDied", text, [])], killed=str(reason))
        self.done.append(step["source"])
        outputs = self.room.take(answer["outputs"])
        if answer["stopped"]:
            text = f"This cell took longer than {self.cell_seconds:g} seconds and was stopped."
            outputs.append(error("TimeoutError", text, []))
        return Result(ok=answer["ok"], outputs=outputs)

    def _given(self, step: dict[str, Any]) -> Result:
        """A locked cell: the learner's copy in their kernel, the official one here."""
        result = self._learner(step)
        refused = self._bring(step["needs"])
        self._official(step["source"])
        return Result(ok=result.ok, outputs=result.outputs, refused=refused, killed=result.killed)

    def _check(self, step: dict[str, Any]) -> Result:
        """A test cell, here and nowhere else."""
        refused = self._bring(step["needs"])
        if refused:
            return Result(ok=False, ran=False, refused=refused)
        return self._official(step["source"], secret=step["secret"])

    def _official(self, source: str, *, secret: bool = False) -> Result:
        remote = self.remote
        if remote is not None:
            remote.secret = secret
            remote.deadline, remote.late = time.monotonic() + self.cell_seconds, False
            remote.stderr, remote.absent = [], self._absent
        try:
            with _at_most(self.cell_seconds + SLACK):
                ended_well, outputs = self.shell.cell(source)
        except TimeoutError:
            ended_well, outputs = False, [error("TimeoutError", "The check took too long.", [])]
        result = Result(ok=ended_well, outputs=list(outputs))
        if remote is not None:
            if remote.stderr:
                said = {"output_type": "stream", "name": "stderr", "text": "".join(remote.stderr)}
                result.outputs.insert(0, said)
            if remote.late or not remote.alive:
                text = "The answer took too long." if remote.late else "The answer ended its kernel."
                result.ok, result.killed = False, text
                result.outputs.append(error("AnswerStopped", text, []))
            if not remote.alive:
                self.remote = None
        return result

    def _bring(self, names: list[str]) -> dict[str, str]:
        """These names of the learner's here, as plain values; the reasons for those that cannot come."""
        if not names:
            return {}
        try:
            kernel, seconds = self._kernel(), self._seconds(FETCH_SECONDS)
            with _at_most(seconds + SLACK):  # a forged value of a few bytes can take hours to read
                values, refused = kernel.fetch(names, seconds=seconds)
        except LearnerDied as reason:
            self.remote = None
            return dict.fromkeys(names, f"it could not be asked for: {reason}")
        except TimeoutError:
            return dict.fromkeys(names, "it takes too long to read")
        for name in names:
            if name in values:
                self.shell.user_ns[name] = values[name]
                if isinstance(values[name], Proxy):
                    values[name].__name__ = values[name].__qualname__ = name
                self.injected.add(name)
            else:
                self.shell.user_ns.pop(name, None)
                self.injected.discard(name)
        return {name: reason for name, reason in refused.items() if name in names}

    def _absent(self) -> list[str]:
        """Answers that the check has deleted: a function of the learner's does not see them either."""
        return [name for name in sorted(self.injected) if name not in self.shell.user_ns]

    def _kernel(self) -> Remote:
        """The learner's kernel; a new one, brought to where the old one was, when it is gone."""
        if self.remote is None:
            self.channel.send({"need": "kernel"})
            _, descriptors = self.channel.receive_descriptors()
            channel = Channel(socket.socket(fileno=descriptors[0]), most=self.channel.most)
            remote = Remote(channel, interrupt=lambda: self._tell("interrupt"), end=lambda: self._tell("end"))
            remote.put([name for name, _ in self.files], [content for _, content in self.files])
            for source in self.done:
                remote.run(source, seconds=self._seconds())
            self.remote = remote
        return self.remote

    def _tell(self, what: str) -> None:
        self.channel.send({"need": what})

    def _seconds(self, most: float | None = None) -> float:
        return max(0.1, min(most or self.cell_seconds, self.deadline - time.monotonic()))


@contextmanager
def _at_most(seconds: float) -> Iterator[None]:
    """What stands in the block, with a `TimeoutError` raised in it after so long."""
    signal.signal(signal.SIGALRM, _too_long)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)


def _too_long(number: int, frame: Any) -> None:
    raise TimeoutError("The check took too long.")
