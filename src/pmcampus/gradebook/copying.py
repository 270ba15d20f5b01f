"""The whole database as a copy: SQLite by its own online backup, a server as rows in lines of JSON."""

import json
import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import closing
from datetime import datetime
from itertools import groupby, islice
from pathlib import Path
from typing import Any

from sqlalchemy import MetaData, create_engine, func, insert, inspect, select, text
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.pool import NullPool

from pmcampus.errors import CohortError
from pmcampus.gradebook.opening import open_gradebook, shown
from pmcampus.gradebook.surviving import file_of
from pmcampus.gradebook.tables import OWN, STANDING
from pmcampus.gradebook.transactions import fact_of
from pmcampus.gradebook.triggers import drop_triggers, fill_standings, put_triggers

CHUNK = 1000
VERSION = "alembic_version"
MOMENT = "moment"


def copy_file(url: str, to: Path) -> None:
    """The SQLite database in another file, consistent although others may write meanwhile.

    Raises:
        CohortError: it cannot be read.
    """
    source = file_of(url)
    try:
        with (
            closing(sqlite3.connect(f"file:{source}?mode=ro", uri=True)) as old,
            closing(sqlite3.connect(to)) as new,
        ):
            old.backup(new)
    except sqlite3.Error as problem:
        raise CohortError(
            f"gradebook: {source} cannot be copied ({problem}); nothing was written."
        ) from problem


def rows_of(url: str) -> Iterator[str]:
    """Every row of every table as a line of JSON, in an order in which they can be put back.

    One transaction reads them all, so that they fit together.

    Raises:
        CohortError: the server cannot be reached.
    """
    engine = create_engine(url, poolclass=NullPool)
    try:
        tables = MetaData()
        with engine.connect().execution_options(isolation_level="REPEATABLE READ") as connection:
            tables.reflect(connection)
            for table in tables.sorted_tables:
                result = connection.execution_options(yield_per=CHUNK).execute(
                    select(table).order_by(*table.primary_key.columns)
                )
                for row in result.mappings():
                    yield json.dumps({"table": table.name, "row": {k: _plain(v) for k, v in row.items()}})
    except SQLAlchemyError as problem:
        raise CohortError(f"gradebook: {shown(url)!r} cannot be read ({fact_of(problem)}).") from problem
    finally:
        engine.dispose()


def is_empty(url: str) -> bool:
    """Whether there is no learner and no verdict at this address yet.

    Raises:
        CohortError: the server cannot be reached.
    """
    file = file_of(url)
    if file is not None:
        return not file.exists()
    engine = create_engine(url, poolclass=NullPool)
    try:
        with engine.connect() as connection:
            known = set(inspect(connection).get_table_names()) & {"student", "verdict"}
            return not any(
                connection.execute(text(f"SELECT 1 FROM {name} LIMIT 1")).first() for name in known
            )
    except SQLAlchemyError as problem:
        raise CohortError(f"gradebook: {shown(url)!r} cannot be read ({fact_of(problem)}).") from problem
    finally:
        engine.dispose()


def put_rows(url: str, course: str, lines: Iterable[str]) -> int:
    """How many rows were put into the empty database at this address, all in one transaction.

    Raises:
        CohortError: a line does not fit the database's tables; nothing was kept then.
    """
    with open_gradebook(url, course) as book, book.engine.begin() as connection:
        tables = MetaData()
        tables.reflect(connection)
        drop_triggers(connection)
        for table in reversed(tables.sorted_tables):  # what opening put there, such as the course
            connection.execute(table.delete())
        count, is_older = 0, False
        for name, rows in groupby(map(json.loads, lines), key=lambda stored: str(stored["table"])):
            if name not in tables.tables:
                raise CohortError(f"gradebook: the backup has a table {name!r} that is not known here.")
            while chunk := list(islice(rows, CHUNK)):
                values = [{key: _value(value) for key, value in one["row"].items()} for one in chunk]
                connection.execute(insert(tables.tables[name]), values)
                is_older |= name == STANDING.name and STANDING.c.waits.name not in values[0]
                count += len(chunk)
        if connection.dialect.name == "postgresql":
            _advance(connection, tables)
        if is_older:  # a backup of before standings said what waits
            fill_standings(connection)
        put_triggers(connection)
    return count


def _advance(connection: Any, tables: MetaData) -> None:
    """The next number of a row follows the last one that was put there."""
    for table in OWN.sorted_tables:
        for column in table.primary_key.columns:
            sequence = connection.execute(
                text("SELECT pg_get_serial_sequence(:table, :column)"),
                {"table": table.name, "column": column.name},
            ).scalar()
            last = (
                sequence
                and connection.execute(select(func.max(tables.tables[table.name].c[column.name]))).scalar()
            )
            if last:
                connection.execute(text("SELECT setval(:name, :last)"), {"name": sequence, "last": last})


def _plain(value: Any) -> Any:
    return {MOMENT: value.isoformat()} if isinstance(value, datetime) else value


def _value(value: Any) -> Any:
    return datetime.fromisoformat(value[MOMENT]) if isinstance(value, dict) else value
