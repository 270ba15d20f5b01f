"""Marking many submissions at once: on the cores of this machine, or on a Dask cluster.

Both send the same pure function, `mark`: a paper and bytes go out, a verdict comes back. Whoever runs it
needs neither the database nor the cohort's folder.
"""

import os
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from itertools import islice
from types import MappingProxyType
from typing import Any

from pmcampus.errors import CohortError, GradingError
from pmcampus.marking import PER_CORE, Marked, mark, ready
from pmcampus.paper import Paper

Outcome = Marked | str
CONNECT_SECONDS = 10
NOBODYS: Mapping[str, int] = MappingProxyType({})
AHEAD = 2  # submissions taken for each of them: one runs, one waits


def mark_all(
    paper: Paper,
    todo: Iterable[tuple[str, bytes]],
    *,
    workers: int | None = None,
    unsafe: bool = False,
    numbers: Mapping[str, int] = NOBODYS,
) -> Iterator[tuple[str, Outcome]]:
    """Each learner's marked submission, or why we failed to mark it, as they finish.

    Threads are enough: what takes time happens in the processes that each submission gets for
    itself. Submissions are taken from `todo` when there is room for them, so that another run on
    the same cohort can take the rest.

    Args:
        numbers: learners' own course numbers, where the assessment has variants.

    Raises:
        SandboxError: a layer of the sandbox is missing, and `unsafe` was not asked for.
    """
    ready(paper, unsafe=unsafe)  # once, before any thread needs it
    count = workers or PER_CORE * (os.cpu_count() or 1)
    pool, supply = ThreadPoolExecutor(count), iter(todo)
    waiting: dict[Future[Marked], str] = {}
    try:
        while True:
            for learner, handed_in in islice(supply, AHEAD * count - len(waiting)):
                waiting[pool.submit(mark, paper, handed_in, unsafe=unsafe, number=numbers.get(learner))] = (
                    learner
                )
            if not waiting:
                return
            for future in wait(waiting, return_when=FIRST_COMPLETED).done:
                yield waiting.pop(future), _outcome(future.result)
    finally:
        pool.shutdown(wait=False, cancel_futures=True)


def mark_all_on_dask(
    paper: Paper,
    todo: Iterable[tuple[str, bytes]],
    *,
    address: str,
    unsafe: bool = False,
    numbers: Mapping[str, int] = NOBODYS,
) -> Iterator[tuple[str, Outcome]]:
    """The same on the workers of the Dask cluster at this address; a lost worker's share is marked again.

    Raises:
        CohortError: no cluster answers there, or it has no workers.
    """
    with _client(address) as client:
        from distributed import as_completed as finished

        held = client.scatter(paper, broadcast=True)
        room, supply = AHEAD * sum(client.nthreads().values()), iter(todo)
        waiting: dict[Any, str] = {}

        def more() -> list[Any]:
            taken = {
                client.submit(
                    mark, held, handed_in, unsafe=unsafe, number=numbers.get(learner), pure=False, retries=2
                ): learner
                for learner, handed_in in islice(supply, max(1, room - len(waiting)))
            }
            waiting.update(taken)
            return list(taken)

        ended = finished(more(), loop=client.loop)
        for future in ended:
            yield waiting.pop(future), _outcome(future.result)
            ended.update(more())


def _client(address: str) -> Any:
    try:
        from distributed import Client
    except ImportError:
        raise CohortError(
            "marking on a Dask cluster needs the package `distributed`; install pmcampus[dask]."
        ) from None
    try:
        client: Any = Client(address, timeout=CONNECT_SECONDS, set_as_default=False)
    except (OSError, ValueError) as problem:
        raise CohortError(
            f"--dask {address}: no Dask scheduler answers there ({type(problem).__name__}); "
            "start one with `dask scheduler`, and give its address, for example tcp://host:8786."
        ) from problem
    if not client.scheduler_info()["workers"]:
        client.close()
        raise CohortError(
            f"--dask {address}: the scheduler has no workers; start `dask worker {address}` on the machines."
        )
    return client


def _outcome(result: Callable[[], Marked]) -> Outcome:
    try:
        return result()
    except GradingError as problem:
        return str(problem)
    except Exception as problem:  # whatever one submission does to us, the others go on
        return f"marking failed ({type(problem).__name__}: {problem}); nothing was scored."
