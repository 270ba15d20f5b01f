"""The database: its address, nbgrader's tables, and ours, made or brought up to date."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.resources import files
from pathlib import Path

from alembic.script import ScriptDirectory
from nbgrader.api import Gradebook, InvalidEntry
from sqlalchemy import create_engine, inspect, text
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError, DBAPIError, NoSuchModuleError, SQLAlchemyError
from sqlalchemy.orm import scoped_session, sessionmaker

from pmcampus.errors import CohortError
from pmcampus.gradebook.migration import bring_up_to_date, is_current
from pmcampus.gradebook.transactions import exclusive, fact_of


@contextmanager
def open_gradebook(url: str, course: str) -> Iterator[Gradebook]:
    """nbgrader's gradebook at this address, made if it is new, closed at the end.

    Raises:
        CohortError: the database cannot be reached, or the address makes no sense.
    """
    try:
        book = _as_it_is(url, course)
        if book is None:
            with exclusive(url, "opening"):
                _stamp_new(url)
                book = Gradebook(url, course_id=course)
                bring_up_to_date(book.engine)
    except UnicodeDecodeError as problem:
        raise _closed(url, "the file is damaged") from problem
    except (ArgumentError, NoSuchModuleError, ImportError, ValueError) as problem:
        raise CohortError(
            f"gradebook: {shown(url)!r} is not a database address; "
            "write sqlite:///gradebook.db or postgresql+psycopg://user@host/name in cohort.yaml."
        ) from problem
    except SQLAlchemyError as problem:
        cause = getattr(problem, "orig", None) or problem
        fact = (str(cause).strip() or type(cause).__name__).splitlines()[0]
        raise _closed(url, fact) from problem
    try:
        yield book
    except (SQLAlchemyError, InvalidEntry) as problem:  # nbgrader's own word for a refused change
        book.db.rollback()
        said = isinstance(problem, DBAPIError | InvalidEntry)
        fact = fact_of(problem) if said else type(problem).__name__
        raise CohortError(
            f"gradebook: {shown(url)!r} refused the change ({fact}); "
            "nothing of this step was kept: see that its disk has room and may be written, "
            "and run the command again."
        ) from problem
    finally:
        book.close()


def shown(url: str) -> str:
    """The address without its password; where it cannot be parsed, without all that may hold one."""
    try:
        return make_url(url).set(query={}).render_as_string(hide_password=True)
    except (ArgumentError, ValueError):
        return re.sub(r"//.*@", "//…@", url.partition("?")[0])


def _as_it_is(url: str, course: str) -> Gradebook | None:
    """The gradebook of a database in which nothing is missing; None for any other.

    nbgrader's own constructor, and ours after it, ask for each table and column, over three connections: more
    than many a page needs for its values. This makes the same object without looking again.
    """
    address = make_url(url)
    if address.get_backend_name() == "sqlite" and not Path(address.database or "").is_file():
        return None
    engine = create_engine(url)
    try:
        with engine.connect() as connection:
            current = is_current(connection)
    except BaseException:
        engine.dispose()
        raise
    if not current:
        engine.dispose()
        return None
    book = Gradebook.__new__(Gradebook)
    book.engine = engine
    book.db = scoped_session(sessionmaker(autoflush=True, bind=engine))
    book.check_course(course_id=course)
    book.course_id, book.authenticator = course, None
    return book


def _stamp_new(url: str) -> None:
    """nbgrader's schema version in a database that has no table yet.

    nbgrader starts the program `alembic` for this, from the PATH: seconds for one word, and a database
    without a version where the program is not found.
    """
    engine = create_engine(url)
    try:
        if not inspect(engine).get_table_names():
            folder = str(files("nbgrader") / "alembic")
            head = ScriptDirectory(folder).get_current_head()
            with engine.begin() as connection:
                connection.execute(text("CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL)"))
                connection.execute(text("INSERT INTO alembic_version VALUES (:head)"), {"head": head})
    finally:
        engine.dispose()


def _closed(url: str, fact: str) -> CohortError:
    remedy = (
        "see that no other command is using it, that it may be written, or put back a copy: "
        "`pmcampus ledger rebuild` makes one from an export"
        if url.startswith("sqlite")
        else "check that the server runs and that the address in cohort.yaml is right"
    )
    return CohortError(f"gradebook: {shown(url)!r} cannot be opened ({fact}); {remedy}. Nothing was changed.")
