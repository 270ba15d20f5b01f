"""Which layers of the sandbox hold on this machine, each tried from inside a real kernel."""

from dataclasses import dataclass

from pmcampus.kernels.limits import Limits
from pmcampus.kernels.parent import Child, WarmParent

PROBE = Limits(memory=256, scratch=8, cpu_seconds=20)
SECONDS = 30.0


@dataclass(frozen=True)
class Trial:
    """What a kernel tries to get past a layer: `source` sets `holds`; `fault` is what it means if not."""

    layer: str
    fault: str
    source: str


TRIALS = (
    Trial(
        "own processes",
        "other processes of this machine can be seen",
        """
import os
holds = [name for name in os.listdir("/proc") if name.isdigit()] == ["1"] and os.getpid() == 1
""",
    ),
    Trial(
        "own network",
        "the machine's network devices can be seen",
        """
from pathlib import Path
devices = Path("/proc/self/net/dev").read_text().splitlines()[2:]
holds = all(line.strip().startswith("lo:") for line in devices)
""",
    ),
    Trial(
        "read-only system",
        "the machine's own folders can be seen or written",
        """
import errno, os
try:
    open("/usr/pmcampus-probe", "w")
    holds = False
except OSError as problem:
    holds = problem.errno == errno.EROFS
holds = holds and not any(os.path.exists(folder) for folder in ("/home", "/var", "/sys", "/boot"))
""",
    ),
    Trial(
        "private scratch",
        "the working folder is shared, or has no limit of size",
        """
import os
open("probe", "w").write("x")
room = os.statvfs(".")
holds = os.listdir(".") == ["probe"] and room.f_blocks * room.f_frsize <= 8 << 20
""",
    ),
    Trial(
        "limits",
        "a gigabyte of memory could be taken against a limit of 256 MB",
        """
try:
    bytearray(1 << 30)
    holds = False
except MemoryError:
    holds = True
""",
    ),
    Trial(
        "no privileges",
        "the kernel keeps privileges, or could get some",
        """
import os
lines = open("/proc/self/status").read().splitlines()
status = dict(line.split(":\\t", 1) for line in lines if ":\\t" in line)
none = int(status["CapEff"], 16) == int(status["CapPrm"], 16) == int(status["CapBnd"], 16) == 0
holds = none and status["NoNewPrivs"] == "1" and os.getuid() != 0
""",
    ),
    Trial(
        "system-call filter",
        "processes or namespaces could be made",
        """
import ctypes, errno, os
library = ctypes.CDLL(None, use_errno=True)
holds = library.unshare(0x10000000) == -1 and ctypes.get_errno() == errno.EPERM
try:
    os.fork() or os._exit(0)
    holds = False
except PermissionError:
    pass
""",
    ),
    Trial(
        "landlock",
        "a file outside the working folder could be written",
        """
try:
    open("/proc/self/comm", "w").write("x")
    holds = False
except PermissionError:
    holds = True
""",
    ),
)


@dataclass(frozen=True)
class Layer:
    """One layer of the sandbox; `fault` says what a kernel could do because it is missing."""

    name: str
    fault: str = ""

    @property
    def holds(self) -> bool:
        """Whether the trial was stopped."""
        return not self.fault


def layers(parent: WarmParent) -> tuple[Layer, ...]:
    """Every layer, tried from inside a fresh kernel of this parent.

    Raises:
        SandboxError: no kernel could be forked.
    """
    found = []
    for trial in TRIALS:
        child = parent.fork("learner", PROBE)
        try:
            found.append(Layer(trial.layer, "" if _holds(child, trial.source) else trial.fault))
        finally:
            child.end()
    return tuple(found)


def isolation(found: tuple[Layer, ...]) -> str:
    """The layers in a few words, as the ledger keeps them: `full`, or what is missing."""
    missing = [layer.name for layer in found if not layer.holds]
    return "unsafe: without " + ", ".join(missing) if missing else "full"


def _holds(child: Child, source: str) -> bool:
    source += "\nprint('holds' if holds else 'open')"
    try:
        child.channel.receive(SECONDS)
        child.channel.send({"n": 1, "do": "run", "source": source})
        answer, _ = child.channel.receive(SECONDS)
    except Exception:  # a kernel that cannot even try holds nothing we could vouch for
        return False
    return [output.get("text") for output in answer["outputs"]] == ["holds\n"]
