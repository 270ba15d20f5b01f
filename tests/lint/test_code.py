"""PM53x: a change for each rule about what code cells do."""

from pathlib import Path

import pytest

from tests.lint.cases import LESSON, Case, check, code, found

CASES = [
    Case(
        "PM531",
        code('open("/home/rosa/variants.csv")'),
        LESSON,
        "Cell 3 (share) names the place /home/rosa/variants.csv.",
    ),
    Case(
        "PM532",
        code("import requests"),
        LESSON,
        "Cell 3 (share) imports requests, which reaches the network.",
    ),
    Case("PM533", code("%pip install pypgx"), LESSON, "Cell 3 (share) installs packages with %pip."),
    Case("PM534", code("!ls"), LESSON, "Cell 3 (share) uses `!ls`."),
    Case(
        "PM535",
        code("print('Rosa)"),
        LESSON,
        "Cell 3 (share) cannot be read by Python: unterminated string literal (detected at line 1).",
    ),
    Case(
        "PM536",
        code("rng = np.random.default_rng()"),
        LESSON,
        "Cell 3 (share) calls np.random.default_rng without a seed.",
    ),
]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.code)
def test_the_change_gives_this_problem_only(case: Case, own_curriculum: Path) -> None:
    """One change, one problem; none with the rule switched off."""
    check(case, own_curriculum)


@pytest.mark.parametrize(
    "source",
    [
        'system = "http://loinc.org"',
        'named = systems.get("http://loinc.org")',
        'resource = {"reference": "/Patient/1"}',
        "import urllib.parse",
        "rng = np.random.default_rng(7)\nrng.random(3)",
        "rng = random.Random(code)\nrng.choice(kinds)",
        'text = "a % b"\n100 % 7',
        'print(f"{share:.0%} of {people!r}")',
        'ratio = "1/2/3"',
    ],
)
def test_ordinary_code_is_no_problem(source: str, own_curriculum: Path) -> None:
    """Names of code systems, seeds, percent signs and slashes mean what they mean."""
    code(source)(own_curriculum)

    assert [] == found(own_curriculum)
