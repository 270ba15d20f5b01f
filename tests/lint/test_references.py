"""PM714 to PM716: a change of the list of sources for each rule."""

from pathlib import Path

import pytest

from tests.lint.cases import Case, append, check, found, replace, write

BIB = "curriculum/references.bib"
CASES = [
    Case(
        "PM714",
        append(BIB, "@article{lee2022,\n  title = {Guideline for {CYP2C19},\n  year = {2022}\n}\n"),
        BIB,
        "The source `lee2022` cannot be read: the text of `title` runs on into the next field: a brace is "
        "missing.",
    ),
    Case(
        "PM715",
        append(BIB, "@misc{cinti2024, title = {Another}, year = 2024, url = {https://doi.org/10.3390/x}}\n"),
        BIB,
        "The source `cinti2024` has the key of `cinti2024` in line 1.",
    ),
    Case(
        "PM716",
        replace(BIB, "  doi = {10.3390/jpm14060546}\n", ""),
        BIB,
        "The source `cinti2024` has no DOI or address.",
    ),
]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.code)
def test_a_change_gives_the_problem(case: Case, own_curriculum: Path) -> None:
    """Each rule speaks, and is silent when it is switched off."""
    check(case, own_curriculum)


@pytest.mark.parametrize(
    ("entry", "told"),
    [
        ("@misc{b, title = {T}, year = {2024}, doi = {10.3390/JPM14060546}}", "has the DOI of `cinti2024`"),
        (
            "@misc{b, title = {The {Roadmap} toward Personalized Medicine: Challenges and Opportunities}, "
            "author = {Cinti, Caterina and others}, year = 2024, url = {https://example.org/a}}",
            "has the title, author and year of `cinti2024`",
        ),
        ("@misc{b, title = {T}, year = {soon}, url = {https://example.org/a}}", "has no year."),
        ("@misc{b, year = {2024}, url = {https://example.org/a}}", "has no title."),
        ("@misc{b, title = {T}, doi = {doi:10.1/x}}", "has no year, no DOI or address."),
        ("@misc{b, title = {T}, year = {2024}, url = {www.example.org}}", "has no DOI or address."),
    ],
)
def test_entries_that_say_too_little(entry: str, told: str, own_curriculum: Path) -> None:
    """The same work under another key; a year in words; an address that no browser opens."""
    append(BIB, entry + "\n")(own_curriculum)

    (problem,) = found(own_curriculum)
    assert told in problem.message


@pytest.mark.parametrize(
    "entry",
    [
        "@book{b, title = {T}, publisher = {P}, address = {Stockholm}, year = {1968}}",
        "@book{b, title = {T}, isbn = {978-91-0-000000-0}, year = {1990}}",
        "@misc{b, title = {T}, year = {2024}, url = {https://example.org/a}}",
    ],
)
def test_entries_that_say_enough(entry: str, own_curriculum: Path) -> None:
    """A printed book needs no address on the web."""
    append(BIB, entry + "\n")(own_curriculum)

    assert [] == found(own_curriculum)


def test_a_list_in_another_encoding_is_said(own_curriculum: Path) -> None:
    """Once, with the byte; the citations of lessons are then unknown, too."""
    (own_curriculum / BIB).write_bytes("@misc{b, title = {Läsbarhet}}".encode("latin-1"))

    assert "cannot be read: byte 20 is not UTF-8" in next(
        one.message for one in found(own_curriculum) if one.code == "PM714"
    )


def test_an_empty_list_is_no_fault_of_its_own(own_curriculum: Path) -> None:
    """Then every citation has no entry, which another rule says."""
    write(BIB, "")(own_curriculum)

    assert {"PM707"} >= {one.code for one in found(own_curriculum)}
