"""Writing while others write: one transaction at a time, with patience, ending in a sentence."""

import fcntl
import random
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from time import monotonic, sleep
from typing import TypeVar

from nbgrader.api import Gradebook
from sqlalchemy import create_engine, text
from sqlalchemy.engine import make_url
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session
from sqlalchemy.pool import NullPool

from pmcampus.errors import CohortError

PATIENCE = 30.0
LOCK = 0x706D63616D707573  # "pmcampus": all writers of one database queue at this advisory lock
STEPS = {"opening": LOCK + 1, "preparing": LOCK + 2}
# Lost connections, a server that starts or stops, a lock held too long, a deadlock.
PASSING = ("08", "57P", "55P03", "40001", "40P01")
T = TypeVar("T")


def transaction(book: Gradebook, work: Callable[[Session], T], *, patience: float | None = None) -> T:
    """What `work` gives, done in one transaction in which nobody else of us writes.

    A database that is locked or away is tried again, with growing pauses, for `patience` seconds;
    `work` may therefore be called again, from the beginning.

    Raises:
        CohortError: it stayed locked or away; nothing of this transaction was kept.
    """
    limit = PATIENCE if patience is None else patience
    end, pause = monotonic() + limit, 0.05
    while True:
        session = book.db()
        try:
            session.rollback()  # a read that is still open would be of the past
            _begin(session)
            result = work(session)
            session.commit()
            return result
        except DBAPIError as problem:
            _give_up(session)
            if not _passes(problem):
                raise
            if monotonic() + pause > end:
                raise CohortError(
                    f"gradebook: the database was locked or away for {limit:.0f} seconds "
                    f"({fact_of(problem)}); see that its server runs and that no other program holds it, "
                    "then run this again. What was finished is kept."
                ) from problem
            sleep(pause * random.uniform(0.5, 1.0))
            pause = min(pause * 2, 2.0)
        except BaseException:
            _give_up(session)
            raise


@contextmanager
def exclusive(url: str, step: str) -> Iterator[None]:
    """While this holds, no other process is in the same step: `opening` a database, or `preparing` it."""
    address = make_url(url)
    if address.get_backend_name() == "sqlite":
        with _file_lock(address.database, step):
            yield
        return
    engine = create_engine(url, poolclass=NullPool)
    with engine.connect() as connection:  # the lock goes with the connection, whatever happens
        connection.execute(text("SELECT pg_advisory_lock(:key)"), {"key": STEPS[step]})
        yield
    engine.dispose()


def fact_of(problem: Exception) -> str:
    """What the database itself said, in one line."""
    lines = str(getattr(problem, "orig", None) or problem).strip().splitlines()
    return lines[0] if lines else type(problem).__name__


@contextmanager
def _file_lock(database: str | None, step: str) -> Iterator[None]:
    place = Path(database) if database and database != ":memory:" else None
    if place is None or not place.parent.is_dir():
        yield
        return
    try:
        lock = place.with_name(f".{place.name}.{step}").open("w")
    except PermissionError:  # a reader's copy: nobody makes tables there
        yield
        return
    with lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _begin(session: Session) -> None:
    connection = session.connection()
    if connection.dialect.name == "sqlite":
        # The driver would begin at the first change, when another's earlier change is fatal already.
        connection.exec_driver_sql("PRAGMA busy_timeout = 1000")  # the longer patience is ours
        connection.exec_driver_sql("BEGIN IMMEDIATE")
    else:
        connection.exec_driver_sql("SET LOCAL lock_timeout = '5s'")
        connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": LOCK})


def _passes(problem: DBAPIError) -> bool:
    """Whether trying again may help."""
    if problem.connection_invalidated:
        return True
    state = getattr(problem.orig, "sqlstate", None)
    if state:
        return str(state).startswith(PASSING)
    said = str(problem.orig).lower()
    return any(word in said for word in ("locked", "busy", "connection", "server"))


def _give_up(session: Session) -> None:
    try:
        session.rollback()
    except DBAPIError:  # the connection is gone, and the transaction with it
        session.close()
