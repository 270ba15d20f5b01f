"""`pmcampus progress --show`: every view as text, CSV and JSON, and wrong use in a sentence."""

import csv
import io
import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from pmcampus.cli import main
from pmcampus.cli.progress import SHOWN
from pmcampus.paper import Paper
from tests.conftest import TWO_MODULES
from tests.test_tracking import build

MORE = {
    "gain": ["--then", "counting"],
    "team": ["--team", "Heron"],
    "learner": ["--learner", "ada"],
}


@pytest.fixture(scope="module")
def cohort(tmp_path_factory: pytest.TempPathFactory, paper: Paper) -> Path:
    """The cohort of eight, to look at."""
    place = tmp_path_factory.mktemp("look")
    return build(place, f"sqlite:///{place / 'gradebook.db'}", TWO_MODULES, paper)


def ask(cohort: Path, *words: str) -> Result:
    """The command, as typed."""
    return CliRunner().invoke(main, ["progress", str(cohort), *words, "--root", str(TWO_MODULES)])


@pytest.mark.parametrize("show", [name for name in SHOWN if name != "markers"])
def test_every_view_is_text_csv_and_json(cohort: Path, show: str) -> None:
    """Exit code 0, JSON that parses, and CSV whose tables have rows of one length."""
    words = ["--show", show, *MORE.get(show, [])]

    assert ask(cohort, *words).exit_code == 0
    assert json.loads(ask(cohort, *words, "--as", "json").stdout)["value"] is not None
    for table in ask(cohort, *words, "--as", "csv").stdout.split("\n\n"):
        widths = {len(row) for row in csv.reader(io.StringIO(table)) if len(row) > 1}
        assert len(widths) <= 1


def test_without_show_it_is_what_it_was(cohort: Path) -> None:
    """One assessment, learner by learner."""
    found = ask(cohort)

    assert found.exit_code == 0
    assert "6 of 8 handed in, 3 passed" in found.stdout


def test_it_is_written_where_it_is_asked_to(cohort: Path, tmp_path: Path) -> None:
    """--out names the file, in one piece."""
    target = tmp_path / "overview.json"

    assert ask(cohort, "--show", "overview", "--as", "json", "--out", str(target)).exit_code == 0
    assert json.loads(target.read_text("utf-8"))["page"] == "Overview"


@pytest.mark.parametrize(
    ("words", "code", "sentence"),
    [
        (["--show", "gain"], 2, "needs --then"),
        (["--show", "team"], 2, "needs --team"),
        (["--show", "overview", "--as", "html"], 2, "text, csv or json"),
        (["--outside"], 2, "--outside needs --show"),
        (["--show", "learner", "--learner", "nobody"], 1, "nobody with the id 'nobody' is enrolled"),
        (["--show", "learner", "--learner", "x" * 10_000], 1, "is enrolled"),
        (["--show", "matrix", "--page", "9"], 1, "there is no page 9"),
        (["--show", "matrix", "--outside"], 1, "cannot leave the team"),
        (["--show", "markers", "--case", "../../etc"], 1, "is no team case"),
        (["unknown", "--show", "items"], 1, "is not an assessment of this cohort"),
        (["counting", "--show", "rows", "--item", "no-cell"], 1, "is no graded cell"),
    ],
)
def test_wrong_use_is_said_in_a_sentence(cohort: Path, words: list[str], code: int, sentence: str) -> None:
    """No traceback, and what to do."""
    found = ask(cohort, *words)

    assert found.exit_code == code
    assert sentence in found.stderr
    assert len(found.stderr) < 600
    assert "Traceback" not in found.stderr
