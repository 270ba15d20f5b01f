"""The gradebook: one submission is one transaction; verdicts are only ever added."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from nbgrader.api import Gradebook
from sqlalchemy import event, func, select

from pmcampus import gradebook
from pmcampus.coursedir import save_cells
from pmcampus.errors import CohortError
from pmcampus.gradebook.tables import VERDICT
from pmcampus.model.cohort import Learner
from pmcampus.model.verdict import ItemVerdict, Mark, Verdict
from pmcampus.paper import Paper

AT = datetime(2026, 10, 20, 9, 30, tzinfo=UTC)
LEARNERS = [
    Learner("ada", "Ada Made-Up", "clinician", "Heron"),
    Learner("ben", "Ben Invented", "clinician", "Otter"),
]


@pytest.fixture
def book(database: str, paper: Paper) -> Iterator[Gradebook]:
    """A gradebook with two learners and the tiny assessment."""
    with gradebook.open_gradebook(database, "autumn") as made:
        gradebook.enrol(made, LEARNERS)
        gradebook.open_assessment(made, "counting", AT)
    save_cells(paper.official, database=database, course_id="autumn", assessment="counting")
    with gradebook.open_gradebook(database, "autumn") as made:
        yield made


def verdict(share: float, digest: str = "d1", *, refused: str | None = None) -> Verdict:
    """A verdict on the tiny assessment."""
    items = (
        ItemVerdict("share-check", 4, share, Mark.PARTIAL, "3 of 4 right.", ("A note.",)),
        ItemVerdict("wrong-word-check", 2, 2, Mark.FULL),
        ItemVerdict("letter", 4, None, Mark.AWAITING),
    )
    return Verdict("counting", "1.0.0", digest, () if refused else items, (), refused)


def record(book: Gradebook, learner: str, found: Verdict) -> None:
    """Keep a verdict."""
    gradebook.record(book, learner, found, paper="p1", handed_in=AT)


def test_what_is_recorded_is_read_back(book: Gradebook) -> None:
    """Scores, messages, notes and the moment."""
    record(book, "ada", verdict(1))

    found = gradebook.records(book, "counting")["ada"]

    assert (found.score, found.points, found.handed_in, found.is_final) == (3.0, 10.0, AT, False)
    assert [(item.cell, item.score) for item in found.items] == [
        ("share-check", 1.0),
        ("wrong-word-check", 2.0),
        ("letter", None),
    ]
    assert (found.items[0].message, found.items[0].notes) == ("3 of 4 right.", ("A note.",))
    marking = gradebook.marked(book, "counting")["ada"]
    assert (marking.paper, marking.submission, marking.is_refused) == ("p1", "d1", False)


def test_a_later_verdict_counts_and_the_earlier_one_stays(book: Gradebook) -> None:
    """The table of verdicts is a history."""
    record(book, "ada", verdict(1))
    record(book, "ada", verdict(4, "d2"))

    assert gradebook.records(book, "counting")["ada"].score == 6.0
    assert book.db().scalar(select(func.count()).select_from(VERDICT)) == 2
    assert book.find_submission("counting", "ada").score == 6.0


def test_a_persons_score_wins_and_survives_a_new_marking(book: Gradebook) -> None:
    """For a written item and for a machine's one."""
    record(book, "ada", verdict(1))
    gradebook.mark_by_hand(book, "ada", "counting", cell="letter", score=3, comment="Kind.")
    gradebook.mark_by_hand(book, "ada", "counting", cell="share-check", score=4)

    record(book, "ada", verdict(0, "d2"))

    found = gradebook.records(book, "counting")["ada"]
    assert [item.score for item in found.items] == [4.0, 2.0, 3.0]
    assert (found.items[2].mark, found.items[2].comment) == (Mark.PARTIAL, "Kind.")
    assert found.is_final


def test_a_refusal_changes_no_score(book: Gradebook) -> None:
    """nbgrader keeps what the learner had; the latest verdict says why the new file was refused."""
    record(book, "ada", verdict(4))
    record(book, "ada", verdict(0, "d2", refused="It is cut off."))

    assert gradebook.records(book, "counting")["ada"].refused == "It is cut off."
    assert book.find_submission("counting", "ada").score == 6.0


def test_a_failure_half_way_keeps_nothing_of_the_submission(
    book: Gradebook, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Neither scores without a verdict nor a verdict without scores."""

    def fails(*_: object, **__: object) -> str:
        raise RuntimeError("the power went")

    monkeypatch.setattr("pmcampus.gradebook.writing.json.dumps", fails)
    with pytest.raises(RuntimeError, match="the power went"):
        record(book, "ada", verdict(4))
    monkeypatch.undo()

    assert gradebook.records(book, "counting") == {}
    assert book.assignment_submissions("counting") == []


def test_reading_takes_three_queries_however_many_learners(book: Gradebook) -> None:
    """No loop over nbgrader's objects."""
    for learner in LEARNERS:
        record(book, learner.id, verdict(2))
    asked: list[str] = []
    event.listen(book.engine, "before_cursor_execute", lambda *call: asked.append(call[2]))

    found = gradebook.records(book, "counting")

    assert len(found) == 2
    assert len(asked) == 3


def test_a_hand_mark_needs_a_marked_submission(book: Gradebook) -> None:
    """One sentence, and nothing is written."""
    with pytest.raises(CohortError, match="ben: there is no marked submission with the graded cell 'letter'"):
        gradebook.mark_by_hand(book, "ben", "counting", cell="letter", score=3)


@pytest.mark.parametrize("password", ["secret", "a:secret", "a%40secret"])
def test_an_address_is_shown_without_its_password(password: str) -> None:
    """In every message."""
    url = f"postgresql+psycopg://campus:{password}@127.0.0.1:1/none"
    with pytest.raises(CohortError) as refusal, gradebook.open_gradebook(url, "autumn"):
        pass

    assert "secret" not in str(refusal.value)
    assert "campus" in str(refusal.value)


@pytest.mark.parametrize("content", [b"no database at all " * 60, b"SQLite format 3\0" + b"\x8f" * 9000])
def test_a_damaged_file_is_said_in_one_sentence(tmp_path: Path, content: bytes) -> None:
    """And is left as it is, for somebody who can mend it."""
    (tmp_path / "gradebook.db").write_bytes(content)
    url = f"sqlite:///{tmp_path / 'gradebook.db'}"

    with pytest.raises(CohortError, match="cannot be opened"), gradebook.open_gradebook(url, "autumn"):
        pass

    assert (tmp_path / "gradebook.db").read_bytes() == content


@pytest.mark.parametrize("url", ["mysql://ann:secret@host/x", "postgresql+psycopg://ann:secret@host:port/x"])
def test_an_address_that_leads_nowhere_is_refused(url: str) -> None:
    """A driver that is not there, or a port that is no number."""
    with pytest.raises(CohortError) as refusal, gradebook.open_gradebook(url, "autumn"):
        pass

    assert "is not a database address" in str(refusal.value)
    assert "secret" not in str(refusal.value)
