"""What one kernel may use."""

import resource
from dataclasses import asdict, dataclass
from typing import Any

MEGABYTE = 1 << 20


@dataclass(frozen=True)
class Limits:
    """Caps on one kernel; sizes in megabytes, times in seconds.

    `memory` is room on top of what the warm parent holds already. `processes` counts threads too, which
    are all there is unless `programs` may be started.
    """

    memory: int = 1024
    scratch: int = 64
    files: int = 4096
    file_size: int = 32
    processes: int = 32
    open_files: int = 256
    cpu_seconds: int = 600
    programs: bool = False
    network: bool = False

    def as_json(self) -> dict[str, Any]:
        """Plain values, for the way to the warm parent."""
        return asdict(self)


def set_limits(limits: Limits) -> None:
    """These caps on this process and its children."""
    held = int(_status("VmSize")) * 1024
    caps = {
        resource.RLIMIT_AS: held + limits.memory * MEGABYTE,
        resource.RLIMIT_CPU: limits.cpu_seconds,
        resource.RLIMIT_FSIZE: limits.file_size * MEGABYTE,
        resource.RLIMIT_NPROC: limits.processes,
        resource.RLIMIT_NOFILE: limits.open_files,
        resource.RLIMIT_CORE: 0,
        resource.RLIMIT_MEMLOCK: 0,
        resource.RLIMIT_MSGQUEUE: 0,
    }
    for kind, cap in caps.items():
        _, hard = resource.getrlimit(kind)
        cap = cap if hard == resource.RLIM_INFINITY else min(cap, hard)
        resource.setrlimit(kind, (cap, cap))


def _status(field: str) -> str:
    with open("/proc/self/status", encoding="ascii") as status:  # noqa: PTH123 - cheaper, once a kernel
        for line in status:
            if line.startswith(field + ":"):
                return line.split()[1]
    return "0"
