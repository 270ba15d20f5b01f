"""The head of a lesson's page, and its list of sources."""

import pytest

from pmcampus.builders.lesson_page import lesson_page, reference
from tests.builders.lesson_samples import draft, node


def made(*blocks: dict) -> object:  # type: ignore[type-arg]
    """The page of these blocks."""
    under_way = draft(*blocks)
    return lesson_page(under_way.lesson, under_way.library, under_way.glossary, under_way.url)


def test_the_first_cell_becomes_the_head() -> None:
    """The question leads; known facts come from the form; the objectives get a heading."""
    page = made(node(
        "block",
        node("paragraph", node("strong", "How many?")),
        node("paragraph", "30 minutes · facts valid as of 1 May 2026 · pandas 2.3 · competency T1 (words)"),
        node("paragraph", "After this lesson you can"),
        node("list", node("listItem", node("paragraph", "count.")), ordered=True),
        node("paragraph", "For everybody."),
    ))  # fmt: skip

    assert "How many?" == page.meta["lead"]
    assert [{"code": "", "text": "pandas 2.3"}, {"code": "T1", "text": "words"}] == page.meta["more_facts"]
    assert page.content.startswith(
        '<h2 id="objectives">After this lesson you can</h2>\n<ol><li>count.</li></ol>'
    )
    assert "<p>For everybody.</p>" in page.content


@pytest.mark.parametrize(
    ("fact", "lines"),
    [
        ("competency T1 (words)", [("T1", "words")]),
        ("Competency D10", [("D10", "")]),
        ("competencies T3 (decisions) and E4 (humility)", [("T3", "decisions"), ("E4", "humility")]),
        ("competencies T3, E4", [("T3", ""), ("E4", "")]),
        ("competency is not a code", [("", "competency is not a code")]),
        ("pandas 2.3 (for R1)", [("", "pandas 2.3 (for R1)")]),
    ],
)
def test_every_competency_of_a_lesson_has_its_line(fact: str, lines: list[tuple[str, str]]) -> None:
    """One code or several, with or without words."""
    told = node("paragraph", f"30 minutes · {fact}")
    page = made(node("block", node("paragraph", node("strong", "How many?")), told))

    assert [(line["code"], line["text"]) for line in page.meta["more_facts"]] == lines


def test_without_a_question_the_summary_leads() -> None:
    """Every lesson has one."""
    assert "Count and divide." == made(node("block", node("paragraph", "Text."))).meta["lead"]


def test_the_disclaimer_goes_below_the_sources() -> None:
    """It is not part of the text."""
    last = node("block", node("paragraph", "For education, not for clinical use. Look it up."))
    page = made(node("block", node("paragraph", "Text.")), last)

    assert "For education" not in page.content
    assert "<p>For education, not for clinical use. Look it up.</p>\n" == page.meta["disclaimer"]


def test_sources_cited_are_listed_in_order_with_their_doi() -> None:
    """And only those."""
    cite = node("citeGroup", node("cite", label="cinti2024"), kind="parenthetical")
    page = made(node("block", node("paragraph", "Text.")), node("block", node("paragraph", cite)))

    assert [{
        "number": 1,
        "html": 'Cinti C &amp; others. <cite>J</cite>. <a href="https://doi.org/10.1/x">doi 10.1/x</a>',
    }] == page.meta["references"]  # fmt: skip
    assert {"id": "references", "text": "References"} == page.meta["on_page"][-1]


def test_a_source_brings_no_markup_but_italics_and_its_address() -> None:
    """A bibliography is text from outside."""
    found = reference(
        '<b onclick="x">A</b> & B <script>y()</script><a target="_blank" href="javascript:z">z</a>'
    )

    assert "A &amp; B y()z" in found.replace("</a>", "")
    assert "<script" not in found
    assert "onclick" not in found
