"""PM2xx: what stands in a form."""

import re
from collections.abc import Iterable, Iterator
from typing import Any

from pmcampus.lint import markdown
from pmcampus.lint.facts import Facts, where
from pmcampus.lint.rule import Finding, rule
from pmcampus.model.tree import Fault, Folder, Form, Place

ENTRY = re.compile(r"^##\s+\[?v?(\d{1,6}\.\d{1,6}\.\d{1,6})\b", re.MULTILINE)
BLANK = re.compile(r"\[FILL IN:\s*([^\]]{0,80})")
UNREADABLE = ("yaml", "encoding")
ORIGIN_FIELDS = ("origin", "licence", "made_by")


def faults(facts: Facts) -> Iterator[tuple[Form[Any], Fault]]:
    """Every fault of every form."""
    for form in facts.tree.forms():
        for fault in form.faults:
            yield form, fault


def is_version_fault(fault: Fault) -> bool:
    """Whether the fault is a version number that does not have three parts."""
    return fault.place == ("version",) and fault.kind.startswith("string_")


def is_origin_fault(form: Form[Any], fault: Fault) -> bool:
    """Whether the fault is a data file without origin, maker or licence."""
    return (
        form.path.endswith("data/sources.yaml")
        and fault.kind == "missing"
        and fault.place[-1] in ORIGIN_FIELDS
    )


def sentences(text: str) -> tuple[str, str]:
    """A fault's message as fact and remedy, each beginning with a capital and ending with a stop."""
    fact, stop, remedy = text.rpartition("; ") if text.count(". ") == 0 else text.partition(". ")
    if not stop:
        fact, remedy = text, "Correct it; the form's template shows an example."
    fact, remedy = fact.rstrip(". "), remedy.strip()
    return f"{fact[:1].upper()}{fact[1:]}.", f"{remedy[:1].upper()}{remedy[1:]}"


def as_findings(found: Iterable[tuple[Form[Any], Fault]]) -> Iterator[Finding]:
    """Faults as findings."""
    for form, fault in found:
        yield Finding(form.path, fault.line, *sentences(fault.message))


@rule(
    "PM201",
    "The form cannot be read",
    why="A form is YAML: indentation and quotation marks carry meaning, and a field stands once.",
    wrong="title: Risk: what it is",
    right='title: "Risk: what it is"',
)
def unreadable(facts: Facts) -> Iterator[Finding]:
    """Forms that are not YAML or not UTF-8."""
    return as_findings((form, fault) for form, fault in faults(facts) if fault.kind in UNREADABLE)


@rule(
    "PM202",
    "A field is missing",
    why="Every field without a default is shown to learners or decides something.",
    wrong="- file: 01-what-a-variant-is.ipynb\n  title: What a variant is",
    right="- file: 01-what-a-variant-is.ipynb\n  title: What a variant is\n  minutes: 30\n  "
    "objectives: [Name the parts of an HGVS description.]",
)
def field_missing(facts: Facts) -> Iterator[Finding]:
    """Fields that a form must have."""
    return as_findings(
        (form, fault)
        for form, fault in faults(facts)
        if fault.kind == "missing" and not is_origin_fault(form, fault)
    )


@rule(
    "PM203",
    "A field is not known",
    why="A misspelt field is silently empty. Here it is an error instead.",
    wrong="prerequisits: [genomics-essentials]",
    right="prerequisites: [genomics-essentials]",
)
def field_unknown(facts: Facts) -> Iterator[Finding]:
    """Fields that no form has."""
    return as_findings((form, fault) for form, fault in faults(facts) if fault.kind == "extra_forbidden")


@rule(
    "PM204",
    "A field has a value that does not fit",
    why="Programs and people read the same form; a number must be a number, a level one of the three.",
    wrong="level: expert",
    right="level: advanced          # introductory, intermediate, advanced",
)
def value_unfit(facts: Facts) -> Iterator[Finding]:
    """All other faults of a form."""
    elsewhere = {"missing", "extra_forbidden", "file_missing", *UNREADABLE}
    return as_findings(
        (form, fault)
        for form, fault in faults(facts)
        if fault.kind not in elsewhere and not is_version_fault(fault)
    )


@rule(
    "PM205",
    "The version has not three numbers",
    why="Major: scores no longer compare. Minor: new material. Patch: wording. Cohorts are pinned to "
    "such a number.",
    wrong="version: 1.2",
    right="version: 1.2.0",
)
def version_form(facts: Facts) -> Iterator[Finding]:
    """Versions that are not major.minor.patch."""
    remedy = "Write three numbers with points between, such as 1.0.0."
    for form, fault in faults(facts):
        if is_version_fault(fault):
            value = form.data.get("version") if isinstance(form.data, dict) else None
            yield Finding(form.path, fault.line, f"The version is {value!r:.40}.", remedy)


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
    "PM207",
    "A blank of the template is left",
    why="A template's words must never reach a learner.",
    wrong='title: "[FILL IN: the title learners see]"',
    right="title: Interpreting a genomic variant",
)
def blank_left(facts: Facts) -> Iterator[Finding]:
    """Marked blanks in forms, notebooks and pages."""
    found: list[tuple[str, int, str, str]] = []
    for form in facts.tree.forms():
        for place, text in _texts(form.data, (), 0):
            found += [(form.path, form.line(*place), "", blank) for blank in BLANK.findall(text)]
    for notebook in facts.notebooks:
        for cell in notebook.cells:
            texts = (cell.source, str(cell.metadata.get("alt", "")), str(cell.metadata.get("caption", "")))
            for blank in (blank for text in texts for blank in BLANK.findall(text)):
                found.append((notebook.path, cell.line, f" in {where(cell)}", blank))
    for page in facts.pages:
        for number, text in markdown.prose_lines(page.text):
            found += [(page.path, number, "", blank) for blank in BLANK.findall(text)]
    for path, line, place_name, blank in found:
        yield Finding(
            path,
            line,
            f"A blank is left{place_name}: {blank.strip() or 'without a hint'}.",
            "Replace it, square brackets included.",
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
    "PM211",
    "A word of the glossary has no meaning",
    why="The glossary exists because professions use one word differently; a term without a line for "
    "any of them explains nothing.",
    wrong="panel:\n  term: panel\n  plain: What a laboratory looks for.\n  means: {}",
    right="panel:\n  term: panel\n  plain: What a laboratory looks for.\n  means:\n    laboratory: The "
    "changes that this test can see.",
)
def term_without_sense(facts: Facts) -> Iterator[Finding]:
    """Glossary terms that no profession explains."""
    glossary = facts.tree.glossary
    for slug, term in glossary.model.terms.items() if glossary.model else ():
        if not term.means:
            yield Finding(
                glossary.path,
                glossary.line("terms", slug, "means"),
                f"The term `{term.term}` has no meaning.",
                "Add at least one line under `means`, for the profession that uses the word most.",
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


def _texts(data: Any, place: Place, depth: int) -> Iterator[tuple[Place, str]]:
    if depth > 12:
        return
    if isinstance(data, str):
        yield place, data
    elif isinstance(data, dict):
        for key, value in data.items():
            yield from _texts(value, (*place, str(key)), depth + 1)
    elif isinstance(data, list):
        for number, value in enumerate(data):
            yield from _texts(value, (*place, number), depth + 1)
