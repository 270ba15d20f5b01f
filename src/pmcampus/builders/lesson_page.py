"""One lesson as a page: what stands in its head, its text, its sources, its neighbours."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from html.parser import HTMLParser
from typing import Any

from pmcampus.builders.book_project import LessonTree, Library, Node
from pmcampus.builders.lesson_boxes import BOXES
from pmcampus.builders.lesson_cell import CELLS
from pmcampus.builders.lesson_draft import Draft, Heading, escaped, text_of
from pmcampus.builders.lesson_text import TEXT
from pmcampus.model.curriculum import Term
from pmcampus.pages import plain_date

MAKERS = {**TEXT, **BOXES, **CELLS}
DISCLAIMER = "For education, not for clinical use"
OBJECTIVES = "after this lesson you can"
DOI = re.compile(r"https?://(?:dx\.)?doi\.org/(.+)")
COMPETENCIES = re.compile(r"competenc(?:y|ies) (?=[GDERT][0-9])(.*)", re.IGNORECASE)
CODE = re.compile(r"\b([GDERT][0-9]{1,2})\b(?: \(([^()]*)\))?")
KNOWN_FACT = re.compile(r"\d+ minutes|facts valid as of .*", re.IGNORECASE)


@dataclass(frozen=True)
class LessonPage:
    """What the template shows, and the files beside the page."""

    tree: LessonTree
    meta: Mapping[str, Any]
    content: str
    files: Mapping[str, bytes]


def lesson_page(
    tree: LessonTree, library: Library, glossary: Mapping[str, Term], url: Callable[[str], str]
) -> LessonPage:
    """The page of one lesson.

    Args:
        tree: the lesson.
        library: all lessons, for links and neighbours.
        glossary: the words and their meanings.
        url: makes an address below the first page relative to this page.

    Raises:
        SiteError: the lesson uses something that pages do not show.
    """
    draft = Draft(tree, library, glossary, MAKERS, url)
    blocks = list(tree.mdast.get("children", ()))
    head, lead, facts = _head(blocks[:1], draft)
    disclaimer = ""
    if len(blocks) > 1 and text_of(blocks[-1]).startswith(DISCLAIMER):
        disclaimer = draft.inside(blocks.pop())
    body = head + "".join(draft.make(block) for block in blocks[1:])
    references = [
        {"number": number, "html": reference(str(tree.citations[label].get("html", label)))}
        for number, label in enumerate(draft.citations, 1)
    ]
    if references:
        draft.headings.append(Heading("references", "References"))
    form, lesson = tree.module.form.value, tree.lesson
    siblings = library.of(tree.module)
    at = siblings.index(tree)
    meta = {
        "area": form.area,
        "section": "modules",
        "language": form.language,
        "description": lesson.summary,
        "code": tree.code,
        "number": lesson.number,
        "data": lesson.data,
        "minutes": lesson.minutes,
        "facts_as_of": plain_date(form.facts_valid_as_of),
        "more_facts": [line for fact in facts for line in _lines(fact)],
        "lead": lead or escaped(lesson.summary),
        "reviewed_by": form.clinical_review.reviewed_by,
        "module": {"id": tree.module.id, "code": form.code, "title": form.title, "count": len(form.lessons)},
        "lessons": [
            {"number": one.lesson.number, "title": one.lesson.title, "url": one.url, "here": one is tree}
            for one in siblings
        ],
        "on_page": [{"id": heading.id, "text": heading.text} for heading in draft.headings],
        "references": references,
        "notes": [{"number": number, "html": words} for number, words in sorted(draft.notes.items())],
        "disclaimer": disclaimer,
        "before": _neighbour(siblings[at - 1]) if at else None,
        "after": _neighbour(siblings[at + 1]) if at + 1 < len(siblings) else None,
        "notebook": lesson.file,
        "jsonld": {
            "@context": "https://schema.org/",
            "@type": "LearningResource",
            "name": lesson.title,
            "description": lesson.summary,
            "learningResourceType": ["lesson", "Jupyter notebook"],
            "timeRequired": f"PT{lesson.minutes}M",
            "teaches": list(lesson.objectives),
            "educationalLevel": form.level,
            "inLanguage": form.language,
            "isAccessibleForFree": True,
            "license": form.licence,
            "isPartOf": {"@type": "LearningResource", "name": form.title},
        },
    }
    return LessonPage(tree, meta, body, draft.files)


def _lines(text: str) -> list[dict[str, str]]:
    """What the head shows for one more fact: a line for each competency, whose code leads to it."""
    found = COMPETENCIES.fullmatch(text)
    if not found:
        return [{"code": "", "text": text}]
    return [{"code": code, "text": words} for code, words in CODE.findall(found[1])]


def _neighbour(tree: LessonTree) -> dict[str, str]:
    return {"code": tree.code, "title": tree.lesson.title, "url": tree.url}


def _head(blocks: list[Node], draft: Draft) -> tuple[str, str, list[str]]:
    """The first cell taken apart: its question leads, its facts join the head, objectives get a heading."""
    lead, facts, kept = "", [], ""
    parts = list(blocks[0].get("children", ())) if blocks else []
    for place, part in enumerate(parts):
        text = text_of(part).strip()
        inner = part.get("children", [])
        if place == 0 and part["type"] == "paragraph" and [n["type"] for n in inner] == ["strong"]:
            lead = draft.inside(inner[0])
        elif part["type"] == "paragraph" and " · " in text and "minutes" in text:
            facts = [fact.strip() for fact in text.split("·") if not KNOWN_FACT.fullmatch(fact.strip())]
        elif part["type"] == "paragraph" and text.lower().rstrip(" :").startswith(OBJECTIVES):
            draft.level = 2
            draft.headings.append(Heading("objectives", "After this lesson"))
            kept += '<h2 id="objectives">After this lesson you can</h2>\n'
        else:
            kept += draft.make(part) + draft.words()
    return kept, lead, facts


def reference(source: str) -> str:
    """A formatted source: text, italics and its address, nothing else."""
    reader = _ReferenceReader()
    reader.feed(source)
    reader.close()
    return "".join(reader.parts)


class _ReferenceReader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.parts: list[str] = []
        self._doi = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Open italics, or a link with its DOI spelled."""
        href = str(dict(attrs).get("href") or "")
        if tag == "i":
            self.parts.append("<cite>")
        elif tag == "a" and href.startswith(("https://", "http://")):
            self._doi = bool(DOI.match(href))
            self.parts.append(f'<a href="{escaped(href)}">{"doi " if self._doi else ""}')

    def handle_endtag(self, tag: str) -> None:
        """Close what was opened."""
        if tag in ("i", "a"):
            self.parts.append("</cite>" if tag == "i" else "</a>")
            self._doi = False

    def handle_data(self, data: str) -> None:
        """Text, escaped again."""
        found = DOI.fullmatch(data)
        self.parts.append(escaped(found[1] if self._doi and found else data).replace("&quot;", '"'))
