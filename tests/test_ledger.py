"""The chain notices every change."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pmcampus.errors import CohortError
from pmcampus.ledger import Entry, first_break, from_line, scored, sealed, to_line
from pmcampus.ledgerfile import ByHand, Export, export_text, longer, merged, read_export
from tests.ledgers import SCORES, entry

TEXTS = st.text(st.characters(codec="utf-8"), max_size=12)
MOMENTS = st.datetimes(datetime(2000, 1, 1), datetime(2100, 1, 1))


def chain(rows: Sequence[Entry]) -> list[Entry]:
    """These rows, each sealed after the one before."""
    made: list[Entry] = []
    for row in rows:
        made.append(sealed(row, made[-1] if made else None))
    return made


ROWS = st.builds(
    Entry,
    id=st.just(0),
    learner=TEXTS,
    assessment=TEXTS,
    version=TEXTS,
    paper=TEXTS,
    submission=TEXTS,
    handed_in=st.none() | MOMENTS,
    score=st.floats(allow_nan=False),
    verdict=TEXTS,
    recorded=MOMENTS,
    environment=TEXTS,
    isolation=TEXTS,
    decision=TEXTS,
    set_aside=TEXTS,
)
CHAINS = st.lists(ROWS, min_size=2, max_size=6).map(chain)


@given(CHAINS)
def test_a_chain_that_nobody_touched_holds(rows: list[Entry]) -> None:
    """And is the same after a journey through JSON lines."""
    assert first_break(rows) is None
    assert [from_line(to_line(row)) for row in rows] == rows


@given(CHAINS, st.data())
def test_a_changed_field_breaks_the_chain_at_its_row(rows: list[Entry], data: st.DataObject) -> None:
    """Whichever field, in whichever row."""
    at = data.draw(st.integers(0, len(rows) - 1))
    field = data.draw(st.sampled_from(["learner", "score", "verdict", "recorded", "isolation", "set_aside"]))
    value = getattr(rows[at], field)
    other = data.draw({"score": SCORES, "recorded": MOMENTS}.get(field, TEXTS).filter(lambda v: v != value))
    rows[at] = replace(rows[at], **{field: other})

    fault = first_break(rows)

    assert fault is not None
    assert rows[at].id == fault.row


@given(CHAINS, st.data())
def test_a_removed_a_doubled_and_a_moved_row_break_the_chain(rows: list[Entry], data: st.DataObject) -> None:
    """Only the end can be cut off unseen, which is why the head is noted outside the database."""
    at = data.draw(st.integers(0, len(rows) - 2))

    assert first_break(rows[:at] + rows[at + 1 :]) is not None
    assert first_break(rows[: at + 1] + rows[at:]) is not None
    assert first_break([*rows[:at], rows[at + 1], rows[at], *rows[at + 2 :]]) is not None


@given(CHAINS, st.data())
def test_a_row_sealed_anew_is_missed_by_the_next_one(rows: list[Entry], data: st.DataObject) -> None:
    """Who knows how digests are made has to rewrite everything after, and the noted head."""
    at = data.draw(st.integers(0, len(rows) - 2))
    forged = replace(rows[at], score=rows[at].score + 1 if abs(rows[at].score) < 1e9 else 0.0)
    rows[at] = sealed(forged, rows[at - 1] if at else None)

    fault = first_break(rows)

    assert fault is not None
    assert rows[at + 1].id == fault.row


def test_a_refusal_leaves_the_earlier_score_in_force() -> None:
    """For the gradebook; the report says that the new file was refused."""
    rows = chain([entry((4, 2, None)), entry(None, submission="s2")])

    assert scored(rows)["ada", "counting"].id == 1


@settings(max_examples=30)
@given(CHAINS, st.data())
def test_an_export_that_was_edited_or_cut_off_is_refused(rows: list[Entry], data: st.DataObject) -> None:
    """At any place; an unchanged one gives back what was saved."""
    marks = (
        ByHand("ada", "counting", "letter", 3.0, None, "Kind."),
        ByHand("ada", "counting", "share-check", 4.0),
    )
    text = export_text(Export(tuple(rows), marks))
    assert read_export(text, source="x") == Export(tuple(rows), marks)

    at = data.draw(st.integers(0, len(text) - 1))
    sign = data.draw(st.sampled_from("x7{").filter(lambda sign: sign != text[at]))
    for damaged in (text[:at], text[:at] + sign + text[at + 1 :]):
        with pytest.raises(CohortError):
            read_export(damaged, source="x")


def test_of_two_ledgers_the_longer_one_counts_when_they_are_one_history() -> None:
    """Otherwise nobody guesses."""
    rows = tuple(chain([entry((1, 0, 0)), entry((2, 0, 0)), entry((3, 0, 0))]))
    other = tuple(chain([entry((1, 0, 0)), entry((4, 0, 0))]))

    assert longer(rows[:1], rows) == longer(rows, rows[:2]) == rows
    with pytest.raises(CohortError, match="row 2 differs"):
        longer(rows, other)


def test_the_gradebook_has_the_last_word_on_what_people_marked() -> None:
    """An export only adds what the gradebook does not have."""
    new, old = ByHand("ada", "c", "letter", 4.0), ByHand("ada", "c", "letter", 3.0)
    more = ByHand("ben", "c", "letter", 2.0)

    assert merged((new,), (old, more)) == (new, more)
