"""The access log: it only grows, says nobody's name, and shows when a line was touched."""

from datetime import UTC, datetime
from pathlib import Path
from threading import Thread

import pytest

from pmcampus.accesslog import START, AccessLog, first_break, looks, open_log, sealed
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
    for path in (*log.files(), log.shelf / "pseudonyms.key"):
        assert path.stat().st_mode & 0o077 == 0


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
    (path,) = log.files()
    path.write_text(path.read_text() + '{"digest": "abc", "wh')

    log.add(look("four"))

    assert first_break(log.lines()) is None
    assert [one.what if one else None for one in looks(log.lines())] == ["one", "two", "three", None, "four"]


def looked(at: datetime) -> Look:
    """A line of this moment."""
    return Look(at=at, who="w", did="saw", what=f"{at:%B}")


@pytest.fixture
def year(tmp_path: Path) -> AccessLog:
    """A log with a line in each of fifteen months, from January 2026 to March 2027."""
    made = open_log(tmp_path)
    for month in range(15):
        made.add(looked(datetime(2026 + month // 12, month % 12 + 1, 20, tzinfo=UTC)))
    return made


def test_each_month_has_a_file_and_all_are_one_chain(year: AccessLog) -> None:
    """A clock that was set back adds to the latest one; the first line of a month says that it is."""
    assert [path.name for path in year.files()][::14] == ["access-2026-01.jsonl", "access-2027-03.jsonl"]
    assert first_break(year.lines()) is None
    assert not year.add(looked(datetime(2026, 5, 1, tzinfo=UTC)))
    assert year.add(looked(datetime(2027, 4, 1, tzinfo=UTC)))
    assert len(year.files()) == 16
    assert first_break(year.lines()) is None


def test_months_whose_time_is_over_are_let_go_and_the_chain_says_so(year: AccessLog) -> None:
    """Every line is kept for the whole time, and none for more than a month beyond it."""
    now = datetime(2027, 3, 31, 23, 59, tzinfo=UTC)

    assert year.prune(keep_months=12, now=now) == ["2026-01", "2026-02"]
    assert year.prune(keep_months=12, now=now) == []
    assert year.files()[0].name == "access-2026-03.jsonl"
    assert first_break(year.lines()) is None
    last = list(looks(year.lines()))[-1]
    assert last is not None and (last.did, last.what) == ("pruned", "lines up to 2026-02")
    assert year.prune(keep_months=1, now=now)[-1] == "2027-01"
    assert first_break(year.lines()) is None


def test_a_month_that_somebody_else_took_away_is_missed(year: AccessLog) -> None:
    """At the beginning, where no record says so, and in the middle."""
    now = datetime(2027, 3, 31, tzinfo=UTC)
    year.prune(keep_months=12, now=now)
    year.files()[0].unlink()
    assert first_break(year.lines()) == 1
    year.files()[3].unlink()
    assert first_break(year.lines()[1:]) is not None


def test_a_crash_before_the_files_are_gone_leaves_a_whole_chain(
    year: AccessLog, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The record comes first; the next time lets go of what stayed."""
    now = datetime(2027, 3, 31, tzinfo=UTC)
    with monkeypatch.context() as broken:
        broken.setattr(Path, "unlink", lambda path: (_ for _ in ()).throw(OSError("gone")))
        with pytest.raises(OSError, match="gone"):
            year.prune(keep_months=12, now=now)
    assert (len(year.files()), first_break(year.lines())) == (15, None)

    assert year.prune(keep_months=12, now=now) == ["2026-01", "2026-02"]
    assert first_break(year.lines()) is None


def test_a_log_in_one_file_goes_on_in_months(tmp_path: Path) -> None:
    """As it was kept before: it becomes the file of its last month, and the chain goes on."""
    shelf = tmp_path / "dashboard"
    shelf.mkdir()
    first = sealed(looked(AT), before=START)
    (shelf / "access.jsonl").write_text(first + "\n", "utf-8")

    log = open_log(tmp_path)
    log.add(looked(datetime(2026, 11, 1, tzinfo=UTC)))

    assert [path.name for path in log.files()] == ["access-2026-10.jsonl", "access-2026-11.jsonl"]
    assert (len(log.lines()), first_break(log.lines())) == (2, None)


def test_a_quiet_year_leaves_only_the_record(year: AccessLog) -> None:
    """When everything is over, one line is left, which says so."""
    assert len(year.prune(keep_months=12, now=datetime(2030, 1, 1, tzinfo=UTC))) == 15
    assert [look.did for look in looks(year.lines()) if look] == ["pruned"]
    assert first_break(year.lines()) is None


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
