"""PM54x and PM55x: a change for each rule about graded cells and the items of the form."""

from pathlib import Path

import pytest

from tests.lint.cases import (
    FORM, PAPER, Case, all_of, check, code, found, nbgrader, remove, replace,
)  # fmt: skip

BANK = "assessments/counting/wrong-answers/share.yaml"
CASES = [
    Case("PM541", nbgrader("given", grade_id="intro"), PAPER, "?"),
    Case("PM542", nbgrader("given", grade_id=""), PAPER, "?"),
    Case("PM543", all_of(nbgrader("wrong-word-check", points="two"), replace(FORM, "kind: summative", "kind: formative")), PAPER, "?"),
    Case("PM544", nbgrader("given", schema_version=1), PAPER, "?"),
    Case("PM545", replace(PAPER, '"    return part / whole\\n",\n    "### END SOLUTION"', '"    return part / whole"'), PAPER, "?"),
    Case("PM546", replace(FORM, "cell: share, at_least", "cell: shares, at_least"), FORM, "?"),
    Case("PM547", nbgrader("given", grade=True, points=0.5), PAPER, "?"),
    Case("PM548", replace(FORM, "practise_in: [a-lesson]", "practise_in: [b-lesson]"), FORM, "?"),
    Case("PM549", all_of(nbgrader("letter", points=1), nbgrader("share-check", points=5)), FORM, "?"),
    Case("PM550", replace(FORM, "rubric: rubric.md", "rubric: rubrics.md"), FORM, "?"),
    Case("PM551", code('print("Well done")', path=PAPER, id="wrong-word-check"), PAPER, "?"),
    Case("PM552", nbgrader("share-check", locked=False), PAPER, "?"),
    Case("PM553", code('word = "positive"', path=PAPER, id="wrong-word"), PAPER, "?"),
    Case("PM554", remove(BANK), FORM, "?"),
    Case("PM555", replace(FORM, "at_least: 1", "at_least: 9"), FORM, "?"),
]  # fmt: skip


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.code)
def test_the_change_gives_this_problem_only(case: Case, own_curriculum: Path) -> None:
    """One change, one problem; none with the rule switched off."""
    check(case, own_curriculum)


@pytest.mark.parametrize("points", [None, 0, -2, "4", True, float("nan"), float("inf"), [4]])
def test_points_that_cannot_be_added_up(points: object, own_curriculum: Path) -> None:
    """Missing, zero, negative, written, true, not a number, infinite, a list: each is an error."""
    nbgrader("wrong-word-check", points=points)(own_curriculum)

    assert "PM543" in {problem.code for problem in found(own_curriculum)}


@pytest.mark.parametrize("grade_id", [None, "", "  ", "My first question!", "../share", 7, "x" * 81])
def test_grade_ids_that_cannot_be_used(grade_id: object, own_curriculum: Path) -> None:
    """Missing, blank, with spaces or slashes, a number, too long: each is an error."""
    nbgrader("given", grade_id=grade_id)(own_curriculum)

    assert ["PM542"] == [problem.code for problem in found(own_curriculum)]


@pytest.mark.parametrize(
    "source",
    [
        "### BEGIN SOLUTION\na = 1",
        "a = 1\n### END SOLUTION",
        "### BEGIN SOLUTION\n### BEGIN HIDDEN TESTS\n### END HIDDEN TESTS\n### END SOLUTION",
        "### BEGIN SOLUTION\na = 1\n### END HIDDEN TESTS",
    ],
)
def test_regions_that_do_not_pair_up(source: str, own_curriculum: Path) -> None:
    """Open, not opened, nested, mixed: each is an error."""
    code(source, path=PAPER, id="given")(own_curriculum)

    assert ["PM545"] == [problem.code for problem in found(own_curriculum)]
