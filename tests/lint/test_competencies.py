"""PM4xx: a change for each rule about competencies and the roadmap."""

from pathlib import Path

import pytest

from tests.lint.cases import FIRST, FORM, ROADMAP, SECOND, Case, all_of, append, check, planned, replace

COMPETENCIES = "curriculum/competencies.yaml"
ROLES = "curriculum/roles.yaml"
OUTCOME = (
    "    evidence_for: {id: D3, level: apply}\n  - verb: Explain\n    text: a share\n    bloom: understand\n"
    "    practised_in: [a-lesson]\n    evidence_for: {id: T1, level: aware}\n"
)
NEW = "  D4:\n    statement: New\n    sources: [W]\n    aware: a\n    apply: b\n    lead: c\n"

CASES = [
    Case("PM401", replace(FIRST, "competencies:\n", "prior_competencies: []\ncompetencies:\n  - {id: T9, level: aware}\n"), FIRST, "?"),
    Case("PM402", replace(FORM, "competency: T1", "competency: D3"), SECOND, "?"),
    Case("PM403", replace(SECOND, "  - {id: T1, level: aware}\n", ""), FORM, "?"),
    Case("PM404", replace(FORM, "competency: T1\n    level: aware", "competency: T1\n    level: apply"), FORM, "?"),
    Case("PM405", replace(FIRST, "evidence_for: {id: T1, level: aware}", "evidence_for: {id: T1, level: lead}"), FIRST, "?"),
    Case("PM406", replace(SECOND, "    evidence_for: {id: D3, level: apply}\n", OUTCOME), SECOND, "?"),
    Case("PM407", replace(ROLES, "D3: apply", "D3: lead"), ROLES, "?"),
    Case("PM408", append(COMPETENCIES, NEW), COMPETENCIES, "?"),
    Case("PM409", replace(COMPETENCIES, "sources: [W]", "sources: [V]"), COMPETENCIES, "?"),
    Case("PM410", replace(SECOND, "roadmap: []", "roadmap: [shared-languages]"), SECOND, "?"),
    Case("PM411", replace(ROADMAP, "lessons: []", "lessons: [T01.2]"), ROADMAP, "?"),
    Case("PM412", replace(SECOND, "roadmap: []", "roadmap: [shared-language]"), SECOND, "?"),
    Case("PM413", all_of(planned(), replace(ROADMAP, "[first-steps]", "[first-steps, third-steps]")), ROADMAP, "?"),
]  # fmt: skip


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.code)
def test_the_change_gives_this_problem_only(case: Case, own_curriculum: Path) -> None:
    """One change, one problem; none with the rule switched off."""
    check(case, own_curriculum)
