"""PM3xx: a change for each rule about prerequisites."""

from pathlib import Path

import pytest

from tests.lint.cases import FIRST, PATHWAYS, SECOND, Case, all_of, check, planned, replace

STEPS = "[{module: first-steps}, {module: second-steps}]"
CASES = [
    Case(
        "PM301",
        replace(SECOND, "[first-steps]", "[zeroth-steps]"),
        SECOND,
        "The prerequisite `zeroth-steps` of `second-steps` is neither written nor planned.",
    ),
    Case(
        "PM302",
        all_of(
            replace(FIRST, "prerequisites: []", "prerequisites: [third-steps]"),
            planned("prerequisites: [second-steps]", "prerequisites: [first-steps]"),
            replace(PATHWAYS, "elective: []", "elective: [{module: third-steps}]", times=2),
        ),
        FIRST,
        "The prerequisites form a circle: first-steps, third-steps, first-steps.",
    ),
    Case(
        "PM304",
        replace(PATHWAYS, STEPS, "[{module: second-steps}, {module: first-steps}]"),
        PATHWAYS,
        "On the pathway `clinician`, `second-steps` stands before its prerequisite `first-steps`.",
    ),
    Case(
        "PM305",
        all_of(
            planned(),
            replace(PATHWAYS, STEPS, "[{module: first-steps}, {module: third-steps}]"),
            replace("curriculum/roles.yaml", "D3: apply", "D3: aware"),
        ),
        PATHWAYS,
        "The pathway `clinician` has `third-steps`, but not its prerequisite `second-steps`.",
    ),
    Case(
        "PM311",
        replace(SECOND, "environment:", "prior_competencies: [{id: T1, level: lead}]\nenvironment:"),
        SECOND,
        "The prior competency T1 at lead is taught by no prerequisite.",
    ),
]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.code)
def test_the_change_gives_this_problem_only(case: Case, own_curriculum: Path) -> None:
    """One change, one problem; none with the rule switched off."""
    check(case, own_curriculum)
