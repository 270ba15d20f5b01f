"""How numbers and bands read on pages that stand alone."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jinja2 import UndefinedError

from pmcampus.pages import band, number, percent, render, words


@pytest.mark.parametrize(
    ("share", "word"),
    [
        (1, "secure"),
        (0.85, "secure"),
        (0.849, "nearly"),
        (0.6, "nearly"),
        (0.599, "look again"),
        (0, "look again"),
    ],
)
def test_a_band_begins_where_the_legend_says(share: float, word: str) -> None:
    """At 85 and at 60 per cent."""
    assert band(share).word == word


@given(st.floats(0, 1), st.floats(0, 1))
def test_more_points_are_never_a_lower_band(one: float, other: float) -> None:
    """Bands are in order."""
    assert (band(min(one, other)).number) <= band(max(one, other)).number


def test_numbers_read_as_people_write_them() -> None:
    """No needless decimals, no ids."""
    assert (number(4.0), number(2.5), percent(0.745), words("data-scientist")) == (
        "4",
        "2.5",
        "74 %",
        "data scientist",
    )


def test_a_template_that_lacks_a_value_fails_instead_of_showing_a_hole() -> None:
    """A page for a learner is complete or not written."""
    with pytest.raises(UndefinedError):
        render("feedback.html", style="")
