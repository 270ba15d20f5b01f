"""One tiny change to the fixture for each rule, and the problem it must give."""

import hashlib
import json
import re
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from pmcampus.content import load_tree
from pmcampus.lint import Problem, lint, rules
from pmcampus.model.case import COMMITMENT_FIELDS

TODAY = date(2026, 11, 24)
Change = Callable[[Path], None]

FIRST = "modules/first-steps/module.yaml"
SECOND = "modules/second-steps/module.yaml"
LESSON = "modules/first-steps/lessons/01-a-lesson.ipynb"
PAPER = "assessments/counting/counting.ipynb"
FORM = "assessments/counting/assessment.yaml"
CASE = "case_studies/a-case/case.yaml"
ROADMAP = "curriculum/roadmap.yaml"
PATHWAYS = "curriculum/pathways.yaml"
SVG = "<svg xmlns='http://www.w3.org/2000/svg'></svg>"
ALT = "Two bars, shares in 100: right 75, wrong 25. Three in four positive results are right."

CASE_FORM = """\
code: C1
title: A case
summary: A team decides.
version: 1.0.0
status: pilot
minutes: 60
facts_valid_as_of: 2026-11-24
modules: [first-steps]
roles:
  doctor:
    title: Doctor
    person: Dr Invented
    played_by: [clinician]
    briefing: roles/doctor.md
    notebook: roles/doctor.ipynb
    notebook_title: Days
    minutes: 10
    files: [data/facts-doctor.json]
    only_here: [12 of 1000]
  counter:
    title: Counter
    person: Mr Made-Up
    played_by: [data-scientist]
    briefing: roles/counter.md
    notebook: roles/counter.ipynb
    notebook_title: Shares
    minutes: 10
    only_here: [3 of 1000]
seating: {minimum: 2, best: 2, maximum: 2}
timing: [{title: Meeting, minutes: 60, who: team}]
shared_files: []
commitment: {schema_file: data/commitment.schema.json, points: 10}
decision: {notebook: decide.ipynb, title: Decide, minutes: 40, schema_file: data/decision.schema.json}
marks:
  verdict: in-kernel
  prework: []
  exit_paper: {points: 20, questions: [What changed?]}
  rubric_points: 70
  criteria: {evidence: {title: Evidence, weight: 60}, process: {title: Process, weight: 40}}
  critical_fails: {}
  cap: 0.4
  peer: {at_most: 0.15, raters: 2, statements: [came prepared]}
patient: {real: false}
discussion: [Who tells the patient?]
clinical_review: {reviewed_by: null, next_review: 2027-05-24}
"""
CASE_FILES = {
    "data/commitment.schema.json": json.dumps(
        {
            "type": "object",
            "required": sorted(COMMITMENT_FIELDS),
            "properties": {field: {} for field in sorted(COMMITMENT_FIELDS)},
        }
    ),
    "data/decision.schema.json": json.dumps(
        {
            "type": "object",
            "required": ["decision", "minority"],
            "properties": {"decision": {}, "minority": {}},
        }
    ),
    "data/facts-doctor.json": "{}",
    "briefing.md": "# Briefing\n\nWhat everybody knows.\n",
    "rubric.md": "# Rubric\n\n## Evidence\n\n## Process\n\n## Roles\n\n### Doctor\n\n### Counter\n",
    "roles/doctor.md": "# Doctor\n\nOnly you know: 12 of 1000.\n",
    "roles/counter.md": "# Counter\n\nOnly you know: **3 of 1000**.\n",
    "CHANGELOG.md": "# Changelog\n\n## 1.0.0\n\n- First version.\n",
    "facilitator-guide.md": "# Facilitator guide\n",
}
PLANNED_MODULE = """\
modules:
  third-steps:
    code: T03
    title: Third steps
    summary: Planned.
    hours: {teaching: 1, exercise: 1, assessment: 1}
    prerequisites: [second-steps]
    competencies: [{id: T1, level: aware}]
    outcomes: [{text: Count., bloom: apply}]
    lessons: [{title: Count, activity: Count., data: none}]
    graded: A count.
case_studies: {}
"""


@dataclass(frozen=True)
class Case:
    """A change, and the one problem it gives; `path` is where the problem stands."""

    code: str
    change: Change
    path: str
    message: str


def check(case: Case, root: Path) -> None:
    """The change gives exactly this problem, and none when the rule is switched off."""
    case.change(root)
    tree = load_tree(root)
    others = [rule for rule in rules() if rule.code != case.code]

    assert [(case.code, case.path, case.message)] == [
        (problem.code, problem.path, problem.message) for problem in lint(tree, today=TODAY)
    ]
    assert [] == lint(tree, today=TODAY, only=others)


def found(root: Path) -> list[Problem]:
    """What the linter says about a changed fixture."""
    return lint(load_tree(root), today=TODAY)


def all_of(*changes: Change) -> Change:
    """Several changes, one after the other."""

    def change(root: Path) -> None:
        for one in changes:
            one(root)

    return change


def replace(path: str, old: str, new: str, *, times: int = 1) -> Change:
    """`new` in place of `old`, which must be there."""

    def change(root: Path) -> None:
        text = (root / path).read_text("utf-8")
        assert old in text, f"{path} does not hold {old!r}"
        (root / path).write_text(text.replace(old, new, times), "utf-8")

    return change


def write(path: str, text: str) -> Change:
    """A file with this text."""

    def change(root: Path) -> None:
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(text, "utf-8")

    return change


def append(path: str, text: str) -> Change:
    """This text at the end of a file."""

    def change(root: Path) -> None:
        with (root / path).open("a", encoding="utf-8") as file:
            file.write(text)

    return change


def remove(path: str) -> Change:
    """No such file."""
    return lambda root: (root / path).unlink()


def rename(path: str, other: str) -> Change:
    """The same file or folder under another name."""

    def change(root: Path) -> None:
        (root / path).rename(root / other)

    return change


def copy(path: str, other: str) -> Change:
    """A second file or folder."""

    def change(root: Path) -> None:
        if (root / path).is_dir():
            shutil.copytree(root / path, root / other)
        else:
            shutil.copyfile(root / path, root / other)

    return change


def notebook(path: str, edit: Callable[[dict[str, Any]], None]) -> Change:
    """The notebook after `edit`."""

    def change(root: Path) -> None:
        stored = json.loads((root / path).read_text("utf-8"))
        edit(stored)
        (root / path).write_text(json.dumps(stored, indent=1), "utf-8")

    return change


def cell(path: str, name: str, /, **fields: Any) -> Change:
    """Fields of one cell, set."""

    def edit(stored: dict[str, Any]) -> None:
        next(c for c in stored["cells"] if c["id"] == name).update(fields)

    return notebook(path, edit)


def metadata(path: str, id: str, **fields: Any) -> Change:
    """Fields of one cell's metadata, set."""

    def edit(stored: dict[str, Any]) -> None:
        next(c for c in stored["cells"] if c["id"] == id)["metadata"].update(fields)

    return notebook(path, edit)


def nbgrader(id: str, **fields: Any) -> Change:
    """Fields of nbgrader's mark on a cell of the assessment, set; None removes one."""

    def edit(stored: dict[str, Any]) -> None:
        mark = next(c for c in stored["cells"] if c["id"] == id)["metadata"]["nbgrader"]
        mark.update(fields)
        for name in [name for name, value in fields.items() if value is None]:
            del mark[name]

    return notebook(PAPER, edit)


def text(source: str) -> Change:
    """The second Markdown cell of the lesson, with this text."""
    return cell(LESSON, "the-numbers", source=source)


def code(source: str, *, path: str = LESSON, id: str = "share") -> Change:
    """A code cell with this source."""
    return cell(path, id, source=source)


def output(**fields: Any) -> Change:
    """The lesson's code cell with one output."""
    return cell(LESSON, "share", outputs=[fields])


def plot(alt: str | None = ALT, caption: str | None = "Shares.") -> Change:
    """The lesson's code cell shows a plot."""
    shown = {"output_type": "display_data", "data": {"image/svg+xml": SVG}, "metadata": {}}
    given = {name: value for name, value in (("alt", alt), ("caption", caption)) if value is not None}
    return all_of(cell(LESSON, "share", outputs=[shown]), metadata(LESSON, "share", **given))


def data(name: str, content: str, **differently: str | None) -> Change:
    """A data file of the first module, with its entry in sources.yaml; None leaves a field out."""
    entry: dict[str, str | None] = {
        "origin": "synthetic",
        "made_by": "Counted on fingers.",
        "licence": "CC0-1.0",
        "sha256": hashlib.sha256(content.encode()).hexdigest(),
    }
    entry |= differently
    lines = "".join(f"    {field}: {value}\n" for field, value in entry.items() if value is not None)
    return all_of(
        write(f"modules/first-steps/data/{name}", content),
        write("modules/first-steps/data/sources.yaml", f"files:\n  {name}:\n{lines}"),
    )


def a_case(old: str = "", new: str = "", **files: str) -> Change:
    """A complete team case, with `new` in place of `old` in its form, and other texts in some files.

    A file is named by its path with `__` for the slash and the dot: `roles__doctor__md`.
    """
    closing = "# Decide\n\nFor education, not for clinical use. Not yet clinically reviewed."
    part = {
        "cells": [{"cell_type": "markdown", "id": "decide", "metadata": {}, "source": closing}],
        "metadata": {"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}},
        "nbformat": 4,
        "nbformat_minor": 5,
    }
    assert old in CASE_FORM
    texts = {name: files.get(re.sub("[./]", "__", name), text) for name, text in CASE_FILES.items()}
    texts |= {f"{name}.ipynb": json.dumps(part) for name in ("decide", "roles/doctor", "roles/counter")}
    declared = "".join(
        f"  {name.rpartition('/')[2]}:\n    origin: synthetic\n    made_by: Nobody.\n    licence: CC0-1.0\n"
        f"    sha256: {hashlib.sha256(text.encode()).hexdigest()}\n"
        for name, text in texts.items()
        if name.startswith("data/")
    )
    return all_of(
        write(CASE, CASE_FORM.replace(old, new) if old else CASE_FORM),
        *(write(f"case_studies/a-case/{name}", text) for name, text in texts.items()),
        write("case_studies/a-case/data/sources.yaml", f"files:\n{declared}"),
        replace("curriculum/curriculum.yaml", "case_studies: []", "case_studies: [a-case]"),
    )


def planned(old: str = "", new: str = "", *, listed: bool = True) -> Change:
    """A planned module, with `new` in place of `old` in its plan."""
    assert old in PLANNED_MODULE
    plan = write("curriculum/planned.yaml", PLANNED_MODULE.replace(old, new) if old else PLANNED_MODULE)
    put = replace("curriculum/curriculum.yaml", "second-steps]", "second-steps, third-steps]")
    return all_of(plan, put) if listed else plan
