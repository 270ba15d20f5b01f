"""Starting a warm parent and asking it for processes."""

import atexit
import os
import select
import signal
import socket
import subprocess
import sys
import tempfile
import threading
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

from pmcampus.errors import SandboxError
from pmcampus.kernels.channel import Channel, Closed
from pmcampus.kernels.limits import Limits

START_SECONDS = 120
START = "import sys; from pmcampus.kernels.warm import main; main(*map(int, sys.argv[1:3]), sys.argv[3])"
MOST_PATH = 60
# The parent forks, and only a process of one thread may; the rest is what a sandbox looks like from inside.
VARIABLES = {
    "HOME": "/scratch",
    "JE_ARROW_MALLOC_CONF": "background_thread:false",
    "JOBLIB_MULTIPROCESSING": "0",
    "MALLOC_ARENA_MAX": "2",
    "MKL_NUM_THREADS": "1",
    "MPLBACKEND": "module://matplotlib_inline.backend_inline",
    "MPLCONFIGDIR": "/tmp",
    "OMP_NUM_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1",
}


class Child:
    """A process that a warm parent forked: a channel to it, and a handle that cannot mean another process."""

    def __init__(
        self, connection: socket.socket, handle: int, folder: "tempfile.TemporaryDirectory[str] | None" = None
    ) -> None:
        self.channel, self.handle, self._folder = Channel(connection), handle, folder

    def send_signal(self, number: int) -> None:
        """Send it a signal; a process that has ended needs none."""
        with suppress(ProcessLookupError):
            signal.pidfd_send_signal(self.handle, number)

    def is_alive(self) -> bool:
        """Whether it still runs."""
        return not select.select([self.handle], [], [], 0)[0]

    def end(self) -> None:
        """It and everything in its process namespace are gone."""
        if self.handle < 0:
            return
        self.send_signal(signal.SIGKILL)
        self.channel.close()
        os.close(self.handle)
        self.handle = -1
        if self._folder is not None:
            self._folder.cleanup()


class WarmParent:
    """A running warm parent; safe to ask from several threads.

    Args:
        preload: modules to import before the first fork.
        entries: by kind of child, the module whose `serve` it runs.
        sandbox: whether children that get limits are confined.
        environment: variables of the parent and all its children, beside our own; nothing else is passed on.
    """

    def __init__(
        self,
        preload: tuple[str, ...],
        entries: Mapping[str, str],
        *,
        sandbox: bool = True,
        environment: Mapping[str, str],
    ) -> None:
        self.sandbox = sandbox
        self._asking = threading.RLock()
        self._is_ready = self._ended = False
        self.missing: frozenset[str] = frozenset()
        ours, theirs = socket.socketpair()
        lifeline, self._lifeline = os.pipe()
        self._folder = tempfile.TemporaryDirectory(prefix="pmcampus-", dir=_short_folder())
        place, self.sockets = Path(self._folder.name, "world"), Path(self._folder.name, "s")
        ipython = Path(self._folder.name, "ipython")
        place.mkdir()
        self.sockets.mkdir()
        self._said = tempfile.TemporaryFile()  # noqa: SIM115 - read when it does not start
        package = Path(__file__).resolve().parents[2]
        numbers = (theirs.fileno(), lifeline)
        self._process = subprocess.Popen(
            [sys.executable, "-c", START, *map(str, numbers), self._folder.name],
            pass_fds=numbers,
            env={**environment, **VARIABLES, "IPYTHONDIR": str(ipython), "PYTHONPATH": str(package)},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=self._said,
            start_new_session=True,
            cwd="/",
        )
        theirs.close()
        os.close(lifeline)
        self._control = Channel(ours)
        with suppress(Closed):  # `ready` says why
            self._control.send(
                {"preload": list(preload), "entries": dict(entries), "sandbox": sandbox, "place": str(place)}
            )

    def ready(self) -> None:
        """Nothing, once it can fork.

        Raises:
            SandboxError: it did not start; the message says what the system refused.
        """
        with self._asking:
            if self._is_ready:
                return
            try:
                told, _ = self._control.receive(START_SECONDS)
                self.missing = frozenset(told["missing"])
                self._is_ready = True
            except Exception as problem:
                self.end()
                self._said.seek(0)
                lines = self._said.read().decode("utf-8", "replace").strip().splitlines()
                fact = lines[-1] if lines else type(problem).__name__
                raise SandboxError(
                    f"the warm parent of the kernels did not start ({fact}); "
                    "`pmcampus doctor` says which layer of the sandbox is missing here."
                ) from problem

    def fork(self, kind: str, limits: Limits | None = None, **order: Any) -> Child:
        """A fresh process of this kind, confined when `limits` are given.

        Raises:
            SandboxError: it could not be made.
        """
        folder = None if self.sandbox else tempfile.TemporaryDirectory(prefix="pmcampus-kernel-")
        order |= {
            "kind": kind,
            "limits": limits.as_json() if limits else None,
            "folder": folder and folder.name,
        }
        with self._asking:
            self.ready()
            try:
                self._control.send(order)
                answer, descriptors = self._control.receive_descriptors()
            except Closed as problem:
                raise SandboxError(
                    "the warm parent of the kernels is gone; run the command again."
                ) from problem
        if "failed" in answer:
            for descriptor in descriptors:
                os.close(descriptor)
            raise SandboxError(f"a kernel could not be forked ({answer['failed']}); nothing was scored.")
        return Child(socket.socket(fileno=descriptors[0]), descriptors[1], folder)

    def end(self) -> None:
        """The parent and all it forked are gone."""
        if self._ended:
            return
        self._ended = True
        self._control.close()
        if self._process.poll() is None:
            self._process.kill()
        self._process.wait()
        self._folder.cleanup()
        os.close(self._lifeline)


def _short_folder() -> str:
    """Where temporary things lie; the path of a unix socket may have 107 bytes."""
    folder = tempfile.gettempdir()
    return folder if len(os.fsencode(folder)) <= MOST_PATH else "/tmp"


_PARENTS: dict[Any, WarmParent] = {}
_MAKING = threading.Lock()


def warm_parent(
    preload: tuple[str, ...], entries: Mapping[str, str], *, sandbox: bool, environment: Mapping[str, str]
) -> WarmParent:
    """This process's warm parent for these libraries, started at the first call and ended with it."""
    key = (os.getpid(), preload, tuple(sorted(entries.items())), sandbox, tuple(sorted(environment.items())))
    with _MAKING:
        found = _PARENTS.get(key)
        if found is None or found._process.poll() is not None:
            found = _PARENTS[key] = WarmParent(preload, entries, sandbox=sandbox, environment=environment)
            atexit.register(found.end)
        return found
