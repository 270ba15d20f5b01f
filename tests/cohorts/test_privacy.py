"""Research, access and erasure: what leaves names nobody, what is erased is gone."""

import csv
import io
import json
import shutil
import zipfile
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from click.testing import CliRunner
from sqlalchemy import create_engine, text

from pmcampus import gradebook, ledger
from pmcampus.accesslog import open_log
from pmcampus.appeals import raise_appeal
from pmcampus.audit import export, rebuild, verify
from pmcampus.cli import main
from pmcampus.cohortdir import database_url, load_cohort, load_roster
from pmcampus.cohorts.erasure import erase, still_naming
from pmcampus.cohorts.granting import grant
from pmcampus.cohorts.handin import open_desk, take_in
from pmcampus.cohorts.research import research
from pmcampus.cohorts.subject import subject_access
from pmcampus.errors import CohortError
from pmcampus.ledger import Decision, breaks
from pmcampus.model.dashboard import Appeal, Look
from tests.conftest import TWO_MODULES
from tests.faults import drill

NOW = datetime(2026, 11, 25, 12, tzinfo=UTC)


def marked(folder: Path, *, learners: int, database: str = "sqlite:///gradebook.db") -> Path:
    """A cohort marked once; l01 was marked again after another hand-in, has a comment and an extension."""
    drill.cohort(folder, learners=learners, database=database)
    drill.run(folder)
    desk = open_desk(folder, "counting", root=TWO_MODULES)
    take_in(desk, "l01", b"second work of l01", at=NOW, received=NOW)
    drill.run(folder)
    grant(folder, "l01", "counting", root=TWO_MODULES, attempts=3, because="was in hospital", now=NOW)
    cohort = load_cohort(folder)
    with gradebook.open_gradebook(database_url(folder, cohort), cohort.course) as book:
        gradebook.mark_by_hand(book, "l01", "counting", cell="letter", score=3, comment="Kind words.")
    (folder / "to-enrol.csv").unlink()
    return folder


@pytest.fixture(scope="module")
def made_once(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Six learners, marked."""
    return marked(tmp_path_factory.mktemp("cohort") / "autumn", learners=6)


@pytest.fixture
def folder(made_once: Path, tmp_path: Path) -> Path:
    """The same, to change."""
    return Path(shutil.copytree(made_once, tmp_path / "autumn"))


def files(content: bytes) -> dict[str, bytes]:
    """The files of an archive."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def test_erasing_a_learner_leaves_a_ledger_that_verifies(tmp_path: Path, database: str) -> None:
    """In both databases: rows of others are untouched, and the audit says how many were erased."""
    folder = marked(tmp_path / "autumn", learners=3, database=database)
    before = [row for row in drill.rows(folder) if row[0] != "l01"]
    others = drill.scores(folder)

    done = erase(folder, "l01", root=TWO_MODULES, now=NOW)

    found = verify(folder)
    assert (2, (), 2) == (done.rows, found.faults, found.erased)
    assert before == [row for row in drill.rows(folder) if not row[0].startswith("~")]
    assert {learner: row for learner, row in others.items() if learner != "l01"} == drill.scores(folder)
    drill.run(folder)
    assert () == verify(folder).faults


def test_nothing_in_the_folder_names_an_erased_learner(folder: Path) -> None:
    """Neither files nor the database's free pages hold id, texts or submissions of theirs."""
    assert len(still_naming(folder, "l01")) > 5

    done = erase(folder, "l01", root=TWO_MODULES, now=NOW)

    assert [] == done.left == still_naming(folder, "l01")
    content = b"".join(path.read_bytes() for path in folder.rglob("*") if path.is_file())
    assert b"l01" not in (folder / "gradebook.db").read_bytes()
    for trace in (b"I am l01", b"second work", b"Kind words", b"in hospital"):
        assert trace not in content, trace
    assert ["l00", "l02", "l03", "l04", "l05"] == [
        one.id for one in load_roster(folder, load_cohort(folder), roles=frozenset({"clinician"}))
    ]


def test_a_file_that_still_names_the_learner_is_listed(folder: Path) -> None:
    """Such as a report that was written before."""
    (folder / "notes.txt").write_text("talk with l01 on Monday")
    (folder / "payer--l01.json").write_text("{}")
    (folder / "l012.txt").write_text("somebody else, l012")

    assert ["notes.txt", "payer--l01.json"] == erase(folder, "l01", root=TWO_MODULES, now=NOW).left


def test_erasing_twice_is_refused_and_changes_nothing(folder: Path) -> None:
    """Nobody of this id is here any more."""
    erase(folder, "l01", root=TWO_MODULES, now=NOW)
    before = drill.rows(folder)

    with pytest.raises(CohortError, match="'l01' is not in"):
        erase(folder, "l01", root=TWO_MODULES, now=NOW)

    assert before == drill.rows(folder)


def test_a_row_that_was_emptied_without_a_record_breaks_the_chain(folder: Path) -> None:
    """Who empties a row by hand cannot call it an erasure, nor can a row be half emptied."""
    erase(folder, "l01", root=TWO_MODULES, now=NOW)
    cohort = load_cohort(folder)
    with gradebook.open_gradebook(database_url(folder, cohort), cohort.course) as book:
        rows = list(gradebook.all_rows(book))
    assert [] == list(breaks(rows))
    tombstone = next(row for row in rows if row.decision == Decision.ERASED)
    live = next(row for row in rows if row.learner == "l02")
    emptied = [ledger.tombstone(row) if row is live else row for row in rows]
    refilled = [replace(row, score=4.0) if row is tombstone else row for row in rows]
    unrecorded = [row for row in rows if row.decision != Decision.ERASURE]
    assert [live.id] == [fault.row for fault in breaks(emptied)]
    assert "emptied, and no later row" in next(breaks(emptied)).fact
    assert [tombstone.id] == [fault.row for fault in breaks(refilled)][:1]
    assert tombstone.id in [fault.row for fault in breaks(unrecorded)]


def test_an_erased_ledger_can_be_exported_and_rebuilt_from(folder: Path, tmp_path: Path) -> None:
    """The others get their scores back; the erased learner does not come back."""
    erase(folder, "l01", root=TWO_MODULES, now=NOW)
    scores = drill.scores(folder)
    export(folder, tmp_path / "ledger.jsonl")
    (folder / "gradebook.db").unlink()

    rebuild(folder, root=TWO_MODULES, source=tmp_path / "ledger.jsonl")

    assert scores == drill.scores(folder)
    assert () == verify(folder).faults
    engine = create_engine(database_url(folder, load_cohort(folder)))
    with engine.connect() as connection:
        students = set(connection.execute(text("SELECT id FROM student")).scalars())
    engine.dispose()
    assert {"l00", "l02", "l03", "l04", "l05"} == students


def test_access_tells_when_somebody_looked_and_not_who(folder: Path, tmp_path: Path) -> None:
    """Each line about the learner, of all months, without the pseudonym of whoever looked."""
    log = open_log(folder)
    for month, learner in ((9, "l01"), (10, "l01"), (10, "l02")):
        at = datetime(2026, month, 1, tzinfo=UTC)
        own = log.pseudonym("learner", learner)
        log.add(Look(at=at, who="teacher", did="saw", what="a learner's page", learner=own))

    subject_access(folder, "l01", tmp_path / "l01.zip", root=TWO_MODULES, now=NOW)

    with zipfile.ZipFile(tmp_path / "l01.zip") as archive:
        told = json.loads(archive.read("access_log.json"))
    assert [line["at"][:7] for line in told] == ["2026-09", "2026-10"]
    assert "teacher" not in str(told) and own not in str(told)


def test_old_months_of_the_access_log_are_deleted_by_a_command(folder: Path) -> None:
    """Without a log nothing is made; with one, what is older than the cohort's time goes, once."""
    command = ["privacy", "prune", str(folder)]
    assert "There is no access log" in CliRunner().invoke(main, command).output
    assert not (folder / "dashboard").exists()
    log = open_log(folder)
    log.add(Look(at=datetime(2020, 1, 1, tzinfo=UTC), who="w", did="saw", what="it"))

    assert CliRunner().invoke(main, command).output == "Deleted: 1 month of the access log, up to 2020-01.\n"
    assert CliRunner().invoke(main, command).output == "Nothing in the access log is older than 12 months.\n"


def test_the_command_wants_the_id_twice(folder: Path) -> None:
    """A slip of the hand erases nobody."""
    arguments = ["privacy", "erase", str(folder), "l01", "--confirm", "l00", "--root", str(TWO_MODULES)]

    assert 2 == CliRunner().invoke(main, arguments).exit_code
    assert "l01" in drill.scores(folder)


def test_what_is_held_about_a_learner_is_all_in_one_archive(folder: Path, tmp_path: Path) -> None:
    """Roster line, grants, verdicts, marks, files and every submission; nothing of anybody else."""
    (folder / "notes.txt").write_text("talk with l01 on Monday")
    shelf = folder / "cases" / "dpyd"
    (shelf / "team-1" / "sealed").mkdir(parents=True)
    (shelf / "team-1" / "sealed" / "payer--l01.json").write_bytes(b"my commitment")
    (shelf / "log.jsonl").write_text('{"who": "l01", "verb": "sealed"}\n{"who": "l02", "verb": "rated"}\n')
    reason = "Please look again."
    asked = Appeal(
        id="0" * 16, learner="l01", assessment="counting", reason=reason, raised=NOW, raised_by="x"
    )
    raise_appeal(folder, asked)
    out = tmp_path / "l01.zip"

    subject_access(folder, "l01", out, root=TWO_MODULES, now=NOW)

    found = files(out.read_bytes())
    assert {"about.json", "learner.json", "files/feedback/l01/counting/counting.html"} <= found.keys()
    assert "Somebody Made-Up" == json.loads(found["learner.json"])["name"]
    assert "was in hospital" == json.loads(found["allowances.json"])[0]["because"]
    assert 2 == len(json.loads(found["ledger.json"]))
    assert "Kind words." in found["marked_by_people.json"].decode()
    assert 2 == sum(name.startswith("kept/") for name in found)
    assert b"my commitment" == found["files/cases/dpyd/team-1/sealed/payer--l01.json"]
    assert ["sealed"] == [line["verb"] for line in json.loads(found["team_cases.json"])]
    assert "Please look again." == json.loads(found["appeals.json"])[0]["appeal"]["reason"]
    assert "notes.txt" in json.loads(found["elsewhere.json"])
    assert not any(other in b"".join(found.values()) for other in (b"I am l00", b"I am l02"))
    assert 0 == out.stat().st_mode & 0o077


def test_research_data_name_nobody_and_say_until_when(folder: Path, tmp_path: Path) -> None:
    """Pseudonyms of this purpose alone; no name, id, team, text or exact moment."""

    def made(purpose: str) -> dict[str, bytes]:
        research(
            folder,
            tmp_path / "r.zip",
            purpose=purpose,
            keep_until=date(2030, 1, 1),
            root=TWO_MODULES,
            now=NOW,
        )
        return files((tmp_path / "r.zip").read_bytes())

    first, second, again = made("study A"), made("study B"), made("study A")

    assert ("2030-01-01", "study A") == (
        json.loads(first["about.json"])["keep_until"],
        json.loads(first["about.json"])["purpose"],
    )
    assert first == again
    content = b"".join(first.values())
    for trace in (b"l01", b"Somebody", b"Heron", b"Kind words", b"09:00", b"hospital"):
        assert trace not in content, trace
    pseudonyms = [
        {row["learner"] for row in csv.DictReader(io.StringIO(x["results.csv"].decode()))}
        for x in (first, second)
    ]
    assert 6 == len(pseudonyms[0]) == len(pseudonyms[1])
    assert not pseudonyms[0] & pseudonyms[1]
    counts = list(csv.DictReader(io.StringIO(first["counts.csv"].decode())))
    assert not {"1", "2", "3", "4"} & {value for row in counts for value in row.values()}


@pytest.mark.parametrize(
    ("learners", "said", "sentence"),
    [
        (4, {}, "4 learners are too few"),
        (5, {"keep_until": date(2026, 11, 25)}, "has passed"),
        (5, {"purpose": " "}, "say what the data are for"),
    ],
)
def test_research_without_its_conditions_is_refused(
    tmp_path: Path, learners: int, said: dict[str, object], sentence: str
) -> None:
    """And nothing is written."""
    folder = drill.cohort(tmp_path / "autumn", learners=learners)
    plain: dict[str, object] = {"purpose": "study", "keep_until": date(2030, 1, 1)}

    with pytest.raises(CohortError, match=sentence):
        research(folder, tmp_path / "r.zip", root=TWO_MODULES, now=NOW, **(plain | said))  # type: ignore[arg-type]

    assert not (tmp_path / "r.zip").exists()
