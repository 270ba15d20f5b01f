"""Progress as a value: states, shares and groups."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from statistics import median

from hypothesis import given
from hypothesis import strategies as st

from pmcampus.model.allowance import LateRule
from pmcampus.model.cohort import ItemRecord, Learner, Record
from pmcampus.model.verdict import Mark
from pmcampus.progress import ItemHead, Progress, State, progress
from pmcampus.terms import Terms

DUE = datetime(2026, 10, 20, 12, tzinfo=UTC)
ITEMS = (
    ItemHead("a-check", "First", "G5", 6, automatic=True),
    ItemHead("memo", "Memo", "G5", 4, automatic=False),
)
ADA = Learner("ada", "Ada Made-Up", "clinician", "Heron")
BEN = Learner("ben", "Ben Invented", "data-scientist", "Heron")


def record(learner: str, first: float, memo: float | None, *, hour: int = 10) -> Record:
    """A marked submission on the due day."""
    items = (
        ItemRecord("a-check", 6, first, Mark.PARTIAL),
        ItemRecord("memo", 4, memo, Mark.AWAITING if memo is None else Mark.PARTIAL),
    )
    return Record(learner, datetime(2026, 10, 20, hour, tzinfo=UTC), "1.0.0", items)


def of(*records: Record, hurdles: dict[str, tuple[float, str]] | None = None) -> Progress:
    """Progress of Ada and Ben with these records; 60 per cent passes."""
    return progress(
        [BEN, ADA],
        {found.learner: found for found in records},
        items=ITEMS,
        hurdles=hurdles or {},
        passing_score=60,
        cohort="Autumn",
        assessment="a",
        title="A",
        version="1.0.0",
        as_of=DUE,
        due=DUE,
    )


def test_rows_are_sorted_by_learner_and_nobody_is_left_out() -> None:
    """A learner without a submission has a row that says so."""
    found = of(record("ben", 6, 4))

    assert [row.learner.id for row in found.rows] == ["ada", "ben"]
    assert [row.state for row in found.rows] == [State.NOT_HANDED_IN, State.PASSED]
    assert [row.learner.id for row in found.missing] == ["ada"]


def test_a_memo_that_waits_is_no_zero() -> None:
    """The share counts only what is marked, and the state says who has work to do."""
    row = of(record("ada", 3, None)).rows[0]

    assert (State.AWAITING, 3.0, 0.5) == (row.state, row.score, row.share)


def test_exactly_enough_points_pass_and_a_hair_less_does_not() -> None:
    """Sixty per cent of ten points."""
    assert of(record("ada", 6, 0)).rows[0].state is State.PASSED
    assert of(record("ada", 5.99, 0)).rows[0].state is State.NOT_YET


def test_a_missed_hurdle_outweighs_any_sum() -> None:
    """And its reason is there for the feedback."""
    row = of(record("ada", 0, 4), record("ben", 6, 4), hurdles={"a-check": (1, "Unsafe.")}).rows[0]

    assert (State.NOT_YET, ("Unsafe.",)) == (row.state, row.hurdles_missed)


def test_late_is_after_the_due_moment_and_not_at_it() -> None:
    """To the second."""
    assert not of(record("ada", 6, 4, hour=12)).rows[0].late
    assert of(record("ada", 6, 4, hour=13)).rows[0].late


def test_a_refused_file_is_a_state_of_its_own() -> None:
    """With the reason in the row."""
    refused = Record("ada", DUE, "1.0.0", refused="It is cut off.")

    row = of(refused).rows[0]

    assert (State.REFUSED, "It is cut off.", None) == (row.state, row.refused, row.score)


def test_an_items_average_leaves_out_what_waits() -> None:
    """One memo of two is marked."""
    first, memo = of(record("ada", 3, None), record("ben", 6, 1)).summaries

    assert (2, 0.75, 0) == (first.marked, first.mean_share, first.without_points)
    assert (1, 0.25, 1) == (memo.marked, memo.mean_share, memo.awaiting)


@given(st.lists(st.tuples(st.floats(0, 6), st.none() | st.floats(0, 4)), min_size=1, max_size=12))
def test_groups_add_up_to_the_cohort(scores: list[tuple[float, float | None]]) -> None:
    """Teams, roles and states count everybody once; medians are the library's."""
    learners = [
        Learner(f"l{i:02}", "x", "clinician" if i % 3 else "other", f"team{i % 4}")
        for i in range(len(scores))
    ]
    records = {f"l{i:02}": record(f"l{i:02}", first, memo) for i, (first, memo) in enumerate(scores) if i % 5}

    found = progress(
        learners,
        records,
        items=ITEMS,
        hurdles={},
        passing_score=60,
        cohort="c",
        assessment="a",
        title="t",
        version="1.0.0",
        as_of=DUE,
        due=None,
    )

    assert sum(found.count(state) for state in State) == len(learners)
    for groups in (found.teams, found.roles):
        assert sum(group.learners for group in groups) == len(learners)
        assert sum(group.handed_in for group in groups) == len(records)
    for group in found.teams:
        shares = [row.share for row in found.rows if row.learner.team == group.name and row.share is not None]
        assert group.median_share == (median(shares) if shares else None)


def test_an_extension_an_excuse_and_a_late_rule_show_in_the_rows() -> None:
    """The score that counts decides about passing; the share is of what was earned."""
    rule = LateRule(rule="per-day", percent_per_day=50)
    late = Terms(due=DUE, deadline=DUE, late=rule)
    records = {"ada": record("ada", 6, 4, hour=13), "ben": record("ben", 6, 4, hour=13)}

    def rows(**terms: Terms) -> dict[str, tuple[State, bool, float | None, float | None]]:
        found = progress(
            [ADA, BEN], records, items=ITEMS, hurdles={}, passing_score=60, cohort="c", assessment="a",
            title="A", version="1.0.0", as_of=DUE, due=DUE, terms=terms,
        )  # fmt: skip
        return {row.learner.id: (row.state, row.late, row.score, row.share) for row in found.rows}

    extended = replace(late, due=DUE + timedelta(days=1), deadline=DUE + timedelta(days=1))

    assert {
        "ada": (State.NOT_YET, True, 5.0, 1.0),
        "ben": (State.PASSED, False, 10.0, 1.0),
    } == rows(ada=late, ben=extended)
    assert rows(ada=replace(late, excused=True))["ada"][0] is State.EXCUSED
    assert rows(ben=replace(extended, excused=True))["ben"][0] is State.PASSED
