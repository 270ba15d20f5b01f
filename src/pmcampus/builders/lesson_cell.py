"""Code cells: highlighted code, and the outputs stored with it."""

import base64
import re
import struct
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from pygments.lexers import get_lexer_by_name
from pygments.token import Comment, Keyword, Name, Number, Operator, String, _TokenType
from pygments.util import ClassNotFound

from pmcampus.builders.book_project import Node, walk
from pmcampus.builders.lesson_boxes import MARKS
from pmcampus.builders.lesson_draft import Draft, Maker, escaped
from pmcampus.builders.lesson_figure import figure
from pmcampus.builders.lesson_table import table
from pmcampus.model.notebook import Cell, as_text, without_colours

KINDS = (
    (Comment, "c"),
    (Keyword, "k"),
    (Operator.Word, "k"),
    (String, "s"),
    (Number, "n"),
    (Name.Function, "f"),
    (Name.Class, "f"),
)
SCROLLS_PAST = 30  # characters of code that fit a narrow phone
IMAGES = {"image/svg+xml", "image/png"}


def highlighted(source: str, language: str = "python") -> str:
    """Code with four kinds of words marked; a CHANGE ME comment stands out."""
    try:
        lexer = get_lexer_by_name(language, stripnl=False, ensurenl=False)
    except ClassNotFound:
        return escaped(source)
    found, run, kind = "", "", ""
    for token, value in lexer.get_tokens(source):
        now = next((short for parent, short in KINDS if _is(token, parent)), "")
        if now == "c" and "CHANGE ME" in value.upper():
            now = "c ask"
        if not value.strip():
            now = kind if "\n" not in value else now
        if now != kind:
            found, run, kind = found + _marked(run, kind), "", now
        run += value
    return found + _marked(run, kind)


def _is(token: _TokenType, parent: _TokenType) -> bool:
    """Whether a token is of a kind, or of one below it."""
    return tuple(token[: len(parent)]) == tuple(parent)


def _marked(run: str, kind: str) -> str:
    """A run of code in its colour; spaces behind it have none."""
    text = escaped(run).replace("&quot;", '"')
    words = text.rstrip(" ")
    return f'<span class="{kind}">{words}</span>{text[len(words) :]}' if kind and words else text


def pre(source: str, label: str, *, language: str = "python", css: str = "hl") -> str:
    """Code that a keyboard can scroll where it is wider than a phone."""
    wide = max((len(line) for line in source.splitlines()), default=0) > SCROLLS_PAST
    reach = f' tabindex="0" role="group" aria-label="{escaped(label)}"' if wide else ""
    body = highlighted(source, language) if css == "hl" else escaped(source).replace("&quot;", '"')
    return f'<pre class="{css}"{reach}><code>{body}</code></pre>'


def _fence(node: Node, draft: Draft) -> str:
    """Code in the text, which nobody runs."""
    language = node.get("lang") or "text"
    return f'<div class="cell">{pre(node["value"], "Example", language=language)}</div>\n'


def _block(node: Node, draft: Draft) -> str:
    """A notebook cell: text, or code with its outputs."""
    if node.get("kind") != "notebook-code":
        return draft.flow(node.get("children", ()))
    code = next((n for n in walk(node) if n["type"] == "code"), None)
    if code is None or not code["value"].strip():
        return ""
    caption = next((n for n in walk(node) if n["type"] == "caption"), None)
    return _cell(draft.next_cell(code["value"]), caption, draft)


def _cell(cell: Cell, caption: Node | None, draft: Draft) -> str:
    """Code and outputs, folded as the cell's tags ask."""
    number = draft.number("cell")
    lines = cell.source.rstrip("\n").count("\n") + 1
    size = f"{lines} {'line' if lines == 1 else 'lines'}"
    source = pre(cell.source.rstrip("\n"), f"Code of cell {number}")
    figures, out = _outputs(cell, number, caption, draft)
    if "build-track" in cell.tags:
        said = f"Build track: show one solution ({size})"
        return f"{_fold(said, source + out, css='cell fold build')}{figures}\n"
    if "hide-output" in cell.tags and (out or figures):
        what = "figure" if figures and not out else "result"
        out = _fold(f"Show the {what} of cell {number}", figures + out, css="fold reveal")
        figures = ""
    if "hide-input" in cell.tags:
        if figures and not out:
            code = _fold(f"Code of this figure ({size})", source, css="fold code")
            return f"{figures.replace('</figure>', f'{code}</figure>')}\n"
        code = _fold(f"Cell {number}: show the code ({size})", source)
        return f'<div class="cell">{code}{out}</div>{figures}\n'
    label = f'<div class="lab"><span>Cell {number}</span><span>Python</span></div>'
    return f'<div class="cell">{label}{source}{out}</div>{figures}\n'


def _fold(summary: str, body: str, *, css: str = "fold") -> str:
    """Something that a reader opens."""
    return f'<details class="{css}"><summary>{summary}</summary>{body}</details>'


def _outputs(cell: Cell, number: int, caption: Node | None, draft: Draft) -> tuple[str, str]:
    """Figures, and everything else that the cell shows."""
    where = f"{draft.lesson.notebook.path}, cell {cell.id}"
    figures, out = "", ""
    for output in _joined(cell.outputs):
        data = output.get("data", {})
        if IMAGES & set(data):
            if figures:
                raise draft.refusal(
                    f"cell {cell.id} draws more than one figure, and has one text alternative",
                    "Draw them in two cells.",
                )
            figures = _figure(cell, data, caption, draft, where)
        elif "<table" in as_text(data.get("text/html", "")):
            out += _frame(table(as_text(data["text/html"]), where), number, scrolls=True)
        elif output["output_type"] == "stream" and output.get("name") == "stderr":
            raise draft.refusal(
                f"cell {cell.id} writes a warning", "Remove its cause and run the lesson again."
            )
        else:
            out += _frame(_plain(output, data, where, draft), number)
    return figures, out


def _plain(output: Mapping[str, Any], data: Mapping[str, Any], where: str, draft: Draft) -> str:
    """An output that is text."""
    match output["output_type"]:
        case "stream":
            text = as_text(output.get("text", ""))
        case "error":
            text = f"{output.get('ename', 'Error')}: {output.get('evalue', '')}"
        case _ if "text/plain" in data:
            text = as_text(data["text/plain"])
        case _:
            kinds = ", ".join(sorted(data)) or output["output_type"]
            raise draft.refusal(
                f"the output of {where.rsplit(', ')[-1]} is {kinds}", "Show text, a table or a figure."
            )
    text = without_colours(text).rstrip("\n")
    return pre(text, "Output", css="text")


def _frame(body: str, number: int, *, scrolls: bool = False) -> str:
    """One output under its label."""
    label = '<div class="lab"><span>Output</span></div>'
    reach = f' scroll" tabindex="0" role="group" aria-label="Output of cell {number}' if scrolls else ""
    return f'<div class="out{reach}">{label}{body}</div>'


def _figure(cell: Cell, data: Mapping[str, Any], caption: Node | None, draft: Draft, where: str) -> str:
    """A drawing with its number, caption and text alternative, which come from the cell's metadata."""
    alt = str(cell.metadata.get("alt", "")).strip()
    if not alt:
        raise draft.refusal(
            f"the figure of cell {cell.id} has no text alternative", "Write `alt` in its metadata."
        )
    number = draft.number("figure")
    plate = ""
    if "image/svg+xml" in data:
        drawn = figure(as_text(data["image/svg+xml"]), name=f"f{number}", alt=alt, where=where)
        picture, plate = drawn.markup, " plate" if drawn.plate else ""
    else:
        raw = base64.b64decode(as_text(data["image/png"]))
        name = f"figure-{number}.png"
        draft.files[name] = raw
        width, height = struct.unpack(">II", raw[16:24])
        plate = " plate"
        picture = f'<img src="{name}" width="{width}" height="{height}" alt="{escaped(alt)}" loading="lazy">'
    words = draft.inside(_without_number(caption)) if caption else ""
    words = re.sub(r"\bSIMULATED\b[:.,]?", MARKS["SIMULATED"], words, count=1)
    name = draft.claim(f"figure-{number}")
    return (
        f'<figure class="fig{plate}" id="{name}">{picture}'
        f"<figcaption><b>Figure {number}.</b> {words}</figcaption></figure>"
    )


def _without_number(caption: Node) -> Iterator[Node]:
    """A caption's words; the page counts figures itself."""
    for paragraph in caption["children"]:
        yield from (n for n in paragraph.get("children", ()) if n["type"] != "captionNumber")


def _joined(outputs: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Outputs with consecutive prints put together."""
    found: list[dict[str, Any]] = []
    for output in outputs:
        last = found[-1] if found else {}
        if output["output_type"] == "stream" == last.get("output_type") and output["name"] == last["name"]:
            last["text"] += as_text(output["text"])
        elif output["output_type"] == "stream":
            found.append({**output, "text": as_text(output["text"])})
        else:
            found.append(dict(output))
    return found


CELLS: Mapping[str, Maker] = {"block": _block, "code": _fence}
