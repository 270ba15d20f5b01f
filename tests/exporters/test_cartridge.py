"""Cartridges, held against the rules in the published XSD of Common Cartridge 1.3, and those of 1.1.

The XSDs are in no installed package, and their licence asks for a registration before they are passed on;
`faults` says the rules of ccv1p3_imscp_v1p2_v1p0.xsd that concern a cartridge of links, one by one.
"""

import io
import zipfile

import pytest
from lxml import etree

from pmcampus.exporters.cartridge import cartridge
from pmcampus.model.tree import ModuleFolder
from tests.exporters.conftest import SITE

VERSIONS = ("1.3", "1.1")
NC = r"[A-Za-z_][A-Za-z0-9_.-]*"


def opened(data: bytes) -> dict[str, bytes]:
    """The cartridge's files by name."""
    with zipfile.ZipFile(io.BytesIO(data)) as held:
        return {name: held.read(name) for name in held.namelist()}


def read(data: bytes) -> etree._Element:
    """A file as a tree."""
    return etree.fromstring(data, etree.XMLParser(resolve_entities=False, no_network=True))


def faults(files: dict[str, bytes], version: str) -> list[str]:
    """Rules of the manifest and the links which this cartridge breaks."""
    short = f"v{version.replace('.', 'p')}"
    cp = f"http://www.imsglobal.org/xsd/imscc{short}/imscp_v1p1"
    wl = f"http://www.imsglobal.org/xsd/imscc{short}/imswl_{short}"
    lom = f"http://ltsc.ieee.org/xsd/imscc{short}/LOM/manifest"
    root = read(files["imsmanifest.xml"])

    def all_of(path: str) -> list[etree._Element]:
        return list(root.xpath(path, namespaces={"c": cp, "l": lom}))

    def names(node: etree._Element) -> list[str]:
        return [etree.QName(child).localname for child in node]

    ids = root.xpath("//@identifier")
    resources = {r.get("identifier"): r for r in all_of("/c:manifest/c:resources/c:resource")}
    top = all_of("/c:manifest/c:organizations/c:organization/c:item")
    rules = {
        "root": root.tag == f"{{{cp}}}manifest",
        "parts in order": names(root) == ["metadata", "organizations", "resources"],
        "metadata in order": names(root[0]) == ["schema", "schemaversion", "lom"],
        "schema": root[0][0].text == "IMS Common Cartridge",
        "version": root[0][1].text == f"{version}.0",
        "one title, at most one of each LOM part": len(all_of("//l:general/l:title")) == 1
        and len(set(names(root[0][2]))) == len(root[0][2]),
        "identifiers are names and unique": len(set(ids)) == len(ids)
        and all(
            etree.XPath(f"re:test($x, '^{NC}$')", namespaces={"re": "http://exslt.org/regular-expressions"})(
                root, x=i
            )
            for i in ids
        ),
        "one organization at most": len(all_of("//c:organization")) == 1,
        "rooted hierarchy": all_of("//c:organization")[0].get("structure") == "rooted-hierarchy",
        "one top item without title": len(top) == 1 and "title" not in names(top[0]),
        "all other items begin with a title": all(
            names(i)[:1] == ["title"] for i in all_of("//c:item//c:item")
        ),
        "items with a resource have no items inside": not any(
            i.get("identifierref") and "item" in names(i) for i in all_of("//c:item")
        ),
        "references": set(root.xpath("//@identifierref")) == set(resources),
        "type": {r.get("type") for r in resources.values()} == {f"imswl_xml{short}"},
        "a link has one file, no href, no dependency": all(
            names(r) == ["file"] and r.get("href") is None for r in resources.values()
        ),
        "files": sorted(root.xpath("//c:file/@href", namespaces={"c": cp}))
        == sorted(set(files) - {"imsmanifest.xml"}),
    }
    for name in sorted(set(files) - {"imsmanifest.xml"}):
        link = read(files[name])
        rules[f"{name}: title and url"] = link.tag == f"{{{wl}}}webLink" and names(link) == ["title", "url"]
        rules[f"{name}: address"] = str(link[1].get("href")).startswith(SITE)
        rules[f"{name}: attributes"] = set(link[1].attrib) <= {"href", "target", "windowFeatures"}
    return [rule for rule, holds in rules.items() if not holds]


@pytest.mark.parametrize("version", VERSIONS)
def test_a_cartridge_follows_the_schema(module: ModuleFolder, version: str) -> None:
    """Manifest, metadata and every link."""
    assert faults(opened(cartridge(module, site=SITE, version=version)), version) == []


def test_the_rules_here_can_fail(module: ModuleFolder) -> None:
    """A file that is not declared, a second organization, a lost title."""
    files = opened(cartridge(module, site=SITE))
    files["links/extra.xml"] = files["links/module.xml"]
    root = read(files["imsmanifest.xml"])
    root[1].append(etree.fromstring(etree.tostring(root[1][0])))
    root[1][0][0][0].remove(root[1][0][0][0][0])
    files["imsmanifest.xml"] = etree.tostring(root)

    assert {"files", "one organization at most", "identifiers are names and unique"} <= set(
        faults(files, "1.3")
    )
    assert "all other items begin with a title" in faults(files, "1.3")


def test_moodle_knows_its_version_in_the_first_500_bytes(module: ModuleFolder) -> None:
    """Its converter looks for the namespace there, without blanks and quotation marks."""
    beginning = opened(cartridge(module, site=SITE, version="1.1"))["imsmanifest.xml"][:500].decode().lower()
    squeezed = "".join(beginning.split()).replace('"', "").replace("'", "")

    assert "xmlns=http://www.imsglobal.org/xsd/imsccv1p1/imscp_v1p1" in squeezed


def test_lessons_stand_in_a_folder_and_all_links_lead_to_the_site(module: ModuleFolder) -> None:
    """What a teacher sees after the import."""
    files = opened(cartridge(module, site=SITE))
    root = read(files["imsmanifest.xml"])
    titles = root.xpath("//*[local-name()='item']/*[local-name()='title']/text()")
    hrefs = {n: read(d)[1].get("href").removeprefix(SITE) for n, d in files.items() if n.startswith("links/")}

    assert titles == [
        "D02 Second steps, version 1.0.0",
        "D02 Second steps",
        "Lessons",
        "D02.1 A share (30 minutes)",
        "Notebooks and data (zip)",
        "How it is assessed",
    ]
    assert hrefs == {
        "links/module.xml": "modules/second-steps/",
        "links/lesson-a-lesson.xml": "books/second-steps/a-lesson/",
        "links/notebooks.xml": "downloads/second-steps.zip",
        "links/assessment.xml": "modules/second-steps/#assessment",
    }


def test_metadata_say_title_keywords_and_licence(module: ModuleFolder) -> None:
    """As LOM, in the module's language."""
    text = opened(cartridge(module, site=SITE))["imsmanifest.xml"].decode()

    assert '<lom:string language="en">D02 Second steps</lom:string>' in text
    assert text.count("<lom:keyword>") == 3
    assert "CC-BY-4.0, https://creativecommons.org/licenses/by/4.0/" in text


def test_the_same_content_gives_the_same_bytes(module: ModuleFolder) -> None:
    """Names sorted, one date."""
    assert cartridge(module, site=SITE) == cartridge(module, site=SITE)
