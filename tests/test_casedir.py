"""A case's folder in a cohort: durable, locked, and outside the repository."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from pmcampus import casedir
from pmcampus.cohort import new
from pmcampus.errors import CohortError
from pmcampus.model.team import Event
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


def test_no_temporary_file_is_left(cohort: Path) -> None:
    """Written under another name, and renamed."""
    with casedir.room(cohort, "a-case") as here:
        casedir.write_json(here.sealed("team-1", "payer", "ada"), {"role": "payer"})

        assert ["payer--ada.json"] == [p.name for p in here.team("team-1").rglob("*") if p.is_file()]


@pytest.mark.parametrize("line", [b"[]\n", b"7\n", b"\xff\xfe\n", b"[" * 9000 + b"\n"])
def test_a_line_that_nobody_wrote_is_named(line: bytes, cohort: Path) -> None:
    """Whatever stands in the log, the answer is one sentence with the line."""
    with casedir.room(cohort, "a-case") as here:
        casedir.note(here, event("ada"))
        with here.log.open("ab") as file:
            file.write(line)
        with pytest.raises(CohortError, match=r"log\.jsonl:2: this line of the log was changed"):
            casedir.events(here)


def test_a_case_has_no_path_for_a_name(cohort: Path) -> None:
    """Its folder lies inside the cohort."""
    with pytest.raises(CohortError, match="only small letters"), casedir.room(cohort, "../../out"):
        pass

    assert not (cohort.parent / "out").exists()
