"""The system-call filter: a short list of what learner's code never needs and attackers do.

A filter that refuses is chosen over one that permits: numerical libraries use calls that no list of
ours foresees, and the namespaces, the read-only root and Landlock stand behind it.
"""

import ctypes
import errno
import platform
import struct
from socket import AF_INET, AF_INET6, AF_NETLINK, AF_UNIX

from pmcampus.kernels import syscalls

AUDIT = {"x86_64": 0xC000003E, "aarch64": 0xC00000B7}
# Number on x86_64, on aarch64; None where the machine has no such call.
REFUSED: dict[str, tuple[int | None, int | None]] = {
    # other processes' memory and state
    "ptrace": (101, 117), "process_vm_readv": (310, 270), "process_vm_writev": (311, 271),
    "kcmp": (312, 272), "pidfd_getfd": (438, 438), "process_madvise": (440, 440),
    # the file tree and its namespaces
    "mount": (165, 40), "umount2": (166, 39), "pivot_root": (155, 41), "chroot": (161, 51),
    "unshare": (272, 97), "setns": (308, 268), "open_tree": (428, 428), "move_mount": (429, 429),
    "fsopen": (430, 430), "fsconfig": (431, 431), "fsmount": (432, 432), "fspick": (433, 433),
    "mount_setattr": (442, 442), "name_to_handle_at": (303, 264), "open_by_handle_at": (304, 265),
    "mknod": (133, None), "mknodat": (259, 33), "quotactl": (179, 60), "fanotify_init": (300, 262),
    # the kernel itself
    "bpf": (321, 280), "perf_event_open": (298, 241), "userfaultfd": (323, 282),
    "kexec_load": (246, 104), "kexec_file_load": (320, 294), "init_module": (175, 105),
    "finit_module": (313, 273), "delete_module": (176, 106), "reboot": (169, 142), "syslog": (103, 116),
    "swapon": (167, 224), "swapoff": (168, 225), "acct": (163, 89), "personality": (135, 92),
    "io_uring_setup": (425, 425), "io_uring_enter": (426, 426), "io_uring_register": (427, 427),
    "iopl": (172, None), "ioperm": (173, None), "modify_ldt": (154, None), "vhangup": (153, 58),
    # keys, clocks, names
    "add_key": (248, 217), "request_key": (249, 218), "keyctl": (250, 219),
    "settimeofday": (164, 170), "clock_settime": (227, 112), "adjtimex": (159, 171),
    "clock_adjtime": (305, 266), "sethostname": (170, 161), "setdomainname": (171, 162),
}  # fmt: skip
PROGRAMS: dict[str, tuple[int | None, int | None]] = {
    "execve": (59, 221), "execveat": (322, 281), "fork": (57, None), "vfork": (58, None),
}  # fmt: skip
SOCKET, CLONE, CLONE3, IOCTL = (41, 198), (56, 220), (435, 435), (16, 29)
TIOCSTI, TIOCLINUX, CLONE_THREAD = 0x5412, 0x541C, 0x00010000

LOAD, EQUAL, ANY_BIT, AT_LEAST, RETURN = 0x20, 0x15, 0x45, 0x35, 0x06
ALLOW, ERRNO, KILL = 0x7FFF0000, 0x00050000, 0x80000000
NUMBER_AT, MACHINE_AT, FIRST_AT, SECOND_AT = 0, 4, 16, 24
X32 = 0x40000000

Step = tuple[int, int, int, int]


def program(machine: str, *, programs: bool, network: bool) -> bytes:
    """The filter in the kernel's own form.

    Args:
        programs: whether processes may be forked and other programs started; threads always may.
        network: whether sockets beyond unix ones may be made (inside a network namespace that leads nowhere).
    """
    column = list(AUDIT).index(machine)
    refused = dict(REFUSED) | ({} if programs else PROGRAMS)
    families = [AF_UNIX, *([AF_INET, AF_INET6, AF_NETLINK] if network else [])]
    steps: list[Step] = [
        (LOAD, 0, 0, MACHINE_AT),
        (EQUAL, 1, 0, AUDIT[machine]),
        (RETURN, 0, 0, KILL),
        (LOAD, 0, 0, NUMBER_AT),
    ]
    if machine == "x86_64":  # the second, compact table of calls of this machine
        steps += [(AT_LEAST, 0, 1, X32), (RETURN, 0, 0, ERRNO | errno.ENOSYS)]
    for numbers in refused.values():
        if numbers[column] is not None:
            steps += [(EQUAL, 0, 1, int(numbers[column] or 0)), (RETURN, 0, 0, ERRNO | errno.EPERM)]
    # glibc falls back to clone, whose flags can be seen here
    steps += [(EQUAL, 0, 1, CLONE3[column]), (RETURN, 0, 0, ERRNO | errno.ENOSYS)]
    steps += [
        (EQUAL, 0, 5, CLONE[column]),
        (LOAD, 0, 0, FIRST_AT),
        (ANY_BIT, 1, 0, syscalls.NAMESPACES & ~syscalls.NEW_TIME),
        (ANY_BIT, 1, 0 if not programs else 1, CLONE_THREAD),
        (RETURN, 0, 0, ERRNO | errno.EPERM),
        (RETURN, 0, 0, ALLOW),
    ]
    steps += [
        (EQUAL, 0, 5, IOCTL[column]),
        (LOAD, 0, 0, SECOND_AT),
        (EQUAL, 1, 0, TIOCSTI),
        (EQUAL, 0, 1, TIOCLINUX),
        (RETURN, 0, 0, ERRNO | errno.EPERM),
        (RETURN, 0, 0, ALLOW),
    ]
    count = len(families)
    steps += [(EQUAL, 0, count + 3, SOCKET[column]), (LOAD, 0, 0, FIRST_AT)]
    steps += [(EQUAL, count - place, 0, family) for place, family in enumerate(families)]
    steps += [(RETURN, 0, 0, ERRNO | errno.EACCES), (RETURN, 0, 0, ALLOW)]
    steps += [(RETURN, 0, 0, ALLOW)]
    return b"".join(struct.pack("=HBBI", *step) for step in steps)


def install(*, programs: bool, network: bool) -> None:
    """The filter on this process and all it starts, for good; needs `no_new_privs`.

    Raises:
        OSError: the kernel has no such filters, or the machine is not one we know.
    """
    machine = platform.machine()
    if machine not in AUDIT:
        raise OSError(errno.ENOSYS, f"no filter is written for {machine}")
    text = program(machine, programs=programs, network=network)
    buffer = ctypes.create_string_buffer(text, len(text))

    class Program(ctypes.Structure):
        _fields_ = (("length", ctypes.c_ushort), ("steps", ctypes.c_void_p))

    whole = Program(len(text) // 8, ctypes.addressof(buffer))
    number = syscalls.MACHINES[machine]["seccomp"]
    syscalls.call("seccomp", number, ctypes.c_uint(1), ctypes.c_uint(0), ctypes.byref(whole))
