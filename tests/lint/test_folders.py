"""PM1xx: a change for each rule about folders, files and names."""

from pathlib import Path

import pytest

from tests.lint.cases import (
    FIRST, LESSON, SECOND, Case, a_case, all_of, check, copy, planned, remove, rename, replace,
)  # fmt: skip

CURRICULUM = "curriculum/curriculum.yaml"
TWO_LESSONS = (
    "lessons:\n  - file: 0{}-{}.ipynb\n    title: A shared word\n    summary: Count.\n    minutes: 30\n"
    "    data: none\n    objectives: [Compute a share from two counts.]\n"
)
SECOND_LESSON = "modules/first-steps/lessons/02-again.ipynb"

CASES = [
    Case("PM101", remove("assessments/counting/assessment.yaml"), "assessments/counting/assessment.yaml", "?"),
    Case("PM102", all_of(
        rename("assessments/counting", "assessments/Counting_2"),
        rename("assessments/Counting_2/counting.ipynb", "assessments/Counting_2/Counting_2.ipynb"),
        replace("assessments/Counting_2/assessment.yaml", "kind: summative", "kind: formative"),
        replace(SECOND, "assessment: counting\n", ""),
    ), "assessments/Counting_2", "?"),
    Case("PM103", copy(LESSON, "modules/first-steps/lessons/Lesson 2.ipynb"),
         "modules/first-steps/lessons/Lesson 2.ipynb", "?"),
    Case("PM104", a_case("01-decide.ipynb", "01-decided.ipynb"), "case_studies/a-case/case.yaml", "?"),
    Case("PM105", copy(LESSON, SECOND_LESSON), SECOND_LESSON, "?"),
    Case("PM106", all_of(
        rename(LESSON, "modules/first-steps/lessons/02-a-lesson.ipynb"),
        replace(FIRST, "file: 01-a-lesson", "file: 02-a-lesson"),
    ), FIRST, "?"),
    Case("PM107", planned(listed=False), CURRICULUM, "?"),
    Case("PM108", replace(CURRICULUM, "second-steps]", "second-steps, third-steps]"), CURRICULUM, "?"),
    Case("PM109", all_of(
        planned("third-steps", "first-steps", listed=False), replace("curriculum/planned.yaml", "T03", "T01"),
        replace("curriculum/planned.yaml", "[second-steps]", "[]"),
    ), "curriculum/planned.yaml", "?"),
    Case("PM110", planned("T03", "T01"), FIRST, "?"),
    Case("PM111", remove("modules/first-steps/instructor-notes.md"), "modules/first-steps/instructor-notes.md", "?"),
    Case("PM112", all_of(
        copy(LESSON, "modules/first-steps/lessons/02-a-lesson.ipynb"),
        replace(FIRST, "lessons:\n", TWO_LESSONS.format(1, "a-lesson")),
        replace(FIRST, "  - file: 01-a-lesson.ipynb\n    title: A shared word\n    summary: Count and", 
                "  - file: 02-a-lesson.ipynb\n    title: A shared word\n    summary: Count and"),
    ), FIRST, "?"),
]  # fmt: skip


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.code)
def test_the_change_gives_this_problem_only(case: Case, own_curriculum: Path) -> None:
    """One change, one problem; none with the rule switched off."""
    check(case, own_curriculum)
