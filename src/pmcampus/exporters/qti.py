"""Questions for other systems: a QTI package, version 3.0, or 2.1 for importers that are not there yet.

The tree is written in the words of 3.0; 2.1 has the same elements in camel case without `qti-`. Items
carry no key and no points: what a lesson asks is for thinking, and its public answer is feedback.
Specification: https://www.imsglobal.org/spec/qti/v3p0/impl and https://www.imsglobal.org/question/qtiv2p1/imsqti_implv2p1.html.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from xml.etree import ElementTree
from xml.etree.ElementTree import Element, SubElement

from pmcampus.archive import pack
from pmcampus.exporters.item_text import as_inline, as_xhtml
from pmcampus.exporters.static_items import LETTERS, StaticItem
from pmcampus.model.tree import ModuleFolder

XSI = "http://www.w3.org/2001/XMLSchema-instance"


@dataclass(frozen=True)
class Dialect:
    """One version of QTI: names, addresses, resource types."""

    namespace: str
    schema: str
    package: str
    package_schema: str
    title: str
    version: str
    item: str
    test: str
    camel: bool
    keyless_choices: bool


DIALECTS = {
    "3.0": Dialect(
        namespace="http://www.imsglobal.org/xsd/imsqtiasi_v3p0",
        schema="https://purl.imsglobal.org/spec/qti/v3p0/schema/xsd/imsqti_asiv3p0_v1p0.xsd",
        package="http://www.imsglobal.org/xsd/qti/qtiv3p0/imscp_v1p1",
        package_schema="https://purl.imsglobal.org/spec/qti/v3p0/schema/xsd/imsqtiv3p0_imscpv1p2_v1p0.xsd",
        title="QTI Package",
        version="3.0.0",
        item="imsqti_item_xmlv3p0",
        test="imsqti_test_xmlv3p0",
        camel=False,
        keyless_choices=True,
    ),
    "2.1": Dialect(
        namespace="http://www.imsglobal.org/xsd/imsqti_v2p1",
        schema="http://www.imsglobal.org/xsd/qti/qtiv2p1/imsqti_v2p1.xsd",
        package="http://www.imsglobal.org/xsd/imscp_v1p1",
        package_schema="http://www.imsglobal.org/xsd/qti/qtiv2p1/qtiv2p1_imscpv1p2_v1p0.xsd",
        title="QTIv2.1 Package",
        version="1.0.0",
        item="imsqti_item_xmlv2p1",
        test="imsqti_test_xmlv2p1",
        camel=True,
        keyless_choices=False,  # importers refuse a choice of which none is right
    ),
}


def qti_package(folder: ModuleFolder, items: Sequence[StaticItem], *, site: str, version: str) -> bytes:
    """The questions as a zip: a manifest, one test with a section per lesson, one file per question.

    Args:
        folder: the module they come from.
        items: the questions, in order.
        site: the address of the site's first page; each question links to its lesson.
        version: "3.0" or "2.1".
    """
    dialect = DIALECTS[version]
    language = folder.form.value.language
    files = {f"items/{item.id}.xml": _item(item, dialect, site=site, language=language) for item in items}
    files["test.xml"] = _test(folder, items, dialect)
    files["imsmanifest.xml"] = _manifest(folder, items, dialect)
    return pack({name: _written(root, dialect) for name, root in files.items()})


def _item(item: StaticItem, dialect: Dialect, *, site: str, language: str) -> Element:
    """One question."""
    if not dialect.keyless_choices:
        item = item.written()
    root = Element(
        "qti-assessment-item",
        {
            **_head(dialect.namespace, dialect.schema),
            "identifier": item.id,
            "title": f"{item.lesson.title}: {item.title}",
            "xml:lang": language,
            "adaptive": "false",
            "time-dependent": "false",
        },
    )
    kind = "identifier" if item.choices else "string"
    _declare(root, "qti-response-declaration", "RESPONSE", kind)
    if item.answer:
        _declare(root, "qti-outcome-declaration", "FEEDBACK", "identifier")
    body = SubElement(root, "qti-item-body")
    said = SubElement(body, "div")
    said.extend([*as_xhtml(item.prompt), origin(item, site)])
    if item.choices:
        _choices(body, item)
    else:
        SubElement(body, "qti-extended-text-interaction", {"response-identifier": "RESPONSE"})
    if item.answer:
        processing = SubElement(root, "qti-response-processing")
        outcome = SubElement(processing, "qti-set-outcome-value", {"identifier": "FEEDBACK"})
        SubElement(outcome, "qti-base-value", {"base-type": "identifier"}).text = "ANSWER"
        feedback = SubElement(
            root,
            "qti-modal-feedback",
            {"outcome-identifier": "FEEDBACK", "identifier": "ANSWER", "show-hide": "show"},
        )
        SubElement(feedback, "qti-content-body").extend(as_xhtml(item.answer))
    return root


def _declare(root: Element, tag: str, name: str, kind: str) -> None:
    SubElement(root, tag, {"identifier": name, "cardinality": "single", "base-type": kind})


def _choices(body: Element, item: StaticItem) -> None:
    interaction = SubElement(
        body,
        "qti-choice-interaction",
        {"response-identifier": "RESPONSE", "shuffle": "false", "max-choices": "1"},
    )
    for letter, choice in zip(LETTERS, item.choices, strict=False):
        _fill(SubElement(interaction, "qti-simple-choice", {"identifier": letter}), choice)


def _fill(element: Element, text: str) -> None:
    """Words and inline elements into an element."""
    for part in as_inline(text):
        if not isinstance(part, str):
            element.append(part)
        elif len(element):
            element[-1].tail = (element[-1].tail or "") + part
        else:
            element.text = (element.text or "") + part


def origin(item: StaticItem, site: str) -> Element:
    """Where the question comes from: it may speak of a table or a figure there."""
    line = Element("p")
    line.text = "From the lesson "
    link = SubElement(line, "a", {"href": f"{site}{item.address}"})
    link.text = item.lesson.title
    link.tail = ". Read it first: a question may speak of what stands before it."
    return line


def _test(folder: ModuleFolder, items: Sequence[StaticItem], dialect: Dialect) -> Element:
    """All questions in order; a learner may walk between them."""
    form = folder.form.value
    root = Element(
        "qti-assessment-test",
        {
            **_head(dialect.namespace, dialect.schema),
            "identifier": f"{form.code.lower()}-questions",
            "title": f"{form.code} {form.title}: questions of the lessons",
        },
    )
    part = SubElement(
        root,
        "qti-test-part",
        {"identifier": "lessons", "navigation-mode": "nonlinear", "submission-mode": "individual"},
    )
    section: Element | None = None
    current = ""
    for item in items:
        if section is None or item.lesson.id != current:
            current = item.lesson.id
            section = SubElement(
                part,
                "qti-assessment-section",
                {
                    "identifier": f"lesson-{item.lesson.number}",
                    "title": item.lesson.title,
                    "visible": "true",
                },
            )
        SubElement(
            section, "qti-assessment-item-ref", {"identifier": item.id, "href": f"items/{item.id}.xml"}
        )
    return root


def _manifest(folder: ModuleFolder, items: Sequence[StaticItem], dialect: Dialect) -> Element:
    """What is in the package."""
    form = folder.form.value
    root = Element(
        "manifest",
        {**_head(dialect.package, dialect.package_schema), "identifier": f"{folder.id}-{form.version}"},
    )
    about = SubElement(root, "metadata")
    SubElement(about, "schema").text = dialect.title
    SubElement(about, "schemaversion").text = dialect.version
    SubElement(root, "organizations")
    resources = SubElement(root, "resources")
    test = SubElement(resources, "resource", {"identifier": "test", "type": dialect.test, "href": "test.xml"})
    SubElement(test, "file", {"href": "test.xml"})
    for item in items:
        SubElement(test, "dependency", {"identifierref": f"resource-{item.id}"})
    for item in items:
        name = f"items/{item.id}.xml"
        held = SubElement(
            resources,
            "resource",
            {"identifier": f"resource-{item.id}", "type": dialect.item, "href": name},
        )
        SubElement(held, "file", {"href": name})
    return root


def _head(namespace: str, schema: str) -> dict[str, str]:
    return {"xmlns": namespace, "xmlns:xsi": XSI, "xsi:schemaLocation": f"{namespace} {schema}"}


def _written(root: Element, dialect: Dialect) -> bytes:
    """The tree as a file, in the words of its version."""
    if dialect.camel:
        _to_camel(root)
    text = ElementTree.tostring(root, encoding="unicode")
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{text}\n'.encode()


def _to_camel(root: Element) -> None:
    """Version 2.1's names; feedback there has no body of its own."""
    for element in list(root.iter()):
        for child in list(element):
            if child.tag == "qti-content-body":
                element.remove(child)
                element.extend(list(child))
        if element.tag.startswith("qti-"):
            element.tag = _camel(element.tag.removeprefix("qti-"))
            named = {_camel(name): value for name, value in element.attrib.items()}
            element.attrib.clear()
            element.attrib.update(named)


def _camel(name: str) -> str:
    first, *rest = name.split("-")
    return first + "".join(word.capitalize() for word in rest)
