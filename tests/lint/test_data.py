"""PM6xx: a change for each rule about data files."""

from pathlib import Path

import pytest

from tests.lint.cases import FIRST, LESSON, Case, all_of, check, data, plot, remove, replace, text, write

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
