"""Marking on a real Dask cluster: one worker against two, the same 40 submissions of the real assessment.

Run `python benchmarks/dask.py`. Two clusters stand side by side on loopback, one with one worker process and
one with two, a thread each; the runs are interleaved, medians are compared, and so are the scores. Each
worker has marked before the first run that counts. Figures go to build/bench/dask.json.
"""

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from statistics import median
from time import perf_counter

sys.path.insert(0, str(Path(__file__).parent))

from submissions import REPOSITORY, real_paper, submissions

from pmcampus.many import mark_all_on_dask
from pmcampus.marking import Marked
from pmcampus.paper import Paper

# This script has the name of a package, which is looked for in the script's folder first.
sys.path[:] = [place for place in sys.path if Path(place).resolve() != Path(__file__).resolve().parent]

COUNT, RUNS, FIRST = 40, 3, 4
WORKERS = {"one": 1, "two": 2}
START_SECONDS = 120
RESULT = REPOSITORY / "build" / "bench" / "dask.json"

Scores = dict[str, list[float | None]]


@contextmanager
def cluster(workers: int) -> Iterator[str]:
    """The address of a scheduler that has so many worker processes, as the command line starts them."""
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    with tempfile.TemporaryDirectory(prefix="pmcampus-bench-") as folder:
        file = Path(folder) / "scheduler.json"
        where = ["--scheduler-file", str(file), "--no-dashboard"]
        scheduler = ["distributed.cli.dask_scheduler", "--host", "127.0.0.1", "--port", "0", *where]
        worker = ["distributed.cli.dask_worker", "--nworkers", "1", "--nthreads", "1", "--no-nanny", *where]
        started = [
            subprocess.Popen([sys.executable, "-m", *command], cwd=folder, **quiet)  # type: ignore[call-overload]
            for command in (scheduler, *[worker] * workers)
        ]
        try:
            yield address(file, workers=workers)
        finally:
            for process in reversed(started):
                process.kill()
                process.wait()


def address(file: Path, *, workers: int) -> str:
    """Where the scheduler listens, once all of its workers are there."""
    from distributed import Client

    deadline = time.monotonic() + START_SECONDS
    while not (file.exists() and file.stat().st_size):
        if time.monotonic() > deadline:
            raise SystemExit(f"dask.py: the scheduler did not start in {START_SECONDS} s.")
        time.sleep(0.1)
    found = str(json.loads(file.read_text("utf-8"))["address"])
    with Client(found, timeout=START_SECONDS, set_as_default=False) as client:
        client.wait_for_workers(workers, timeout=START_SECONDS)
    return found


def timed(paper: Paper, work: dict[str, bytes], place: str) -> tuple[float, Scores]:
    """Seconds until the last verdict is here, and everybody's scores."""
    began, found = perf_counter(), {}
    for learner, outcome in mark_all_on_dask(paper, work.items(), address=place):
        if not isinstance(outcome, Marked):
            raise SystemExit(f"dask.py: {learner} was not marked: {outcome}")
        found[learner] = [item.score for item in outcome.verdict.items]
    return perf_counter() - began, found


def main(count: int) -> None:
    paper = real_paper()
    work = submissions(paper, count)
    first = submissions(paper, FIRST, seed=2)
    seconds: dict[str, list[float]] = {name: [] for name in WORKERS}
    scores: list[Scores] = []
    with ExitStack() as stack:
        places = {name: stack.enter_context(cluster(workers)) for name, workers in WORKERS.items()}
        for place in places.values():
            timed(paper, first, place)
        for _ in range(RUNS):
            for name, place in places.items():
                taken, found = timed(paper, work, place)
                seconds[name].append(taken)
                scores.append(found)
    if any(found != scores[0] for found in scores):
        raise SystemExit("dask.py: the scores differ between runs; no figures were written.")
    one, two = median(seconds["one"]), median(seconds["two"])
    print(f"{count} submissions: one worker {one:.1f} s, two {two:.1f} s, {one / two:.2f} times; same scores")
    result = {
        "submissions": count,
        "runs": RUNS,
        "cores": os.cpu_count(),
        "seconds": {"one": one, "two": two},
        "ratio": one / two,
    }
    RESULT.parent.mkdir(parents=True, exist_ok=True)
    RESULT.write_text(json.dumps(result, indent=1) + "\n", "utf-8")


if __name__ == "__main__":
    main(int(sys.argv[1]) if sys.argv[1:] else COUNT)
