"""H38: somebody else's receipt, a clock that is wrong, the same work twice. Refused, or nothing changes."""

import json
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner

from pmcampus.cli import main
from pmcampus.cohort import enrol, new
from pmcampus.cohorts.handin import open_desk, take_in
from pmcampus.errors import CohortError
from pmcampus.receipts import public_text, verify
from pmcampus.signingkey import signing_key
from tests.conftest import TWO_MODULES

NOW = datetime(2026, 10, 20, 9, tzinfo=UTC)
YEARS = timedelta(days=3650)


@pytest.fixture
def handed_in(tmp_path: Path) -> Path:
    """A cohort in which ada has handed in and ben has not."""
    folder = tmp_path / "autumn"
    new(folder, root=TWO_MODULES, pathway="clinician", starts=date(2026, 10, 5))
    (tmp_path / "roster.csv").write_text("learner,name,role,team\nada,A,clinician,H\nben,B,clinician,H\n")
    enrol(folder, tmp_path / "roster.csv", root=TWO_MODULES)
    take_in(open_desk(folder, "counting", root=TWO_MODULES), "ada", b"ada's work", at=NOW, received=NOW)
    return folder


def files(folder: Path) -> dict[str, bytes]:
    """Every file of the cohort, but for locks."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file() and not path.name.startswith(".")
    }


def test_another_learners_receipt_proves_nothing_for_me(handed_in: Path, tmp_path: Path) -> None:
    """Neither for other work, nor, copied with the work, for another name."""
    receipt = handed_in / "receipts" / "ada" / "counting" / "1.json"
    public = signing_key(handed_in).public_key()
    key, notebook = tmp_path / "key.pem", tmp_path / "work.ipynb"
    key.write_text(public_text(public))
    notebook.write_bytes(b"ada's work")

    with pytest.raises(CohortError, match="is about another file"):
        verify(receipt.read_bytes(), b"ben's work", public)
    arguments = ["receipt", "verify", str(receipt), str(notebook), "--key", str(key), "--learner"]
    mine, theirs = (CliRunner().invoke(main, [*arguments, learner]) for learner in ("ada", "ben"))
    assert (0, 1) == (mine.exit_code, theirs.exit_code)
    assert "It is not a receipt of ben." in theirs.output


def test_a_receipt_with_my_name_written_over_is_refused(handed_in: Path) -> None:
    """Here and by the cohort, which counts attempts from receipts."""
    receipt = handed_in / "receipts" / "ada" / "counting" / "1.json"
    stored = json.loads(receipt.read_bytes()) | {"learner": "ben"}
    forged = json.dumps(stored, sort_keys=True, separators=(",", ":")).encode() + b"\n"
    place = handed_in / "receipts" / "ben" / "counting" / "1.json"
    place.parent.mkdir(parents=True)
    place.write_bytes(forged)
    desk = open_desk(handed_in, "counting", root=TWO_MODULES)

    with pytest.raises(CohortError, match="the signature does not fit"):
        verify(forged, b"ada's work", desk.key.public_key())
    with pytest.raises(CohortError, match="the signature does not fit"):
        take_in(desk, "ben", b"ben's work", at=NOW, received=NOW)


def test_another_learners_receipt_in_my_place_is_refused(handed_in: Path) -> None:
    """A genuine one does not count for who it does not name."""
    receipt = handed_in / "receipts" / "ada" / "counting" / "1.json"
    place = handed_in / "receipts" / "ben" / "counting" / "1.json"
    place.parent.mkdir(parents=True)
    place.write_bytes(receipt.read_bytes())

    with pytest.raises(CohortError, match="is a receipt of somebody else"):
        take_in(open_desk(handed_in, "counting", root=TWO_MODULES), "ben", b"x", at=NOW, received=NOW)


@pytest.mark.parametrize("at", [NOW - YEARS, NOW - timedelta(seconds=1)])
def test_a_clock_behind_overwrites_nothing(handed_in: Path, at: datetime) -> None:
    """What came later stays, with its moment."""
    before = files(handed_in)

    with pytest.raises(CohortError, match="the later one stays"):
        take_in(open_desk(handed_in, "counting", root=TWO_MODULES), "ada", b"old", at=at, received=NOW)

    assert before == files(handed_in)


def test_a_clock_ahead_is_refused(handed_in: Path) -> None:
    """Work from the future would lock out every later attempt."""
    before = files(handed_in)

    with pytest.raises(CohortError, match="lies in the future"):
        take_in(open_desk(handed_in, "counting", root=TWO_MODULES), "ada", b"x", at=NOW + YEARS, received=NOW)

    assert before == files(handed_in)


def test_the_same_work_twice_is_one_attempt(handed_in: Path) -> None:
    """Whatever the second one's clock says, and however often."""
    before = files(handed_in)
    for at in (NOW, NOW - YEARS, NOW + YEARS):
        again = take_in(
            open_desk(handed_in, "counting", root=TWO_MODULES), "ada", b"ada's work", at=at, received=NOW
        )
        assert (False, 1) == (again.is_new, again.receipt.attempt)

    assert before == files(handed_in)
