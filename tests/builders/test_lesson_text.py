"""Words, links, sources and formulas."""

import pytest

from pmcampus.errors import SiteError
from tests.builders.lesson_samples import draft, node, text


def test_text_is_escaped() -> None:
    """Nobody's text is markup."""
    assert "a &lt;b&gt; &amp; c" == draft().make(text("a <b> & c"))


def test_an_unknown_element_stops_the_build_by_name() -> None:
    """And names the lesson."""
    with pytest.raises(SiteError, match=r"first-steps/lessons/01-a-lesson\.ipynb: it uses `iframe`"):
        draft().make(node("iframe"))


def test_a_word_is_explained_once_below_the_part_that_used_it() -> None:
    """Its meanings by discipline are one click away."""
    word = node(
        "crossReference", "positive", kind="definitionTerm", identifier="term-positive", resolved=True
    )
    page = draft()
    found = page.flow([node("paragraph", word), node("paragraph", word)])

    assert found.count('href="#w-positive"') == 2
    assert found.count('id="w-positive"') == 1
    assert found.index("</p>") < found.index("wordlist") < found.rindex("<p>")
    assert 'href="../../../glossary/#term-positive"' in found


def test_sources_are_numbered_as_they_come() -> None:
    """The number stands at the word."""
    page = draft()
    group = node("citeGroup", node("cite", label="cinti2024"), kind="parenthetical")

    assert '<p>said<sup><a href="#ref-1" aria-label="Reference 1">1</a></sup>.</p>\n' == page.make(
        node("paragraph", "said ", group, ".")
    )
    assert ["cinti2024"] == page.citations


def test_an_unknown_source_is_refused() -> None:
    """With the file to add it to."""
    with pytest.raises(SiteError, match=r"cites `nobody`\. Add this key to curriculum/references\.bib"):
        draft().make(node("citeGroup", node("cite", label="nobody"), kind="parenthetical"))


def test_links_between_lessons_are_relative() -> None:
    """The site works from any folder."""
    link = node("link", "next", url="/a-lesson", internal=True)

    assert '<a href="../../../books/first-steps/a-lesson/">next</a>' == draft().make(link)


@pytest.mark.parametrize(
    "url", ["javascript:alert(1)", "data:text/html,x", "file:///etc/passwd", "notes.pdf"]
)
def test_links_that_are_no_web_address_are_refused(url: str) -> None:
    """Nothing but lessons and the web."""
    with pytest.raises(SiteError, match="Link to lessons, or cite a source"):
        draft().make(node("link", "x", url=url))


def test_an_address_written_as_plain_text_stays_plain() -> None:
    """MyST makes a link of `cpicpgx.org`; the author did not."""
    assert "cpicpgx.org" == draft().make(node("link", "cpicpgx.org", url="http://cpicpgx.org"))


def test_a_formula_is_mathml_alone() -> None:
    """No style sheet and no font is needed for it."""
    html = '<span class="katex"><math><mi>E</mi></math><span class="katex-html">E</span></span>'

    assert "<math><mi>E</mi></math>" == draft().make({"type": "inlineMath", "value": "E", "html": html})


def test_a_heading_never_takes_an_id_that_the_page_needs() -> None:
    """`#main` is where a keyboard skips to."""
    page = draft()

    assert '<h2 id="main-2">Main</h2>\n' == page.make(node("heading", "Main", depth=2, html_id="main"))


def test_a_reference_that_leads_nowhere_is_refused() -> None:
    """A misspelt label or word."""
    with pytest.raises(SiteError, match="leads nowhere"):
        draft().make(node("crossReference", "x", label="x", identifier="x"))
