"""Gain, agreement, minutes and hindsight over a cohort that is over."""

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from pmcampus import gradebook
from pmcampus.cohortdir import database_url, load_cohort, write_cohort
from pmcampus.errors import CohortError
from pmcampus.gradebook.firsts import first_submissions
from pmcampus.kept import kept_path
from pmcampus.tables import render
from pmcampus.teamwork.agreement import agreement
from pmcampus.tracking import open_tracking
from pmcampus.tracking.pairs import scored
from tests.dashboard.term.cohort import CASE, COUNTING, RECOUNT
from tests.tracking import term
from tests.tracking.term import DUE, NOW, PEOPLE

Cohort = tuple[Path, Path]
TIMES = {"ada": (5, 0.5, 1, 2), "ben": (12, 1, 0.001, 3), "cem": (0.001, 0.001, 0.001, 0.001)}


@pytest.fixture(scope="module")
def over(tmp_path_factory: pytest.TempPathFactory) -> Cohort:
    """Curriculum and folder."""
    root, folder = term.build(tmp_path_factory.mktemp("over"), times=TIMES)
    term.scores(folder, second={"evidence": 2, "decision": 2})
    return root, folder


def test_gain_and_its_rows_are_of_the_same_people(over: Cohort) -> None:
    """Seven took both; the mean of the rows is the mean that is shown."""
    root, folder = over
    with open_tracking(folder, root=root, as_of=NOW) as t:
        page, rows = t.gain(COUNTING, RECOUNT), t.gain_rows(COUNTING, RECOUNT)
        second = t.gain_rows(COUNTING, RECOUNT, page=2, size=5)
        with pytest.raises(CohortError, match="no page 3"):
            t.gain_rows(COUNTING, RECOUNT, page=3, size=5)

    both = [id for id, points in PEOPLE.items() if None not in points]
    assert [row[0] for row in rows.rows] == both
    assert (page.n, rows.total, len(second.rows)) == (7, 7, 2)
    assert page.pre_mean.value == pytest.approx(sum(float(row[1]) for row in rows.rows) / 7)
    assert page.post_mean.value == pytest.approx(sum(float(row[2]) for row in rows.rows) / 7)
    assert {row[0]: row[3] for row in rows.rows}["ada"] == ""  # full marks twice


def test_agreement_is_the_case_pages_own_and_its_rows_are_every_score(over: Cohort) -> None:
    """Kappa as on the team's page; three criteria, of which one has the same score."""
    root, folder = over
    with open_tracking(folder, root=root, as_of=NOW) as t:
        page, rows = t.raters(CASE), t.rater_rows(CASE)
        theirs = agreement(scored(t, CASE))
        with pytest.raises(CohortError, match="no team case"):
            t.rater_rows("../autumn")

    assert theirs is not None and page.kappa.value == pytest.approx(theirs.value)
    assert (page.n, page.exact.value) == (3, pytest.approx(1 / 3))
    assert rows.columns == ("team", "criterion", "first", "second")
    assert ("team-1", "decision", "3", "2") in rows.rows
    assert ("team-1, decision", (3, 2)) in page.scores
    assert "Insufficient evidence" in render("text", page)


def test_what_leaves_the_team_hides_few_and_names_nobody(over: Cohort) -> None:
    """Seven pairs may leave, four may not; markers and whom to ask never do."""
    root, folder = over
    with open_tracking(folder, root=root, as_of=NOW) as t:
        page, raters, review = t.gain(COUNTING, RECOUNT), t.raters(CASE), t.risk_review()
    few = replace(page, n=4, hake=replace(page.hake, n=4), change=replace(page.change, n=4))

    assert "fewer than 5 people are behind it" not in render("csv", page, outside=True)
    hidden = [line for line in render("csv", few, outside=True).splitlines() if "fewer than 5" in line]
    assert [line.partition(",")[0] for line in hidden] == ["Class gain <g>", "Normalised change c"]
    assert "ben" not in render("text", page, outside=True)
    for inside in (raters, review):
        with pytest.raises(CohortError, match="cannot leave the team"):
            render("csv", inside, outside=True)


def test_only_so_much_is_read_for_minutes(over: Cohort, monkeypatch: pytest.MonkeyPatch) -> None:
    """The first learners of the ledger, as far as the bytes go; n says how many."""
    root, folder = over
    with open_tracking(folder, root=root, as_of=NOW) as t:
        work = dict(first_submissions(t.book, COUNTING))["ada"]
        monkeypatch.setattr("pmcampus.tracking.timing.MOST_READ", kept_path(folder, work).stat().st_size + 1)
        share = t.items(COUNTING).items[0]

    assert (share.minutes.value, share.minutes.n) == (pytest.approx(5.49, abs=0.02), 1)


def test_minutes_are_of_the_notebooks_that_hold_them(over: Cohort) -> None:
    """Ada 5.5 and 3 minutes, Ben 11 and 3 (a pause is ten); Cem ran all at once; the letter is not run."""
    root, folder = over
    with open_tracking(folder, root=root, as_of=NOW) as t:
        share, word, letter = t.items(COUNTING).items
        none = t.items(RECOUNT).items

    assert (share.minutes.value, share.minutes.n) == (pytest.approx(8.24, abs=0.02), 2)
    assert (word.minutes.value, word.minutes.n) == (pytest.approx(2.99, abs=0.02), 2)
    assert (letter.minutes.value, letter.minutes.reason) == (None, "not recorded")
    assert {line.minutes.reason for line in none} == {"not recorded"}


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"{}",
        b"[" * 100_000,
        b'{"cells": {"a": 1}}',
        b'{"cells": [1, null, "x", {"metadata": 3}, {"metadata": {"execution": []}}]}',
        json.dumps(
            {
                "cells": [
                    {"metadata": {"execution": {"iopub.execute_input": at}, "nbgrader": {"grade_id": name}}}
                    for name, at in (("share", "9999-12-31T23:59:59-23:00"), ("share-check", 1e300))
                ]
            }
        ).encode(),
        b" " * 5_000_001,
    ],
    ids=["empty", "no cells", "deep", "a mapping", "odd cells", "odd moments", "large"],
)
def test_a_hostile_notebook_has_no_minutes_and_stops_nothing(tmp_path: Path, content: bytes) -> None:
    """The others' minutes are shown all the same, and the marks are what they were."""
    root, folder = term.build(tmp_path, times={"ada": TIMES["ada"], "ben": TIMES["ben"]})
    with gradebook.open_gradebook(database_url(folder, load_cohort(folder)), "autumn") as book:
        work = dict(first_submissions(book, COUNTING))["ben"]
    kept_path(folder, work).write_bytes(content)

    with open_tracking(folder, root=root, as_of=NOW) as t:
        share = t.items(COUNTING).items[0]

    assert (share.minutes.value, share.minutes.n) == (pytest.approx(5.49, abs=0.02), 1)
    assert share.difficulty.n == 9


def test_hindsight_asks_the_rules_of_that_day_and_compares_with_the_end(over: Cohort) -> None:
    """On the day after the first due moment nobody is quiet yet but who handed in nothing."""
    root, folder = over
    with open_tracking(folder, root=root, as_of=NOW) as t:
        early = t.rule_check(DUE[COUNTING] + timedelta(days=1))
        middle = t.rule_check()

    # Not passed in both: cem, dora, edin, gil, hana, ivo, jun and lea.
    assert (early.n, early.failed, middle.failed) == (12, 8, 8)
    assert early.flagged == 3  # hana, ivo and jun; of twelve learners nine have a score: no lowest tenth
    assert early.both == 3
    assert early.precision.value is None and early.precision.reason.startswith("insufficient evidence: 3")
    assert early.recall.value == 3 / 8
    assert middle.at == datetime(2026, 11, 9, 12, tzinfo=UTC)
    assert middle.flagged == 12  # with the due moment a month ahead everybody is quiet


def test_an_open_outcome_and_an_unknown_moment_are_left_out(tmp_path: Path) -> None:
    """While the second test is still to come, Lea's outcome is open; one work has no moment."""
    root, folder = term.build(tmp_path)
    form = load_cohort(folder)
    later = {RECOUNT: NOW + timedelta(days=20)}
    open_ = form.model_copy(update={"due": form.due | later, "ends": NOW.date() + timedelta(days=30)})
    write_cohort(folder, open_)
    with open_tracking(folder, root=root, as_of=NOW) as t:
        check = t.rule_check()
    assert (check.n, check.failed) == (11, 7)
    assert [one.text for one in check.exclusions] == ["1 learner whose outcome is not known yet"]

    write_cohort(folder, form)
    with gradebook.open_gradebook(database_url(folder, form), form.course) as book:
        found = term.verdict(COUNTING, "counting-jun", (4, 2, 4))
        gradebook.record(book, "jun", found, paper="p1", handed_in=None)
    with open_tracking(folder, root=root, as_of=NOW) as t:
        check = t.rule_check()
    assert [one.text for one in check.exclusions] == [
        "1 learner with work of which nobody noted when it was handed in"
    ]
