"""PM54x and PM55x: a change for each rule about graded cells and the items of the form."""

from pathlib import Path

import pytest

from tests.lint.cases import (
    FORM,
    PAPER,
    Case,
    all_of,
    check,
    code,
    found,
    nbgrader,
    remove,
    replace,
)

BANK = "assessments/counting/wrong-answers/share.yaml"
CASES = [
    Case(
        "PM541",
        nbgrader("given", grade_id="intro"),
        PAPER,
        "Cell 2 (given) has the grade_id `intro` of an earlier cell.",
    ),
    Case("PM542", nbgrader("given", grade_id=""), PAPER, "Cell 2 (given) has no grade_id."),
    Case(
        "PM543",
        all_of(
            nbgrader("wrong-word-check", points="two"), replace(FORM, "kind: summative", "kind: formative")
        ),
        PAPER,
        "Cell 8 (wrong-word-check) carries 'two' as points.",
    ),
    Case(
        "PM544",
        nbgrader("given", schema_version=1),
        PAPER,
        "Cell 2 (given) follows nbgrader's schema 1, not 3.",
    ),
    Case(
        "PM545",
        replace(PAPER, '"    return part / whole\\n",\n    "### END SOLUTION"', '"    return part / whole"'),
        PAPER,
        "Cell 4 (share) opens SOLUTION and never closes it.",
    ),
    Case(
        "PM546",
        replace(FORM, "cell: share, at_least", "cell: shares, at_least"),
        FORM,
        "`shares` is named under `hurdles`, but there is no such item.",
    ),
    Case(
        "PM547",
        all_of(nbgrader("given", grade=True, points=0.5), code("assert given == 9", path=PAPER, id="given")),
        PAPER,
        "Cell 2 (given) carries points, but is no item of assessment.yaml.",
    ),
    Case(
        "PM548",
        replace(FORM, "practise_in: [a-lesson]", "practise_in: [b-lesson]"),
        FORM,
        "The item `share` is practised in `b-lesson`, which is no lesson of `second-steps`.",
    ),
    Case(
        "PM549",
        all_of(nbgrader("letter", points=1), nbgrader("share-check", points=5)),
        FORM,
        "7 of 8 points (88 %) are given by machine.",
    ),
    Case(
        "PM550",
        replace(FORM, "rubric: rubric.md", "rubric: rubrics.md"),
        FORM,
        "The item `letter` is marked by rubric, but rubrics.md is not in the folder.",
    ),
    Case(
        "PM551",
        code('print("Well done")', path=PAPER, id="wrong-word-check"),
        PAPER,
        "Cell 8 (wrong-word-check) gives full points to every answer.",
    ),
    Case(
        "PM552",
        nbgrader("share-check", locked=False),
        PAPER,
        "Cell 5 (share-check) is a test that learners could change.",
    ),
    Case(
        "PM553",
        code('word = "positive"', path=PAPER, id="wrong-word"),
        PAPER,
        "Cell 7 (wrong-word) is an answer cell without a reference solution.",
    ),
    Case("PM554", remove(BANK), FORM, "The item `share` has no bank of wrong and right answers."),
    Case(
        "PM555",
        replace(FORM, "at_least: 1", "at_least: 9"),
        FORM,
        "The hurdle asks for 9 points in `share`, which has 4.",
    ),
]


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
