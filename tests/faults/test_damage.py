"""X07, X13, X15: a damaged, an older, a later and a lost gradebook."""

import shutil
import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner
from sqlalchemy import create_engine, text
from sqlalchemy.exc import DBAPIError

from pmcampus import audit, gradebook
from pmcampus.cli import main
from pmcampus.cohortdir import database_url, load_cohort
from pmcampus.coursedir import feedback_path
from pmcampus.errors import CohortError
from tests.conftest import TWO_MODULES
from tests.faults import drill

NO_TRIGGERS = {
    "sqlite": ["DROP TRIGGER pmcampus_verdict_no_update", "DROP TRIGGER pmcampus_verdict_no_delete"],
    "postgresql": ["DROP TRIGGER pmcampus_verdict_append_only ON verdict"],
}


def change(folder: Path, *statements: str, unguarded: bool = False) -> None:
    """Somebody with a database tool; `unguarded` takes the triggers away first."""
    engine = create_engine(database_url(folder, load_cohort(folder)))
    try:
        with engine.begin() as connection:
            for statement in (*(NO_TRIGGERS[engine.dialect.name] if unguarded else []), *statements):
                connection.execute(text(statement))
    finally:
        engine.dispose()


@pytest.fixture
def cohort(tmp_path: Path, database: str) -> Path:
    """Three learners, marked, one of them by a person too."""
    folder = drill.cohort(tmp_path / "autumn", learners=3, database=database)
    drill.run(folder)
    form = load_cohort(folder)
    with gradebook.open_gradebook(database, form.course) as book:
        gradebook.mark_by_hand(book, "l01", "counting", cell="letter", score=3, comment="Kind.")
    return folder


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE verdict SET score = 6 WHERE id = 2",
        "DELETE FROM verdict WHERE id = 3",
        "INSERT INTO verdict (id, learner, assessment, version, paper, submission, score, verdict, recorded)"
        " VALUES (9, 'l00', 'counting', '1', 'p', 's', 6, '{}', '2026-10-20')",
    ],
)
def test_the_database_itself_refuses_to_change_the_ledger(cohort: Path, statement: str) -> None:
    """On both databases; an earlier version of pmcampus cannot add rows without a digest either."""
    before = drill.rows(cohort)
    with pytest.raises(DBAPIError, match=r"append-only|needs a digest"):
        change(cohort, statement)

    assert before == drill.rows(cohort)
    assert audit.verify(cohort).faults == ()


@pytest.mark.parametrize(
    ("statement", "said"),
    [
        ("UPDATE verdict SET score = 6 WHERE id = 2", "row 2: its content was changed"),
        ("DELETE FROM verdict WHERE id = 2", "row 3: it does not follow the row before it"),
        ("DELETE FROM verdict WHERE id = 3", "row 3: it was there at the end of an earlier run"),
    ],
)
def test_x07_a_rewritten_ledger_is_found_and_the_first_odd_row_named(
    cohort: Path, statement: str, said: str
) -> None:
    """Even by somebody who took the triggers away, or cut off the end; an export brings all back."""
    export = cohort / "saved.jsonl"
    audit.export(cohort, export)
    expected, scores = drill.rows(cohort), drill.scores(cohort)
    change(cohort, statement, unguarded=True)

    faults = audit.verify(cohort).faults
    assert any(fault.startswith(said) for fault in faults), faults
    assert any("so verdicts could be rewritten" in fault.replace("\n", " ") for fault in faults)

    audit.rebuild(cohort, root=TWO_MODULES, source=export)

    assert audit.verify(cohort).faults == ()
    assert (expected, scores) == (drill.rows(cohort), drill.scores(cohort))


@pytest.mark.parametrize(
    ("statement", "said"),
    [
        ("UPDATE grade SET auto_score = 4 WHERE auto_score < 4", "the ledger"),
        ("DELETE FROM grade", "the gradebook has None for l00"),
    ],
)
def test_x07_scores_changed_behind_our_back_are_found_and_written_anew(
    cohort: Path, statement: str, said: str
) -> None:
    """From the ledger in the same database; what people marked is kept where it can be read."""
    before = drill.scores(cohort)
    change(cohort, statement)

    faults = audit.verify(cohort).faults
    assert any(said in fault for fault in faults), faults

    audit.rebuild(cohort, root=TWO_MODULES)
    assert audit.verify(cohort).faults == ()
    if "DELETE" not in statement:
        assert before == drill.scores(cohort)


def flip(file: Path) -> None:
    """One bit in every page but the first."""
    content = bytearray(file.read_bytes())
    for page in range(4096, len(content), 4096):
        content[page] ^= 0x40
    file.write_bytes(content)


def cut(file: Path) -> None:
    """The second half is gone."""
    file.write_bytes(file.read_bytes()[: file.stat().st_size // 2])


@pytest.mark.parametrize("damage", [flip, cut, Path.unlink])
def test_x07_a_damaged_or_lost_file_is_said_and_rebuilt_from_an_export(
    tmp_path: Path, damage: Callable[[Path], None]
) -> None:
    """The damaged file is put aside, not deleted; scores, comments and the chain are as they were."""
    folder = drill.cohort(tmp_path / "autumn", learners=3)
    drill.run(folder)
    form = load_cohort(folder)
    with gradebook.open_gradebook(database_url(folder, form), form.course) as book:
        gradebook.mark_by_hand(book, "l01", "counting", cell="letter", score=3, comment="Kind.")
    audit.export(folder, folder / "saved.jsonl")
    expected, scores = drill.rows(folder), drill.scores(folder)
    damage(folder / "gradebook.db")

    said = CliRunner().invoke(main, ["ledger", "verify", str(folder)])
    assert 1 == said.exit_code
    assert "Traceback" not in said.output
    with pytest.raises(CohortError, match="--from"):
        audit.rebuild(folder, root=TWO_MODULES)

    audit.rebuild(folder, root=TWO_MODULES, source=folder / "saved.jsonl")

    assert audit.verify(folder).faults == ()
    assert (expected, scores) == (drill.rows(folder), drill.scores(folder))
    assert drill.run(folder).marked == []
    assert "Kind." in feedback_path(folder, "l01", "counting").read_text()
    assert damage is Path.unlink or (folder / "gradebook.db.damaged1").is_file()


def test_a_kept_submission_that_was_changed_is_named(tmp_path: Path) -> None:
    """Its row cannot be proved again."""
    folder = drill.cohort(tmp_path / "autumn", learners=2)
    drill.run(folder)
    kept = sorted((folder / "kept").glob("*.ipynb"))
    kept[0].write_bytes(b"something else")

    said = CliRunner().invoke(main, ["ledger", "verify", str(folder)])

    assert 1 == said.exit_code
    assert kept[0].name in said.output
    assert "is missing or was changed" in said.output


OLD = """CREATE TABLE verdict (id {key}, learner VARCHAR(128) NOT NULL, assessment VARCHAR(128) NOT NULL,
version VARCHAR(32) NOT NULL, paper VARCHAR(64) NOT NULL, submission VARCHAR(64) NOT NULL, handed_in {moment},
score {number} NOT NULL, verdict TEXT NOT NULL, recorded {moment} NOT NULL)"""


def test_x13_a_gradebook_of_an_earlier_version_becomes_a_chain_on_opening(cohort: Path) -> None:
    """Its rows stay, in their order and with their numbers, and nothing is marked again."""
    before, scores = drill.rows(cohort), drill.scores(cohort)
    columns = "id, learner, assessment, version, paper, submission, handed_in, score, verdict, recorded"
    server = load_cohort(cohort).gradebook.startswith("postgresql")
    kinds = (
        {"key": "SERIAL PRIMARY KEY", "moment": "TIMESTAMP", "number": "FLOAT"}
        if server
        else {"key": "INTEGER PRIMARY KEY", "moment": "DATETIME", "number": "FLOAT"}
    )
    change(
        cohort,
        "ALTER TABLE verdict RENAME TO later",
        "DROP INDEX pmcampus_verdict_latest",
        *(["ALTER INDEX verdict_pkey RENAME TO later_pkey"] if server else []),
        OLD.format(**kinds),
        f"INSERT INTO verdict ({columns}) SELECT {columns} FROM later",
        "CREATE INDEX ix_verdict_learner ON verdict (learner)",
        "DROP TABLE later",
        "DROP TABLE lease",
        "DROP TABLE standing",
        unguarded=True,
    ) if server else _as_before(cohort, OLD.format(**kinds), columns)
    (cohort / "kept" / "ledger-head.json").unlink()

    assert scores == drill.scores(cohort)
    assert audit.verify(cohort).faults == ()
    assert before == drill.rows(cohort)
    assert [] == drill.run(cohort).marked


def _as_before(folder: Path, table: str, columns: str) -> None:
    database = database_url(folder, load_cohort(folder)).removeprefix("sqlite:///")
    connection = sqlite3.connect(database)
    for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
        connection.execute(f"DROP TRIGGER {name}")
    connection.execute(f"CREATE TABLE old AS SELECT {columns} FROM verdict")
    for name in ("verdict", "lease", "standing"):
        connection.execute(f"DROP TABLE {name}")
    connection.execute(table)
    connection.execute(f"INSERT INTO verdict ({columns}) SELECT {columns} FROM old")
    connection.execute("DROP TABLE old")
    connection.execute("CREATE INDEX ix_verdict_learner ON verdict (learner)")
    connection.commit()
    connection.close()


def test_x13_a_gradebook_of_a_later_version_is_refused_in_a_sentence(cohort: Path) -> None:
    """And stays as it is; feedback pages that were written open without any program."""
    change(cohort, "ALTER TABLE verdict ADD COLUMN flavour TEXT")

    with pytest.raises(CohortError, match="differs in flavour"):
        drill.run(cohort)

    assert feedback_path(cohort, "l00", "counting").read_text().startswith("<!")


def test_x15_everything_comes_back_on_an_empty_machine(tmp_path: Path) -> None:
    """From the cohort's folder without its database, and an export: same report, same export.

    Receipts of submissions belong to the hub, and are drilled there.
    """
    here = drill.cohort(tmp_path / "here", learners=3)
    drill.run(here)
    form = load_cohort(here)
    with gradebook.open_gradebook(database_url(here, form), form.course) as book:
        gradebook.mark_by_hand(book, "l02", "counting", cell="letter", score=4, comment="Clear.")
    drill.run(here, again=True)
    audit.export(here, tmp_path / "saved.jsonl")
    there = tmp_path / "there"
    shutil.copytree(here, there, ignore=shutil.ignore_patterns("gradebook.db", ".*"))

    audit.rebuild(there, root=TWO_MODULES, source=tmp_path / "saved.jsonl")
    drill.run(there)
    audit.export(there, tmp_path / "again.jsonl")

    assert audit.verify(there).faults == ()
    assert drill.scores(here) == drill.scores(there)
    assert (tmp_path / "saved.jsonl").read_bytes() == (tmp_path / "again.jsonl").read_bytes()
    for learner in ("l00", "l01", "l02"):
        pages = [feedback_path(place, learner, "counting").read_bytes() for place in (here, there)]
        assert pages[0] == pages[1]
