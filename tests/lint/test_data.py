"""PM6xx: a change for each rule about data files and privacy."""

from pathlib import Path

import pytest

from tests.lint.cases import (
    CASE,
    FIRST,
    LESSON,
    Case,
    a_case,
    all_of,
    check,
    code,
    data,
    found,
    plot,
    remove,
    replace,
    text,
    write,
)

FILE = "modules/first-steps/data/counts.csv"
SOURCES = "modules/first-steps/data/sources.yaml"
SIMULATED = ":::{admonition} Data card: counts\n:class: datacard\n**SIMULATED.** Nobody.\n:::"
CASES = [
    Case("PM601", write(FILE, "right,all\n9,12\n"), FILE, "The data file counts.csv is not declared."),
    Case(
        "PM602",
        data("counts.csv", "right,all\n9,12\n", sha256="f" * 64),
        SOURCES,
        "The digest of counts.csv is 3a5693cb1e16…, but ffffffffffff… is declared.",
    ),
    Case(
        "PM603",
        all_of(data("counts.csv", "right,all\n9,12\n"), remove(FILE)),
        SOURCES,
        "The data file counts.csv is declared, but is not in modules/first-steps/data.",
    ),
    Case("PM604", data("counts.csv", "9,12\n" * 220_000), FILE, "The data file counts.csv has 1.1 MB."),
    Case(
        "PM605",
        data("counts.csv", "right,all\n9,12\n", licence=None),
        SOURCES,
        "The field `files.counts.csv.licence` is missing.",
    ),
    Case(
        "PM606",
        write("modules/first-steps/lessons/counts.csv", "9,12\n"),
        "modules/first-steps/lessons/counts.csv",
        "The file lessons/counts.csv looks like data, but does not lie directly in modules/first-steps/data.",
    ),
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
        "PM610",
        replace(FIRST, "data: none", "data: real"),
        FIRST,
        "The lesson 01-a-lesson.ipynb has real data, but no data card.",
    ),
    Case(
        "PM611",
        all_of(
            replace(FIRST, "data: none", "data: simulated"),
            text(SIMULATED),
            plot(),
        ),
        LESSON,
        "Cell 3 (share) plots simulated data, and its caption does not say SIMULATED.",
    ),
    Case(
        "PM612",
        a_case("{real: false}", "{real: true}"),
        CASE,
        "The patient is real, but no consent is recorded.",
    ),
    Case(
        "PM613",
        data("counts.csv", "right,all\n9,12\n", licence="CC-BY-NC-4.0"),
        SOURCES,
        "counts.csv is under the licence CC-BY-NC-4.0, which may not be passed on freely.",
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
