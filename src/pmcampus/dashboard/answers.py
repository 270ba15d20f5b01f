"""A learner's answer as a marker reads it: words, code and what it printed, and nothing that acts."""

import base64
import binascii
import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from markdown_it import MarkdownIt
from markdown_it.token import Token
from markupsafe import Markup

from pmcampus.coursedir import marked_path
from pmcampus.dashboard.visit import NotFound
from pmcampus.model.assessment import answer_cell

MOST_BYTES = 40_000_000
MOST_TEXT = 20_000
MOST_PICTURES = 6
ANSI = re.compile("\x1b\\[[0-9;]*[A-Za-z]")
PNG = b"\x89PNG\r\n\x1a\n"


@dataclass(frozen=True)
class Shown:
    """One answer: prose as safe markup, or code as text; printed text and pictures of its outputs."""

    prose: Markup | None
    code: str
    printed: tuple[str, ...] = ()
    pictures: tuple[str, ...] = ()


def answer_shown(folder: Path, learner: str, assessment: str, graded: str) -> Shown:
    """The learner's answer that this graded cell judges, from the marked notebook.

    Raises:
        NotFound: the notebook is gone, or holds no such cell.
    """
    path = marked_path(folder, learner, assessment)
    try:
        if path.stat().st_size > MOST_BYTES:
            raise NotFound("The marked notebook is too large to be shown here; open it with Jupyter.")
        cells = json.loads(path.read_bytes())["cells"]
        wanted = [cell for cell in cells if _name(cell) in (answer_cell(graded), graded)]
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        raise NotFound(
            f"The marked notebook of this answer cannot be read; run `pmcampus grade` for {assessment} again."
        ) from None
    if not wanted:
        raise NotFound("The marked notebook holds no such answer; run `pmcampus grade` again.")
    cell = min(wanted, key=lambda cell: _name(cell) != answer_cell(graded))
    source = _short(_text(cell.get("source")))
    if cell.get("cell_type") == "markdown":
        return Shown(inert(source), "")
    outputs = [out for out in cell.get("outputs") or () if isinstance(out, dict)]
    pictures = [picture for out in outputs for picture in _pictures(out)]
    printed = [text for out in outputs if (text := _printed(out))]
    return Shown(None, source, tuple(map(_short, printed)), tuple(pictures[:MOST_PICTURES]))


def inert(source: str) -> Markup:
    """Somebody's Markdown as markup without links, pictures, headings and HTML of theirs."""
    reader = _reader().disable(["image", "link", "autolink"])
    tokens = reader.parse(source)
    _headings(tokens, lambda level: None)
    return Markup(reader.renderer.render(tokens, reader.options, {}))


def guidance(source: str, *, under: int) -> Markup:
    """The curriculum's own Markdown, its headings below one of this level."""
    reader = _reader().disable(["image", "link", "autolink"])
    tokens = reader.parse(source)
    first = min((int(token.tag[1]) for token in tokens if token.type == "heading_open"), default=1)
    _headings(tokens, lambda level: min(6, under + 1 + level - first))
    return Markup(reader.renderer.render(tokens, reader.options, {}))


def _reader() -> MarkdownIt:
    return MarkdownIt("commonmark", {"html": False, "linkify": False}).enable("table")


def _headings(tokens: Sequence[Token], level: Any) -> None:
    """Headings at another level or as bold paragraphs, and nothing that the page's policy forbids."""
    for token in tokens:
        if token.type in ("heading_open", "heading_close"):
            new = level(int(token.tag[1]))
            token.tag = f"h{new}" if new else "p"
            if not new and token.type == "heading_open":
                token.attrSet("class", "asked")
        elif token.type in ("fence", "code_block"):
            token.info = ""
        token.attrs.pop("style", None)  # how a table's column is set; the policy forbids it


def _name(cell: Any) -> str:
    mark = cell.get("metadata", {}).get("nbgrader") or {}
    return str(mark.get("grade_id", ""))


def _text(value: Any) -> str:
    return "".join(map(str, value)) if isinstance(value, list) else str(value or "")


def _short(text: str) -> str:
    text = ANSI.sub("", text)
    return (
        text if len(text) <= MOST_TEXT else f"{text[:MOST_TEXT]}\n… {len(text) - MOST_TEXT} more characters"
    )


def _printed(out: dict[str, Any]) -> str:
    if out.get("output_type") == "stream":
        return _text(out.get("text"))
    if out.get("output_type") == "error":
        return _text([f"{line}\n" for line in out.get("traceback") or ()])
    data = out.get("data")
    if not isinstance(data, dict) or "image/png" in data:
        return ""
    return _text(data.get("text/plain"))


def _pictures(out: dict[str, Any]) -> Iterator[str]:
    """PNG pictures as addresses that hold them; what is none is left out."""
    data = out.get("data")
    if not isinstance(data, dict) or "image/png" not in data:
        return
    try:
        content = base64.b64decode(_text(data["image/png"]).replace("\n", ""), validate=True)
    except (binascii.Error, ValueError):
        return
    if content.startswith(PNG):
        yield f"data:image/png;base64,{base64.b64encode(content).decode()}"
