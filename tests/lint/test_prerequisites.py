"""PM3xx: a change for each rule about prerequisites and pathways."""

from pathlib import Path

import pytest

from tests.lint.cases import FIRST, PATHWAYS, SECOND, Case, a_case, all_of, check, planned, replace

STEPS = "[{module: first-steps}, {module: second-steps}]"
CASES = [
    Case("PM301", replace(SECOND, "[first-steps]", "[zeroth-steps]"), SECOND, "?"),
    Case("PM302", all_of(
        replace(FIRST, "prerequisites: []", "prerequisites: [third-steps]"),
        planned("prerequisites: [second-steps]", "prerequisites: [first-steps]"),
        replace(PATHWAYS, "elective: []", "elective: [{module: third-steps}]", times=2),
    ), FIRST, "?"),
    Case("PM303", replace(PATHWAYS, "elective: []", "elective: [{module: third-steps}]"), PATHWAYS, "?"),
    Case("PM304", replace(PATHWAYS, STEPS, "[{module: second-steps}, {module: first-steps}]"), PATHWAYS, "?"),
    Case("PM305", all_of(
        planned(), replace(PATHWAYS, STEPS, "[{module: first-steps}, {module: third-steps}]"),
        replace("curriculum/roles.yaml", "D3: apply", "D3: aware"),
    ), PATHWAYS, "?"),
    Case("PM306", all_of(planned(), replace(PATHWAYS, "core: [first-steps]", "core: [third-steps]"),
        replace(PATHWAYS, STEPS, STEPS[:-1] + ", {module: third-steps}]"),
    ), PATHWAYS, "?"),
    Case("PM307", replace(PATHWAYS, "elective: []", "elective: [{module: second-steps}]"), PATHWAYS, "?"),
    Case("PM308", a_case("[clinician, data-scientist]", "[clinician, wizard]"), "case_studies/a-case/case.yaml", "?"),
    Case("PM309", replace(PATHWAYS, "capstone: []", "capstone: [C9]"), PATHWAYS, "?"),
    Case("PM310", a_case("modules: [first-steps]", "modules: [zeroth-steps]"), "case_studies/a-case/case.yaml", "?"),
    Case("PM311", replace(SECOND, "environment:", "prior_competencies: [{id: T1, level: lead}]\nenvironment:"), SECOND, "?"),
]  # fmt: skip


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.code)
def test_the_change_gives_this_problem_only(case: Case, own_curriculum: Path) -> None:
    """One change, one problem; none with the rule switched off."""
    check(case, own_curriculum)
