"""The driver's own cursor: tens of thousands of rows without an object of SQLAlchemy for each."""

import json
from collections.abc import Collection, Iterator, Sequence
from datetime import UTC, datetime
from typing import Any

from nbgrader.api import Gradebook

Few = Collection[str] | None  # these learners, or all


def fetched(book: Gradebook, query: str, *words: object) -> Iterator[Any]:
    """The rows of this query, written for SQLite: `?` stands for a word, `??` in `IN (??)` for a list.

    A list travels as one word, so its length does not count against what a database takes.
    """
    connection = book.db().connection()
    if connection.dialect.name == "sqlite":
        query = query.replace("(??)", "(SELECT value FROM json_each(?))")
        words = tuple(json.dumps(word) if isinstance(word, list) else word for word in words)
    else:
        query = query.replace("NOT IN (??)", "<> ALL(?)").replace("IN (??)", "= ANY(?)").replace("?", "%s")
    rows: Iterator[Any] = iter(connection.exec_driver_sql(query, words).cursor)
    return rows


def among(column: str, wanted: Few) -> tuple[str, list[object]]:
    """The condition that the column is one of these, and its words; nothing where all are wanted."""
    return ("", []) if wanted is None else (f" AND {column} IN (??)", [sorted(wanted)])


def but(column: str, unwanted: Collection[str]) -> tuple[str, list[object]]:
    """The condition that the column is none of these, and its words."""
    return (f" AND {column} NOT IN (??)", [sorted(unwanted)]) if unwanted else ("", [])


def equal(column: str, word: str | None) -> tuple[str, list[object]]:
    """The condition that the column is this word, where one is given."""
    return ("", []) if word is None else (f" AND {column} = ?", [word])


def together(*conditions: tuple[str, Sequence[object]]) -> tuple[str, list[object]]:
    """All of these conditions, and all their words in order."""
    return "".join(text for text, _ in conditions), [word for _, words in conditions for word in words]


def moment_of(value: Any) -> datetime | None:
    """A moment as the driver gives it: SQLite's is a text, PostgreSQL's has no zone."""
    if not value:
        return None
    found = datetime.fromisoformat(value) if isinstance(value, str) else value
    return found.replace(tzinfo=UTC) if isinstance(found, datetime) else None


def stored(book: Gradebook, moment: datetime) -> object:
    """A moment as the database compares it: SQLite keeps a text."""
    naive = moment.astimezone(UTC).replace(tzinfo=None)
    sqlite = book.db().connection().dialect.name == "sqlite"
    return naive.isoformat(" ", "microseconds") if sqlite else naive
