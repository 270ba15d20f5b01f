"""PM2xx: a change for each rule about forms that must agree."""

from pathlib import Path

import pytest

from tests.lint.cases import FIRST, FORM, SECOND, Case, check, replace

CASES = [
    Case(
        "PM206",
        replace(FIRST, "version: 1.0.0", "version: 1.1.0"),
        FIRST,
        "The version is 1.1.0, but the newest entry of CHANGELOG.md is 1.0.0.",
    ),
    Case(
        "PM208",
        replace(FIRST, "teaching: 1, exercise: 1", "teaching: 2, exercise: 2"),
        FIRST,
        "The lessons take 30 minutes, but teaching and exercise are 4 hours.",
    ),
    Case(
        "PM209",
        replace(SECOND, "assessment: counting\n", ""),
        FORM,
        "The module `second-steps` does not name this summative assessment.",
    ),
    Case(
        "PM210",
        replace(FIRST, "[pm-campus]", "[dr-who]"),
        FIRST,
        "`dr-who` does not stand in contributors.yaml.",
    ),
    Case(
        "PM212",
        replace(FIRST, "CC-BY-4.0", "CC-BY-NC-4.0"),
        FIRST,
        "The licence is CC-BY-NC-4.0, but the curriculum's is CC-BY-4.0.",
    ),
]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.code)
def test_the_change_gives_this_problem_only(case: Case, own_curriculum: Path) -> None:
    """One change, one problem; none with the rule switched off."""
    check(case, own_curriculum)
