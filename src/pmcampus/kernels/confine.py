"""Locking a process in, before any learner's code runs in it."""

import os
from collections.abc import Callable, Iterable
from contextlib import suppress
from pathlib import Path

from pmcampus.kernels import filter as calls
from pmcampus.kernels import landlock, syscalls, world
from pmcampus.kernels.limits import Limits, set_limits

NOBODY = 65534
INSIDE = 1000  # the user and group a learner's code sees itself as


def leave_root() -> None:
    """An ordinary user from here on; root's own limits would not hold a process."""
    if os.getuid() == 0:
        os.setgroups([])
        os.setresgid(NOBODY, NOBODY, NOBODY)
        os.setresuid(NOBODY, NOBODY, NOBODY)
        syscalls.prctl(syscalls.SET_DUMPABLE, 1)  # a changed user closes /proc/self to its owner


def own_namespaces(kinds: int, *, inside: int) -> None:
    """New namespaces of these kinds, in which this process is the user `inside`."""
    user, group = os.geteuid(), os.getegid()
    syscalls.unshare(kinds | syscalls.NEW_USER)
    own = Path("/proc/self")
    (own / "setgroups").write_text("deny")
    (own / "uid_map").write_text(f"{inside} {user} 1")
    (own / "gid_map").write_text(f"{inside} {group} 1")


def confine(limits: Limits) -> None:
    """This process, in a process namespace of its own already, behind all that `pmcampus doctor` tries.

    Raises:
        OSError: the system refuses a layer; the process must end then.
    """
    os.setsid()
    syscalls.unshare(syscalls.NEW_MOUNTS)
    world.mount_scratch(limits.scratch, limits.files)
    world.mount_processes(Path("/proc"), only=True)
    others = syscalls.NEW_NETWORK | syscalls.NEW_IPC | syscalls.NEW_NAMES
    own_namespaces(others, inside=INSIDE)
    os.chdir(world.SCRATCH)
    for layer in without_namespaces(limits, world.WRITABLE):
        layer()


def confine_partly(limits: Limits, folder: str) -> None:
    """What holds without namespaces, as far as this system has it; for `--unsafe` alone."""
    os.setsid()
    os.chdir(folder)
    for layer in without_namespaces(limits, [folder]):
        with suppress(OSError):
            layer()


def without_namespaces(limits: Limits, writable: Iterable[Path | str]) -> tuple[Callable[[], None], ...]:
    """The layers that any process can put on, in the order in which they must come."""
    return (
        lambda: set_limits(limits),
        lambda: landlock.restrict(writable, programs=limits.programs),
        syscalls.drop_capabilities,
        lambda: syscalls.prctl(syscalls.SET_NO_NEW_PRIVS, 1),
        lambda: calls.install(programs=limits.programs, network=limits.network),
    )
