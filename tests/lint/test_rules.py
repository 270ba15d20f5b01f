"""The rules as a whole: their texts, their codes, and that each is proved by a change."""

import ast
import importlib
import json
import re
from collections import Counter
from pathlib import Path

import pytest

from pmcampus.content import load_tree
from pmcampus.lint import Problem, checked_files, lint, rules, shown
from pmcampus.lint.rule import FAMILIES, Rule
from tests.conftest import TWO_MODULES
from tests.lint.cases import TODAY, Case

TESTS = Path(__file__).parent
SHELF = Path(__file__).parents[2] / "src" / "pmcampus" / "lint"
PROBLEMS = [
    Problem(
        "modules/x/module.yaml",
        10,
        "PM302",
        "error",
        "The prerequisites form a circle: a, b, a.",
        "Remove one.",
    ),
    Problem("modules/x/module.yaml", 12, "PM208", "advice", "The lessons take 100 % too long.", "Measure."),
]


def all_cases() -> list[Case]:
    """Every case of every family's test file."""
    found = []
    for path in sorted(TESTS.glob("test_*.py")):
        found += getattr(importlib.import_module(f"tests.lint.{path.stem}"), "CASES", [])
    return found


def test_the_untouched_fixture_is_silent() -> None:
    """The tiny curriculum has no problem and no advice."""
    assert [] == lint(load_tree(TWO_MODULES), today=TODAY)


def test_each_rule_has_a_case_that_fails_without_it() -> None:
    """`check` proves every case with its rule on and off; here: no rule is without a case."""
    assert {rule.code for rule in rules()} == {case.code for case in all_cases()}


@pytest.mark.parametrize("rule", rules(), ids=lambda rule: rule.code)
def test_a_rule_explains_itself(rule: Rule) -> None:
    """Its page has a reason, a wrong and a right example, in whole sentences."""
    assert rule.why.endswith(".")
    assert rule.wrong.strip()
    assert rule.right.strip()
    assert rule.wrong != rule.right
    assert rule.title[0].isupper() and not rule.title.endswith(".")
    assert rule.severity in ("error", "advice")
    assert rule.family in FAMILIES.values()


def test_codes_and_titles_are_never_used_twice() -> None:
    """Counted in the source, where a second rule with one code would hide the first."""
    named = Counter(re.findall(r'^@rule\(\n    "(PM\d{3})"', _source(), re.MULTILINE))

    assert [] == [code for code, times in named.items() if times > 1]
    assert set(named) == {rule.code for rule in rules()}
    assert [] == [title for title, times in Counter(rule.title for rule in rules()).items() if times > 1]


def test_every_family_has_rules_in_files_of_its_own() -> None:
    """A file on the shelf holds rules of one family, and every family has at least one."""
    families = {}
    for path in sorted(SHELF.glob("*.py")):
        codes = re.findall(r'^@rule\(\n    "(PM\d)', path.read_text("utf-8"), re.MULTILINE)
        if codes:
            families[path.name] = set(codes)

    assert [] == [name for name, codes in families.items() if len(codes) > 1]
    assert set(FAMILIES) == {code[2] for codes in families.values() for code in codes}


def test_a_rule_opens_no_file() -> None:
    """Rules are pure: nothing on the shelf imports what could read, ask a clock or reach out."""
    allowed = {"pmcampus.errors", "pmcampus.lint", "pmcampus.model", "pmcampus.syntax"}
    forbidden = {"pathlib", "os", "io", "subprocess", "time", "urllib.request", "socket", "yaml", "nbformat"}
    for path in SHELF.glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            names = [node.module or ""] if isinstance(node, ast.ImportFrom) else []
            names += [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            assert not forbidden & set(names), path
            assert all(n.startswith(tuple(allowed)) for n in names if n.startswith("pmcampus")), path
            assert not (isinstance(node, ast.Call) and getattr(node.func, "id", "") == "open"), path


@pytest.mark.parametrize("case", all_cases(), ids=lambda case: case.code)
def test_a_message_is_a_fact_and_a_remedy(case: Case, own_curriculum: Path) -> None:
    """Both begin with a capital or a name in quotation marks, and end with a stop or a question mark."""
    case.change(own_curriculum)
    problem = next(p for p in lint(load_tree(own_curriculum), today=TODAY) if p.code == case.code)

    assert re.match(r"[A-Z`0-9]|[a-z]+\.", problem.message) and problem.message.endswith(".")
    assert re.match(r"[A-Z]", problem.fix) and problem.fix[-1] in ".?"
    assert problem.line >= 1


def test_problems_come_sorted_by_file_and_line(own_curriculum: Path) -> None:
    """The same content gives the same list."""
    for case in all_cases():
        if case.code in ("PM708", "PM801", "PM210", "PM409"):
            case.change(own_curriculum)
    tree = load_tree(own_curriculum)
    problems = lint(tree, today=TODAY)

    assert problems == sorted(problems) == lint(tree, today=TODAY)
    assert len(problems) > 3


def test_text_names_place_fact_and_remedy() -> None:
    """For people: code, place, two sentences, and a count at the end."""
    text = shown(PROBLEMS, "text")

    assert (
        "PM302 error   modules/x/module.yaml:10\n    The prerequisites form a circle: a, b, a. Remove one."
        in text
    )
    assert text.endswith("\n1 error, 1 advice\n")


def test_text_of_no_problems_says_how_much_was_read() -> None:
    """Silence is told apart from not looking."""
    tree = load_tree(TWO_MODULES)

    assert shown([], "text", files=checked_files(tree)) == "no problems in 22 files\n"
    assert shown(PROBLEMS[:1] * 3, "text").endswith("\n3 errors\n")


def test_json_can_be_read_back() -> None:
    """For programs: a list of objects with the fields of a problem."""
    assert PROBLEMS == [Problem(**entry) for entry in json.loads(shown(PROBLEMS, "json"))]
    assert [] == json.loads(shown([], "json"))


def test_ci_annotations_escape_what_would_break_them() -> None:
    """For the forge: one annotation per line, with per cent signs and commas escaped."""
    lines = shown(PROBLEMS, "ci").splitlines()

    assert lines[0] == (
        "::error file=modules/x/module.yaml,line=10,title=PM302::"
        "The prerequisites form a circle: a, b, a. Remove one."
    )
    assert lines[1].startswith("::warning file=modules/x/module.yaml,line=12,title=PM208::")
    assert "100 %25 too long" in lines[1]
    assert "file=a%2Cb%3A.md," in shown([Problem("a,b:.md", 1, "PM101", "error", "A.", "B.")], "ci")


def _source() -> str:
    return "\n".join(path.read_text("utf-8") for path in sorted(SHELF.glob("*.py")))
