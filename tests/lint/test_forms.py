"""PM2xx: a change for each rule about what stands in a form."""

from pathlib import Path

import pytest

from tests.lint.cases import FIRST, FORM, LESSON, SECOND, Case, check, found, replace, write

GLOSSARY = "curriculum/glossary.yaml"
CASES = [
    Case("PM201", replace(GLOSSARY, "plain: A test", "plain: A: test"), GLOSSARY, "?"),
    Case("PM202", replace("curriculum/contributors.yaml", "    name: PM Campus authors", "    url: https://example.org"), "curriculum/contributors.yaml", "?"),
    Case("PM203", replace(FORM, "limits:", "limit:"), FORM, "?"),
    Case("PM204", replace(FORM, "passing_score: 60", "passing_score: sixty"), FORM, "?"),
    Case("PM205", replace(FORM, "version: 1.0.0", "version: 1.0"), FORM, "?"),
    Case("PM206", replace(FIRST, "version: 1.0.0", "version: 1.1.0"), FIRST, "?"),
    Case("PM207", replace(FIRST, "summary: A tiny module for the tests of PM Campus.", 'summary: "[FILL IN: one sentence]"'), FIRST, "?"),
    Case("PM208", replace(FIRST, "teaching: 1, exercise: 1", "teaching: 2, exercise: 2"), FIRST, "?"),
    Case("PM209", replace(SECOND, "assessment: counting\n", ""), FORM, "?"),
    Case("PM210", replace(FIRST, "[pm-campus]", "[dr-who]"), FIRST, "?"),
    Case("PM211", write(GLOSSARY, "terms:\n  positive: {term: positive, plain: Found., means: {}}\n"), GLOSSARY, "?"),
    Case("PM212", replace(FIRST, "CC-BY-4.0", "CC-BY-NC-4.0"), FIRST, "?"),
]  # fmt: skip


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.code)
def test_the_change_gives_this_problem_only(case: Case, own_curriculum: Path) -> None:
    """One change, one problem; none with the rule switched off."""
    check(case, own_curriculum)
