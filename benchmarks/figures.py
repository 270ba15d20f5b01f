"""What benchmarks share: how long something took, and where its figures go."""

import json
import sys
from collections.abc import Callable
from pathlib import Path
from time import perf_counter, process_time

REPOSITORY = Path(__file__).parents[1]
sys.path.insert(0, str(REPOSITORY))  # what tests share is used here too


def timed(work: Callable[[], object]) -> float:
    """Seconds by the clock."""
    begin = perf_counter()
    work()
    return perf_counter() - begin


def spent(work: Callable[[], object]) -> float:
    """Seconds of this process's processor, whatever else the machine is doing."""
    begin = process_time()
    work()
    return process_time() - begin


def keep(name: str, figures: object) -> None:
    """The figures in `build/bench/<name>.json`."""
    target = REPOSITORY / "build" / "bench" / f"{name}.json"
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(json.dumps(figures, indent=2) + "\n", "utf-8")
