"""The access log: it only grows, says nobody's name, and shows when a line was touched."""

from datetime import UTC, datetime
from pathlib import Path
from threading import Thread

import pytest

from pmcampus.accesslog import AccessLog, first_break, looks, open_log
from pmcampus.errors import CohortError
from pmcampus.model.dashboard import Look

AT = datetime(2026, 10, 20, tzinfo=UTC)


def look(what: str) -> Look:
    """A line."""
    return Look(at=AT, who="w", did="saw", what=what)


@pytest.fixture
def log(tmp_path: Path) -> AccessLog:
    """A log with three lines."""
    made = open_log(tmp_path)
    for word in ("one", "two", "three"):
        made.add(look(word), durable=word == "two")
    return made


def test_what_was_added_is_read_back_and_holds(log: AccessLog) -> None:
    """In order; only its owner reads file and key."""
    assert [one.what for one in looks(log.lines()) if one] == ["one", "two", "three"]
    assert first_break(log.lines()) is None
    assert log.path.stat().st_mode & 0o077 == 0
    assert log.path.with_name("pseudonyms.key").stat().st_mode & 0o077 == 0


def test_a_page_is_counted_from_the_end(log: AccessLog) -> None:
    """Two lines to a page: the last two, then the first, then none; and how many there are."""
    pages = [log.last(number, 2) for number in (1, 2, 3)]

    assert [[one.what for one in looks(lines) if one] for lines, _ in pages] == [
        ["two", "three"],
        ["one"],
        [],
    ]
    assert {total for _, total in pages} == {3}


@pytest.mark.parametrize(
    ("change", "broken"),
    [
        (lambda lines: [lines[0].replace("one", "eno"), *lines[1:]], 1),
        (lambda lines: [lines[0], lines[2]], 2),
        (lambda lines: [lines[1], lines[0], lines[2]], 1),
        (lambda lines: [*lines[:2], "{}", lines[2]], 3),
        (lambda lines: [*lines[:2], "[1]", lines[2]], 3),
        (lambda lines: [*lines[:2], "nonsense", lines[2]], 3),
        (lambda lines: [*lines, lines[2]], 4),
    ],
)
def test_a_touched_line_is_found(log: AccessLog, change: "object", broken: int) -> None:
    """Changed, taken out, moved, put between, or there twice."""
    assert callable(change)
    assert first_break(change(log.lines())) == broken


def test_a_line_torn_by_a_crash_does_not_stop_the_log(log: AccessLog) -> None:
    """The next line follows the last whole one."""
    text = log.path.read_text()
    log.path.write_text(text + '{"digest": "abc", "wh')

    log.add(look("four"))

    assert first_break(log.lines()) is None
    assert [one.what if one else None for one in looks(log.lines())] == ["one", "two", "three", None, "four"]


def test_many_writers_make_one_chain(log: AccessLog) -> None:
    """Each line follows another, whoever wrote it."""

    def write() -> None:
        for number in range(20):
            log.add(look(f"{number}"))

    writers = [Thread(target=write) for _ in range(4)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()

    assert len(log.lines()) == 83
    assert first_break(log.lines()) is None


def test_a_pseudonym_is_the_cohorts_own(tmp_path: Path) -> None:
    """The same id has another one in another cohort and as another kind; nobody has none."""
    for name in ("a", "b"):
        (tmp_path / name).mkdir()
    one, other = open_log(tmp_path / "a"), open_log(tmp_path / "b")

    assert one.pseudonym("learner", "ada") == open_log(tmp_path / "a").pseudonym("learner", "ada")
    assert (
        len(
            {
                one.pseudonym("learner", "ada"),
                one.pseudonym("account", "ada"),
                other.pseudonym("learner", "ada"),
            }
        )
        == 3
    )
    assert one.pseudonym("learner", "") == ""


def test_a_key_that_is_none_is_named(log: AccessLog, tmp_path: Path) -> None:
    """Instead of a log that nobody can read."""
    (tmp_path / "dashboard" / "pseudonyms.key").write_text("x")

    with pytest.raises(CohortError, match="this is no key"):
        open_log(tmp_path)
