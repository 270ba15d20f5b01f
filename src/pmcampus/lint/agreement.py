"""PM2xx: what a form says agrees with the changelog, with its lessons, and with other forms."""

import re
from collections.abc import Iterator
from typing import Any

from pmcampus.lint.facts import Facts
from pmcampus.lint.rule import Finding, rule
from pmcampus.model.tree import Folder, Form, Place

ENTRY = re.compile(r"^##\s+\[?v?(\d{1,6}\.\d{1,6}\.\d{1,6})\b", re.MULTILINE)


@rule(
    "PM206",
    "The version has no entry in CHANGELOG.md",
    why="Clinicians read the changelog to see whether something they rely on has changed; "
    "a version that it does not name was changed in silence.",
    wrong="version: 1.1.0      # CHANGELOG.md begins with ## 1.0.0",
    right="## 1.1.0\n\n*Clinical content*\n\n- The dose table follows the guideline of 2026.",
)
def changelog_entry(facts: Facts) -> Iterator[Finding]:
    """Forms whose version is not the changelog's newest entry."""
    versions: list[tuple[Folder, Form[Any], str]] = [(f, f.form, form.version) for f, form in facts.reviewed]
    versions += [(folder, folder.form, form.version) for folder, form in facts.assessments]
    for place, at, version in versions:
        page = place.pages.get("CHANGELOG.md")
        if page is None:
            continue
        entries = ENTRY.findall(page.text)
        newest = max(entries, key=_numbers, default=None)
        if newest != version:
            says = f"the newest entry of CHANGELOG.md is {newest}" if newest else "CHANGELOG.md has no entry"
            yield Finding(
                at.path,
                at.line("version"),
                f"The version is {version}, but {says}.",
                f"Add a heading `## {version}` that says what changed, or correct the version.",
            )


@rule(
    "PM208",
    "Lesson minutes and hours do not fit together",
    severity="advice",
    why="Educators plan with the hours, learners with the minutes. A factor of two between them "
    "misleads one of the two.",
    wrong="hours: {teaching: 1, exercise: 0, assessment: 1}   # lessons: 6 × 60 minutes",
    right="hours: {teaching: 3, exercise: 3, assessment: 1}   # lessons: 6 × 60 minutes",
)
def hours_fit(facts: Facts) -> Iterator[Finding]:
    """Modules whose lessons take twice or half of the hours for teaching and exercise."""
    for folder, form in facts.modules:
        hours, minutes = form.hours.teaching + form.hours.exercise, sum(le.minutes for le in form.lessons)
        if minutes > 120 * hours or (minutes < 15 * hours and form.status in ("stable", "pilot")):
            yield Finding(
                folder.form.path,
                folder.form.line("hours"),
                f"The lessons take {minutes} minutes, but teaching and exercise are {hours:g} hours.",
                "Measure with a few learners, then correct the hours or the minutes.",
            )


@rule(
    "PM209",
    "Module and assessment do not name each other",
    why="The module's page leads to its assessment, and the assessment's result counts for its module.",
    wrong="assessment: variant-interpretation     # assessments/variant-interpretation is for another module",
    right="module: variant-interpretation         # in assessments/variant-interpretation/assessment.yaml",
)
def assessment_pair(facts: Facts) -> Iterator[Finding]:
    """Assessments and modules that do not point at each other."""
    tree = facts.tree
    for folder, form in facts.modules:
        given = form.assessment
        if given is None or not tree.assessments:
            continue
        other = tree.assessments.get(given)
        if other is None:
            yield Finding(
                folder.form.path,
                folder.form.line("assessment"),
                f"The assessment `{given}` does not exist.",
                f"Make it with `pmcampus new assessment {given}`, or correct the name.",
            )
        elif other.form.model is not None and other.form.model.module != folder.id:
            yield Finding(
                folder.form.path,
                folder.form.line("assessment"),
                f"The assessment `{given}` belongs to the module `{other.form.model.module}`.",
                f"Write `module: {folder.id}` in {other.form.path}, or name another assessment here.",
            )
    for graded, graded_form in facts.assessments:
        module = facts.form_of(graded_form.module)
        if graded_form.module not in tree.modules:
            yield Finding(
                graded.form.path,
                graded.form.line("module"),
                f"The module `{graded_form.module}` is not written.",
                "Correct the name, or write the module first.",
            )
        elif graded_form.kind == "summative" and module is not None and module.assessment is None:
            yield Finding(
                graded.form.path,
                graded.form.line("module"),
                f"The module `{graded_form.module}` does not name this summative assessment.",
                f"Add the line `assessment: {graded.id}` to modules/{graded_form.module}/module.yaml.",
            )


@rule(
    "PM210",
    "A contributor is not known",
    why="contributors.yaml holds people who agreed to be named. A name that stands elsewhere only may "
    "be invented.",
    wrong="contributors: [dr-who]",
    right="contributors: [pm-campus]",
)
def contributor_unknown(facts: Facts) -> Iterator[Finding]:
    """Contributors and reviewers that contributors.yaml does not have."""
    known = facts.contributors
    if known is None:
        return
    named: list[tuple[Form[Any], Place, str]] = []
    for folder, form in facts.modules:
        named += [(folder.form, ("contributors", n), id) for n, id in enumerate(form.contributors)]
    for shelf in (facts.modules, facts.cases):
        for place, content in shelf:
            reviewer = content.clinical_review.reviewed_by
            if reviewer is not None:
                named.append((place.form, ("clinical_review", "reviewed_by"), reviewer))
    for at, spot, id in named:
        if id not in known:
            yield Finding(
                at.path,
                at.line(*spot),
                f"`{id}` does not stand in contributors.yaml.",
                "Correct the id, or add the person there, with their agreement.",
            )


@rule(
    "PM212",
    "A module's licence differs from the curriculum's",
    why="Whoever adopts the curriculum relies on one licence. A stricter one inside stops them.",
    wrong="licence: CC-BY-NC-4.0",
    right="licence: CC-BY-4.0",
)
def licence_differs(facts: Facts) -> Iterator[Finding]:
    """Modules under another licence."""
    curriculum = facts.tree.curriculum.model
    for folder, form in facts.modules:
        if curriculum is not None and form.licence != curriculum.licence:
            yield Finding(
                folder.form.path,
                folder.form.line("licence"),
                f"The licence is {form.licence}, but the curriculum's is {curriculum.licence}.",
                "Use the curriculum's licence, or take up the difference with everybody who wrote this.",
            )


def _numbers(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in version.split("."))
