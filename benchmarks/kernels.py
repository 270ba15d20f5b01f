"""A kernel's cycle, cold and warm: ready, the lessons' imports, shutdown. Interleaved, medians.

Run it with `python benchmarks/kernels.py`. The cold kernel is the one `pmcampus run` starts; the warm one is
the kernel `pmcampus` by name. The client is Jupyter's own in both. What the first warm kernel pays for its
parent is given beside it.
"""

import json
import sys
import tempfile
from pathlib import Path
from statistics import median
from time import perf_counter

from jupyter_client.kernelspec import KernelSpecManager
from jupyter_client.manager import KernelManager

from pmcampus.kernels.environment import campus_environment
from pmcampus.notebooks import kernel_command

RUNS = 15
IMPORTS = "import matplotlib.pyplot as plt\nimport numpy as np\nimport pandas as pd\nimport pypgx"
PARTS = ("ready", "imports", "shutdown")
RESULT = Path(__file__).parents[1] / "build" / "bench" / "kernels.json"


def cycle(name: str, folder: str) -> dict[str, float]:
    """Milliseconds of each part."""
    began = perf_counter()
    manager = KernelManager(kernel_name=name)
    options = {}
    if name != "pmcampus":
        manager._kernel_spec = KernelSpecManager(ensure_native_kernel=True).get_kernel_spec("python3")
        manager._kernel_spec.argv = kernel_command()
        options = {"env": {"PATH": "/usr/bin:/bin", "HOME": folder} | campus_environment()}
        manager.transport, manager.ip = "ipc", f"{folder}/k"
    manager.start_kernel(cwd=folder, **options)
    client = manager.client()
    client.start_channels()
    client.wait_for_ready(timeout=120)
    ready = perf_counter()
    reply = client.execute(IMPORTS, reply=True, timeout=120)
    imported = perf_counter()
    client.stop_channels()
    manager.shutdown_kernel()
    ended = perf_counter()
    if reply["content"]["status"] != "ok":
        sys.exit(f"{name}: the imports failed: {reply['content'].get('evalue')}")
    times = (ready - began, imported - ready, ended - imported)
    return dict(zip(PARTS, (1000 * seconds for seconds in times), strict=True))


def main() -> None:
    """Print the medians and their ratio, and keep them for the documentation."""
    found: dict[str, list[dict[str, float]]] = {"python3": [], "pmcampus": []}
    with tempfile.TemporaryDirectory(prefix="pmcampus-bench-") as folder:
        first = cycle("pmcampus", folder)
        cycle("python3", folder)
        for _ in range(RUNS):
            for name, runs in found.items():
                runs.append(cycle(name, folder))
    medians = {
        name: {part: median(run[part] for run in runs) for part in PARTS}
        | {"all": median(sum(run.values()) for run in runs)}
        for name, runs in found.items()
    }
    cold, warm = medians["python3"], medians["pmcampus"]
    for part in (*PARTS, "all"):
        ratio = cold[part] / warm[part]
        print(f"{part:<9} cold {cold[part]:7.0f} ms, warm {warm[part]:5.0f} ms, {ratio:5.1f} times")
    print(f"the first warm kernel, with its parent: {sum(first.values()):.0f} ms")
    RESULT.parent.mkdir(parents=True, exist_ok=True)
    result = {"runs": RUNS, "milliseconds": {"cold": cold, "warm": warm}, "first_warm": sum(first.values())}
    RESULT.write_text(json.dumps(result | {"ratio": cold["all"] / warm["all"]}, indent=1) + "\n", "utf-8")


if __name__ == "__main__":
    main()
