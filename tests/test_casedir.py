"""A case's folder in a cohort: durable, locked, and outside the repository."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from pmcampus import casedir
from pmcampus.cohort import new
from pmcampus.errors import CohortError
from pmcampus.model.team import Event, Scores
from tests.conftest import TWO_MODULES

NOW = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)


@pytest.fixture
def cohort(tmp_path: Path) -> Path:
    """An empty cohort."""
    new(tmp_path / "cohort", root=TWO_MODULES, pathway="clinician", starts=NOW.date())
    return tmp_path / "cohort"


def event(who: str) -> Event:
    """Something that happened."""
    return Event(at=NOW, who=who, verb="sealed", outcome="done")


def test_without_a_cohort_there_is_no_room(tmp_path: Path) -> None:
    """The message says how to make one."""
    with pytest.raises(CohortError, match="pmcampus cohort new"), casedir.room(tmp_path, "a-case"):
        pass


def test_the_log_grows_and_a_torn_last_line_is_taken_away(cohort: Path) -> None:
    """After a crash in the middle of a line the next event follows the last whole one."""
    with casedir.room(cohort, "a-case") as here:
        casedir.note(here, event("ada"))
        with here.log.open("a") as file:
            file.write('{"digest": "half a li')
        casedir.note(here, event("ben"))

        assert ["ada", "ben"] == [one.who for one in casedir.events(here)]
        assert 0o600 == here.log.stat().st_mode & 0o777


def test_a_pass_opens_for_its_learner_until_another_is_made(cohort: Path) -> None:
    """A guess, an empty word and the pass of a mate do not fit."""
    with casedir.room(cohort, "a-case") as here:
        first, mates = casedir.give_pass(here, "ada"), casedir.give_pass(here, "ben")
        assert casedir.fits_pass(here, "ada", first)
        assert not any(casedir.fits_pass(here, "ada", word) for word in ("", "guess", mates))
        second = casedir.give_pass(here, "ada")

        assert casedir.fits_pass(here, "ada", second) and not casedir.fits_pass(here, "ada", first)


@pytest.mark.parametrize("text", ["a: [", "!!python/object:os.system {}", "x" * 200_000])
def test_a_form_that_cannot_be_read_is_refused(text: str, tmp_path: Path) -> None:
    """Broken, dangerous or far too large."""
    path = tmp_path / "form.yaml"
    path.write_text(text, "utf-8")
    with pytest.raises(CohortError, match=r"form\.yaml"):
        casedir.model_of(path, Scores)


def test_no_temporary_file_is_left(cohort: Path) -> None:
    """Written under another name, and renamed."""
    with casedir.room(cohort, "a-case") as here:
        casedir.write_json(here.sealed("team-1", "payer", "ada"), {"role": "payer"})

        assert ["payer--ada.json"] == [p.name for p in here.team("team-1").rglob("*") if p.is_file()]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('{"value": NaN}', "no finite number"),
        ("value: .inf", "no finite number"),
        ("value: 2026-11-24", "no finite number"),
        ('{"reason": "\\ud800"}', "half a sign"),
        ("a: &a [1]\nb: *a", "no aliases"),
        ('{"a": 1, "a": 2}', "'a' stands twice"),
        ("a: 1\na: 2", "'a' stands twice"),
    ],
)
def test_a_form_has_one_text_only(text: str, said: str, tmp_path: Path) -> None:
    """What cannot be sealed, may be read in two ways, or grows when it is read is refused in a sentence."""
    path = tmp_path / "form.json"
    path.write_text(text, "utf-8")
    with pytest.raises(CohortError, match=said):
        casedir.read_form(path)


def test_a_sign_that_json_writes_in_two_halves_is_one(tmp_path: Path) -> None:
    """Python's json writes an emoji so when it is told nothing else."""
    path = tmp_path / "form.json"
    path.write_text('{"reason": "\\ud83d\\ude00"}', "utf-8")

    assert {"reason": "\U0001f600"} == casedir.read_form(path)


def test_a_form_keeps_the_order_in_which_it_was_written(tmp_path: Path) -> None:
    """A page shows the record as the team wrote it."""
    path = tmp_path / "form.yaml"
    path.write_text("decision: go\nconditions: []\nannex: none", "utf-8")

    assert ["decision", "conditions", "annex"] == list(casedir.read_form(path))
