"""PM9xx: a change for each rule about team cases."""

import json
from pathlib import Path

import pytest

from pmcampus.content import load_tree
from pmcampus.lint import lint
from tests.lint.cases import CASE, TODAY, Case, Change, a_case, all_of, check, replace

ITEM = (
    "prework: [{cell: my-number, title: Mine, points: 10, competency: T1, level: aware, bloom: apply, "
    "practise_in: [a-lesson]}]"
)


def graded(path: str, id: str, points: int) -> Change:
    """A graded cell at the notebook's beginning."""

    def change(root: Path) -> None:
        notebook = json.loads((root / path).read_text("utf-8"))
        mark = {"grade_id": id, "grade": True, "solution": False, "locked": True, "points": points}
        cell = {"cell_type": "code", "id": "graded", "source": "assert True", "execution_count": 1}
        notebook["cells"].append(
            {**cell, "outputs": [], "metadata": {"nbgrader": {**mark, "schema_version": 3}}}
        )
        notebook["cells"] = notebook["cells"][::-1]
        (root / path).write_text(json.dumps(notebook), "utf-8")

    return change


CASES = [
    Case(
        "PM901",
        a_case("briefing: roles/counter.md", "briefing: roles/counts.md"),
        CASE,
        "The case needs roles/counts.md, but case_studies/a-case/roles/counts.md does not exist.",
    ),
    Case(
        "PM902",
        a_case(rubric__md="# Rubric\n\n## Evidence\n\n## Process\n\n### Doctor\n"),
        CASE,
        "The role `Counter` has no heading in rubric.md.",
    ),
    Case(
        "PM903",
        a_case("title: Process, weight: 40", "title: Process, weight: 30"),
        CASE,
        "The weights of the criteria sum to 90.",
    ),
    Case(
        "PM904",
        a_case(
            data__decision__schema__json='{"type": "object", "required": ["decision"], '
            '"properties": {"decision": {}}}'
        ),
        CASE,
        "The schema data/decision.schema.json of the decision does not require minority.",
    ),
    Case(
        "PM905",
        a_case(briefing__md="# Briefing\n\nAs everybody knows, **12 of 1000**.\n"),
        CASE,
        "The hidden fact `12 of 1000` of the doctor stands in briefing.md.",
    ),
    Case(
        "PM906",
        a_case("only_here: [3 of 1000]", "only_here: [4 of 1000]"),
        CASE,
        "The hidden fact `4 of 1000` does not stand in roles/counter.md.",
    ),
    Case(
        "PM907",
        a_case("{minimum: 2, best: 2, maximum: 2}", "{minimum: 2, best: 2, maximum: 3}"),
        CASE,
        "With 3 people nobody knows which roles are doubled.",
    ),
    Case(
        "PM908",
        all_of(
            a_case("prework: []", ITEM),
            replace(CASE, "exit_paper: {points: 20", "exit_paper: {points: 10"),
            graded("case_studies/a-case/roles/doctor.ipynb", "my-number-check", 10),
            graded("case_studies/a-case/roles/counter.ipynb", "my-number-check", 9),
        ),
        CASE,
        "The item my-number has other points in roles/counter.ipynb than in the form, or stands in one of "
        "them only.",
    ),
    Case(
        "PM909",
        a_case("shared_files: []", "shared_files: [data/facts-doctor.json]"),
        CASE,
        "The file data/facts-doctor.json belongs to one role, but others get it too.",
    ),
]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.code)
def test_the_rule_finds_its_case(case: Case, own_curriculum: Path) -> None:
    """With the rule the problem is there, without it nothing is."""
    check(case, own_curriculum)


def test_a_complete_case_is_silent(own_curriculum: Path) -> None:
    """No rule has anything to say."""
    a_case()(own_curriculum)

    assert [] == lint(load_tree(own_curriculum), today=TODAY)


@pytest.mark.parametrize(
    ("seating", "fault"),
    [
        ("{minimum: 2, best: 2, maximum: 2, fewer: {1: [[doctor, counter]]}, never_together: "
         "[[counter, doctor]]}", "With 1 people counter and doctor are one person, which the form forbids."),
        ("{minimum: 2, best: 2, maximum: 2, fewer: {1: [[doctor, wizard]]}}",
         "With 1 people a role is joined twice, or is no role of the case."),
        ("{minimum: 2, best: 2, maximum: 2, fewer: {1: []}}", "With 1 people there are 2 chairs."),
    ],
)  # fmt: skip
def test_seats_that_cannot_be_are_found(seating: str, fault: str, own_curriculum: Path) -> None:
    """Forbidden pairs, strangers, and chairs without a person."""
    a_case("{minimum: 2, best: 2, maximum: 2}", seating)(own_curriculum)

    assert [fault] == [p.message for p in lint(load_tree(own_curriculum), today=TODAY)]
