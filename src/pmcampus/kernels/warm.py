"""The warm parent: a process that has imported the libraries and forks kernels in milliseconds.

Started as a program of its own, so that nothing of a grader's memory is in it. It knows no assessment and no
learner; all it is ever told is what to import, whether to lock itself in, and what to fork. When its
control socket closes it ends, and with it every process that it forked.
"""

import gc
import importlib
import inspect
import os
import shutil
import signal
import socket
import sys
from contextlib import suppress
from pathlib import Path
from typing import Any

from pmcampus.kernels import confine, syscalls, world
from pmcampus.kernels.channel import Channel, Closed
from pmcampus.kernels.limits import Limits


def main(descriptor: int, lifeline: int, folder: str) -> None:
    """Serve the control socket at this descriptor until it closes; `folder` goes when whoever asks goes."""
    signal.signal(signal.SIGINT, signal.default_int_handler)  # a shell's background jobs have it ignored
    control = Channel(socket.socket(fileno=descriptor))
    _leave_a_cleaner(control, lifeline, Path(folder))
    order, _ = control.receive()
    entries = {kind: _entry(place) for kind, place in order["entries"].items()}
    for entry in entries.values():
        entry.warm_up()
    missing = []
    for name in order["preload"]:  # after the shell is there, which some look for
        try:
            importlib.import_module(name)
        except Exception as problem:  # a kernel that imports it will say so itself
            print(f"pmcampus: {name} was not preloaded: {problem!r}", file=sys.stderr)
            missing.append(name)
    inspect.getmodule(
        main.__code__, "<a cell>"
    )  # learns which file is whose, as a kernel's first error would
    gc.collect()
    gc.freeze()
    if order["sandbox"]:
        _shut_in(Path(order["place"]))
    threads = len(list(Path("/proc/self/task").iterdir()))
    control.send({"ready": True, "threads": threads, "missing": missing})
    _say_nothing_more()
    Parent(control, entries, sandbox=order["sandbox"]).serve()


def _leave_a_cleaner(control: Channel, lifeline: int, folder: Path) -> None:
    """A small process that removes the folder when the asker is gone, however it went."""
    if os.fork() == 0:
        control.close()
        try:
            os.read(lifeline, 1)  # nothing is ever written: this returns at the end of the other end
            shutil.rmtree(folder, ignore_errors=True)
        finally:
            os._exit(0)
    os.close(lifeline)


def _say_nothing_more() -> None:
    """Children share no file: what one writes to stderr, the next must not be able to read."""
    nothing = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nothing, 2)
    os.close(nothing)


def _shut_in(place: Path) -> None:
    """Continue as the first process of a namespace in which only this Python exists.

    As root the tree is built first, while every folder can be reached; an ordinary user may only
    build it inside a user namespace of its own.
    """
    as_root = os.getuid() == 0
    if as_root:
        syscalls.unshare(syscalls.NEW_MOUNTS)
        world.build(place)
        world.mount_processes(place / "proc")
        syscalls.change_root(place)
        confine.leave_root()
    kinds = (
        syscalls.NEW_MOUNTS | syscalls.NEW_PIDS | syscalls.NEW_IPC | syscalls.NEW_NAMES | syscalls.NEW_NETWORK
    )
    confine.own_namespaces(kinds, inside=0)
    child = os.fork()
    if child:
        _, status = os.waitpid(child, 0)
        os._exit(os.waitstatus_to_exitcode(status) & 0xFF)
    syscalls.prctl(syscalls.SET_PDEATHSIG, signal.SIGKILL)
    if not as_root:
        world.build(place)
        world.mount_processes(place / "proc")
        syscalls.change_root(place)
    else:
        world.mount_processes(Path("/proc"))


class Parent:
    """Forks on request; a child gets one end of a socket, the asker the other and a handle on the process."""

    def __init__(self, control: Channel, entries: dict[str, Any], *, sandbox: bool) -> None:
        self.control, self.entries, self.sandbox = control, entries, sandbox
        self.own_pids = os.open("/proc/self/ns/pid", os.O_RDONLY | os.O_CLOEXEC) if sandbox else -1

    def serve(self) -> None:
        """Until nobody holds the other end."""
        signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # the system forgets them as they end
        while True:
            try:
                order, _ = self.control.receive(seconds=None)
            except Closed:
                os._exit(0)
            try:
                descriptors = self._fork(order)
            except OSError as problem:
                self.control.send_descriptors({"failed": str(problem)}, [0])
                continue
            self.control.send_descriptors({"pid": descriptors[2]}, descriptors[:2])
            for descriptor in descriptors[:2]:
                os.close(descriptor)

    def _fork(self, order: dict[str, Any]) -> tuple[int, int, int]:
        entry = self.entries[order["kind"]]
        confined = self.sandbox and order.get("limits") is not None
        ours, theirs = socket.socketpair()
        with ours, theirs:
            if confined:
                syscalls.unshare(syscalls.NEW_PIDS)
            try:
                child = os.fork()
                if child == 0:
                    self._become(entry, order, theirs, confined=confined)
            finally:  # after a failed fork, too: the next one would be refused
                if confined:
                    syscalls.enter_namespace(self.own_pids, syscalls.NEW_PIDS)
            return os.dup(ours.fileno()), os.pidfd_open(child), child

    def _become(
        self, entry: Any, order: dict[str, Any], connection: socket.socket, *, confined: bool
    ) -> None:
        """The child's whole life; it never returns."""
        code = 1
        channel = Channel(connection)
        try:
            signal.signal(signal.SIGCHLD, signal.SIG_DFL)
            keep = connection.fileno()
            self.control.socket.detach()
            os.closerange(3, keep)
            os.closerange(keep + 1, 4096)
            os.environ.pop("PYTHONPATH", None)
            limits = Limits(**order["limits"]) if order.get("limits") else None
            if confined and limits:
                confine.confine(limits)
            elif limits:
                syscalls.prctl(syscalls.SET_PDEATHSIG, signal.SIGKILL)
                confine.confine_partly(limits, order["folder"])
            channel.send({"began": True})
            entry.serve(channel, order)
            code = 0
        except BaseException as problem:
            with suppress(Closed):
                channel.send({"failed": repr(problem)})
        finally:
            os._exit(code)


def _entry(place: str) -> Any:
    return importlib.import_module(place)


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]), sys.argv[3])
