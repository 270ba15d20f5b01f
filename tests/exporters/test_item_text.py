"""Markdown of a lesson as well-formed XHTML with nothing in it that a platform would run."""

from xml.etree import ElementTree

from hypothesis import given
from hypothesis import strategies as st

from pmcampus.exporters.item_text import as_inline, as_xhtml

ALLOWED = {
    "a", "blockquote", "br", "code", "em", "h1", "h2", "h3", "h4", "h5", "h6", "hr", "li", "ol", "p", "pre",
    "strong", "table", "tbody", "td", "th", "thead", "tr", "ul",
}  # fmt: skip


def shown(text: str) -> str:
    """The blocks as they are written into a file."""
    return "".join(ElementTree.tostring(e, encoding="unicode") for e in as_xhtml(text))


def test_roles_become_words_and_citations_go() -> None:
    """The lesson has the sources."""
    text = "A {term}`positive` or {term}`right one <right>` result {cite:p}`cinti2024`."

    assert shown(text) == "<p>A positive or right one result.</p>\n"


def test_stars_of_alleles_stay_stars() -> None:
    """An escaped sign is a sign."""
    assert shown(r"\*1/\*3 is *likely*") == "<p>*1/*3 is <em>likely</em></p>\n"


def test_links_lead_to_the_web_or_become_words() -> None:
    """A link within the lesson, or a picture, would be dead elsewhere."""
    text = "[here](#part), [there](https://example.org/), ![a tree](tree.png) and [x](javascript:alert(1))."

    assert shown(text) == ('<p>here, <a href="https://example.org/">there</a>, a tree and x.</p>\n')


def test_markup_in_the_text_is_text() -> None:
    """A tag is shown, not obeyed."""
    assert "&lt;script&gt;" in shown("<script>alert(1)</script>")


def test_a_choice_is_one_line() -> None:
    """Words and elements in turn."""
    parts = as_inline("A *small* step")

    assert [p if isinstance(p, str) else p.tag for p in parts] == ["A ", "em", " step"]


@given(st.text(max_size=200))
def test_any_text_becomes_elements_that_question_formats_allow(text: str) -> None:
    """Control signs, lone brackets and half tags included."""
    whole = ElementTree.Element("div")
    whole.extend(as_xhtml(text))
    again = ElementTree.fromstring(ElementTree.tostring(whole, encoding="unicode"))

    assert {e.tag for e in again.iter()} - {"div"} <= ALLOWED
    assert all(e.get("href", "https://").startswith(("https://", "http://")) for e in again.iter())
