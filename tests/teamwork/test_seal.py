"""A seal fits one text and no other; a form says what it lacks."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pmcampus.errors import CohortError
from pmcampus.teamwork.seal import check_form, posted, seal

MINE = {"role": "payer", "confidence": 70, "secret": "larch-and-lamp"}
SCHEMA = {
    "type": "object",
    "additionalProperties": False,
    "required": ["role"],
    "properties": {"role": {"type": "string"}, "confidence": {"type": "integer", "minimum": 50}},
}


def test_twelve_signs_are_posted_of_a_digest_of_64() -> None:
    """The board shows the beginning; the log holds all of it."""
    assert 64 == len(seal(MINE))
    assert seal(MINE)[:12] == posted(seal(MINE))


def test_the_order_of_fields_does_not_matter() -> None:
    """The same form, typed in another order, has the same seal."""
    assert seal(MINE) == seal(dict(reversed(MINE.items())))


@given(st.sampled_from(sorted(MINE)), st.one_of(st.integers(), st.text(max_size=20)))
def test_any_change_changes_the_seal(field: str, value: object) -> None:
    """Confidence, role or secret word: nothing can be changed unseen."""
    changed = MINE | {field: value}

    assert (seal(changed) == seal(MINE)) == (changed == MINE)


@pytest.mark.parametrize(
    ("form", "place"),
    [
        ({}, "the form"),
        ({"role": "x", "more": 1}, "the form"),
        ({"role": "x", "confidence": 30}, "confidence"),
    ],
)
def test_a_form_that_does_not_fit_says_where(form: dict[str, object], place: str) -> None:
    """Missing, unknown, too small."""
    with pytest.raises(CohortError, match=f"mine.json: {place}: .*Correct it"):
        check_form(form, SCHEMA, source="mine.json")
