"""Plain text elements of a lesson: one function per kind of node in MyST's syntax tree."""

import re
from collections.abc import Mapping

from pmcampus.builders.book_project import Node
from pmcampus.builders.lesson_draft import Draft, Heading, Maker, escaped, text_of

MATHML = re.compile(r"<math.*?</math>", re.DOTALL)


def _text(node: Node, draft: Draft) -> str:
    return escaped(node["value"])


def _tag(name: str) -> Maker:
    """A node that is one element around its children."""
    return lambda node, draft: f"<{name}>{draft.inside(node)}</{name}>"


def _block_tag(name: str) -> Maker:
    return lambda node, draft: f"<{name}>{draft.inside(node)}</{name}>\n"


def _inline_code(node: Node, draft: Draft) -> str:
    return f"<code>{escaped(node['value'])}</code>"


def _math(node: Node, draft: Draft) -> str:
    """The formula as MathML, which browsers draw themselves: no style, no font, no script."""
    found = MATHML.search(node.get("html", ""))
    if found is None:
        raise draft.refusal(f"the formula `{node['value']}` cannot be drawn", "Check its LaTeX.")
    if node["type"] == "inlineMath":
        return found[0]
    return f'<div class="scroll formula" tabindex="0" role="group" aria-label="Formula">{found[0]}</div>\n'


def _heading(node: Node, draft: Draft) -> str:
    draft.level = node["depth"]
    name = draft.claim(node.get("html_id") or node.get("identifier") or "part")
    if draft.level == 2:
        draft.headings.append(Heading(name, text_of(node)))
    return f'<h{draft.level} id="{name}">{draft.inside(node)}</h{draft.level}>\n'


def _list(node: Node, draft: Draft) -> str:
    name = "ol" if node.get("ordered") else "ul"
    start = f' start="{node["start"]}"' if node.get("ordered") and node.get("start", 1) != 1 else ""
    return f"<{name}{start}>{draft.inside(node)}</{name}>\n"


def _item(node: Node, draft: Draft) -> str:
    """A list item; a single paragraph needs no element of its own."""
    children = node.get("children", [])
    sign = {True: "☑ ", False: "☐ "}[bool(node["checked"])] if "checked" in node else ""
    if children and children[0]["type"] == "paragraph":
        return f"<li>{sign}{draft.inside(children[0])}{draft.inside(children[1:])}</li>"
    return f"<li>{sign}{draft.inside(node)}</li>"


def _link(node: Node, draft: Draft) -> str:
    """A link to another lesson or, spelled out, to the web."""
    url = node["url"]
    if node.get("internal"):
        page, _, part = url.partition("#")
        if page not in draft.library.addresses:
            raise draft.refusal(
                f"it links to {node.get('urlSource', url)}", "Link to a lesson of this curriculum."
            )
        url = draft.url(draft.library.addresses[page]) + (f"#{part}" if part else "")
    elif url.startswith("http://") and "://" not in text_of(node):
        return draft.inside(node)  # an address written as plain text; MyST makes a link of it
    elif not url.startswith(("https://", "http://", "#")):
        raise draft.refusal(f"it links to {node.get('urlSource', url)}", "Link to lessons, or cite a source.")
    return f'<a href="{escaped(url)}">{draft.inside(node)}</a>'


def _cross_reference(node: Node, draft: Draft) -> str:
    """A word of the glossary, a checkpoint, or a part of a lesson."""
    if not node.get("resolved"):
        raise draft.refusal(f"`{node.get('label', text_of(node))}` leads nowhere", "Check its spelling.")
    if node.get("kind") == "definitionTerm":
        slug = draft.library.words[node["identifier"]]
        draft.explain(slug)
        return f'<a class="term" href="#w-{slug}">{draft.inside(node)}</a>'
    if node.get("kind") == "exercise" and node["label"] in draft.checkpoints:
        number = draft.checkpoints[node["label"]]
        return f'<a href="#check-{number}">checkpoint {number}</a>'
    page = draft.library.addresses.get(node.get("url", ""), "") if node.get("remote") else ""
    place = f"{draft.url(page) if page else ''}#{node.get('html_id', '')}"
    return f'<a href="{escaped(place)}">{draft.inside(node)}</a>'


def _cite(node: Node, draft: Draft) -> str:
    """A source named in the sentence, with its number."""
    number = draft.cite(node["label"])
    named = draft.inside(node) if node.get("kind") == "narrative" else ""
    return f"{named}<sup>{_reference(number)}</sup>"


def _cite_group(node: Node, draft: Draft) -> str:
    if node.get("kind") == "narrative":
        return ", ".join(_cite({**child, "kind": "narrative"}, draft) for child in node["children"])
    return f"<sup>{', '.join(_reference(draft.cite(child['label'])) for child in node['children'])}</sup>"


def _reference(number: int) -> str:
    return f'<a href="#ref-{number}" aria-label="Reference {number}">{number}</a>'


def _footnote_reference(node: Node, draft: Draft) -> str:
    number = node.get("enumerator", node["label"])
    return f'<sup><a href="#note-{number}" aria-label="Note {number}">{number}</a></sup>'


def _footnote(node: Node, draft: Draft) -> str:
    """Kept for the end of the page."""
    draft.notes[str(node.get("enumerator", node["label"]))] = draft.inside(node)
    return ""


def _table(node: Node, draft: Draft) -> str:
    rows = node["children"]
    headed = [row for row in rows if all(cell.get("header") for cell in row["children"])]
    head = "".join(_row(row, draft) for row in headed)
    body = "".join(_row(row, draft) for row in rows if row not in headed)
    number = draft.number("table")
    return (
        f'<div class="scroll" tabindex="0" role="group" aria-label="Table {number}"><table>'
        f"{f'<thead>{head}</thead>' if head else ''}<tbody>{body}</tbody></table></div>\n"
    )


def _row(row: Node, draft: Draft) -> str:
    return f"<tr>{''.join(_table_cell(cell, draft) for cell in row['children'])}</tr>"


def _table_cell(cell: Node, draft: Draft) -> str:
    words = draft.inside(cell)
    right = ' class="n"' if cell.get("align") == "right" else ""
    if cell.get("header") and words:
        return f'<th scope="col"{right}>{words}</th>'
    return f"<td{right}>{words}</td>"


def _abbreviation(node: Node, draft: Draft) -> str:
    return f'<abbr title="{escaped(node["title"])}">{draft.inside(node)}</abbr>'


TEXT: Mapping[str, Maker] = {
    "text": _text,
    "paragraph": _block_tag("p"),
    "strong": _tag("strong"),
    "emphasis": _tag("em"),
    "delete": _tag("del"),
    "subscript": _tag("sub"),
    "superscript": _tag("sup"),
    "abbreviation": _abbreviation,
    "inlineCode": _inline_code,
    "inlineMath": _math,
    "math": _math,
    "break": lambda node, draft: "<br>",
    "thematicBreak": lambda node, draft: "<hr>\n",
    "heading": _heading,
    "list": _list,
    "listItem": _item,
    "blockquote": _block_tag("blockquote"),
    "definitionList": _block_tag("dl"),
    "definitionTerm": _tag("dt"),
    "definitionDescription": _tag("dd"),
    "link": _link,
    "crossReference": _cross_reference,
    "cite": _cite,
    "citeGroup": _cite_group,
    "footnoteReference": _footnote_reference,
    "footnoteDefinition": _footnote,
    "table": _table,
    "comment": lambda node, draft: "",
}
