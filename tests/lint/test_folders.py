"""PM1xx: a change for each rule about folders and names."""

from pathlib import Path

import pytest

from tests.lint.cases import FIRST, LESSON, SECOND, Case, a_case, all_of, check, copy, remove, rename, replace

TWO_LESSONS = (
    "lessons:\n  - file: 0{}-{}.ipynb\n    title: A shared word\n    summary: Count.\n    minutes: 30\n"
    "    data: none\n    objectives: [Compute a share from two counts.]\n"
)
SECOND_LESSON = "modules/first-steps/lessons/02-again.ipynb"

CASES = [
    Case(
        "PM101",
        remove("assessments/counting/assessment.yaml"),
        "assessments/counting/assessment.yaml",
        "The form assessment.yaml is missing.",
    ),
    Case(
        "PM102",
        all_of(
            rename("assessments/counting", "assessments/Counting_2"),
            rename("assessments/Counting_2/counting.ipynb", "assessments/Counting_2/Counting_2.ipynb"),
            replace("assessments/Counting_2/assessment.yaml", "kind: summative", "kind: formative"),
            replace(SECOND, "assessment: counting\n", ""),
        ),
        "assessments/Counting_2",
        "The folder name 'Counting_2' cannot be an id.",
    ),
    Case(
        "PM103",
        copy(LESSON, "modules/first-steps/lessons/Lesson 2.ipynb"),
        "modules/first-steps/lessons/Lesson 2.ipynb",
        "The lesson's file name 'Lesson 2.ipynb' is not of the form NN-some-words.ipynb.",
    ),
    Case(
        "PM104",
        a_case("notebook: decide.ipynb", "notebook: decided.ipynb"),
        "case_studies/a-case/case.yaml",
        "The part decided.ipynb is listed, but case_studies/a-case/decided.ipynb does not exist.",
    ),
    Case(
        "PM105",
        copy(LESSON, SECOND_LESSON),
        SECOND_LESSON,
        "The lesson 02-again.ipynb is not listed in module.yaml.",
    ),
    Case(
        "PM106",
        all_of(
            rename(LESSON, "modules/first-steps/lessons/02-a-lesson.ipynb"),
            replace(FIRST, "file: 01-a-lesson", "file: 02-a-lesson"),
        ),
        FIRST,
        "The lesson 02-a-lesson.ipynb is number 1 on the list, but its file says 02.",
    ),
    Case(
        "PM111",
        remove("modules/first-steps/instructor-notes.md"),
        "modules/first-steps/instructor-notes.md",
        "The file instructor-notes.md is missing in modules/first-steps.",
    ),
    Case(
        "PM112",
        all_of(
            copy(LESSON, "modules/first-steps/lessons/02-a-lesson.ipynb"),
            replace(FIRST, "lessons:\n", TWO_LESSONS.format(1, "a-lesson")),
            replace(
                FIRST,
                "  - file: 01-a-lesson.ipynb\n    title: A shared word\n    summary: Count and",
                "  - file: 02-a-lesson.ipynb\n    title: A shared word\n    summary: Count and",
            ),
        ),
        FIRST,
        "The lesson id a-lesson is used twice in this module.",
    ),
]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.code)
def test_the_change_gives_this_problem_only(case: Case, own_curriculum: Path) -> None:
    """One change, one problem; none with the rule switched off."""
    check(case, own_curriculum)
