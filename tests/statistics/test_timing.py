"""Minutes on an item: gaps between last runs, with a cap; what is no moment is as if it were not there."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pmcampus.statistics.timing import MOST, Run, by_item, minutes_by_section, moment, typical

AT = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)


def runs(*when: tuple[int, float], seconds: float = 0.0) -> list[Run]:
    """Runs by section and minutes since the beginning, each so many seconds long."""
    return [
        Run(section, AT + timedelta(minutes=minutes), AT + timedelta(minutes=minutes, seconds=seconds))
        for section, minutes in when
    ]


@pytest.mark.parametrize(
    ("found", "minutes"),
    [
        ([], {}),
        (runs((0, 0)), {}),
        (runs((0, 0), (0, 4), (1, 6)), {0: 4.0, 1: 2.0}),
        (runs((0, 0), (1, 25)), {1: 10.0}),  # a pause counts as ten minutes
        (runs((0, 0), (2, 5)), {}),  # an answer in words lies between
        (runs((0, 0), (1, 5), (0, 8)), {1: 5.0}),  # who came back worked on more than one
        (runs((0, 0), (0, 0.01), (1, 0.02)), {}),  # everything run at once
        (runs((1, 6), (0, 0), (0, 4)), {0: 4.0, 1: 2.0}),  # by time, not by place
        (runs((0, 0), (0, 1), seconds=30), {0: 0.5}),  # while a cell runs nobody works on it
    ],
)
def test_gaps_are_given_to_the_item_at_whose_run_they_end(
    found: list[Run], minutes: dict[int, float]
) -> None:
    """Vectors, worked out by hand."""
    assert minutes_by_section(found) == pytest.approx(minutes)


def test_nobody_worked_longer_than_an_hour_on_one_item() -> None:
    """Whatever the file says: five hundred runs, nine minutes apart."""
    assert minutes_by_section(runs(*((0, 9.0 * n) for n in range(500)))) == {0: MOST}


@pytest.mark.parametrize(
    "text",
    [
        None,
        7,
        {},
        ["2026-11-20T09:00:00Z"],
        "",
        "yesterday",
        "2026-11-20T09:00:00",  # whose clock?
        "0001-01-01T00:00:00+23:59",
        "9999-12-31T23:59:59-23:59",
        "1970-01-01T00:00:00Z",
        "2026-11-20T09:00:00Z" + " " * 10_000,
        "2026-13-45T99:00:00Z",
        "<script>alert(1)</script>",
    ],
)
def test_what_is_no_moment_is_none(text: object) -> None:
    """Other types, other times, no zone, too long, no date."""
    assert moment(text) is None


def test_a_moment_of_jupyterlab_is_read() -> None:
    """As nbformat's schema has it: ISO 8601 with a Z."""
    assert moment("2026-11-20T09:00:00.250000Z") == AT + timedelta(milliseconds=250)


@given(st.lists(st.tuples(st.integers(-3, 9), st.floats(-1e7, 1e7), st.floats(0, 1e5)), max_size=40))
def test_minutes_are_always_small_and_never_negative(found: list[tuple[int, float, float]]) -> None:
    """Whatever moments stand there, in whatever order."""
    made = [
        Run(section, AT + timedelta(seconds=at), AT + timedelta(seconds=at + long))
        for section, at, long in found
    ]

    assert all(0 < minutes <= MOST for minutes in minutes_by_section(made).values())


def test_the_median_has_its_n_and_none_has_a_reason() -> None:
    """Per item over those of whom something is known."""
    found = by_item([{"a": 2.0}, {"a": 4.0, "b": 1.0}, {"a": 30.0}], ("a", "b", "c"))

    assert [(one.value, one.n) for one in found.values()] == [(4.0, 3), (1.0, 1), (None, 0)]
    assert typical([]).reason == "not recorded"
