"""Which layers of the sandbox hold on this machine, each tried from inside a real kernel."""

from dataclasses import dataclass

from pmcampus.kernels.limits import Limits
from pmcampus.kernels.parent import Child, WarmParent

PROBE = Limits(memory=256, scratch=8, cpu_seconds=20)
SECONDS = 30.0
# Each layer: what a kernel tries, and what it must find.
TRIALS: dict[str, tuple[str, str]] = {
    "own processes": (
        "import os\nfound = [p for p in os.listdir('/proc') if p.isdigit()]\nverdict = found == ['1'] and os.getpid() == 1",
        "other processes of this machine can be seen",
    ),
    "own network": (
        "import os\nverdict = os.path.exists('/proc/self/ns/net') and not [n for n in open('/proc/self/net/dev').read().splitlines()[2:]"
        " if not n.strip().startswith('lo:')]",
        "the machine's network devices can be seen",
    ),
    "read-only system": (
        "import os\ntry:\n    open('/usr/pmcampus-probe', 'w'); verdict = False\nexcept OSError as p:\n    verdict = p.errno == 30"
        "\nverdict = verdict and not any(map(os.path.exists, ('/home', '/var', '/sys', '/boot')))",
        "the machine's own folders can be seen or written",
    ),
    "private scratch": (
        "import os\nopen('probe', 'w').write('x')\nroom = os.statvfs('.')\n"
        "verdict = os.listdir('.') == ['probe'] and room.f_blocks * room.f_frsize <= 8 << 20",
        "the working folder is shared, or has no size limit",
    ),
    "limits": (
        "try:\n    bytearray(1 << 30); verdict = False\nexcept MemoryError:\n    verdict = True",
        "a gigabyte of memory could be taken against a limit of 256 MB",
    ),
    "no privileges": (
        "import os\nstatus = dict(l.split(':\\t') for l in open('/proc/self/status').read().splitlines() if ':\\t' in l)\n"
        "verdict = int(status['CapEff'], 16) == int(status['CapBnd'], 16) == 0 and status['NoNewPrivs'] == '1' and os.getuid() != 0",
        "the kernel keeps privileges, or could get some",
    ),
    "system-call filter": (
        "import os, ctypes, errno\nlibrary = ctypes.CDLL(None, use_errno=True)\nresult = library.unshare(0x10000000)\n"
        "verdict = result == -1 and ctypes.get_errno() == errno.EPERM\n"
        "try:\n    os.fork() or os._exit(0); verdict = False\nexcept PermissionError:\n    pass",
        "processes or namespaces could be made",
    ),
    "landlock": (
        "try:\n    open('/proc/self/comm', 'w').write('x'); verdict = False\nexcept PermissionError:\n    verdict = True",
        "a file outside the working folder could be written",
    ),
}


@dataclass(frozen=True)
class Layer:
    """One layer of the sandbox; `fault` says what a probe could do because it is missing."""

    name: str
    fault: str = ""

    @property
    def holds(self) -> bool:
        """Whether the probe was stopped."""
        return not self.fault


def layers(parent: WarmParent) -> tuple[Layer, ...]:
    """Every layer, tried from inside a kernel that this parent forks.

    Raises:
        SandboxError: no kernel could be forked.
    """
    found = []
    for name, (trial, fault) in TRIALS.items():
        child = parent.fork("learner", PROBE)
        try:
            found.append(Layer(name, "" if _tried(child, trial) else fault))
        finally:
            child.end()
    return tuple(found)


def isolation(found: tuple[Layer, ...]) -> str:
    """The layers in a few words, as the ledger keeps them: `full`, or what is missing."""
    missing = [layer.name for layer in found if not layer.holds]
    return "unsafe: without " + ", ".join(missing) if missing else "full"


def _tried(child: Child, trial: str) -> bool:
    source = f"{trial}\nprint('holds' if verdict else 'open')"
    try:
        child.channel.receive(SECONDS)
        child.channel.send({"n": 1, "do": "run", "source": source})
        answer, _ = child.channel.receive(SECONDS)
    except Exception:
        return False
    return [o.get("text") for o in answer["outputs"]] == ["holds\n"]
