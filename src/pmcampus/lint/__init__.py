"""The rules that content is checked against: a tree in, problems out.

Each file on this shelf that holds rules is found by listing the folder, so a new rule needs no
other edit.
"""

import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict
from datetime import date
from functools import cache
from importlib import import_module
from pkgutil import iter_modules

from pmcampus.lint.facts import Facts
from pmcampus.lint.problem import Problem
from pmcampus.lint.rule import Rule
from pmcampus.model.tree import Tree

__all__ = ["Problem", "Rule", "checked_files", "lint", "rules", "shown"]


@cache
def rules() -> tuple[Rule, ...]:
    """Every rule, by code."""
    shelf = [import_module(f"{__name__}.{file.name}") for file in iter_modules(__path__)]
    found = {value.code: value for file in shelf for value in vars(file).values() if isinstance(value, Rule)}
    return tuple(found[code] for code in sorted(found))


def lint(tree: Tree, *, today: date, only: Sequence[Rule] | None = None) -> list[Problem]:
    """What all rules, or `only` these, find in the content, by file and line."""
    facts = Facts(tree, today)
    chosen = rules() if only is None else only
    return sorted({problem for rule in chosen for problem in rule.problems(facts)})


def checked_files(tree: Tree) -> int:
    """How many forms, notebooks and pages the rules read."""
    folders = (*tree.modules.values(), *tree.assessments.values(), *tree.cases.values())
    pages = len(tree.pages) + sum(len(folder.pages) for folder in folders)
    return sum(1 for _ in tree.forms()) + sum(1 for _ in tree.notebooks()) + pages


def shown(problems: Sequence[Problem], form: str, *, files: int | None = None) -> str:
    """The problems as `text` for people, `json` for programs, or `ci` annotations.

    Args:
        problems: what `lint` found.
        form: text, json or ci.
        files: how many files were checked, for the sentence that says all is well.
    """
    if form == "json":
        return json.dumps([asdict(problem) for problem in problems], indent=2, ensure_ascii=False) + "\n"
    lines = [_annotation(problem) if form == "ci" else _paragraph(problem) for problem in problems]
    return "".join(f"{line}\n" for line in (*lines, _count(problems, files)))


def _paragraph(problem: Problem) -> str:
    place = f"{problem.path}:{problem.line}"
    return f"{problem.code} {problem.severity:6}  {place}\n    {problem.message} {problem.fix}\n"


def _annotation(problem: Problem) -> str:
    kind = "error" if problem.severity == "error" else "warning"
    text = f"{problem.message} {problem.fix}"
    for sign, code in (("%", "%25"), ("\r", "%0D"), ("\n", "%0A")):
        text = text.replace(sign, code)
    place = problem.path.replace("%", "%25").replace(",", "%2C").replace(":", "%3A")
    return f"::{kind} file={place},line={problem.line},title={problem.code}::{text}"


def _count(problems: Sequence[Problem], files: int | None) -> str:
    if not problems:
        return f"no problems in {files} files" if files is not None else "no problems"
    found = Counter(problem.severity for problem in problems)
    parts = []
    if found["error"]:
        parts.append(f"{found['error']} error{'s' if found['error'] > 1 else ''}")
    if found["advice"]:
        parts.append(f"{found['advice']} advice")
    return ", ".join(parts)
