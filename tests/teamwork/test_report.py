"""A team's page says every weight, and what still waits."""

import html

from pmcampus.casepaper import load_case_form
from pmcampus.model.team import Scores
from pmcampus.teamwork.marks import MemberMark, team_mark
from pmcampus.teamwork.report import CaseReport, as_csv, as_html, as_text
from tests.conftest import REPOSITORY

FORM = load_case_form(REPOSITORY, "dpyd-before-chemotherapy")


def report(*scores: Scores, decision: dict[str, object] | None = None) -> CaseReport:
    """A team of one."""
    member = MemberMark("ada", ("payer",), 20.0, 4.0, None, 1.0, "fewer than 3 people rated", None)
    team = team_mark(FORM, "team-1", {"record-check": 8.0}, scores)
    return CaseReport(FORM, team, (member,), None, decision or {}, recorded=("oncologist",))


def test_all_weights_are_told_and_sum_to_100() -> None:
    """In the text and on the page."""
    made = report()
    text, page = as_text(made), html.unescape(as_html("", made))

    assert 100 == round(sum(points for _, points in made.weights), 6)
    for words, _ in made.weights:
        assert words in text and words in page


def test_what_waits_is_said_and_not_zero() -> None:
    """Exit paper, team part and sum."""
    assert "exit paper waits + team waits" in as_text(report())
    assert "waits" in as_csv([report()])


def test_recorded_roles_are_marked_as_the_authors() -> None:
    """Nobody takes them for real people."""
    assert "written by the authors of the case, not by a real person" in as_text(report())
    assert "written by the authors of the case, not by a real person" in as_html("", report())


def test_whatever_a_team_writes_is_escaped() -> None:
    """A decision with a script in it is text."""
    page = as_html(
        "", report(decision={"minority": {"opinion": "<script>alert(1)</script>"}, "list": [1, [2]]})
    )

    assert "<script>" not in page and "&lt;script&gt;" in page


def test_a_cap_is_explained() -> None:
    """From which points, and until when."""
    fail = Scores(
        team="team-1",
        marker="m1",
        criteria=dict.fromkeys(FORM.marks.criteria, 4),
        critical_fails=("role-silenced",),
    )

    assert "24 (capped from 56 until repaired and handed in once more)" in as_text(report(fail))
    assert "A role was silenced" in as_html("", report(fail))
