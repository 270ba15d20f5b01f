"""The boxes of a lesson: decisions, data cards, checkpoints, tracks, key points, notes."""

import re
from collections.abc import Mapping, Sequence

from pmcampus.builders.book_project import Node
from pmcampus.builders.lesson_draft import Draft, Heading, Maker, escaped, solves, text_of

ICONS = {
    "decide": '<path d="M12 21v-8L5 6M12 13l7-7M5 10.500V6h4.500M14.500 6H19v4.500"/>',
    "flag": '<path d="M6 21V4h12l-3 4.500L18 13H6"/>',
    "note": '<circle cx="12" cy="12" r="9"/><path d="M12 11v6M12 7v.5"/>',
    "warn": '<path d="M12 3.500L22 20.500H2zM12 10v5M12 17.500v.500"/>',
}
MARKS = {
    "REAL": '<span class="real"><span aria-hidden="true">◆</span> REAL DATA</span>',
    "SIMULATED": '<span class="sim"><span aria-hidden="true">◇</span> SIMULATED</span>',
    "PUBLISHED FIGURES": '<span class="chip tiny">Published figures</span>',
}
CHECKPOINT = re.compile(r"\s*checkpoint\s+\d+\s*[.:]?\s*", re.IGNORECASE)
LABEL = re.compile(r"\s*([A-Z][^:.!?]{1,48}):\s+(.*)", re.DOTALL)
WARNINGS = {"warning", "caution", "danger", "error", "attention"}
TABS = "abcd"


def icon(name: str) -> str:
    """A line drawing."""
    return f'<svg class="i" viewBox="0 0 24 24" aria-hidden="true">{ICONS[name]}</svg>'


def _admonition(node: Node, draft: Draft) -> str:
    """A decision, a data card, key points, or a note."""
    classes = set(str(node.get("class", "")).split())
    title, body = _titled(node)
    for name, maker in (("decide", _decision), ("datacard", _data_card), ("keys", _key_points)):
        if name in classes:
            return maker(title, body, draft)
    warn = node.get("kind") in WARNINGS
    heading = f"<p><b>{draft.inside(title)}</b></p>" if title else ""
    return (
        f'<div class="note{" warn" if warn else ""}">{icon("warn" if warn else "note")}'
        f"<div>{heading}{draft.inside(body)}</div></div>\n"
    )


def _titled(node: Node) -> tuple[Node | None, list[Node]]:
    """A box's title and the rest."""
    children = list(node.get("children", []))
    if children and children[0]["type"] == "admonitionTitle":
        return children[0], children[1:]
    return None, children


def _box_heading(title: Node | None, draft: Draft, *, other: str = "", sign: str = "", name: str = "") -> str:
    """A box's heading, one level below the part it stands in."""
    level = min(draft.level + 1, 6)
    words = draft.inside(title) if title else other
    place = f' id="{name}"' if name else ""
    return f"<h{level}{place}>{sign}{words}</h{level}>"


def _decision(title: Node | None, body: Sequence[Node], draft: Draft) -> str:
    """A question whose bullet list becomes choices; choosing shows what follows. Nothing is stored."""
    number = draft.number("decision")
    at = next((n for n, part in enumerate(body) if part["type"] == "list"), None)
    heading = _box_heading(title, draft, other="Decide first", sign=icon("decide"))
    if at is None:
        return f'<div class="decide">{heading}{draft.inside(body)}</div>\n'
    choices = "".join(
        f'<label><input type="radio" name="decide-{number}"> <span>{_bare(item, draft)}</span></label>'
        for item in body[at]["children"]
    )
    after = draft.inside(body[at + 1 :]) or "<p>Keep your choice in mind, and read on.</p>"
    return (
        f'<div class="decide">{heading}{draft.inside(body[:at])}'
        f'<fieldset><legend class="vh">Your choice</legend>{choices}</fieldset>'
        f'<div class="after">{after}</div></div>\n'
    )


def _bare(item: Node, draft: Draft) -> str:
    """A list item's words."""
    return "".join(
        draft.inside(part) if part["type"] == "paragraph" else draft.make(part) for part in item["children"]
    )


def _data_card(title: Node | None, body: Sequence[Node], draft: Draft) -> str:
    """Marks for real and simulated, and one row for each labelled line."""
    marks, parts = _marks(body)
    if not marks:
        raise draft.refusal(
            "a data card does not say what kind of data it is",
            "Begin it with **REAL**, **SIMULATED** or **PUBLISHED FIGURES**.",
        )
    rows = [_labelled(part) for part in parts]
    tags = "".join(MARKS[mark] for mark in MARKS if mark in marks)
    name = draft.claim(f"data-card-{draft.number('data card')}")
    heading = _box_heading(title, draft, other="Data card", name=name)
    return (
        f'<section class="datacard" aria-labelledby="{name}"><header>{heading}'
        f'<span class="tags">{tags}</span></header>{_as_list(rows, draft)}</section>\n'
    )


def _as_list(rows: Sequence[tuple[Sequence[Node], Sequence[Node]]], draft: Draft) -> str:
    """Labelled lines as a list of terms; where no line has a label, as paragraphs."""
    if not any(label for label, _ in rows):
        return f'<div class="full">{"".join(f"<p>{draft.inside(rest)}</p>" for _, rest in rows)}</div>'
    found = ""
    for label, rest in rows:
        if label:
            found += f"<dt>{draft.inside(label)}</dt><dd>{draft.inside(rest)}</dd>"
        else:
            found += f'<dt class="vh">About the data</dt><dd class="all">{draft.inside(rest)}</dd>'
    return f"<dl>{found}</dl>"


def _marks(body: Sequence[Node]) -> tuple[set[str], list[list[Node]]]:
    """What the card says about its data, and its lines: paragraphs and list items alike."""
    marks: set[str] = set()
    lines: list[list[Node]] = []
    for part in body:
        items = part["children"] if part["type"] == "list" else [part]
        for item in items:
            children = item.get("children", [])
            inner = (
                [c for p in children for c in p.get("children", [])]
                if item["type"] == "listItem"
                else children
            )
            kept = _without_marks(inner, marks)
            lines += [line for line in map(_trimmed, _split(kept)) if _says_something(line)]
    return marks, lines


def _without_marks(line: Sequence[Node], marks: set[str]) -> list[Node]:
    """The line without marks that stand alone; one that the sentence needs stays as a word."""
    kept: list[Node] = []
    for node, following in zip(line, [*line[1:], None], strict=True):
        said = text_of(node).strip()
        word = said.rstrip(".:,;").upper()
        if node["type"] != "strong" or word not in MARKS:
            kept.append(node)
            continue
        marks.add(word)
        alone = following is None or said.endswith(".") or text_of(following)[:1] in (".", ",", ";", ":", "")
        if said.endswith(":"):
            kept.append({**node, "children": [{"type": "text", "value": f"{word.capitalize()}:"}]})
        elif not alone or text_of({"children": kept}).strip():
            spelt = word.lower() if text_of({"children": kept}).strip() else word.capitalize()
            kept.append({"type": "text", "value": spelt})
    return kept


def _split(line: list[Node]) -> list[list[Node]]:
    """A paragraph cut before each label inside it: `... stents. *Licence:* CC0`."""
    found: list[list[Node]] = [[]]
    for node in line:
        if node["type"] in ("strong", "emphasis") and text_of(node).rstrip().endswith(":") and found[-1]:
            found.append([])
        found[-1].append(node)
    return found


def _says_something(line: list[Node]) -> bool:
    return text_of({"children": line}).strip(" .:,;+&").lower() not in ("", "and", "data")


def _trimmed(nodes: list[Node]) -> list[Node]:
    """The line without the stop that a taken-out mark leaves at its head."""
    while nodes and nodes[0]["type"] == "text":
        text = nodes[0]["value"].lstrip(" .:,;")
        nodes = [{**nodes[0], "value": text[:1].upper() + text[1:]}, *nodes[1:]] if text else nodes[1:]
        if text:
            break
    return nodes


def _labelled(line: Sequence[Node]) -> tuple[list[Node], list[Node]]:
    """A line's label and what it says: `*Licence:* CC0` or `Licence: CC0`; without a label, no label."""
    first, rest = line[0], list(line[1:])
    if first["type"] in ("strong", "emphasis"):
        name = text_of(first).strip()
        if name.endswith((":", ".")):
            return [{"type": "text", "value": name.rstrip(" :.")}], rest
        if rest and text_of(rest[0]).startswith(":"):
            rest[0] = {**rest[0], "value": rest[0]["value"].lstrip(": ")}
            return [{"type": "text", "value": name}], rest
    found = LABEL.match(first["value"]) if first["type"] == "text" else None
    if found:
        return [{"type": "text", "value": found[1]}], [{**first, "value": found[2]}, *rest]
    return [], list(line)


def _key_points(title: Node | None, body: Sequence[Node], draft: Draft) -> str:
    draft.level = 2
    name = draft.claim("key-points")
    words = text_of(title) if title else "Key points"
    draft.headings.append(Heading(name, words))
    return f'<div class="keys"><h2 id="{name}">{escaped(words)}</h2>{draft.inside(body)}</div>\n'


def _exercise(node: Node, draft: Draft) -> str:
    """A checkpoint; its answer is folded below."""
    title, body = _titled(node)
    number = draft.checkpoints[node["label"]]
    solution = draft.answers.get(node["label"])
    named = f"Checkpoint {number}" + (f": {draft.inside(title)}" if title else "")
    heading = _box_heading(None, draft, other=named, sign=icon("flag"), name=f"check-{number}")
    question = draft.inside(_without_number(body))
    answer = ""
    if solution is not None:
        answer = (
            f"<details><summary>Show a worked answer</summary>"
            f'<div class="flow">{draft.inside(_titled(solution)[1])}</div></details>'
        )
    return (
        f'<section class="check" aria-labelledby="check-{number}">{heading}'
        f'<div class="flow">{question}</div>{answer}</section>\n'
    )


def _without_number(body: Sequence[Node]) -> list[Node]:
    """The question without a bold "Checkpoint 2." in front: the heading says it."""
    parts = list(body)
    if parts and parts[0]["type"] == "paragraph" and parts[0].get("children"):
        first, *rest = parts[0]["children"]
        if first["type"] == "strong" and CHECKPOINT.fullmatch(text_of(first)):
            if rest and rest[0]["type"] == "text":
                rest[0] = {**rest[0], "value": rest[0]["value"].lstrip()}
            parts[0] = {**parts[0], "children": rest}
    return parts


def _solution(node: Node, draft: Draft) -> str:
    """An answer away from its question; one that follows at once is already in the checkpoint."""
    if any(node is answer for answer in draft.answers.values()):
        return ""
    label = solves(node)
    if label not in draft.checkpoints:
        raise draft.refusal(
            "a solution belongs to no exercise of the lesson", "Give it the exercise's label."
        )
    return (
        f'<details class="fold"><summary>Show the answer to checkpoint {draft.checkpoints[label]}</summary>'
        f'<div class="flow">{draft.inside(_titled(node)[1])}</div></details>\n'
    )


def _tabs(node: Node, draft: Draft) -> str:
    """Tracks as radio buttons: without support, and on paper, all are shown."""
    items = node["children"]
    if len(items) > len(TABS):
        raise draft.refusal(f"a tab set has {len(items)} tabs", f"Use at most {len(TABS)}.")
    group = draft.number("tabs")
    tracks = {str(item["title"]).lower() for item in items} <= {"guided", "build"}
    bar = "".join(
        f'<label><input type="radio" name="tabs-{group}" class="{letter}"'
        f"{' checked' if letter == 'a' else ''}>"
        f"{escaped(item['title'])}</label>"
        for letter, item in zip(TABS, items, strict=False)
    )
    panes = "".join(
        f'<div class="pane p{letter} flow"><p class="which"><b>{escaped(item["title"])}</b></p>'
        f"{draft.inside(item)}</div>"
        for letter, item in zip(TABS, items, strict=False)
    )
    legend = "Choose your track" if tracks else "Choose one"
    return f'<fieldset class="tabs"><legend>{legend}</legend><div class="bar">{bar}</div>{panes}</fieldset>\n'


def _details(node: Node, draft: Draft) -> str:
    summary, *body = node["children"]
    return (
        f'<details class="fold"><summary>{draft.inside(summary)}</summary>'
        f'<div class="flow">{draft.inside(body)}</div></details>\n'
    )


BOXES: Mapping[str, Maker] = {
    "admonition": _admonition,
    "exercise": _exercise,
    "solution": _solution,
    "tabSet": _tabs,
    "details": _details,
}
