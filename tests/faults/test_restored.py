"""A backup restored on an empty host (X15): marks, receipts and exports are the same, in both databases."""

import json
import os
import zipfile
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from unittest.mock import patch

import pytest
from sqlalchemy import create_engine, text

from pmcampus import gradebook
from pmcampus.audit import export as export_ledger
from pmcampus.audit import verify
from pmcampus.cohortdir import database_url, load_cohort
from pmcampus.cohorts.backup import backup, restore
from pmcampus.cohorts.giving import export
from pmcampus.cohorts.handin import open_desk, take_in
from pmcampus.errors import CohortError
from pmcampus.gradebook.copying import put_rows, rows_of
from pmcampus.receipts import verify as check_receipt
from pmcampus.signingkey import signing_key
from tests.conftest import TWO_MODULES
from tests.faults import drill

NOW = datetime(2026, 11, 25, 12, tzinfo=UTC)
EXPORTS = ("nbgrader", "moodle", "canvas")


@pytest.fixture
def other_database(database: str) -> Iterator[str]:
    """Another empty database of the same kind."""
    if database.startswith("sqlite"):
        yield ""
        return
    name = f"other_{os.urandom(4).hex()}"
    engine = create_engine(database, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name}"))
    engine.dispose()
    yield database.rsplit("/", 1)[0] + f"/{name}"


def lived_in(folder: Path, database: str) -> Path:
    """A cohort with two attempts, a receipt, a mark by hand and a comment."""
    local = database.startswith("sqlite")
    drill.cohort(folder, learners=3, database="sqlite:///gradebook.db" if local else database)
    take_in(open_desk(folder, "counting", root=TWO_MODULES), "l01", b"more work", at=NOW, received=NOW)
    drill.run(folder)
    drill.run(folder, again=True, shift=0.5)
    cohort = load_cohort(folder)
    with gradebook.open_gradebook(database_url(folder, cohort), cohort.course) as book:
        gradebook.mark_by_hand(book, "l02", "counting", cell="letter", score=3, comment="Zoë’s, \u202e read.")
    return folder


def given(folder: Path, scratch: Path) -> dict[str, bytes]:
    """What the cohort gives to others: its ledger, and grades for three systems."""
    export_ledger(folder, scratch / "ledger.jsonl")
    for kind in EXPORTS:
        export(folder, kind, scratch / kind, root=TWO_MODULES, as_of=NOW)
    return {path.name: path.read_bytes() for path in scratch.iterdir()}


def test_a_restored_cohort_gives_what_the_first_one_gave(
    tmp_path: Path, database: str, other_database: str
) -> None:
    """Marks, receipts and exports byte for byte; and it can be marked further."""
    folder = lived_in(tmp_path / "autumn", database)
    (tmp_path / "before").mkdir()
    before, scores = given(folder, tmp_path / "before"), drill.scores(folder)
    saved = backup(folder, tmp_path / "autumn.zip", now=NOW)
    folder.rename(tmp_path / "lost")
    again = tmp_path / "host" / "autumn"
    environment = {"PMCAMPUS_GRADEBOOK": other_database} if other_database else {}

    with patch.dict(os.environ, environment):
        done = restore(tmp_path / "autumn.zip", again, sha256=saved.sha256)

        assert ((), 6) == (done.faults, done.rows)
        assert scores == drill.scores(again)
        (tmp_path / "after").mkdir()
        assert before == given(again, tmp_path / "after")
        receipt = again / "receipts" / "l01" / "counting" / "2.json"
        assert check_receipt(receipt.read_bytes(), b"more work", signing_key(again).public_key()).attempt == 2
        drill.hand_in(again, "l00", b"later work")
        drill.run(again)
        assert () == verify(again).faults
        assert 7 == verify(again).rows
    assert 0 == (tmp_path / "autumn.zip").stat().st_mode & 0o077
    assert 0 == (again / "receipts.key").stat().st_mode & 0o077


@pytest.fixture(scope="module")
def saved_once(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A backup, with the cohort beside it."""
    place = tmp_path_factory.mktemp("saved")
    backup(lived_in(place / "autumn", "sqlite://"), place / "autumn.zip", now=NOW)
    return place / "autumn.zip"


def rewritten(source: Path, to: Path, changes: dict[str, bytes | None]) -> Path:
    """The archive with other contents; None leaves a file out."""
    with zipfile.ZipFile(source) as old, zipfile.ZipFile(to, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            content = changes.get(name, old.read(name))
            if content is not None:
                new.writestr(name, content)
        for name in changes.keys() - set(old.namelist()):
            new.writestr(name, changes[name] or b"")
    return to


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"folder/roster.csv": b"learner,name,role,team\n"}, "'folder/roster.csv' was changed"),
        ({"database/gradebook.db": b"SQLite format 3\0"}, "'database/gradebook.db' was changed"),
        ({"folder/roster.csv": None}, "files are missing or were added"),
        ({"folder/extra.txt": b"x"}, "files are missing or were added"),
        ({"manifest.json": None}, "no whole backup"),
        ({"manifest.json": b'{"format": "another"}'}, "no whole backup"),
        ({"../outside.txt": b"x"}, "leads out of the archive"),
    ],
)
def test_a_backup_that_was_changed_puts_nothing_anywhere(
    saved_once: Path, tmp_path: Path, changes: dict[str, bytes | None], sentence: str
) -> None:
    """Not even a folder."""
    file = rewritten(saved_once, tmp_path / "changed.zip", changes)

    with pytest.raises(CohortError) as refusal:
        restore(file, tmp_path / "again")

    assert sentence in str(refusal.value)
    assert [file] == list(tmp_path.iterdir())


def test_one_byte_of_the_backup_is_noticed(saved_once: Path, tmp_path: Path) -> None:
    """By the digest that was noted, wherever it is; without it, by the archive's own sums."""
    content = bytearray(saved_once.read_bytes())
    with zipfile.ZipFile(saved_once) as archive:
        at = archive.getinfo("folder/roster.csv").header_offset + 80
    content[at] ^= 1
    file = tmp_path / "changed.zip"
    file.write_bytes(content)

    with pytest.raises(CohortError, match="not the backup with that SHA-256"):
        restore(file, tmp_path / "again", sha256="0" * 64)
    with pytest.raises(CohortError):
        restore(file, tmp_path / "again")
    assert [file] == list(tmp_path.iterdir())


def test_a_cohort_is_never_restored_over_another(saved_once: Path) -> None:
    """Every file of it stays."""
    folder = saved_once.parent / "autumn"
    before = {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}

    with pytest.raises(CohortError, match="there is something already"):
        restore(saved_once, folder)

    assert before == {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_a_server_that_holds_learners_is_not_written_over(tmp_path: Path, postgres: str) -> None:
    """The refusal says what to set, and the marks there stay."""
    engine = create_engine(postgres, isolation_level="AUTOCOMMIT")
    name = f"full_{os.urandom(4).hex()}"
    with engine.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name}"))
    engine.dispose()
    folder = lived_in(tmp_path / "autumn", postgres.rsplit("/", 1)[0] + f"/{name}")
    scores = drill.scores(folder)
    backup(folder, tmp_path / "autumn.zip", now=NOW)

    with pytest.raises(CohortError, match="set PMCAMPUS_GRADEBOOK"):
        restore(tmp_path / "autumn.zip", tmp_path / "again")

    assert scores == drill.scores(folder)
    assert not (tmp_path / "again").exists()


@pytest.mark.postgres
@pytest.mark.parametrize("database", ["postgres"], indirect=True)
def test_rows_of_an_earlier_version_are_completed(tmp_path: Path, database: str, other_database: str) -> None:
    """Standings once did not say which letters wait for a marker; in a server's older backup nor do they."""
    lived_in(tmp_path / "autumn", database)
    rows = [json.loads(line) for line in rows_of(database)]
    for one in rows:
        if one["table"] == "standing":
            del one["row"]["waits"]

    put_rows(other_database, "autumn", map(json.dumps, rows))

    assert waiting(other_database) == waiting(database)
    assert [learner for learner, cells in waiting(database) if cells] == ["l00", "l01"]


def waiting(url: str) -> list[tuple[str, str]]:
    """Learners, and the cells of theirs that wait for a marker."""
    engine = create_engine(url)
    with engine.connect() as connection:
        found = connection.execute(text("SELECT learner, waits FROM standing ORDER BY learner")).all()
    engine.dispose()
    return [(learner, cells) for learner, cells in found]


def test_a_backup_lies_outside_and_overwrites_nothing(saved_once: Path, tmp_path: Path) -> None:
    """An earlier one stays."""
    folder = saved_once.parent / "autumn"
    for file, sentence in (
        (folder / "inside.zip", "inside what it saves"),
        (saved_once, "there is a file already"),
        (TWO_MODULES / "marks.zip", "must lie outside the repository"),
    ):
        with pytest.raises(CohortError, match=sentence):
            backup(folder, file, now=NOW)


def test_locks_and_unfinished_files_are_left_out(saved_once: Path) -> None:
    """The database is in it once, as a copy of its own making."""
    with zipfile.ZipFile(saved_once) as archive:
        names = archive.namelist()
        head = json.loads(archive.read("manifest.json"))

    assert set(names) == {*head["sha256"], "manifest.json"}
    assert {"database/gradebook.db", "folder/cohort.yaml", "folder/receipts.key"} <= set(names)
    assert not any("/." in name or name == "folder/gradebook.db" for name in names)
