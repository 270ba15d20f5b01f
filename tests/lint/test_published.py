"""PM1xx: a change for each rule about what is published and planned."""

from pathlib import Path

import pytest

from tests.lint.cases import FIRST, Case, all_of, check, planned, replace

CURRICULUM = "curriculum/curriculum.yaml"
CASES = [
    Case(
        "PM107",
        planned(listed=False),
        CURRICULUM,
        "`third-steps` is planned, but not listed under `modules`.",
    ),
    Case(
        "PM108",
        replace(CURRICULUM, "second-steps]", "second-steps, third-steps]"),
        CURRICULUM,
        "`third-steps` is listed, but there is neither a folder modules/third-steps nor an entry in "
        "planned.yaml.",
    ),
    Case(
        "PM109",
        all_of(
            planned("third-steps", "first-steps", listed=False),
            replace("curriculum/planned.yaml", "T03", "T01"),
            replace("curriculum/planned.yaml", "[second-steps]", "[]"),
        ),
        "curriculum/planned.yaml",
        "`first-steps` has its own folder now and is still planned here.",
    ),
    Case("PM110", planned("T03", "T01"), FIRST, "The code T01 is used by first-steps and third-steps."),
]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.code)
def test_the_change_gives_this_problem_only(case: Case, own_curriculum: Path) -> None:
    """One change, one problem; none with the rule switched off."""
    check(case, own_curriculum)
