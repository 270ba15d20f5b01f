"""nbval on all lessons: the ordinary kernel and the warm one by name, on one core and on two.

Run it with `python benchmarks/nbval.py`: interleaved runs, medians. All must pass: the stored outputs are
compared byte by byte. What the lessons themselves compute is measured too, since no kernel can spare it.
"""

import json
import os
import subprocess
import sys
import tempfile
from datetime import datetime
from pathlib import Path
from statistics import median
from time import perf_counter

import nbformat
from nbclient import NotebookClient

from pmcampus.kernels.environment import campus_environment
from pmcampus.notebooks import kernel_command

REPOSITORY = Path(__file__).parents[1]
RUNS = 2
PARALLEL = ("-p", "xdist", "-n", "2", "--dist", "loadfile")
SERIAL = ("-p", "no:xdist")
RESULT = REPOSITORY / "build" / "bench" / "nbval.json"


def seconds(kernel: str, specs: Path, lessons: list[str], *options: str) -> float:
    """How long the whole run takes."""
    began = perf_counter()
    ran = subprocess.run(
        [
            sys.executable, "-m", "pytest", "--nbval", "--nbval-kernel-name", kernel, "-q", "--no-header",
            "-p", "no:cacheprovider", "-c", os.devnull, "--rootdir", str(REPOSITORY),
            *lessons, *options,
        ],
        capture_output=True, text=True, cwd=REPOSITORY, timeout=1800,
        env=os.environ | campus_environment() | {"JUPYTER_PATH": str(specs)},
    )  # fmt: skip
    if ran.returncode:
        sys.exit(f"nbval with the kernel {kernel} failed:\n{ran.stdout[-3000:]}")
    return perf_counter() - began


def main() -> None:
    """Print the medians and their ratios, and keep them for the documentation."""
    lessons = sorted(map(str, (REPOSITORY / "modules").glob("*/lessons/*.ipynb")))
    ways = {
        "cold": ("ordinary", SERIAL),
        "warm": ("pmcampus", SERIAL),
        "cold_on_two": ("ordinary", PARALLEL),
        "warm_on_two": ("pmcampus", PARALLEL),
        "pytest": ("pmcampus", (*SERIAL, "--collect-only")),
    }
    found: dict[str, list[float]] = {way: [] for way in ways}
    with tempfile.TemporaryDirectory(prefix="pmcampus-bench-") as specs:
        spec = Path(specs) / "kernels" / "ordinary"
        spec.mkdir(parents=True)
        kernel = {"argv": kernel_command(), "display_name": "ordinary", "language": "python"}
        (spec / "kernel.json").write_text(json.dumps(kernel))
        for _ in range(RUNS):
            for way, (name, options) in ways.items():
                found[way].append(seconds(name, Path(specs), lessons, *options))
    taken = {way: median(runs) for way, runs in found.items()} | {"cells": computing(lessons)}
    print(f"{len(lessons)} lessons:", ", ".join(f"{way} {value:.1f} s" for way, value in taken.items()))
    ratios = {way: taken["cold"] / taken[way] for way in ("warm", "cold_on_two", "warm_on_two")}
    spared = (taken["cold"] - taken["cells"]) / (taken["warm"] - taken["cells"])
    print("times faster than nbval as it comes:", {way: round(ratio, 1) for way, ratio in ratios.items()})
    print(f"without what the cells compute: {spared:.1f} times")
    RESULT.parent.mkdir(parents=True, exist_ok=True)
    result = {
        "lessons": len(lessons),
        "runs": RUNS,
        "seconds": taken,
        "ratio": ratios["warm"],
        "ratio_on_two": ratios["warm_on_two"],
        "ratio_without_cells": spared,
    }
    RESULT.write_text(json.dumps(result, indent=1) + "\n", "utf-8")


def computing(lessons: list[str]) -> float:
    """Seconds from busy to idle of all cells in warm kernels: what the lessons compute and draw."""
    total = 0.0
    for lesson in lessons:
        notebook = nbformat.read(lesson, as_version=4)
        place = {"metadata": {"path": str(Path(lesson).parent)}}
        NotebookClient(notebook, kernel_name="pmcampus", resources=place, record_timing=True).execute()
        for cell in notebook.cells:
            told = cell.metadata.get("execution", {})
            if "iopub.status.idle" in told:
                ended, began = (told[f"iopub.status.{state}"] for state in ("idle", "busy"))
                total += (datetime.fromisoformat(ended) - datetime.fromisoformat(began)).total_seconds()
    return total


if __name__ == "__main__":
    main()
