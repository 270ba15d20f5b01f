"""nbval on all lessons, with the ordinary kernel and with the warm one by name. Interleaved, medians.

Run it with `python benchmarks/nbval.py`. Both must pass: the stored outputs are compared byte by byte.
"""

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from statistics import median
from time import perf_counter

from pmcampus.kernels.environment import campus_environment
from pmcampus.notebooks import kernel_command

REPOSITORY = Path(__file__).parents[1]
RUNS = 3
RESULT = REPOSITORY / "build" / "bench" / "nbval.json"


def seconds(kernel: str, specs: Path, lessons: list[str], *options: str) -> float:
    """How long the whole run takes."""
    began = perf_counter()
    ran = subprocess.run(
        [
            sys.executable, "-m", "pytest", "--nbval", "--nbval-kernel-name", kernel, "-q", "--no-header",
            "-p", "no:cacheprovider", "-p", "no:xdist", "-c", os.devnull, "--rootdir", str(REPOSITORY),
            *lessons, *options,
        ],
        capture_output=True, text=True, cwd=REPOSITORY, timeout=1800,
        env=os.environ | campus_environment() | {"JUPYTER_PATH": str(specs)},
    )  # fmt: skip
    if ran.returncode:
        sys.exit(f"nbval with the kernel {kernel} failed:\n{ran.stdout[-3000:]}")
    return perf_counter() - began


def main() -> None:
    """Print the medians and their ratio, and keep them for the documentation."""
    lessons = sorted(map(str, (REPOSITORY / "modules").glob("*/lessons/*.ipynb")))
    found: dict[str, list[float]] = {"ordinary": [], "pmcampus": []}
    bare: list[float] = []
    with tempfile.TemporaryDirectory(prefix="pmcampus-bench-") as specs:
        spec = Path(specs) / "kernels" / "ordinary"
        spec.mkdir(parents=True)
        kernel = {"argv": kernel_command(), "display_name": "ordinary", "language": "python"}
        (spec / "kernel.json").write_text(json.dumps(kernel))
        for _ in range(RUNS):
            for name, runs in found.items():
                runs.append(seconds(name, Path(specs), lessons))
            bare.append(seconds("pmcampus", Path(specs), lessons, "--collect-only"))
    cold, warm, alone = median(found["ordinary"]), median(found["pmcampus"]), median(bare)
    kernels = (cold - alone) / (warm - alone)
    print(f"{len(lessons)} lessons: ordinary {cold:.1f} s, warm {warm:.1f} s, {cold / warm:.1f} times")
    print(f"pytest alone, without a kernel: {alone:.1f} s; without it {kernels:.1f} times")
    RESULT.parent.mkdir(parents=True, exist_ok=True)
    result = {
        "lessons": len(lessons),
        "runs": RUNS,
        "seconds": {"cold": cold, "warm": warm, "pytest": alone},
        "ratio": cold / warm,
    }
    RESULT.write_text(json.dumps(result, indent=1) + "\n", "utf-8")


if __name__ == "__main__":
    main()
