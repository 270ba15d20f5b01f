"""PM8xx: a change for each rule about review and dates."""

from pathlib import Path

import pytest

from tests.lint.cases import FIRST, FORM, Case, check, replace

CASES = [
    Case(
        "PM801",
        replace(FIRST, "next_review: 2027-05-24", "next_review: 2026-11-23"),
        FIRST,
        "The review was due on 2026-11-23.",
    ),
    Case(
        "PM802",
        replace(FORM, "facts_valid_as_of: 2026-11-24", "facts_valid_as_of: 2062-11-24"),
        FORM,
        "The facts are dated 2062-11-24, which lies ahead.",
    ),
    Case(
        "PM803",
        replace(FIRST, "facts_valid_as_of: 2026-11-24", "facts_valid_as_of: 2025-11-01"),
        FIRST,
        "The facts are dated 2025-11-01, more than a year ago.",
    ),
    Case(
        "PM804",
        replace(FIRST, "code: T01", "code: R01"),
        FIRST,
        "The module R01 is about regulation, but names no jurisdiction.",
    ),
    Case(
        "PM805",
        replace(FIRST, "next_review:", "reviewed_on: 2026-10-01\n  next_review:"),
        FIRST,
        "A day of review is given without the reviewer.",
    ),
    Case(
        "PM806",
        replace(FIRST, "status: pilot", "status: stable"),
        FIRST,
        "The status is stable, but nobody has reviewed the content.",
    ),
    Case(
        "PM807",
        replace("modules/second-steps/module.yaml", "status: pilot", "status: planned"),
        "modules/second-steps/module.yaml",
        "The status is planned, but the folder exists.",
    ),
    Case(
        "PM808",
        replace(FIRST, "next_review: 2027-05-24", "next_review: 2035-01-01"),
        FIRST,
        "The next review is on 2035-01-01.",
    ),
]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.code)
def test_the_change_gives_this_problem_only(case: Case, own_curriculum: Path) -> None:
    """One change, one problem; none with the rule switched off."""
    check(case, own_curriculum)
