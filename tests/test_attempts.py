"""The table of attempts: what a trigger keeps is what the whole ledger gives, in both databases."""

import sqlite3
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random

import pytest
from nbgrader.api import Gradebook
from sqlalchemy import create_engine, inspect

from pmcampus import gradebook
from pmcampus.coursedir import save_cells
from pmcampus.gradebook import counting, works
from pmcampus.gradebook.triggers import INDEXES
from pmcampus.model.cohort import Learner
from pmcampus.model.verdict import ItemVerdict, Mark, Verdict
from pmcampus.paper import Paper
from pmcampus.regrade import Policy

AT = datetime(2026, 10, 20, 9, 30, tzinfo=UTC)


@pytest.fixture
def book(database: str, paper: Paper) -> Iterator[Gradebook]:
    """A gradebook with one learner and the tiny assessment."""
    with gradebook.open_gradebook(database, "autumn") as made:
        gradebook.enrol(made, [Learner("ada", "Ada Made-Up", "clinician", "Heron")])
        gradebook.open_assessment(made, "counting", AT)
    save_cells(paper.official, database=database, course_id="autumn", assessment="counting")
    with gradebook.open_gradebook(database, "autumn") as made:
        yield made


def verdict(share: float, digest: str, *, refused: str | None = None, message: str = "3 of 4.") -> Verdict:
    """A verdict on the work with this digest."""
    items = (
        ItemVerdict("share-check", 4, share, Mark.PARTIAL, message, ("A note.",)),
        ItemVerdict("wrong-word-check", 2, 0.0, Mark.ERROR, "The check did not run."),
        ItemVerdict("letter", 4, None, Mark.AWAITING, "People will read this one."),
    )
    return Verdict("counting", "1.0.0", digest, () if refused else items, (), refused)


def record(book: Gradebook, found: Verdict, *, again: bool = False, policy: Policy = Policy.EXACT) -> None:
    """Keep a verdict of ada's."""
    gradebook.record(book, "ada", found, paper="p1", handed_in=AT, again=again, policy=policy)


def numbers(book: Gradebook) -> list[tuple[int, float | None]]:
    """Attempts in order: their number, and the score of the first item."""
    return [(work.number, work.scores.get("share-check")) for work in works.works(book)]


def test_other_bytes_are_another_attempt_and_a_regrade_is_not(book: Gradebook) -> None:
    """The first attempt keeps its number and takes the score of the latest verdict on it."""
    record(book, verdict(1, "a"))
    record(book, verdict(2, "a"), again=True)
    record(book, verdict(4, "b"))

    assert numbers(book) == [(1, 2.0), (2, 4.0)]
    first = works.works(book)[0]
    assert (first.points, first.errors, first.blanks) == (10, {"wrong-word-check"}, frozenset())
    assert (first.handed_in, first.version, first.scores["letter"]) == (AT, "1.0.0", None)


def test_what_cannot_be_read_is_no_attempt(book: Gradebook) -> None:
    """It is kept with the number 0, and the readable one after it is the first."""
    record(book, verdict(0, "x", refused="This is no notebook."))
    record(book, verdict(3, "a"))

    assert numbers(book) == [(0, None), (1, 3.0)]
    assert works.unreadable(book) == {}


def test_a_file_that_a_later_version_can_read_becomes_an_attempt(book: Gradebook) -> None:
    """And one that was read before stays one when a regrade refuses it."""
    record(book, verdict(0, "x", refused="This is no notebook."))
    record(book, verdict(3, "x"), again=True)
    record(book, verdict(0, "x", refused="Too large."), again=True)

    assert numbers(book) == [(1, 3.0)]


def test_a_score_that_a_policy_kept_is_the_one_that_counts(book: Gradebook) -> None:
    """Only-up: the lower verdict was set aside."""
    record(book, verdict(3, "a"))
    record(book, verdict(1, "a"), again=True, policy=Policy.ONLY_UP)

    assert numbers(book) == [(1, 3.0)]


def test_a_text_with_a_nul_or_half_a_letter_is_recorded(book: Gradebook) -> None:
    """PostgreSQL refuses both in texts and in `jsonb`; learners can send both."""
    record(book, verdict(1, "a", message="\x00 \ud800 '\"} $1 %s {v}"))

    assert numbers(book) == [(1, 1.0)]


def test_an_answer_left_as_it_was_is_blank(book: Gradebook) -> None:
    """As a message of a written answer, or as a note of a checked one."""
    found = verdict(0, "a", message="Nothing was written here.")
    items = (found.items[0], replace(found.items[1], notes=("Nothing was written here.",)), found.items[2])
    record(book, replace(found, items=items))

    assert works.works(book)[0].blanks == {"share-check", "wrong-word-check"}


def test_the_trigger_and_the_whole_ledger_say_the_same(book: Gradebook) -> None:
    """Forty verdicts in any order: hand-ins, regrades, refusals, policies."""
    chance = Random(4)
    for _ in range(40):
        record(
            book,
            verdict(
                chance.randrange(5), chance.choice("abcde"), refused=chance.choice([None, None, None, "No."])
            ),
            again=chance.random() < 0.4,
            policy=Policy.EXACT,
        )

    assert list(gradebook.wrong_attempts(book)) == []


def test_an_earlier_gradebook_gets_the_table_when_it_is_opened(book: Gradebook, database: str) -> None:
    """As a version without it left the database: no table, no trigger; the ledger fills it."""
    record(book, verdict(1, "a"))
    record(book, verdict(4, "b"))
    before = works.works(book)
    book.close()
    change(
        database,
        "DROP TRIGGER pmcampus_attempt" + (" ON verdict" if database.startswith("postgresql") else ""),
        "DROP TABLE attempt",
    )

    with gradebook.open_gradebook(database, "autumn") as again:
        assert works.works(again) == before
        record(again, verdict(2, "c"))
        assert numbers(again) == [(1, 1.0), (2, 4.0), (3, 2.0)]
        assert gradebook.lacking_triggers(again) == []


def test_a_changed_attempt_is_found(book: Gradebook, database: str) -> None:
    """Somebody with the database's password made a first attempt better."""
    record(book, verdict(1, "a"))
    book.db().rollback()
    change(database, "UPDATE attempt SET score = score + 1")

    assert list(gradebook.wrong_attempts(book)) == [("ada", "counting")]


def change(url: str, *statements: str) -> None:
    """Straight into the database."""
    engine = create_engine(url)
    with engine.begin() as connection:
        for statement in statements:
            connection.exec_driver_sql(statement)
    engine.dispose()


def test_who_was_active_is_counted_by_the_moment_of_handing_in(book: Gradebook, tmp_path: Path) -> None:
    """Between two moments, both included."""
    record(book, verdict(1, "a"))

    day = timedelta(days=1)
    assert works.active_since(book, AT - day, AT) == {"ada"}
    assert works.active_since(book, AT + day, AT + 2 * day) == frozenset()


def test_a_database_of_an_earlier_version_gets_the_indexes(book: Gradebook, database: str) -> None:
    """What this version reads by is made when it is opened, and an index of before is taken away."""
    book.db().rollback()
    old = "CREATE INDEX pmcampus_attempt_moment ON attempt (handed_in, learner)"
    change(database, *(f"DROP INDEX {name}" for name in INDEXES), old)
    with gradebook.open_gradebook(database, "autumn") as again:
        found = inspect(again.engine)
        names = {index["name"] for table in found.get_table_names() for index in found.get_indexes(table)}

    assert names >= INDEXES.keys()
    assert "pmcampus_attempt_moment" not in names


def test_a_copy_that_cannot_be_written_is_read_without_them(book: Gradebook, tmp_path: Path) -> None:
    """An index only saves time."""
    if book.engine.dialect.name != "sqlite":
        pytest.skip("a file of SQLite")
    record(book, verdict(1, "a"))
    copy = tmp_path / "copy.db"
    with sqlite3.connect(copy) as other:
        source = sqlite3.connect(str(book.engine.url.database))
        source.backup(other)
        source.close()
        other.execute("DROP INDEX pmcampus_attempt_last")
    other.close()
    with gradebook.open_gradebook(f"sqlite:///file:{copy}?mode=ro&uri=true", "autumn") as again:
        assert [work.number for work in works.works(again)] == [1]


def test_standings_of_an_earlier_version_learn_what_waits(book: Gradebook, database: str) -> None:
    """They are made anew from nbgrader's scores, and follow the next mark."""
    record(book, verdict(1, "a"))
    book.db().rollback()
    columns = "learner VARCHAR(128), assessment VARCHAR(128), score FLOAT NOT NULL"
    table = f"CREATE TABLE standing ({columns}, PRIMARY KEY (learner, assessment))"
    change(database, "DROP TABLE standing", table)
    with gradebook.open_gradebook(database, "autumn") as again:
        before = counting.awaiting(again)
        assert list(gradebook.wrong_standings(again)) == []
        gradebook.mark_by_hand(again, "ada", "counting", cell="letter", score=3)
        after = counting.awaiting(again)

    assert (before, after) == ({("ada", "counting"): (1.0, 4.0)}, {})


def test_a_standing_that_forgets_what_waits_is_found(book: Gradebook, database: str) -> None:
    """As one with another score is."""
    record(book, verdict(1, "a"))
    book.db().rollback()
    assert list(gradebook.wrong_standings(book)) == []
    book.db().rollback()
    change(database, "UPDATE standing SET waits = ''")

    assert list(gradebook.wrong_standings(book)) == [("ada", "counting")]
