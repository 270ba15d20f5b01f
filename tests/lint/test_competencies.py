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
    Case(
        "PM401",
        replace(
            FIRST, "competencies:\n", "prior_competencies: []\ncompetencies:\n  - {id: T9, level: aware}\n"
        ),
        FIRST,
        "The competency T9 does not stand in competencies.yaml.",
    ),
    Case(
        "PM402",
        replace(FORM, "competency: T1", "competency: D3"),
        SECOND,
        "T1 is taught, but no item of assessments/counting/assessment.yaml gives evidence of it.",
    ),
    Case(
        "PM403",
        replace(SECOND, "  - {id: T1, level: aware}\n", ""),
        FORM,
        "The item `wrong-word` asks for T1, which `second-steps` does not teach.",
    ),
    Case(
        "PM404",
        replace(FORM, "competency: T1\n    level: aware", "competency: T1\n    level: apply"),
        FORM,
        "The item `wrong-word` gives evidence of T1 at apply, but `second-steps` teaches a lower level.",
    ),
    Case(
        "PM405",
        replace(FIRST, "evidence_for: {id: T1, level: aware}", "evidence_for: {id: T1, level: lead}"),
        FIRST,
        "Outcome 1 gives evidence of T1 at lead, which the module does not teach.",
    ),
    Case(
        "PM406",
        replace(SECOND, "    evidence_for: {id: D3, level: apply}\n", OUTCOME),
        SECOND,
        "Outcome 2 is tested by no item of assessments/counting/assessment.yaml.",
    ),
    Case(
        "PM407",
        replace(ROLES, "D3: apply", "D3: lead"),
        ROLES,
        "`clinician` is to reach D3 at lead, but no required module of the pathway `clinician` teaches that.",
    ),
    Case(
        "PM408",
        append(COMPETENCIES, NEW),
        COMPETENCIES,
        "The competency D4 is taught by no module, written or planned.",
    ),
    Case(
        "PM409",
        replace(COMPETENCIES, "sources: [W]", "sources: [V]"),
        COMPETENCIES,
        "T1 is drawn from `V`, which is not described under `sources`.",
    ),
    Case(
        "PM410",
        replace(SECOND, "roadmap: []", "roadmap: [shared-languages]"),
        SECOND,
        "The clause `shared-languages` does not stand in roadmap.yaml.",
    ),
    Case(
        "PM411",
        replace(ROADMAP, "lessons: []", "lessons: [T01.2]"),
        ROADMAP,
        "The clause `shared-language` names `T01.2`, which does not exist.",
    ),
    Case(
        "PM412",
        replace(SECOND, "roadmap: []", "roadmap: [shared-language]"),
        SECOND,
        "This module claims the clause `shared-language`, but roadmap.yaml does not list the module there.",
    ),
    Case(
        "PM413",
        all_of(planned(), replace(ROADMAP, "[first-steps]", "[first-steps, third-steps]")),
        ROADMAP,
        "The clause `shared-language` is marked as covered, but `third-steps` is not written or still "
        "a draft.",
    ),
]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.code)
def test_the_change_gives_this_problem_only(case: Case, own_curriculum: Path) -> None:
    """One change, one problem; none with the rule switched off."""
    check(case, own_curriculum)
