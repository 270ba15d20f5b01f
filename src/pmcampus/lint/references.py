"""PM714 to PM716: the list of sources itself, entry by entry."""

import re
from collections.abc import Iterator

from pmcampus.lint.facts import Facts
from pmcampus.lint.rule import Finding, rule
from pmcampus.model.bibliography import Source

YEAR = re.compile(r"(1[89]|20)\d\d")
DOI = re.compile(r"10\.\d{4,9}/\S+")
ADDRESS = re.compile(r"https?://[^\s/]+\.\S+")


@rule(
    "PM714",
    "A source cannot be read",
    why="One missing brace makes programs that read the list lose this entry and often those behind it.",
    wrong="@article{lee2022cyp2c19,\n  title = {Guideline for {CYP2C19},\n  year = {2022}\n}",
    right="@article{lee2022cyp2c19,\n  title = {Guideline for {CYP2C19}},\n  year = {2022}\n}",
)
def source_unreadable(facts: Facts) -> Iterator[Finding]:
    """Entries with an unbalanced brace, a missing comma, a field twice, or what not every program knows."""
    found = facts.tree.bibliography
    for one in found.unreadable:
        named = f"`{one.key}`" if one.key else "without a key"
        fact = f"The source {named} cannot be read: {one.fact}."
        yield Finding(found.path, one.line, fact, "Compare it with an entry that can be read, and mend it.")


@rule(
    "PM715",
    "A source is listed twice",
    why="Of two entries with one key a program keeps one; of one work with two keys readers see two.",
    wrong="@article{lee2022cyp2c19, ...}   and below   @article{lee2022cyp2c19, ...}",
    right="@article{lee2022cyp2c19, ...}   once, cited by every lesson that needs it",
)
def source_twice(facts: Facts) -> Iterator[Finding]:
    """One key or one DOI in several entries; and one title by the same people in the same year."""
    found = facts.tree.bibliography
    seen: dict[tuple[str, str], Source] = {}
    for one in found.sources:
        marks = {"key": one.key.casefold(), "DOI": _plain(one, "doi")}
        work = "|".join(_plain(one, name) for name in ("title", "author", "year"))
        marks["title, author and year"] = work if _plain(one, "title") else ""
        for kind, value in marks.items():
            first = seen.setdefault((kind, value), one) if value else one
            if first is not one:
                yield Finding(
                    found.path,
                    one.line,
                    f"The source `{one.key}` has the {kind} of `{first.key}` in line {first.line}.",
                    "Keep one entry, and cite its key everywhere.",
                )
                break


@rule(
    "PM716",
    "A source cannot be found by its entry",
    why="A reader who doubts a number needs what, when and where: without them a citation is a decoration.",
    wrong="@misc{dpia2017,\n  title = {Guidelines on impact assessment}\n}",
    right="@misc{dpia2017,\n  title = {Guidelines on impact assessment},\n  year = {2017},\n"
    "  url = {https://ec.europa.eu/newsroom/article29/items/611236}\n}",
)
def source_without_address(facts: Facts) -> Iterator[Finding]:
    """A title, a year, and a DOI or an address; a printed book may name publisher and place instead."""
    found = facts.tree.bibliography
    for one in found.sources:
        lacks = list(_lacking(one))
        if lacks:
            yield Finding(
                found.path,
                one.line,
                f"The source `{one.key}` has no {', no '.join(lacks)}.",
                "Add it; a DOI begins with 10., an address with https://, and a page without a date has the "
                "year in which it was read.",
            )


def _lacking(source: Source) -> Iterator[str]:
    fields = source.fields
    if not fields.get("title"):
        yield "title"
    if not YEAR.fullmatch(fields.get("year", "")):
        yield "year"
    by_number = DOI.fullmatch(fields.get("doi", "")) or ADDRESS.fullmatch(fields.get("url", ""))
    printed = source.kind == "book" and fields.get("publisher") and fields.get("address")
    if not (by_number or printed or fields.get("isbn")):
        yield "DOI or address"


def _plain(source: Source, name: str) -> str:
    """A field without braces, capitals and differences of blanks."""
    return " ".join(source.fields.get(name, "").replace("{", "").replace("}", "").casefold().split())
