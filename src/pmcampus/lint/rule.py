"""A rule: one function with what its documentation page says."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Literal, NamedTuple

from pmcampus.lint.facts import Facts
from pmcampus.lint.problem import Problem

Severity = Literal["error", "advice"]
FAMILIES = {
    "1": "Folders and names",
    "2": "Forms",
    "3": "Prerequisites and pathways",
    "4": "Competencies and roadmap",
    "5": "Notebooks",
    "6": "Data and privacy",
    "7": "Accessibility and references",
    "8": "Clinical review",
    "9": "Team cases",
}


class Finding(NamedTuple):
    """What a rule's function yields: where, the fact, the remedy."""

    path: str
    line: int
    message: str
    fix: str


Find = Callable[[Facts], Iterable[Finding]]


@dataclass(frozen=True)
class Rule:
    """One rule; `wrong` and `right` are short examples for its page."""

    code: str
    title: str
    severity: Severity
    why: str
    wrong: str
    right: str
    find: Find

    @property
    def family(self) -> str:
        """The family's name, from the code's first digit."""
        return FAMILIES[self.code[2]]

    def problems(self, facts: Facts) -> Iterator[Problem]:
        """What this rule finds."""
        for found in self.find(facts):
            yield Problem(found.path, found.line, self.code, self.severity, found.message, found.fix)


def rule(
    code: str, title: str, *, why: str, wrong: str, right: str, severity: Severity = "error"
) -> Callable[[Find], Rule]:
    """Turn a function that yields findings into the rule with this code."""

    def made(find: Find) -> Rule:
        return Rule(code, title, severity, why, wrong, right, find)

    return made
