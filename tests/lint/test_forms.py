"""PM2xx: a change for each rule about what stands in a form."""

from pathlib import Path

import pytest

from tests.conftest import TWO_MODULES
from tests.lint.cases import FIRST, FORM, LESSON, Case, append, check, code, found, metadata, replace, write

GLOSSARY = "curriculum/glossary.yaml"
CASES = [
    Case(
        "PM201",
        replace(GLOSSARY, "plain: A test", "plain: A: test"),
        GLOSSARY,
        "Mapping values are not allowed in this context.",
    ),
    Case(
        "PM202",
        replace(
            "curriculum/contributors.yaml", "    name: PM Campus authors", "    url: https://example.org"
        ),
        "curriculum/contributors.yaml",
        "The field `contributors.pm-campus.name` is missing.",
    ),
    Case("PM203", replace(FORM, "limits:", "limit:"), FORM, "The field `limit` is not known here."),
    Case(
        "PM204",
        replace(FORM, "passing_score: 60", "passing_score: sixty"),
        FORM,
        "`passing_score`: input should be a valid number, unable to parse string as a number (found "
        "'sixty').",
    ),
    Case("PM205", replace(FORM, "version: 1.0.0", "version: 1.0"), FORM, "The version is 1.0."),
    Case(
        "PM207",
        replace(
            FIRST, "summary: A tiny module for the tests of PM Campus.", 'summary: "[FILL IN: one sentence]"'
        ),
        FIRST,
        "A blank is left: one sentence.",
    ),
    Case(
        "PM211",
        write(GLOSSARY, "terms:\n  positive: {term: positive, plain: Found., means: {}}\n"),
        GLOSSARY,
        "The term `positive` has no meaning.",
    ),
]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.code)
def test_the_change_gives_this_problem_only(case: Case, own_curriculum: Path) -> None:
    """One change, one problem; none with the rule switched off."""
    check(case, own_curriculum)


def test_a_page_may_speak_of_blanks(own_curriculum: Path) -> None:
    """In a code span or fence the mark is an example, not a blank."""
    notes = "# Notes\n\nReplace `[FILL IN: …]`.\n\n```yaml\ntitle: '[FILL IN: the title]'\n```\n"
    write("modules/first-steps/instructor-notes.md", notes)(own_curriculum)

    assert found(own_curriculum) == []


def test_blanks_are_found_in_every_kind_of_file(own_curriculum: Path) -> None:
    """Page, text alternative, code and answer bank: each blank is one problem."""
    append("modules/first-steps/CHANGELOG.md", "\n[FILL IN: what changed]\n")(own_curriculum)
    metadata(LESSON, "share", alt="[FILL IN: the pattern]")(own_curriculum)
    code("# [FILL IN: your data]")(own_curriculum)
    bank = "assessments/counting/wrong-answers/share.yaml"
    replace(bank, "The denominator does not matter.", '"[FILL IN: a wrong idea]"')(own_curriculum)

    assert sorted(problem.message for problem in found(own_curriculum)) == [
        "A blank is left in cell 3 (share): the pattern.",
        "A blank is left in cell 3 (share): your data.",
        "A blank is left: a wrong idea.",
        "A blank is left: what changed.",
    ]


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("version: 1.0.0", "The field `version` stands twice."),
        ("note: 2026-13-45", "A value cannot be read (month must be in 1..12)."),
        ("? [a, b]\n: c", "A field's name must be a word."),
    ],
)
def test_a_form_that_cannot_be_read_has_one_problem(line: str, message: str, own_curriculum: Path) -> None:
    """Doubled fields, impossible dates, lists for names: said once, without a rain of consequences."""
    append(FIRST, f"{line}\n")(own_curriculum)

    assert [(problem.code, problem.message) for problem in found(own_curriculum)] == [("PM201", message)]


@pytest.mark.parametrize("form", sorted(p.name for p in (TWO_MODULES / "curriculum").glob("*.yaml")))
def test_a_broken_shared_form_has_one_problem(form: str, own_curriculum: Path) -> None:
    """Rules that need the broken form stay silent, because they cannot know."""
    write(f"curriculum/{form}", "")(own_curriculum)

    assert [problem.path for problem in found(own_curriculum)] == [f"curriculum/{form}"]
