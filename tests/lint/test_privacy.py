"""PM6xx: a change for each rule about privacy."""

from pathlib import Path

import pytest

from tests.lint.cases import CASE, LESSON, Case, a_case, check, code, data, found, text

CASES = [
    Case(
        "PM607",
        text("Write to rosa.almeida@hospital.pt."),
        LESSON,
        "An e-mail address stands in cell 2 (the-numbers): ros…@hospital.pt.",
    ),
    Case(
        "PM608",
        text("Rosa Almeida, date of birth 12.03.1968"),
        LESSON,
        "What looks like a date of birth stands in cell 2 (the-numbers).",
    ),
    Case(
        "PM609",
        code('api_key = "31f0a9c2b7"'),
        LESSON,
        "What looks like a password or key stands in cell 3 (share).",
    ),
    Case(
        "PM612",
        a_case("{real: false}", "{real: true}"),
        CASE,
        "The patient is real, but no consent is recorded.",
    ),
]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.code)
def test_the_change_gives_this_problem_only(case: Case, own_curriculum: Path) -> None:
    """One change, one problem; none with the rule switched off."""
    check(case, own_curriculum)


@pytest.mark.parametrize(
    "words",
    [
        "Write to somebody@example.org.",
        "weights @ values.T and a@b.mean()",
        "Rosa was born in March.",
        "MRN is the hospital's number for a person.",
        "The token says who you are; the password is secret.",
    ],
)
def test_ordinary_sentences_are_no_problem(words: str, own_curriculum: Path) -> None:
    """Speaking of addresses, births and passwords is not publishing one."""
    text(words)(own_curriculum)

    assert [] == found(own_curriculum)


def test_columns_that_identify(own_curriculum: Path) -> None:
    """A column of birthdays is found by its name."""
    data("counts.csv", "patient,date_of_birth\n1,x\n")(own_curriculum)

    assert ["The data have a column `date_of_birth`."] == [
        problem.message for problem in found(own_curriculum)
    ]
