"""Who marks which submission now, so that several runs share the work and none does it twice.

A lease ends when its verdict is recorded, when its time is over, or when the run that holds it is
dead: while a run lives it holds a lock on a file in the cohort's folder. A run on another machine
has no file here, so its lease ends by time alone.
"""

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from uuid import uuid4

from nbgrader.api import Gradebook
from sqlalchemy import ColumnElement, delete, insert, select, text, update
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from pmcampus.errors import CohortError, GradingError
from pmcampus.gradebook.tables import LEASE
from pmcampus.gradebook.transactions import transaction

CLOCKS = {  # the database's own, as two machines' clocks differ
    "sqlite": "SELECT (julianday('now') - 2440587.5) * 86400.0",
    "postgresql": "SELECT EXTRACT(EPOCH FROM clock_timestamp())::float8",
}
_OF_THIS_PROCESS: set[str] = set()  # a process does not see its own locks


class LeaseLost(GradingError):
    """Another run took this submission over; its verdict counts."""


@dataclass(frozen=True)
class Holder:
    """One run of marking; `seconds` is how long a lease lasts after its last sign of life."""

    name: str
    folder: Path
    seconds: float


@contextmanager
def at_work(book: Gradebook, folder: Path, *, seconds: float) -> Iterator[Holder]:
    """A run of marking, alive while this holds; what it did not mark is given back at the end."""
    place = folder / ".graders"
    place.mkdir(exist_ok=True)
    holder = Holder(uuid4().hex, folder, seconds)
    path = place / holder.name
    with path.open("w") as sign:
        fcntl.lockf(sign, fcntl.LOCK_EX)  # not inherited by the processes we start
        _OF_THIS_PROCESS.add(holder.name)
        try:
            yield holder
        finally:
            _OF_THIS_PROCESS.discard(holder.name)
            with suppress(CohortError, SQLAlchemyError):  # without its lock the file says that we are gone
                transaction(
                    book,
                    lambda session: session.execute(delete(LEASE).where(LEASE.c.holder == holder.name)),
                    patience=5,
                )
                path.unlink(missing_ok=True)


def claim(book: Gradebook, holder: Holder, assessment: str, learners: list[str]) -> list[str]:
    """Those of these submissions that are now ours to mark; the others are being marked elsewhere."""
    dead: set[str] = set()

    def work(session: Session) -> list[str]:
        now = _now(session)
        query = select(LEASE).where(LEASE.c.assessment == assessment, LEASE.c.learner.in_(learners))
        taken = {row.learner: row for row in session.execute(query)}
        dead.update(name for name in {row.holder for row in taken.values()} if _is_dead(holder.folder, name))
        session.execute(delete(LEASE).where(LEASE.c.holder.in_(dead)))
        session.execute(delete(LEASE).where(LEASE.c.until < now))
        free = [
            name
            for name in learners
            if name not in taken or taken[name].until < now or taken[name].holder in dead
        ]
        if free:
            until = now + holder.seconds
            rows = [
                {"assessment": assessment, "learner": name, "holder": holder.name, "until": until}
                for name in free
            ]
            session.execute(insert(LEASE), rows)
        return free

    ours = transaction(book, work)
    for name in dead:
        (holder.folder / ".graders" / name).unlink(missing_ok=True)
    return ours


def release(book: Gradebook, holder: Holder, assessment: str, learner: str) -> None:
    """Give a submission back that was not marked."""
    transaction(
        book, lambda session: session.execute(delete(LEASE).where(*_ours(holder, assessment, learner)))
    )


def spend(session: Session, holder: Holder, assessment: str, learner: str) -> None:
    """End this lease and prolong our others, in the transaction that records the verdict.

    Raises:
        LeaseLost: it is not ours any more.
    """
    ended = session.execute(delete(LEASE).where(*_ours(holder, assessment, learner)))
    if ended.rowcount == 0:  # type: ignore[attr-defined]
        raise LeaseLost(
            f"{learner}: marking took so long that another run took this submission over; its verdict counts."
        )
    until = _now(session) + holder.seconds
    session.execute(update(LEASE).where(LEASE.c.holder == holder.name).values(until=until))


def somebody_at_work(folder: Path) -> bool:
    """Whether a run on this machine is marking this cohort."""
    place = folder / ".graders"
    return place.is_dir() and any(not _is_dead(folder, path.name) for path in place.iterdir())


def _ours(holder: Holder, assessment: str, learner: str) -> tuple[ColumnElement[bool], ...]:
    return (LEASE.c.assessment == assessment, LEASE.c.learner == learner, LEASE.c.holder == holder.name)


def _now(session: Session) -> float:
    return float(session.execute(text(CLOCKS[session.connection().dialect.name])).scalar_one())


def _is_dead(folder: Path, name: str) -> bool:
    """Whether this run was on this machine and has ended without a word."""
    path = folder / ".graders" / name
    if name in _OF_THIS_PROCESS or not path.exists():
        return False
    try:
        with path.open("r+") as sign:
            fcntl.lockf(sign, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:  # it holds the lock, or ended properly meanwhile
        return False
    return True
