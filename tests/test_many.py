"""Many submissions at once: on this machine's cores, and on a real Dask cluster that loses a worker."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from pmcampus.errors import CohortError, SandboxError
from pmcampus.many import mark_all, mark_all_on_dask
from pmcampus.marking import Marked, mark
from pmcampus.paper import Paper
from tests.conftest import answered, as_bytes
from tests.test_marking import RIGHT

pytestmark = pytest.mark.kernel
WRONG = RIGHT | {"share": "def share(part, whole):\n    return part"}


def work(paper: Paper, count: int) -> dict[str, bytes]:
    """So many different submissions, right and wrong in turn."""
    return {
        f"learner-{n}": as_bytes(answered(paper, **(WRONG if n % 2 else RIGHT) | {"letter": f"Letter {n}."}))
        for n in range(count)
    }


def scores(outcomes: Iterator[tuple[str, Marked | str]]) -> dict[str, list[float | None]]:
    """Each learner's scores; a failure is a failure of the test."""
    found = {}
    for learner, marked in outcomes:
        assert isinstance(marked, Marked), marked
        found[learner] = [item.score for item in marked.verdict.items]
    return found


@pytest.fixture(scope="module")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, list[subprocess.Popen[bytes]]]]:
    """A scheduler and two worker processes on loopback, as `dask scheduler` and `dask worker` start them."""
    folder = tmp_path_factory.mktemp("dask")
    address_file = folder / "scheduler.json"
    dask = [sys.executable, "-m", "distributed.cli.dask_scheduler"]
    worker = [sys.executable, "-m", "distributed.cli.dask_worker"]
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL, "cwd": folder}
    started = [
        subprocess.Popen(
            [*dask, "--host", "127.0.0.1", "--port", "0", "--no-dashboard", "--scheduler-file", address_file],
            **quiet,
        )  # type: ignore[call-overload]
    ]
    try:
        for _ in range(2):
            command = [
                *worker,
                "--scheduler-file",
                address_file,
                "--nworkers",
                "1",
                "--nthreads",
                "1",
                "--no-nanny",
                "--no-dashboard",
            ]
            started.append(subprocess.Popen(command, **quiet))  # type: ignore[call-overload]
        address = _address(address_file, workers=2)
        yield address, started[1:]
    finally:
        for process in started:
            process.kill()
            process.wait()


def _address(file: Path, *, workers: int) -> str:
    import json

    from distributed import Client

    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        if file.exists() and file.stat().st_size:
            address = str(json.loads(file.read_text())["address"])
            with Client(address, timeout=30, set_as_default=False) as client:
                client.wait_for_workers(workers, timeout=60)
            return address
        time.sleep(0.1)
    raise AssertionError("the scheduler did not start")


def test_all_cores_give_the_scores_of_one(paper: Paper) -> None:
    """And each learner exactly once."""
    todo = work(paper, 8)

    assert scores(mark_all(paper, todo.items(), workers=4)) == scores(
        mark_all(paper, todo.items(), workers=1)
    )


def test_a_cluster_that_loses_a_worker_gives_the_scores_of_this_machine(
    paper: Paper, cluster: tuple[str, list[subprocess.Popen[bytes]]]
) -> None:
    """Workers have neither the database nor the cohort's folder; the lost one's share is marked again."""
    address, workers = cluster
    todo = work(paper, 16)
    found: dict[str, list[float | None]] = {}

    for learner, marked in mark_all_on_dask(paper, todo.items(), address=address):
        if not found:
            os.kill(workers[0].pid, signal.SIGKILL)
        assert isinstance(marked, Marked), marked
        found[learner] = [item.score for item in marked.verdict.items]

    assert scores(mark_all(paper, todo.items())) == found


def test_an_address_where_no_cluster_is_is_said_in_one_sentence(paper: Paper) -> None:
    """Nothing was marked."""
    with pytest.raises(CohortError, match="no Dask scheduler answers there"):
        list(mark_all_on_dask(paper, work(paper, 1).items(), address="tcp://127.0.0.1:1"))


def test_a_missing_layer_refuses_to_mark_unless_told(paper: Paper, monkeypatch: pytest.MonkeyPatch) -> None:
    """And the outcome names what was missing."""
    from pmcampus import doctor, marking

    absent = doctor.Trial("a layer of tomorrow", "nothing holds it", "holds = False")
    monkeypatch.setattr(doctor, "TRIALS", (*doctor.TRIALS, absent))
    marking._held.cache_clear()
    try:
        with pytest.raises(SandboxError, match="a layer of tomorrow"):
            mark(paper, work(paper, 1)["learner-0"])
        marking._held.cache_clear()
        assert (
            mark(paper, work(paper, 1)["learner-0"], unsafe=True).isolation
            == "unsafe: without a layer of tomorrow"
        )
    finally:
        marking._held.cache_clear()
