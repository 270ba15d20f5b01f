"""PM2xx: what stands in a form."""

import re
from collections.abc import Iterable, Iterator
from typing import Any

from pmcampus.lint import markdown
from pmcampus.lint.facts import Facts, where
from pmcampus.lint.rule import Finding, rule
from pmcampus.model.tree import Fault, Form, Place

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
