"""What can still be read of a database that may be damaged, and a sound one put in its place."""

import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Engine, create_engine, inspect, text
from sqlalchemy.engine import make_url
from sqlalchemy.exc import DBAPIError, SQLAlchemyError
from sqlalchemy.orm import Session
from sqlalchemy.pool import NullPool

from pmcampus.errors import CohortError
from pmcampus.gradebook.bulk import add_rows, hand_marks
from pmcampus.gradebook.opening import shown
from pmcampus.gradebook.rows import entries, head
from pmcampus.gradebook.tables import VERDICT
from pmcampus.gradebook.transactions import fact_of
from pmcampus.gradebook.triggers import drop_triggers
from pmcampus.ledger import Entry, first_break
from pmcampus.ledgerfile import ByHand


@dataclass(frozen=True)
class Surviving:
    """What a database still holds.

    Attributes:
        entries: the ledger's rows; None when there is no ledger or it cannot be read.
        fault: why these rows cannot be trusted; empty when the chain holds.
        is_readable: whether what people marked could be read.
        is_damaged: whether the file itself is broken.
    """

    entries: tuple[Entry, ...] | None = None
    by_hand: tuple[ByHand, ...] = ()
    fault: str = ""
    is_readable: bool = False
    is_damaged: bool = False


def file_of(url: str) -> Path | None:
    """The SQLite file at this address; None for a server."""
    address = make_url(url)
    return Path(address.database) if address.get_backend_name() == "sqlite" and address.database else None


def is_missing(url: str) -> bool:
    """Whether the address names an SQLite file that is not there."""
    file = file_of(url)
    return file is not None and not file.is_file()


def rescue(url: str) -> Surviving:
    """What can be read, without changing anything.

    Raises:
        CohortError: the server cannot be reached.
    """
    if is_missing(url):
        return Surviving()
    engine = create_engine(url, poolclass=NullPool)
    try:
        return _read(engine)
    except (SQLAlchemyError, UnicodeDecodeError, ValueError, TypeError) as problem:
        if file_of(url) is None:
            fact = fact_of(problem) if isinstance(problem, DBAPIError) else str(problem)
            raise CohortError(
                f"gradebook: {shown(url)!r} cannot be read ({fact}); see that the server runs."
            ) from problem
        return Surviving(fault="the file is damaged", is_damaged=True)
    finally:
        engine.dispose()


@contextmanager
def set_aside(url: str, found: Surviving) -> Iterator[str]:
    """The address to write to; what cannot be trusted is out of the way, under another name.

    A damaged SQLite file is replaced in one step when all was written; a broken ledger in
    PostgreSQL is renamed.
    """
    file = file_of(url)
    if not (found.is_damaged or found.fault):
        yield url
        return
    if file is None:
        engine = create_engine(url, poolclass=NullPool)
        with engine.begin() as connection:
            drop_triggers(connection)
            taken = inspect(connection).get_table_names()
            name = _free("verdict_damaged", taken)
            connection.execute(text("DROP INDEX IF EXISTS pmcampus_verdict_latest"))
            connection.execute(text(f"ALTER TABLE verdict RENAME TO {name}"))
            connection.execute(text(f"ALTER INDEX verdict_pkey RENAME TO {name}_pkey"))
        engine.dispose()
        yield url
        return
    new = file.with_name(f".{file.name}.rebuilt")
    new.unlink(missing_ok=True)
    yield f"sqlite:///{new}"
    old = file.with_name(_free(f"{file.name}.damaged", {path.name for path in file.parent.iterdir()}))
    os.link(file, old)
    new.replace(file)
    for rest in (f"{file.name}-journal", f"{file.name}-wal", f"{file.name}-shm", f".{new.name}.opening"):
        file.with_name(rest).unlink(missing_ok=True)


def add_missing_rows(session: Session, chosen: tuple[Entry, ...]) -> None:
    """The rows that the database's ledger, a beginning of this one, does not have yet."""
    last = head(session)
    add_rows(session, (entry for entry in chosen if last is None or entry.id > last.id))


def _read(engine: Engine) -> Surviving:
    with Session(engine) as session:
        damaged = engine.dialect.name == "sqlite" and bool(file_damage(session))
        columns = set()
        if inspect(engine).has_table("verdict"):
            columns = {column["name"] for column in inspect(engine).get_columns("verdict")}
        if columns != set(VERDICT.columns.keys()):
            return Surviving(is_damaged=damaged, fault="the file is damaged" if damaged else "")
        rows = tuple(entries(session))
        broken = first_break(rows)
        fault = f"row {broken.row}: {broken.fact}" if broken else ""
        hand: tuple[ByHand, ...] = ()
        readable = False
        with suppress(SQLAlchemyError, UnicodeDecodeError):
            hand, readable = hand_marks(session), True
    return Surviving(rows, hand, fault, readable, damaged)


def file_damage(session: Session) -> list[str]:
    """What SQLite's own check finds wrong with the file."""
    found = session.execute(text("PRAGMA integrity_check(1)")).scalars().all()
    return [line for line in found if line != "ok"]


def _free(name: str, taken: Iterable[str]) -> str:
    names = set(taken)
    number = next(n for n in range(1, 10_000) if f"{name}{n}" not in names)
    return f"{name}{number}"
