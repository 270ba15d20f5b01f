"""PM2xx: a change for each rule about what stands in a form."""

from pathlib import Path

import pytest

from tests.lint.cases import FIRST, FORM, SECOND, Case, check, replace, write

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
        "PM206",
        replace(FIRST, "version: 1.0.0", "version: 1.1.0"),
        FIRST,
        "The version is 1.1.0, but the newest entry of CHANGELOG.md is 1.0.0.",
    ),
    Case(
        "PM207",
        replace(
            FIRST, "summary: A tiny module for the tests of PM Campus.", 'summary: "[FILL IN: one sentence]"'
        ),
        FIRST,
        "A blank is left: one sentence.",
    ),
    Case(
        "PM208",
        replace(FIRST, "teaching: 1, exercise: 1", "teaching: 2, exercise: 2"),
        FIRST,
        "The lessons take 30 minutes, but teaching and exercise are 4 hours.",
    ),
    Case(
        "PM209",
        replace(SECOND, "assessment: counting\n", ""),
        FORM,
        "The module `second-steps` does not name this summative assessment.",
    ),
    Case(
        "PM210",
        replace(FIRST, "[pm-campus]", "[dr-who]"),
        FIRST,
        "`dr-who` does not stand in contributors.yaml.",
    ),
    Case(
        "PM211",
        write(GLOSSARY, "terms:\n  positive: {term: positive, plain: Found., means: {}}\n"),
        GLOSSARY,
        "The term `positive` has no meaning.",
    ),
    Case(
        "PM212",
        replace(FIRST, "CC-BY-4.0", "CC-BY-NC-4.0"),
        FIRST,
        "The licence is CC-BY-NC-4.0, but the curriculum's is CC-BY-4.0.",
    ),
]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.code)
def test_the_change_gives_this_problem_only(case: Case, own_curriculum: Path) -> None:
    """One change, one problem; none with the rule switched off."""
    check(case, own_curriculum)
