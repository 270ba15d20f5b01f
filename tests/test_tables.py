"""Pages of tracking as text, CSV and JSON: one value everywhere, and hostile texts inert."""

import csv
import io
import json
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pmcampus.errors import CohortError
from pmcampus.model.measure import Exclusion, Interval, Measure
from pmcampus.model.tracking import (
    AssessmentHead,
    AssessmentLine,
    Cell,
    Column,
    GroupLine,
    ItemAnalysis,
    ItemHead,
    ItemLine,
    MatrixPage,
    MatrixRow,
    Overview,
    Rows,
    State,
)
from pmcampus.tables import render, tables_of
from pmcampus.tables.table import UNSEEN, plain, shown

AT = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)
ITEM = ItemHead("share-check", "A share", "D3", 4.0, True, "apply")
HEAD = AssessmentHead("counting", "Counting", "1.0.0", "summative", 10.0, 60.0, AT, (ITEM,))
MANY = Measure("difficulty", 0.83456, 300, Interval(0.79, 0.8712, 0.95, "Wilson"))
NONE = Measure("item-rest", None, 2, reason="at least three complete first attempts are needed")


def line(**counts: int) -> AssessmentLine:
    """One assessment with these states."""
    states = dict.fromkeys(
        ("passed", "not_yet", "awaiting", "refused", "unmarked", "not_handed_in", "excused"), 0
    )
    states |= counts
    handed_in = states["passed"] + states["not_yet"] + states["awaiting"]
    return AssessmentLine(
        HEAD, sum(states.values()), handed_in, *states.values(), Measure("median-share", 0.7, handed_in)
    )


def overview(title: str = "Autumn", team: str = "Heron") -> Overview:
    """A cohort of forty."""
    return Overview(
        title,
        "clinician",
        False,
        AT,
        40,
        30,
        38,
        20,
        1,
        Measure("progress", 0.5, 40),
        (line(passed=20, not_yet=17, awaiting=1, not_handed_in=2),),
        (
            GroupLine(team, 38, 37, Measure("progress", 0.5, 38)),
            GroupLine("Otter", 2, 1, Measure("progress", 0.5, 2)),
        ),
        (),
    )


def items() -> ItemAnalysis:
    """One item with a number and a reason."""
    blank = Measure("blank", 2 / 300, 300, Interval(0.0, 0.02, 0.95, "Wilson"))
    one = ItemLine(
        ITEM, MANY, NONE, NONE, blank, Measure("minutes", None, 0, reason="x"), (0.5,), ("very easy",)
    )
    return ItemAnalysis(HEAD, 300, (one,), (Exclusion("waiting for a person's mark", 3, "answer"),))


def test_text_csv_and_json_show_one_value() -> None:
    """Rounded for eyes, in full for programs, with interval, n, reason and what was left out."""
    text = render("text", items())
    row = next(csv.DictReader(io.StringIO(render("csv", items()))))
    value = json.loads(render("json", items()))

    assert "0.83 [0.79, 0.87]" in text
    assert "Left out (3): answers waiting for a person's mark." in text
    assert "No Item-rest correlation: at least three" in text
    assert (row["p"], row["p, low"], row["p, n"]) == ("0.83456", "0.79", "300")
    assert (row["item-rest r"], row["item-rest r, why none"]) == ("", NONE.reason)
    found = value["value"]["items"][0]["difficulty"]
    assert (found["value"], found["n"], found["is_small"]) == (0.83456, 300, False)
    assert value["metrics"]["difficulty"]["doi"].startswith("10.")


def test_few_learners_get_a_sign_and_one_digit_less() -> None:
    """Twelve learners: no second decimal that pretends to know."""
    few = replace(MANY, n=12)

    assert shown(few) == "0.8 [0.8, 0.9]~"
    assert "fewer than 30" in render(
        "text", replace(items(), items=(replace(items().items[0], difficulty=few),))
    )


HOSTILE = [
    '=HYPERLINK("http://example.org")',
    "<script>alert(1)</script>",
    "\u202egnp.exe",
    "\x1b[2J\x1b]0;owned\x07",
    "A" * 10_000,
    "two\nlines",
    "\u2066\u200b\ufeff",
]


@pytest.mark.parametrize("name", HOSTILE, ids=range(len(HOSTILE)))
def test_a_hostile_name_is_inert(name: str) -> None:
    """On a terminal it moves and turns nothing, in a spreadsheet it is no formula, and lines stay lines."""
    text = render("text", overview(name, name))
    assert not UNSEEN.search(text.replace("\n", ""))
    assert max(map(len, text.splitlines())) < 250
    assert len(text.splitlines()) == len(render("text", overview()).splitlines())

    cells = [cell for row in csv.reader(io.StringIO(render("csv", overview(name, name)))) for cell in row]
    assert not [cell for cell in cells if cell.startswith(("=", "+", "@", "\t", "\r"))]

    assert json.loads(render("json", overview(name, name)))["value"]["cohort"] == name


@given(st.text(max_size=200))
def test_any_text_is_plain_and_short(text: str) -> None:
    """What a terminal could act on is gone, whatever was written."""
    assert not UNSEEN.search(plain(text))
    assert len(plain(text)) <= 60


def test_a_matrix_has_a_column_for_each_and_words_where_there_is_no_score() -> None:
    """Two columns, one learner."""
    cells = (Cell(State.PASSED, 7.5, 10.0, "1.0.0"), Cell(State.NOT_HANDED_IN, None, 10.0))
    row = MatrixRow("ada", "clinician", "Heron", cells, 7.5, 20.0)
    page = MatrixPage(None, (Column("a", "A", 10), Column("b", "B", 10)), (row,), 1, 50, 1)

    found = next(csv.DictReader(io.StringIO(render("csv", page))))

    assert (found["a"], found["b"], found["score"]) == ("7.5", "not handed in", "7.5")


def test_outside_the_team_small_cells_are_hidden_and_cannot_be_worked_out() -> None:
    """One waits and two are missing: hidden, and the two handed in by Otter with them."""
    text = render("text", overview(), outside=True)
    _, lines, teams, _ = (table.rows for table in tables_of(overview()))
    assert (lines[0][4], teams[1][1]) == (1, 2)

    rows = {row[0]: row for row in csv.reader(io.StringIO(render("csv", overview(), outside=True))) if row}

    assert rows["submissions awaiting a marker"][1] == "hidden"
    assert rows["handed in at least one assessment"][1] == "hidden"  # two of forty did not
    assert rows["counting"][1:5] == ["hidden", "20", "hidden", "hidden"]
    assert rows["counting"][7] == "hidden"
    assert rows["Otter"][1:3] == rows["Heron"][1:3] == ["hidden", "hidden"]
    assert "are hidden" in text


def test_outside_the_team_no_word_tells_what_few_did() -> None:
    """An item that is very easy for one learner gave full marks; the title does not say that it is one."""
    first = items().items[0]
    few = replace(first, difficulty=replace(first.difficulty, n=1), flags=("very easy",))
    many = replace(first, flags=("very easy",))

    for line, n, found in ((few, 1, False), (many, 300, True)):
        text = render("text", replace(items(), items=(line,), n=n), outside=True)
        assert ("very easy" in text, "fewer than 5 first attempt" in text) == (found, not found)


def test_outside_the_team_few_blanks_and_single_learners_are_hidden() -> None:
    """Two of three hundred left it blank; dots are single learners."""
    found = render("json", items(), outside=True)

    assert "fewer than 5" in found
    assert "Left out (<5)" in found
    row = next(csv.DictReader(io.StringIO(render("csv", items(), outside=True))))
    assert (row["blank"], row["learners by tenth"], row["p"]) == ("", "", "0.83456")


def test_a_view_of_single_learners_cannot_leave_the_team() -> None:
    """Neither the matrix nor the rows."""
    with pytest.raises(CohortError, match="shows single learners"):
        render("csv", Rows("Works", ("learner",), (("ada",),), 1), outside=True)


def test_what_is_no_page_is_refused() -> None:
    """A mistake of ours, not of a user."""
    with pytest.raises(TypeError):
        render("text", 7)
