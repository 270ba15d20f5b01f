"""A question's Markdown as the plain XHTML that question formats allow."""

import re
from xml.etree import ElementTree

import mistune

TERM = re.compile(r"\{term\}`([^`<]+?)(?:\s*<[^>`]*>)?`")
CITED = re.compile(r"\s*\{cite[:\w]*\}`[^`]*`")
OTHER_ROLE = re.compile(r"\{[\w:+.-]+\}`([^`]*)`")
NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
WEB = ("https://", "http://")
SAME = {"b": "strong", "i": "em", "del": "span"}  # question formats know no struck-out text

_markdown = mistune.create_markdown(escape=True, plugins=["table"])


def as_xhtml(text: str) -> list[ElementTree.Element]:
    """The text's blocks: paragraphs, lists and tables, with links to the web alone.

    Roles become their words; citations go, for their list stands in the lesson.
    """
    plain = OTHER_ROLE.sub(r"\1", CITED.sub("", TERM.sub(r"\1", NOT_XML.sub("", text))))
    whole = ElementTree.fromstring(f"<div>{_markdown(plain)}</div>")
    for element in whole.iter():
        element.tag = SAME.get(element.tag, element.tag)
        for child in list(element):
            if child.tag == "img" or (child.tag == "a" and not child.get("href", "").startswith(WEB)):
                _unwrap(element, child)
        for name in set(element.attrib) - {"href"}:
            del element.attrib[name]
    return list(whole)


def as_inline(text: str) -> list[str | ElementTree.Element]:
    """The content of the text's one paragraph, for a choice: words and elements in turn."""
    found: list[str | ElementTree.Element] = []
    for block in as_xhtml(text):
        if block.text:
            found.append(block.text)
        for child in block:
            tail, child.tail = child.tail, None
            found += [child] + ([tail] if tail else [])
    return found


def _unwrap(parent: ElementTree.Element, child: ElementTree.Element) -> None:
    """Put an element's words where it stood."""
    words = "".join(child.itertext()) or child.get("alt", "")
    at = list(parent).index(child)
    tail = words + (child.tail or "")
    if at == 0:
        parent.text = (parent.text or "") + tail
    else:
        parent[at - 1].tail = (parent[at - 1].tail or "") + tail
    parent.remove(child)
