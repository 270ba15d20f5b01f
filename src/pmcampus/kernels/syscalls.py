"""Linux system calls that Python 3.11 has no function for."""

import ctypes
import os
import platform
from pathlib import Path

NEW_MOUNTS, NEW_CGROUP, NEW_NAMES = 0x00020000, 0x02000000, 0x04000000
NEW_IPC, NEW_USER, NEW_PIDS, NEW_NETWORK = 0x08000000, 0x10000000, 0x20000000, 0x40000000
NEW_TIME = 0x00000080
NAMESPACES = NEW_MOUNTS | NEW_CGROUP | NEW_NAMES | NEW_IPC | NEW_USER | NEW_PIDS | NEW_NETWORK | NEW_TIME

READ_ONLY, NO_SETUID, NO_DEVICES, NO_PROGRAMS = 1, 2, 4, 8
BIND, RECURSIVE, PRIVATE = 4096, 16384, 1 << 18
DETACH = 2
SET_PDEATHSIG, SET_DUMPABLE, CAPBSET_DROP, SET_NO_NEW_PRIVS = 1, 4, 24, 38
AMBIENT, AMBIENT_CLEAR_ALL = 47, 4

# The numbers of calls that glibc does not wrap everywhere, by machine.
MACHINES = {
    "x86_64": {"pivot_root": 155, "seccomp": 317},
    "aarch64": {"pivot_root": 41, "seccomp": 277},
}
MOUNT_SETATTR, LANDLOCK_CREATE, LANDLOCK_ADD, LANDLOCK_RESTRICT = 442, 444, 445, 446

LIBC = ctypes.CDLL(None, use_errno=True)
LIBC.syscall.restype = ctypes.c_long


def unshare(namespaces: int) -> None:
    """This process in new namespaces of these kinds.

    Raises:
        OSError: the kernel refuses, as for every function of this file.
    """
    _checked("unshare", LIBC.unshare(namespaces))


def enter_namespace(descriptor: int, kind: int) -> None:
    """This process (for process namespaces: its next child) in the namespace behind this descriptor."""
    _checked("setns", LIBC.setns(descriptor, kind))


def mount(
    source: str, target: Path | str, *, kind: str | None = None, flags: int = 0, options: str = ""
) -> None:
    """A file system, or with `BIND` a part of one, at `target`."""
    result = LIBC.mount(
        source.encode(),
        str(target).encode(),
        kind.encode() if kind else None,
        ctypes.c_ulong(flags),
        options.encode() if options else None,
    )
    _checked(f"mount {target}", result)


def seal_mounts(target: Path | str) -> None:
    """The mount at `target` and all below it: read-only, without devices and set-user-id programs."""
    # struct mount_attr: attributes to set, to clear, propagation, user namespace
    attributes = (ctypes.c_uint64 * 4)(READ_ONLY | NO_SETUID | NO_DEVICES, 0, 0, 0)
    recursive, at_cwd = 0x8000, -100
    result = LIBC.syscall(
        MOUNT_SETATTR, at_cwd, str(target).encode(), recursive, attributes, ctypes.c_size_t(32)
    )
    _checked(f"mount_setattr {target}", result)


def change_root(new: Path) -> None:
    """`new` as the root of all paths; the old root is gone."""
    os.chdir(new)
    number = MACHINES[platform.machine()]["pivot_root"]
    _checked("pivot_root", LIBC.syscall(number, b".", b"."))
    _checked("umount2", LIBC.umount2(b".", DETACH))
    os.chdir("/")


def prctl(option: int, *arguments: int) -> None:
    """One setting of this process."""
    values = [ctypes.c_ulong(a) for a in (*arguments, 0, 0, 0, 0)[:4]]
    _checked(f"prctl {option}", LIBC.prctl(option, *values))


def drop_capabilities() -> None:
    """No capability is left in any set of this process, nor can one come back."""
    for number in range(64):
        if LIBC.prctl(CAPBSET_DROP, number, 0, 0, 0) != 0:
            break
    LIBC.prctl(AMBIENT, AMBIENT_CLEAR_ALL, 0, 0, 0)
    header = (ctypes.c_uint32 * 2)(0x20080522, 0)
    nothing = (ctypes.c_uint32 * 6)()
    _checked("capset", LIBC.capset(header, nothing))


def call(name: str, number: int, *arguments: object) -> int:
    """The result of a system call by its number."""
    return _checked(name, LIBC.syscall(number, *arguments))


def _checked(name: str, result: int) -> int:
    if result < 0:
        code = ctypes.get_errno()
        raise OSError(code, f"{name}: {os.strerror(code)}")
    return result
