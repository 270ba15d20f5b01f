"""A module as a thin Common Cartridge: links and metadata, which any learning platform can import.

Version 1.3 (https://www.imsglobal.org/cc/index.html), or 1.1, the newest that Moodle imports. It calls
itself a Common Cartridge, of which a thin one is a subset: not every importer knows the thin profile by
name. Nothing is copied: links lead to the site, where a lesson says its version.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from xml.etree import ElementTree
from xml.etree.ElementTree import Element, SubElement

from pmcampus.archive import pack
from pmcampus.builders.portal_downloads import archive_name
from pmcampus.builders.structured_data import LICENCES
from pmcampus.model.module import ModuleForm
from pmcampus.model.tree import ModuleFolder

VERSIONS = ("1.3", "1.1")
XSI = "http://www.w3.org/2001/XMLSchema-instance"
IMS = "http://www.imsglobal.org"


@dataclass(frozen=True)
class WebLink:
    """One link of the cartridge; `group` is the folder it stands in, if any."""

    id: str
    title: str
    address: str
    group: str = ""


def cartridge(folder: ModuleFolder, *, site: str, version: str = "1.3") -> bytes:
    """The module's cartridge as a zip file.

    Args:
        folder: the module.
        site: the address of the site's first page; every link begins with it.
        version: of the specification, "1.3" or "1.1".
    """
    links = list(web_links(folder))
    files = {_file(link): _web_link(link, site, version) for link in links}
    files["imsmanifest.xml"] = _manifest(folder, links, version)
    return pack({name: _written(root) for name, root in files.items()})


def web_links(folder: ModuleFolder) -> Iterator[WebLink]:
    """What of a module can be linked: its page, written lessons, notebooks, assessment and cases."""
    form = folder.form.value
    page = f"modules/{folder.id}/"
    yield WebLink("module", f"{form.code} {form.title}", page)
    for lesson in (one for one in form.lessons if one.file in folder.lessons):
        title = f"{form.code}.{lesson.number} {lesson.title} ({lesson.minutes} minutes)"
        yield WebLink(f"lesson-{lesson.id}", title, f"books/{folder.id}/{lesson.id}/", "Lessons")
    yield WebLink("notebooks", "Notebooks and data (zip)", f"downloads/{archive_name(folder)}")
    if form.assessment:
        yield WebLink("assessment", "How it is assessed", f"{page}#assessment")
    for case in form.case_studies:
        yield WebLink(f"case-{case}", f"Team case: {case.replace('-', ' ')}", f"cases/{case}/")


def _file(link: WebLink) -> str:
    return f"links/{link.id}.xml"


def _short(version: str) -> str:
    return f"v{version.replace('.', 'p')}"


def _web_link(link: WebLink, site: str, version: str) -> Element:
    short = _short(version)
    namespace = f"{IMS}/xsd/imscc{short}/imswl_{short}"
    schema = f"{IMS}/profile/cc/cc{short}/cc{short}_imswl_{short}.xsd"
    root = Element("webLink", _head(namespace, f"{namespace} {schema}"))
    SubElement(root, "title").text = link.title
    SubElement(root, "url", {"href": f"{site}{link.address}", "target": "_blank"})
    return root


def _manifest(folder: ModuleFolder, links: list[WebLink], version: str) -> Element:
    form, short = folder.form.value, _short(version)
    namespace = f"{IMS}/xsd/imscc{short}/imscp_v1p1"
    lom = f"http://ltsc.ieee.org/xsd/imscc{short}/LOM/manifest"
    profile = f"{IMS}/profile/cc/cc{short}"
    schemas = (
        f"{namespace} {profile}/cc{short}_imscp_v1p2_v1p0.xsd "
        f"{lom} {profile}/LOM/cc{short}_lommanifest_v1p0.xsd"
    )
    # Moodle knows a cartridge by this namespace in the first 500 bytes: it comes first.
    root = Element(
        "manifest",
        {
            **_head(namespace, schemas),
            "xmlns:lom": lom,
            "identifier": f"pmcampus-{folder.id}-{form.version}",
        },
    )
    about = SubElement(root, "metadata")
    SubElement(about, "schema").text = "IMS Common Cartridge"
    SubElement(about, "schemaversion").text = f"{version}.0"
    _lom(about, folder.id, form)
    organizations = SubElement(root, "organizations")
    organization = SubElement(
        organizations, "organization", {"identifier": "organization", "structure": "rooted-hierarchy"}
    )
    top = SubElement(organization, "item", {"identifier": "root"})
    module = _item(top, "item-module-folder", f"{form.code} {form.title}, version {form.version}")
    groups: dict[str, Element] = {}
    for link in links:
        place = module
        if link.group:
            if link.group not in groups:
                groups[link.group] = _item(module, f"item-{link.group.lower()}", link.group)
            place = groups[link.group]
        _item(place, f"item-{link.id}", link.title, ref=f"resource-{link.id}")
    resources = SubElement(root, "resources")
    for link in links:
        held = SubElement(
            resources, "resource", {"identifier": f"resource-{link.id}", "type": f"imswl_xml{short}"}
        )
        SubElement(held, "file", {"href": _file(link)})
    return root


def _item(parent: Element, name: str, title: str, *, ref: str | None = None) -> Element:
    item = SubElement(parent, "item", {"identifier": name} | ({"identifierref": ref} if ref else {}))
    SubElement(item, "title").text = title
    return item


def _lom(about: Element, slug: str, form: ModuleForm) -> None:
    """IEEE learning object metadata, in the standard's order."""

    def words(parent: Element, tag: str, text: str) -> None:
        SubElement(SubElement(parent, tag), "lom:string", {"language": form.language}).text = text

    root = SubElement(about, "lom:lom")
    general = SubElement(root, "lom:general")
    identifier = SubElement(general, "lom:identifier")
    SubElement(identifier, "lom:catalog").text = "PM Campus"
    SubElement(identifier, "lom:entry").text = f"{form.code} {slug} {form.version}"
    words(general, "lom:title", f"{form.code} {form.title}")
    SubElement(general, "lom:language").text = form.language
    words(general, "lom:description", form.summary)
    for keyword in form.keywords:
        words(general, "lom:keyword", keyword)
    rights = SubElement(root, "lom:rights")
    SubElement(SubElement(rights, "lom:copyrightAndOtherRestrictions"), "lom:value").text = "yes"
    words(rights, "lom:description", f"{form.licence}, {LICENCES.get(form.licence, form.licence)}")


def _head(namespace: str, schemas: str) -> dict[str, str]:
    return {"xmlns": namespace, "xmlns:xsi": XSI, "xsi:schemaLocation": schemas}


def _written(root: Element) -> bytes:
    ElementTree.indent(root)
    text = ElementTree.tostring(root, encoding="unicode")
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{text}\n'.encode()
