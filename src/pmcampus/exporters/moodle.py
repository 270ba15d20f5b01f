"""Questions for Moodle's question bank: its own XML, for it imports no QTI 2 or 3.

Essays without points, and the lesson's public answer as general feedback, which Moodle shows after an
attempt. Format: https://docs.moodle.org/en/Moodle_XML_format.
"""

from collections.abc import Iterator, Sequence
from xml.etree import ElementTree
from xml.etree.ElementTree import Element, SubElement

from pmcampus.exporters.item_text import as_xhtml
from pmcampus.exporters.qti import origin
from pmcampus.exporters.static_items import StaticItem
from pmcampus.model.tree import ModuleFolder

# What an essay needs beside its text: no points, an editor, a word at least, no files.
SETTINGS = {
    "defaultgrade": "0",
    "penalty": "0",
    "hidden": "0",
    "responseformat": "editor",
    "responserequired": "1",
    "responsefieldlines": "10",
    "attachments": "0",
    "attachmentsrequired": "0",
}


def moodle_xml(folder: ModuleFolder, items: Sequence[StaticItem], *, site: str) -> bytes:
    """The questions as one file, in a category of the module with one inside for each lesson.

    Args:
        folder: the module they come from.
        items: the questions, in order.
        site: the address of the site's first page; each question links to its lesson.
    """
    root = Element("quiz")
    current = ""
    for item in (item.written() for item in items):
        if item.lesson.id != current:
            current = item.lesson.id
            root.append(_category(folder, item))
        root.append(_question(item, site))
    ElementTree.indent(root)
    text = ElementTree.tostring(root, encoding="unicode")
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{text}\n'.encode()


def _category(folder: ModuleFolder, item: StaticItem) -> Element:
    """Where the questions after it go; a slash in a name would start a category of its own."""
    form = folder.form.value
    names = (f"{form.code} {form.title}", f"{form.code}.{item.lesson.number} {item.lesson.title}")
    path = "/".join(name.replace("/", "//") for name in names)
    question = Element("question", {"type": "category"})
    SubElement(SubElement(question, "category"), "text").text = f"$course$/top/{path}"
    return question


def _question(item: StaticItem, site: str) -> Element:
    question = Element("question", {"type": "essay"})
    SubElement(SubElement(question, "name"), "text").text = f"{item.id} {item.title}"
    asked = [*as_xhtml(item.prompt), origin(item, site)]
    for name, blocks in (("questiontext", asked), ("generalfeedback", as_xhtml(item.answer))):
        held = SubElement(question, name, {"format": "html"})
        SubElement(held, "text").text = "".join(_html(blocks))
    for name, value in SETTINGS.items():
        SubElement(question, name).text = value
    for name in ("graderinfo", "responsetemplate"):
        SubElement(SubElement(question, name, {"format": "html"}), "text")
    SubElement(question, "idnumber").text = item.id
    return question


def _html(blocks: Sequence[Element]) -> Iterator[str]:
    return (ElementTree.tostring(block, encoding="unicode", method="html") for block in blocks)
