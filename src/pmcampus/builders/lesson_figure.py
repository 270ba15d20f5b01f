"""Figures in a notebook's stored outputs: SVG made safe, light, and of the page's own colours."""

import re
import xml.etree.ElementTree as ET
from dataclasses import dataclass

from pmcampus.builders.lesson_draft import escaped
from pmcampus.errors import SiteError

SVG = "http://www.w3.org/2000/svg"
XLINK = "http://www.w3.org/1999/xlink"
# The light palette; each hex becomes its custom property, so the figure follows the reader's scheme.
PALETTE = {
    "#1f1923": "--ink",
    "#000000": "--ink",
    "#4a4350": "--ink2",
    "#857d88": "--edge",
    "#d8d4d0": "--line",
    "#f3f2ef": "--sunk",
    "#fcfcfa": "--paper",
    "#ffffff": "--paper",
    "#17467f": "--link",
    "#14533f": "--g",
    "#86262b": "--e",
    "#614300": "--r-",
    "#5d2756": "--t",
    "#2f8f6d": "--gt",
    "#3a7cc4": "--dt",
    "#c9524c": "--et",
    "#b07d10": "--rt",
    "#a1539a": "--tt",
    "#e3f1ea": "--gb",
    "#e4edf8": "--db",
    "#fae8e5": "--eb",
    "#f8efd8": "--rb",
    "#f4e7f2": "--tb",
}
ELEMENTS = {
    "svg",
    "g",
    "path",
    "rect",
    "circle",
    "ellipse",
    "line",
    "polyline",
    "polygon",
    "text",
    "tspan",
    "defs",
    "clipPath",
    "pattern",
    "use",
    "linearGradient",
    "radialGradient",
    "stop",
    "image",
}
DROPPED = {"metadata", "style", "title", "desc"}
HEX = re.compile(r"#[0-9a-f]{6}\b|#[0-9a-f]{3}\b", re.IGNORECASE)
LONG = re.compile(r"-?\d*\.\d{3,}(?:e-?\d+)?")
OWN = re.compile(r"url\(#([^)]+)\)")
STROKE = re.compile(r" ?([MLHVCSQTAZmlhvcsqtaz]) ?")
FONT = re.compile(r"font:\s*((?:\w+\s+)*?)([\d.]+)px\s+[^;]*")
FACE = re.compile(r"font-family:[^;]*;?\s*")


@dataclass(frozen=True)
class Figure:
    """A drawing for the page; with colours of its own it needs a light plate in both schemes."""

    markup: str
    plate: bool


def figure(source: str, *, name: str, alt: str, where: str) -> Figure:
    """A stored SVG as part of the page.

    Args:
        source: the SVG document.
        name: a word unique on the page; put before each id.
        alt: what a reader who does not see it is told.
        where: file and cell, for errors.

    Raises:
        SiteError: it is not SVG, or holds something that is not drawing.
    """
    try:
        root = ET.fromstring(re.sub(r"<!DOCTYPE[^>]*>", "", source))
    except ET.ParseError as problem:
        raise SiteError(f"{where}: the figure is not SVG ({problem}). Run the lesson again.") from None
    used = {hit.lower() for hit in HEX.findall(_colours(root))}
    plate = not used <= PALETTE.keys()
    _clean(root, name=name, swap=not plate, where=where)
    for size in ("width", "height", "version"):
        root.attrib.pop(size, None)
    _drop_unused_ids(root)
    markup = _serialised(root)
    head = f'<svg role="img" aria-label="{escaped(alt)}"'
    return Figure(re.sub(r"^<svg", head, markup), plate)


def _colours(root: ET.Element) -> str:
    return " ".join(
        element.get(key, "") for element in root.iter() for key in ("style", "fill", "stroke", "stop-color")
    )


def _clean(element: ET.Element, *, name: str, swap: bool, where: str) -> None:
    """Keep drawing elements and harmless attributes; shorten numbers; swap colours; prefix ids."""
    for child in list(element):
        kind = _local(child.tag)
        if kind in DROPPED:
            element.remove(child)
        elif kind not in ELEMENTS:
            raise SiteError(
                f"{where}: the figure holds <{kind}>, which a page does not show. Draw without it."
            )
        else:
            _clean(child, name=name, swap=swap, where=where)
    element.tag = _local(element.tag)
    element.tail = None
    if element.tag not in ("text", "tspan"):
        element.text = None
    kept: dict[str, str] = {}
    for key, value in element.attrib.items():
        key = "href" if key == f"{{{XLINK}}}href" else key
        if key.startswith(("on", "{")):
            continue
        if key == "href":
            if value.startswith("#"):
                kept[key] = f"#{name}-{value[1:]}"
            elif value.startswith("data:image/png;base64,"):
                kept[key] = value
            continue
        if key == "id":
            value = f"{name}-{value}"
        elif key not in ("class",):
            value = OWN.sub(rf"url(#{name}-\1)", LONG.sub(_short, value))
        if key in ("style", "fill", "stroke", "stop-color"):
            if "url(" in value and not OWN.search(value):
                continue
            value = FACE.sub("", FONT.sub(_size, value))
            if swap:
                value = HEX.sub(lambda hit: f"var({PALETTE[hit[0].lower()]})", value)
            if key != "style" and "var(" in value:  # a custom property works in a style only
                kept["style"] = f"{kept.get('style', '')}{key}:{value};"
                continue
            value = re.sub(r";\s+", ";", re.sub(r":\s+", ":", value))
        if key == "d" or key == "points":
            value = STROKE.sub(r"\1", " ".join(value.split()))
        kept[key] = kept.get("style", "") + value if key == "style" else value
    element.attrib.clear()
    element.attrib.update(kept)


def _size(found: re.Match[str]) -> str:
    """matplotlib's short font style without its list of faces: the page's face is used."""
    weight = next((w for w in found[1].split() if w.isdecimal() or w == "bold"), "")
    slant = "font-style:italic;" if "italic" in found[1] else ""
    return f"{slant}{f'font-weight:{weight};' if weight else ''}font-size:{found[2]}px"


def _short(found: re.Match[str]) -> str:
    """Two decimals are finer than any screen."""
    short = f"{float(found[0]):.2f}".rstrip("0").rstrip(".")
    return "0" if short in ("", "-", "-0") else short


def _drop_unused_ids(root: ET.Element) -> None:
    """An id that nothing refers to is weight only."""
    text = " ".join(value for element in root.iter() for value in element.attrib.values())
    used = set(OWN.findall(text)) | {
        element.get("href", "")[1:] for element in root.iter() if element.get("href", "").startswith("#")
    }
    for element in root.iter():
        if element.get("id") not in used:
            element.attrib.pop("id", None)


def _serialised(root: ET.Element) -> str:
    return ET.tostring(root, encoding="unicode", short_empty_elements=True).replace(" />", "/>")


def _local(tag: str) -> str:
    return tag.rsplit("}", 1)[-1]
