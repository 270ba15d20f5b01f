"""PM3xx: a change for each rule about pathways and the names on them."""

from pathlib import Path

import pytest

from tests.lint.cases import FIRST, PATHWAYS, Case, a_case, all_of, check, planned, replace

PARTS = """\
parts:
  short form: {summary: Counting only., hours: 1, lessons: [{lesson: a-lesson, minutes: 20, leave_out: []}]}
"""
STEPS = "[{module: first-steps}, {module: second-steps}]"
CASES = [
    Case(
        "PM303",
        replace(PATHWAYS, "elective: []", "elective: [{module: third-steps}]"),
        PATHWAYS,
        "The module `third-steps` is neither written nor planned.",
    ),
    Case(
        "PM306",
        all_of(
            planned(),
            replace(PATHWAYS, "core: [first-steps]", "core: [third-steps]"),
            replace(PATHWAYS, STEPS, STEPS[:-1] + ", {module: third-steps}]"),
        ),
        PATHWAYS,
        "The pathway `data-scientist` does not require the core module `third-steps`.",
    ),
    Case(
        "PM307",
        replace(PATHWAYS, "elective: []", "elective: [{module: second-steps}]"),
        PATHWAYS,
        "The pathway `clinician` names `second-steps` twice.",
    ),
    Case(
        "PM308",
        a_case("played_by: [clinician]", "played_by: [clinician, wizard]"),
        "case_studies/a-case/case.yaml",
        "The role `wizard` does not stand in roles.yaml.",
    ),
    Case(
        "PM309",
        replace(PATHWAYS, "capstone: []", "capstone: [C9]"),
        PATHWAYS,
        "The case `C9` is neither written nor planned.",
    ),
    Case(
        "PM310",
        a_case("modules: [first-steps]", "modules: [zeroth-steps]"),
        "case_studies/a-case/case.yaml",
        "The module `zeroth-steps` is neither written nor planned.",
    ),
    Case(
        "PM312",
        replace(FIRST, "environment:", PARTS.replace("a-lesson", "no-lesson") + "environment:"),
        FIRST,
        "The part `short form` names the lesson `no-lesson`, which does not exist.",
    ),
    Case(
        "PM312",
        replace(FIRST, "environment:", PARTS.replace("[]", "[no-such-cell]") + "environment:"),
        FIRST,
        "The part `short form` names the cell `no-such-cell`, which does not exist.",
    ),
    Case(
        "PM312",
        all_of(
            replace(FIRST, "environment:", PARTS + "environment:"),
            replace(PATHWAYS, "{module: first-steps}", "{module: first-steps, part: short form, hours: 2}"),
        ),
        PATHWAYS,
        "The module `first-steps` has no part `short form` of these hours.",
    ),
]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.code)
def test_the_change_gives_this_problem_only(case: Case, own_curriculum: Path) -> None:
    """One change, one problem; none with the rule switched off."""
    check(case, own_curriculum)
