"""Handing in: attempts, receipts and moments; the same bytes twice change nothing."""

import json
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from pmcampus.cohort import enrol, new
from pmcampus.cohortdir import read_timestamp
from pmcampus.cohorts.granting import grant
from pmcampus.cohorts.handin import Desk, hand_in, open_desk, take_in
from pmcampus.coursedir import submitted_path
from pmcampus.errors import CohortError
from pmcampus.kept import is_whole
from pmcampus.receipts import verify
from pmcampus.receive import fingerprint
from pmcampus.signingkey import signing_key
from pmcampus.terms import Terms
from tests.conftest import TWO_MODULES

AT = datetime(2026, 10, 20, 9, 30, tzinfo=UTC)
HOUR = timedelta(hours=1)


@pytest.fixture
def cohort(tmp_path: Path) -> Path:
    """A cohort with two learners."""
    folder = tmp_path / "autumn"
    new(folder, root=TWO_MODULES, pathway="clinician", starts=date(2026, 10, 5))
    (tmp_path / "roster.csv").write_text("learner,name,role,team\nada,A,clinician,H\nben,B,clinician,H\n")
    enrol(folder, tmp_path / "roster.csv", root=TWO_MODULES)
    return folder


def desk(folder: Path) -> Desk:
    """Where `counting`, with its two attempts, is handed in."""
    return open_desk(folder, "counting", root=TWO_MODULES)


def files(folder: Path) -> dict[str, bytes]:
    """Everything that was handed in and given back, with its content."""
    found = [p for shelf in ("submitted", "receipts", "kept") for p in (folder / shelf).rglob("*")]
    return {p.relative_to(folder).as_posix(): p.read_bytes() for p in found if p.is_file()}


def test_each_hand_in_gives_a_receipt_that_holds_without_the_cohort(cohort: Path) -> None:
    """It names attempt, version, digest and both moments."""
    taken = take_in(desk(cohort), "ada", b"work", at=AT, received=AT + HOUR)

    public = signing_key(cohort).public_key()
    found = verify(taken.receipt_file.read_bytes(), b"work", public)
    assert ("ada", "counting", "1.0.0", 1) == (found.learner, found.assessment, found.version, found.attempt)
    assert ("2026-10-20T10:30:00Z", "2026-10-20T09:30:00Z") == (found.received, found.handed_in)
    assert taken.receipt_file == cohort / "receipts" / "ada" / "counting" / "1.json"


def test_the_same_bytes_again_change_nothing(cohort: Path) -> None:
    """Neither the moment nor the number of attempts; the first receipt comes back."""
    first = take_in(desk(cohort), "ada", b"work", at=AT, received=AT)
    before = files(cohort)

    again = take_in(desk(cohort), "ada", b"work", at=AT + HOUR, received=AT + HOUR)

    assert again == replace(first, is_new=False)
    assert before == files(cohort)


def test_a_later_attempt_takes_the_place_and_the_earlier_bytes_stay_kept(cohort: Path) -> None:
    """Both have receipts."""
    take_in(desk(cohort), "ada", b"one", at=AT, received=AT)
    second = take_in(desk(cohort), "ada", b"two", at=AT + HOUR, received=AT + HOUR)

    assert (2, b"two") == (second.receipt.attempt, second.place.read_bytes())
    assert is_whole(cohort, fingerprint(b"one"))
    assert is_whole(cohort, fingerprint(b"two"))


def test_an_attempt_too_many_is_refused_until_it_is_granted(cohort: Path) -> None:
    """The sentence says how; nothing is taken in before."""
    for number in (1, 2):
        take_in(desk(cohort), "ada", b"%d" % number, at=AT + number * HOUR, received=AT + 5 * HOUR)
    before = files(cohort)

    with pytest.raises(CohortError, match=r"2 times, as often as is allowed.*--attempts 3 --because"):
        take_in(desk(cohort), "ada", b"3", at=AT + 3 * HOUR, received=AT + 5 * HOUR)
    assert before == files(cohort)

    grant(cohort, "ada", "counting", root=TWO_MODULES, attempts=3, because="power cut", now=AT)
    assert take_in(desk(cohort), "ada", b"3", at=AT + 3 * HOUR, received=AT + 5 * HOUR).receipt.attempt == 3
    with pytest.raises(CohortError, match="3 times"):
        take_in(desk(cohort), "ada", b"4", at=AT + 4 * HOUR, received=AT + 5 * HOUR)


def test_a_file_that_another_program_put_there_counts_as_an_attempt(cohort: Path) -> None:
    """Though it has no receipt."""
    place = submitted_path(cohort, "ada", "counting")
    place.parent.mkdir(parents=True)
    place.write_bytes(b"by nbgrader")

    assert take_in(desk(cohort), "ada", b"work", at=AT, received=AT).receipt.attempt == 2


def test_what_was_handed_in_earlier_does_not_take_the_place_of_what_came_later(cohort: Path) -> None:
    """A clock that goes wrong, or an old archive, overwrites nothing."""
    take_in(desk(cohort), "ada", b"new", at=AT, received=AT)
    before = files(cohort)

    with pytest.raises(CohortError, match="the later one stays"):
        take_in(desk(cohort), "ada", b"old", at=AT - HOUR, received=AT + HOUR)

    assert before == files(cohort)


def test_an_unknown_moment_is_not_invented(cohort: Path) -> None:
    """No moment of an earlier attempt stands beside it."""
    take_in(desk(cohort), "ada", b"one", at=AT, received=AT)
    taken = take_in(desk(cohort), "ada", b"two", at=None, received=AT + HOUR)

    assert read_timestamp(taken.place.parent / "timestamp.txt") is None
    assert taken.receipt.handed_in == ""


def test_a_crash_between_receipt_and_file_is_mended_by_handing_in_again(cohort: Path) -> None:
    """The receipt stays the same, and the notebook is there."""
    first = take_in(desk(cohort), "ada", b"one", at=AT, received=AT)
    second = take_in(desk(cohort), "ada", b"two", at=AT + HOUR, received=AT + HOUR)
    first.place.write_bytes(b"one")

    again = take_in(desk(cohort), "ada", b"two", at=AT + 2 * HOUR, received=AT + 2 * HOUR)

    assert again.receipt == second.receipt
    assert (b"two", AT + HOUR) == (
        again.place.read_bytes(),
        read_timestamp(again.place.parent / "timestamp.txt"),
    )


def test_a_receipt_that_was_changed_stops_the_next_attempt(cohort: Path) -> None:
    """Attempts are counted from receipts, so they must be genuine."""
    taken = take_in(desk(cohort), "ada", b"one", at=AT, received=AT)
    stored = json.loads(taken.receipt_file.read_bytes())
    taken.receipt_file.write_text(json.dumps(stored | {"attempt": 0}))

    with pytest.raises(CohortError, match="the signature does not fit"):
        take_in(desk(cohort), "ada", b"two", at=AT, received=AT)


def test_a_receipt_that_is_gone_does_not_cost_the_next_one(cohort: Path) -> None:
    """A later attempt is no second one: its receipt would be written over the learner's second."""
    take_in(desk(cohort), "ada", b"first", at=AT, received=AT)
    second = take_in(desk(cohort), "ada", b"second", at=AT + HOUR, received=AT + HOUR)
    before = second.receipt_file.read_bytes()
    (second.receipt_file.parent / "1.json").unlink()

    with pytest.raises(CohortError, match="2 times, as often as is allowed"):
        take_in(desk(cohort), "ada", b"third", at=AT + 2 * HOUR, received=AT + 2 * HOUR)

    assert before == second.receipt_file.read_bytes()


def test_the_key_is_for_its_owner_only_and_stays(cohort: Path) -> None:
    """A key that is no key is refused, not replaced."""
    path = cohort / "receipts.key"
    before = path.read_bytes()

    assert path.stat().st_mode & 0o077 == 0
    signing_key(cohort)
    assert path.read_bytes() == before
    path.write_bytes(b"spoilt")
    with pytest.raises(CohortError, match="put the file back from a backup"):
        signing_key(cohort)


def test_grants_are_checked_before_they_are_written(cohort: Path) -> None:
    """Nobody unknown, no moment without a zone, no reason left out."""
    for said, sentence in [
        ({"learner": "eve"}, "'eve' is not on the roster"),
        ({"assessment": "poetry"}, "'poetry' is not an assessment"),
        ({"until": "2026-12-20T17:00"}, "no moment with its zone"),
        ({"until": "2026-10-06T17:00Z"}, "before the due moment of everybody"),
        ({"because": " "}, "the reason is empty"),
    ]:
        asked: dict[str, str] = {"learner": "ada", "assessment": "counting", "because": "ill"} | said
        learner, assessment = asked.pop("learner"), asked.pop("assessment")
        with pytest.raises(CohortError, match=sentence):
            grant(cohort, learner, assessment, root=TWO_MODULES, now=AT, **asked)  # type: ignore[arg-type]

    assert not (cohort / "allowances.csv").exists()


def test_a_grant_gives_the_terms_that_hold_now(cohort: Path) -> None:
    """Extension, attempts and excuse together."""
    found = grant(
        cohort,
        "ada",
        "counting",
        root=TWO_MODULES,
        until="2027-01-10T12:00+01:00",
        excused=True,
        attempts=4,
        because="=ill, for a week",
        now=AT,
    )

    due = datetime(2027, 1, 10, 11, tzinfo=UTC)
    assert found == Terms(due, due, 4, True, found.late, True)
    assert "'=ill" in (cohort / "allowances.csv").read_text()


def test_handing_in_by_name_needs_the_assessments_name(cohort: Path, tmp_path: Path) -> None:
    """As the notebook of `pmcampus start` has it."""
    file = tmp_path / "counting.ipynb"
    file.write_bytes(b"{}")

    assert hand_in(cohort, "ben", file, root=TWO_MODULES, at=AT).read_bytes() == b"{}"
