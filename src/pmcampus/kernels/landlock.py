"""Landlock: what a process may do to files and sockets, whatever its user and mounts would allow."""

import ctypes
import os
import struct
from collections.abc import Iterable
from pathlib import Path

from pmcampus.kernels import syscalls

EXECUTE, WRITE_FILE, READ_FILE, READ_DIR, MAKE_CHAR, MAKE_BLOCK = 1, 2, 4, 8, 1 << 6, 1 << 11
REFER, TRUNCATE, IOCTL_DEVICE = 1 << 13, 1 << 14, 1 << 15
BIND_TCP, CONNECT_TCP = 1, 2
ABSTRACT_SOCKETS, SIGNALS = 1, 2
READ = READ_FILE | READ_DIR


def version() -> int:
    """The kernel's Landlock version; 0 where it has none."""
    try:
        return syscalls.call("landlock", syscalls.LANDLOCK_CREATE, None, ctypes.c_size_t(0), ctypes.c_uint(1))
    except OSError:
        return 0


def restrict(writable: Iterable[Path | str], *, programs: bool) -> None:
    """This process and its children: read everything, write below these paths only, no network.

    Args:
        programs: whether other programs may be started.

    Raises:
        OSError: the kernel has no Landlock.
    """
    known = version()
    files = (1 << 13) - 1
    files |= (
        (REFER if known >= 2 else 0) | (TRUNCATE if known >= 3 else 0) | (IOCTL_DEVICE if known >= 5 else 0)
    )
    network = BIND_TCP | CONNECT_TCP if known >= 4 else 0
    scope = ABSTRACT_SOCKETS | SIGNALS if known >= 6 else 0
    form = struct.pack("=QQQ", files, network, scope)[: 8 if known < 4 else 16 if known < 6 else 24]
    rules = syscalls.call(
        "landlock", syscalls.LANDLOCK_CREATE, form, ctypes.c_size_t(len(form)), ctypes.c_uint(0)
    )
    try:
        _allow(rules, "/", READ | (EXECUTE if programs else 0))
        for path in writable:
            _allow(rules, path, files & ~(MAKE_CHAR | MAKE_BLOCK | EXECUTE))
        _allow(rules, "/dev", READ | WRITE_FILE | (files & (TRUNCATE | IOCTL_DEVICE)))
        syscalls.prctl(syscalls.SET_NO_NEW_PRIVS, 1)
        syscalls.call("landlock", syscalls.LANDLOCK_RESTRICT, ctypes.c_int(rules), ctypes.c_uint(0))
    finally:
        os.close(rules)


def _allow(rules: int, path: Path | str, access: int) -> None:
    place = os.open(path, os.O_PATH | os.O_CLOEXEC)
    try:
        rule = struct.pack("=Qi", access, place)
        syscalls.call(
            "landlock", syscalls.LANDLOCK_ADD, ctypes.c_int(rules), ctypes.c_int(1), rule, ctypes.c_uint(0)
        )
    finally:
        os.close(place)
