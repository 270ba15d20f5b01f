"""X04, X08, X09: full disks, locked and lost databases, clocks that jump."""

import os
import resource
import signal
import sqlite3
import subprocess
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from click.testing import CliRunner
from sqlalchemy import create_engine, text

from pmcampus import audit, gradebook
from pmcampus.cli import main
from pmcampus.cohortdir import database_url, load_cohort, write_cohort
from pmcampus.cohortprogress import progress_report
from pmcampus.cohorts.handin import hand_in
from pmcampus.errors import CohortError
from pmcampus.gradebook import transactions
from pmcampus.model.cohort import Record
from tests.conftest import TWO_MODULES
from tests.faults import drill


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A real file system of two megabytes."""
    if os.getuid() != 0:
        pytest.skip("only root can mount a small disk")
    place = tmp_path / "disk"
    place.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=2m", "tmpfs", str(place)], capture_output=True, check=False
    )
    if mounted.returncode:
        pytest.skip("this machine does not let us mount a small disk")
    yield place
    subprocess.run(["umount", "-l", str(place)], check=True)


def fill(place: Path, left: int) -> Path:
    """The disk, but for some thousand bytes."""
    room = os.statvfs(place)
    ballast = place / "ballast"
    ballast.write_bytes(b"x" * max(0, room.f_bavail * room.f_frsize - left * 1024))
    return ballast


@pytest.mark.parametrize("left", [0, 4, 8, 12, 20, 32, 48, 64, 96])
def test_x04_a_full_disk_is_said_and_a_retry_ends_well(small_disk: Path, left: int) -> None:
    """However little is left: the ledger, a kept submission, a marked notebook or a feedback page fails."""
    folder = drill.cohort(small_disk / "autumn", learners=3)
    ballast = fill(small_disk, left)
    said = ""
    try:
        drill.run(folder)
    except OSError as problem:
        said = str(problem.filename)
    except CohortError as problem:
        said = str(problem)
    assert "autumn" in said, "a file is named"

    ballast.unlink()
    drill.run(folder)

    assert ["l00", "l01", "l02"] == [learner for learner, _, _ in drill.rows(folder)]
    assert audit.verify(folder).faults == ()


def test_x04_the_command_names_the_file_that_has_no_room(small_disk: Path) -> None:
    """A submission that does not fit is refused in a sentence; the earlier one stays."""
    folder = drill.cohort(small_disk / "autumn", learners=1)
    before = (folder / "submitted/l00/counting/counting.ipynb").read_bytes()
    file = small_disk.parent / "counting.ipynb"
    file.write_bytes(before + b" " * 20_000)
    fill(small_disk, 0)

    root = ["--root", str(TWO_MODULES)]
    said = CliRunner().invoke(main, ["hand-in", str(folder), "l00", str(file), *root])

    assert 1 == said.exit_code
    assert "autumn/kept/" in said.output
    assert not (folder / "receipts").exists(), "nobody has a receipt for work that was lost"
    assert "No space left on device" in said.output
    assert "Traceback" not in said.output
    assert before == (folder / "submitted/l00/counting/counting.ipynb").read_bytes()


def test_x04_a_ledger_that_may_not_grow_is_said_without_root_too(tmp_path: Path) -> None:
    """The system's own limit on the size of a file, for those who cannot mount a disk."""
    folder = drill.cohort(tmp_path / "autumn", learners=3)
    size = (folder / "gradebook.db").stat().st_size

    def with_limit() -> None:
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (size // 2, size // 2))
        try:
            drill.run(folder)
        except (CohortError, OSError):
            os._exit(11)

    assert 11 == drill.in_a_child(with_limit)
    drill.run(folder)
    assert ["l00", "l01", "l02"] == [learner for learner, _, _ in drill.rows(folder)]
    assert audit.verify(folder).faults == ()


def test_x08_a_database_that_is_locked_for_a_moment_is_waited_for(tmp_path: Path) -> None:
    """Nobody notices."""
    folder = drill.cohort(tmp_path / "autumn", learners=1)
    drill.run(folder)
    drill.hand_in(folder, "l00", b"new work")

    def lock(_: str) -> None:
        holder = sqlite3.connect(folder / "gradebook.db", check_same_thread=False)
        holder.execute("BEGIN EXCLUSIVE")
        timer = threading.Timer(0.5, lambda: (holder.rollback(), holder.close()))
        timer.start()

    assert ["l00"] == drill.run(folder, during=lock).marked


def test_x08_a_database_that_stays_locked_is_said_and_nothing_is_lost(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Patience has an end; the next run does the rest."""
    folder = drill.cohort(tmp_path / "autumn", learners=1)
    drill.run(folder)
    drill.hand_in(folder, "l00", b"new work")
    monkeypatch.setattr(transactions, "PATIENCE", 0.2)
    holder = sqlite3.connect(folder / "gradebook.db")

    def lock(_: str) -> None:
        holder.execute("BEGIN EXCLUSIVE")

    with pytest.raises(CohortError, match="was locked or away for 0 seconds"):
        drill.run(folder, during=lock)
    holder.rollback()
    holder.close()

    assert ["l00"] == drill.run(folder).marked


@pytest.mark.postgres
def test_x08_a_server_that_ends_our_connection_is_asked_again(tmp_path: Path, postgres: str) -> None:
    """As when it restarts; the submission is recorded once."""
    engine = create_engine(postgres, isolation_level="AUTOCOMMIT")
    name = f"test_{os.urandom(4).hex()}"
    with engine.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name}"))
    folder = drill.cohort(tmp_path / "autumn", learners=2, database=postgres.rsplit("/", 1)[0] + f"/{name}")

    def cut(_: str) -> None:
        query = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = :name"
        with engine.connect() as connection:
            connection.execute(text(query), {"name": name})

    assert ["l00", "l01"] == drill.run(folder, during=cut).marked
    engine.dispose()
    assert 2 == len(drill.rows(folder))
    assert audit.verify(folder).faults == ()


MIDNIGHT = datetime(2026, 11, 20, 0, 0, tzinfo=ZoneInfo("Europe/Berlin"))
BERLIN, TOKYO = ZoneInfo("Europe/Berlin"), ZoneInfo("Asia/Tokyo")


@pytest.mark.parametrize(
    ("due", "grace", "handed_in", "late"),
    [
        (MIDNIGHT, 0, datetime(2026, 11, 19, 23, 0, tzinfo=UTC), False),
        (MIDNIGHT, 0, datetime(2026, 11, 19, 23, 0, 1, tzinfo=UTC), True),
        (MIDNIGHT, 15, datetime(2026, 11, 19, 23, 15, tzinfo=UTC), False),
        (
            datetime(2026, 11, 20, 0, 0, tzinfo=BERLIN),
            15,
            datetime(2026, 11, 19, 23, 15, 1, tzinfo=UTC),
            True,
        ),
        # the night in which clocks go back has 02:30 twice; the second is an hour later
        (
            datetime(2026, 10, 25, 2, 30, fold=0, tzinfo=BERLIN),
            0,
            datetime(2026, 10, 25, 2, 30, fold=1, tzinfo=BERLIN),
            True,
        ),
        # the night in which clocks go forward: an hour of grace is an hour, whatever the clock shows
        (
            datetime(2026, 3, 29, 1, 30, tzinfo=BERLIN),
            60,
            datetime(2026, 3, 29, 3, 30, tzinfo=BERLIN),
            False,
        ),
        (MIDNIGHT, 0, datetime(2026, 11, 20, 8, 0, tzinfo=TOKYO), False),
    ],
)
def test_x09_late_is_decided_in_utc_with_the_stated_grace(
    tmp_path: Path, due: datetime, grace: int, handed_in: datetime, late: bool
) -> None:
    """Whatever zone the deadline was written in, and wherever the learner sits."""
    form = load_cohort(drill.cohort(tmp_path / "autumn", learners=1))
    form = form.model_copy(update={"due": {"counting": due}, "grace_minutes": grace})

    assert late == Record("l00", handed_in, "1.0.0").late(form.deadline("counting"))


def test_x09_the_moment_is_the_server_s_and_the_report_states_the_grace(tmp_path: Path) -> None:
    """Stored as UTC, read back as UTC, from a machine in any zone."""
    folder = drill.cohort(tmp_path / "autumn", learners=1)
    form = load_cohort(folder)
    due = datetime(2026, 11, 20, 0, 0, tzinfo=timezone(timedelta(hours=2)))
    write_cohort(folder, form.model_copy(update={"due": {"counting": due}, "grace_minutes": 10}))
    file = tmp_path / "counting.ipynb"
    file.write_bytes((folder / "submitted/l00/counting/counting.ipynb").read_bytes())

    place = hand_in(folder, "l00", file, root=TWO_MODULES, at=datetime(2026, 11, 20, 7, 9, tzinfo=TOKYO))
    drill.run(folder)

    assert "2026-11-19 22:09:00 UTC\n" == (place.parent / "timestamp.txt").read_text()
    text = progress_report(folder, "counting", "json", root=TWO_MODULES, as_of=drill.AT)
    assert '"grace_minutes": 10' in text
    assert '"late": false' in text
    with gradebook.open_gradebook(database_url(folder, form), form.course) as book:
        assert 0 == book.find_submission("counting", "l00").total_seconds_late


def test_x09_a_clock_that_jumps_back_changes_neither_order_nor_chain(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The latest verdict is the one recorded last, whatever the time of day said."""
    folder = drill.cohort(tmp_path / "autumn", learners=1)
    drill.run(folder)

    class Earlier(datetime):
        @classmethod
        def now(cls, tz: object = None) -> datetime:
            return datetime(1999, 12, 31, tzinfo=UTC)

    monkeypatch.setattr("pmcampus.gradebook.writing.datetime", Earlier)
    drill.hand_in(folder, "l00", b"later work")
    drill.run(folder)
    monkeypatch.undo()

    assert drill.verdict(b"later work").items[0].score == drill.scores(folder)["l00"]["share-check"]
    assert audit.verify(folder).faults == ()
