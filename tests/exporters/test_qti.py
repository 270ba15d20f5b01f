"""Question packages, held against the rules of QTI 3.0 and 2.1 and of content packaging.

No installed package carries the official XSDs, and their licence asks for a registration before they are
passed on. These rules follow the specifications' own tables: the order of parts, required attributes,
which values a name may have, and that every reference has its object.
"""

import io
import re
import zipfile

import pytest
from lxml import etree

from pmcampus.exporters.qti import DIALECTS, qti_package
from pmcampus.exporters.static_items import StaticItem, static_items
from pmcampus.model.tree import ModuleFolder
from tests.exporters.conftest import SITE

VERSIONS = ("3.0", "2.1")
IDENTIFIER = re.compile(r"[A-Za-z_][A-Za-z0-9_.-]*")
PARTS = (  # of an item, in the schema's order: name, at least, at most
    ("qti-response-declaration", 1, 1),
    ("qti-outcome-declaration", 0, 1),
    ("qti-item-body", 1, 1),
    ("qti-response-processing", 0, 1),
    ("qti-modal-feedback", 0, 1),
)
REQUIRED = {
    "qti-assessment-item": {"identifier", "title", "adaptive", "time-dependent"},
    "qti-response-declaration": {"identifier", "cardinality", "base-type"},
    "qti-outcome-declaration": {"identifier", "cardinality", "base-type"},
    "qti-choice-interaction": {"response-identifier", "max-choices", "shuffle"},
    "qti-simple-choice": {"identifier"},
    "qti-extended-text-interaction": {"response-identifier"},
    "qti-set-outcome-value": {"identifier"},
    "qti-base-value": {"base-type"},
    "qti-modal-feedback": {"outcome-identifier", "identifier", "show-hide"},
    "qti-assessment-test": {"identifier", "title"},
    "qti-test-part": {"identifier", "navigation-mode", "submission-mode"},
    "qti-assessment-section": {"identifier", "title", "visible"},
    "qti-assessment-item-ref": {"identifier", "href"},
}
XHTML = {"div", "p", "ul", "ol", "li", "a", "em", "strong", "code", "pre", "br", "hr", "blockquote",
         "table", "thead", "tbody", "tr", "td", "th"}  # fmt: skip
SCHEMA_LOCATION = "{http://www.w3.org/2001/XMLSchema-instance}schemaLocation"


def package(module: ModuleFolder, version: str) -> dict[str, bytes]:
    """The package's files by name."""
    data = qti_package(module, static_items(module)[0], site=SITE, version=version)
    with zipfile.ZipFile(io.BytesIO(data)) as held:
        return {name: held.read(name) for name in held.namelist()}


def kebab(name: str, version: str) -> str:
    """A name of 2.1 as 3.0 writes it."""
    if version == "3.0":
        return name
    return re.sub(r"(?<!^)([A-Z])", lambda found: "-" + found[1].lower(), name)


def element(node: etree._Element, version: str) -> str:
    """The element's name in the words of 3.0."""
    name = kebab(etree.QName(node).localname, version)
    known = {one.removeprefix("qti-") for one in REQUIRED} | {
        "item-body", "response-processing", "prompt"
    }  # fmt: skip
    return f"qti-{name}" if version == "2.1" and name in known else name


def read(data: bytes) -> etree._Element:
    """A file as a tree; no entity is resolved, nothing fetched."""
    return etree.fromstring(data, etree.XMLParser(resolve_entities=False, no_network=True))


def faults(root: etree._Element, version: str) -> list[str]:
    """What in an item or a test breaks the rules."""
    dialect = DIALECTS[version]
    found = []
    for node in root.iter():
        name = element(node, version)
        if etree.QName(node).namespace != dialect.namespace:
            found.append(f"{name}: namespace {etree.QName(node).namespace}")
        if missing := REQUIRED.get(name, set()) - {kebab(str(a), version) for a in node.attrib}:
            found.append(f"{name}: lacks {sorted(missing)}")
        if not name.startswith("qti-") and name not in XHTML:
            found.append(f"{name}: not an element of XHTML that items may hold")
        identifier = node.get("identifier")
        if identifier is not None and not IDENTIFIER.fullmatch(identifier):
            found.append(f"{name}: identifier {identifier!r}")
    if element(root, version) == "qti-assessment-item":
        names = [element(child, version) for child in root]
        order = [part for part, _, _ in PARTS]
        if [order.index(n) for n in names if n in order] != sorted(order.index(n) for n in names):
            found.append(f"order of parts: {names}")
        found += [
            f"{part}: {names.count(part)}"
            for part, low, high in PARTS
            if not low <= names.count(part) <= high
        ]
    return found


@pytest.mark.parametrize("version", VERSIONS)
def test_items_and_test_follow_the_schema(module: ModuleFolder, version: str) -> None:
    """Order, attributes, identifiers, allowed elements."""
    files = package(module, version)

    wrong = {name: faults(read(data), version) for name, data in files.items() if name != "imsmanifest.xml"}
    assert {name: found for name, found in wrong.items() if found} == {}
    assert len(files) == 6


@pytest.mark.parametrize("version", VERSIONS)
def test_every_file_is_declared_and_every_reference_has_its_object(
    module: ModuleFolder, version: str
) -> None:
    """A manifest that lies is a package that fails on import."""
    files = package(module, version)
    dialect = DIALECTS[version]
    manifest = read(files["imsmanifest.xml"])
    ns = {"p": dialect.package}
    hrefs = manifest.xpath("//p:file/@href", namespaces=ns)
    types = set(manifest.xpath("//p:resource/@type", namespaces=ns))
    ids = manifest.xpath("//@identifier")

    assert manifest.xpath("string(//p:schema)", namespaces=ns) == dialect.title
    assert manifest.xpath("string(//p:schemaversion)", namespaces=ns) == dialect.version
    assert [etree.QName(c).localname for c in manifest] == ["metadata", "organizations", "resources"]
    assert sorted(hrefs) == sorted(set(files) - {"imsmanifest.xml"})
    assert len(ids) == len(set(ids))
    assert types == {dialect.test, dialect.item}
    assert set(manifest.xpath("//p:dependency/@identifierref", namespaces=ns)) <= set(ids)
    test = read(files["test.xml"])
    refs = [n.get("href") for n in test.iter() if element(n, version) == "qti-assessment-item-ref"]
    assert sorted(refs) == sorted(n for n in files if n.startswith("items/"))


@pytest.mark.parametrize("version", VERSIONS)
def test_nothing_is_marked_and_no_key_is_there(module: ModuleFolder, version: str) -> None:
    """Neither a correct response nor a score: these questions are for thinking."""
    said = b"".join(package(module, version).values()).decode().lower().replace("-", "")

    assert "correctresponse" not in said
    assert 'identifier="score"' not in said
    assert "mapping" not in said


def test_the_public_answer_is_shown_after_the_learner_has_answered(module: ModuleFolder) -> None:
    """Processing sets the outcome that the feedback waits for."""
    root = read(package(module, "3.0")["items/d02-1-check-1.xml"])
    ns = {"q": DIALECTS["3.0"].namespace}
    feedback = root.xpath("//q:qti-modal-feedback", namespaces=ns)[0]

    assert feedback.get("outcome-identifier") == root.xpath(
        "string(//q:qti-set-outcome-value/@identifier)", namespaces=ns
    )
    assert feedback.get("identifier") == root.xpath("string(//q:qti-base-value)", namespaces=ns)
    assert "The twelve" in "".join(feedback.itertext())
    assert [etree.QName(c).localname for c in feedback] == ["qti-content-body"]


def test_a_decision_is_a_choice_in_3_and_a_text_in_2_1(module: ModuleFolder) -> None:
    """Importers of 2.1 refuse a choice of which none is right; the choices stand in the question."""
    new, old = (read(package(module, v)["items/d02-1-decide-now-choice.xml"]) for v in VERSIONS)
    ns3, ns2 = ({"q": DIALECTS[v].namespace} for v in VERSIONS)

    assert new.xpath("//q:qti-simple-choice/@identifier", namespaces=ns3) == ["A", "B", "C"]
    first = new.xpath("//q:qti-simple-choice", namespaces=ns3)[0]
    assert "".join(first.itertext()) == "all, says <the laboratory> & its letter"
    assert old.xpath("//q:choiceInteraction", namespaces=ns2) == []
    assert len(old.xpath("//q:extendedTextInteraction", namespaces=ns2)) == 1
    assert [t for t in old.xpath("//q:li//text()", namespaces=ns2) if t.strip() in "ABC"] == ["A", "B", "C"]


def test_every_question_says_where_it_comes_from(module: ModuleFolder) -> None:
    """It may speak of a table that stands in the lesson."""
    for name, data in package(module, "3.0").items():
        if name.startswith("items/"):
            links = read(data).xpath("//*[local-name()='a']/@href")
            assert links[-1].startswith(f"{SITE}books/second-steps/a-lesson/")


def test_schema_locations_belong_to_the_namespaces(module: ModuleFolder) -> None:
    """A validator with the official schemas finds the right one."""
    for version in VERSIONS:
        for data in package(module, version).values():
            root = read(data)
            namespace, address = root.get(SCHEMA_LOCATION).split()
            assert namespace == etree.QName(root).namespace
            assert address.startswith("http") and address.endswith(".xsd")


def test_the_same_content_gives_the_same_bytes(module: ModuleFolder) -> None:
    """So that a platform can tell an unchanged package."""
    items = static_items(module)[0]
    made = {qti_package(module, items, site=SITE, version="3.0") for _ in range(2)}

    assert len(made) == 1


def test_the_rules_here_can_fail(module: ModuleFolder) -> None:
    """A choice without an identifier, a foreign element, a wrong order are found."""
    root = read(package(module, "3.0")["items/d02-1-decide-now-choice.xml"])
    body = root[-1]
    root.insert(0, body)
    etree.SubElement(body, f"{{{DIALECTS['3.0'].namespace}}}script")
    del root.xpath("//*[local-name()='qti-simple-choice']")[0].attrib["identifier"]

    assert len(faults(root, "3.0")) == 3


def test_signs_that_xml_forbids_are_left_out(module: ModuleFolder) -> None:
    """A stray control sign in a notebook does not spoil the package."""
    item = static_items(module)[0][0]
    odd = StaticItem("x-1", "Odd", "a\x0bb & <c>", item.lesson, item.address, answer="\ufffe d")
    data = qti_package(module, [odd], site=SITE, version="3.0")

    with zipfile.ZipFile(io.BytesIO(data)) as held:
        assert "ab & <c>" in "".join(read(held.read("items/x-1.xml")).itertext())
