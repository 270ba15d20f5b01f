"""Late rules, extensions, attempts and excuses: pure, and the same wherever a score is shown."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from pmcampus.errors import CohortError
from pmcampus.model.allowance import Allowance, LateRule
from pmcampus.model.cohort import CohortForm
from pmcampus.terms import (
    Terms,
    allowances_text,
    counted,
    days_late,
    lateness,
    parse_allowances,
    terms_of,
)

DUE = datetime(2026, 11, 20, 17, tzinfo=UTC)
GIVEN = datetime(2026, 11, 1, tzinfo=UTC)
HOUR = timedelta(hours=1)
COHORT = CohortForm.model_validate(
    {
        "title": "Autumn",
        "course": "autumn",
        "pathway": "clinician",
        "starts": "2026-10-05",
        "ends": "2026-12-18",
        "modules": {},
        "assessments": {"a": "1.0.0"},
        "due": {"a": DUE},
        "grace_minutes": 10,
        "late": {"rule": "per-day", "percent_per_day": 10, "at_most_percent": 50},
    }
)
PER_DAY = Terms(due=DUE, deadline=DUE + timedelta(minutes=10), late=COHORT.late)
rules = st.one_of(
    st.just(LateRule()),
    st.just(LateRule(rule="zero")),
    st.builds(
        lambda day, most: LateRule(rule="per-day", percent_per_day=day, at_most_percent=most),
        st.floats(0.01, 100),
        st.floats(0, 100),
    ),
)


def allowance(**said: object) -> Allowance:
    """One decision about ada and the assessment a."""
    plain = {"until": None, "excused": None, "attempts": None, "because": "ill", "given": GIVEN}
    return Allowance("ada", "a", **(plain | said))  # type: ignore[arg-type]


def of(*allowances: Allowance, learner: str = "ada") -> Terms:
    """The terms of this learner, with two attempts for everybody."""
    return terms_of(COHORT, allowances, learner, "a", attempts=2)


@pytest.mark.parametrize(
    ("after", "days", "score"),
    [
        (-HOUR, 0, 30),
        (timedelta(minutes=10), 0, 30),  # the last moment of grace
        (timedelta(minutes=11), 1, 26),
        (24 * HOUR, 1, 26),
        (24 * HOUR + timedelta(seconds=1), 2, 22),
        (100 * 24 * HOUR, 100, 10),  # half of 40 points at most
    ],
)
def test_each_day_begun_costs_its_share_up_to_the_cap(after: timedelta, days: int, score: float) -> None:
    """Ten per cent of 40 points a day; 30 were earned."""
    found = counted(30, 40, DUE + after, PER_DAY)

    assert (days, score) == (found.days_late, found.score)


def test_without_a_rule_lateness_costs_nothing() -> None:
    """It is still known."""
    found = counted(30, 40, DUE + 30 * HOUR, Terms(due=DUE, deadline=DUE))

    assert (2, 30, "") == (found.days_late, found.score, lateness(found, 40))


def test_the_zero_rule_takes_all() -> None:
    """And the sentence says what was earned."""
    found = counted(30, 40, DUE + HOUR, Terms(due=DUE, deadline=DUE, late=LateRule(rule="zero")))

    assert found.score == 0
    assert "1 day late: 100 % of 40 points are taken off, so 0 of the 30 earned count." == lateness(found, 40)


@given(rules, st.floats(0, 100), st.floats(0, 100), st.integers(-(10**7), 10**7), st.integers(0, 10**6))
def test_lateness_never_gives_points_and_more_of_it_never_costs_less(
    rule: LateRule, earned: float, points: float, seconds: int, more: int
) -> None:
    """Between nothing and what was earned, falling in time, and untouched up to the deadline."""
    terms = Terms(due=DUE, deadline=DUE + timedelta(minutes=10), late=rule)
    moment = DUE + timedelta(seconds=seconds)

    found = counted(earned, points, moment, terms)
    later = counted(earned, points, moment + timedelta(seconds=more), terms)

    assert 0 <= found.score <= earned
    assert later.score <= found.score
    assert found.deducted <= points * rule.at_most_percent / 100 + 1e-9 or rule.rule == "zero"
    if moment <= terms.deadline or rule.rule == "none":  # type: ignore[operator]
        assert found.score == earned


def test_an_unknown_moment_is_not_late() -> None:
    """Nobody pays for a time that was not noted."""
    assert days_late(None, PER_DAY) == 0


def test_an_extension_moves_the_due_moment_of_one_learner() -> None:
    """With the cohort's grace after it."""
    until = DUE + 48 * HOUR

    mine, theirs = of(allowance(until=until)), of(allowance(until=until), learner="ben")

    assert (until, until + timedelta(minutes=10), True) == (mine.due, mine.deadline, mine.is_extended)
    assert (DUE, False) == (theirs.due, theirs.is_extended)


def test_the_last_line_that_speaks_of_a_thing_decides_it() -> None:
    """A later excuse leaves the extension, and can itself be taken back."""
    lines = (
        allowance(until=DUE + HOUR, attempts=3),
        allowance(excused=True),
        allowance(until=DUE + 2 * HOUR, excused=False),
    )

    assert (
        [(False, 3, HOUR), (True, 3, HOUR), (False, 3, 2 * HOUR)]
        == [
            (found.excused, found.attempts, found.due - DUE)  # type: ignore[operator]
            for found in (of(*lines[:1]), of(*lines[:2]), of(*lines))
        ]
    )


@given(st.lists(st.builds(
    lambda until, excused, attempts, because: allowance(
        until=until and until.replace(tzinfo=UTC), excused=excused, attempts=attempts, because=because
    ),
    st.none() | st.datetimes(datetime(2000, 1, 1), datetime(2100, 1, 1)),
    st.none() | st.booleans(),
    st.none() | st.integers(1, 999),
    st.text("=+-@;,'\" abcé", min_size=1).filter(lambda text: text.strip() == text),
)))  # fmt: skip
def test_the_file_reads_back_as_it_was_written(lines: list[Allowance]) -> None:
    """Reasons with commas and formulas included."""
    text = allowances_text(lines)

    assert tuple(lines) == parse_allowances(text.encode(), source="allowances.csv")


@pytest.mark.parametrize(
    ("line", "sentence"),
    [
        ("ada,a,tomorrow,,,ill,2026-11-01T00:00Z", "until is 'tomorrow'; write a moment with its zone"),
        ("ada,a,2026-11-20T17:00,,,ill,2026-11-01T00:00Z", "write a moment with its zone"),
        ("ada,a,,maybe,,ill,2026-11-01T00:00Z", "excused is 'maybe'; write yes or no"),
        ("ada,a,,,0,ill,2026-11-01T00:00Z", "attempts is '0'"),
        ("ada,a,,,,,2026-11-01T00:00Z", "because is empty"),
        ("ada,a,,yes,,ill,", "given is empty"),
    ],
)
def test_a_line_that_a_person_spoilt_is_named(line: str, sentence: str) -> None:
    """Nothing is granted by mistake."""
    text = f"learner,assessment,until,excused,attempts,because,given\n{line}\n"

    with pytest.raises(CohortError, match=r"^allowances\.csv:2: ") as refusal:
        parse_allowances(text.encode(), source="allowances.csv")

    assert sentence in str(refusal.value)


@pytest.mark.parametrize("rule", [{"rule": "per-day"}, {"percent_per_day": 5}, {"rule": "weekly"}])
def test_half_a_rule_is_refused(rule: dict[str, object]) -> None:
    """So that nobody believes in a deduction that is none."""
    with pytest.raises(ValidationError):
        LateRule.model_validate(rule)
