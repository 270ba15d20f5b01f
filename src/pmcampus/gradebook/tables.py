"""The database: its address, nbgrader's tables, and one append-only table of ours."""

import os
import re
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from nbgrader.api import Gradebook
from sqlalchemy import Column, DateTime, Float, Integer, MetaData, String, Table, Text
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError, NoSuchModuleError, SQLAlchemyError

from pmcampus.errors import CohortError

OWN = MetaData()
VERDICT = Table(
    "verdict",
    OWN,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("learner", String(128), nullable=False, index=True),
    Column("assessment", String(128), nullable=False, index=True),
    Column("version", String(32), nullable=False),
    Column("paper", String(64), nullable=False),
    Column("submission", String(64), nullable=False),
    Column("handed_in", DateTime, nullable=True),
    Column("score", Float, nullable=False),
    Column("verdict", Text, nullable=False),
    Column("recorded", DateTime, nullable=False),
)


@contextmanager
def open_gradebook(url: str, course: str) -> Iterator[Gradebook]:
    """nbgrader's gradebook at this address, made if it is new, closed at the end.

    Raises:
        CohortError: the database cannot be reached, or the address makes no sense.
    """
    _put_alembic_on_the_path()
    try:
        book = Gradebook(url, course_id=course)
        OWN.create_all(book.engine)
    except UnicodeDecodeError as problem:
        raise _closed(url, "the file is damaged") from problem
    except (ArgumentError, NoSuchModuleError, ImportError, ValueError) as problem:
        raise CohortError(
            f"gradebook: {_hidden(url)!r} is not a database address; "
            "write sqlite:///gradebook.db or postgresql+psycopg://user@host/name in cohort.yaml."
        ) from problem
    except SQLAlchemyError as problem:
        cause = getattr(problem, "orig", None) or problem
        fact = (str(cause).strip() or type(cause).__name__).splitlines()[0]
        raise _closed(url, fact) from problem
    try:
        yield book
    except SQLAlchemyError as problem:
        book.db.rollback()
        raise CohortError(
            f"gradebook: {_hidden(url)!r} refused the change ({type(problem).__name__}); "
            "nothing of this step was kept, run the command again."
        ) from problem
    finally:
        book.close()


def _put_alembic_on_the_path() -> None:
    """nbgrader calls the program `alembic` for a new database; it lies beside this Python."""
    beside = str(Path(sys.executable).parent)
    path = os.environ.get("PATH", "")
    if beside not in path.split(os.pathsep):
        os.environ["PATH"] = os.pathsep.join((beside, path))


def _closed(url: str, fact: str) -> CohortError:
    remedy = (
        "see that no other command is using it, that it may be written, or put back a copy"
        if url.startswith("sqlite")
        else "check that the server runs and that the address in cohort.yaml is right"
    )
    return CohortError(
        f"gradebook: {_hidden(url)!r} cannot be opened ({fact}); {remedy}. Nothing was changed."
    )


def naive(moment: datetime | None) -> datetime | None:
    """UTC without a zone, as nbgrader stores it."""
    return moment.astimezone(UTC).replace(tzinfo=None) if moment else None


def _hidden(url: str) -> str:
    """The address without its password; where it cannot be parsed, without all that may hold one."""
    try:
        return make_url(url).set(query={}).render_as_string(hide_password=True)
    except (ArgumentError, ValueError):
        return re.sub(r"//.*@", "//…@", url.partition("?")[0])
