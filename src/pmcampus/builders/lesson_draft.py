"""A lesson's page while it is being written: what was numbered, cited and explained so far."""

import html
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import pairwise

from pmcampus.builders.book_project import LessonTree, Library, Node, walk
from pmcampus.builders.portal_facts import DISCIPLINES
from pmcampus.errors import SiteError
from pmcampus.model.curriculum import Term
from pmcampus.model.notebook import Cell

Maker = Callable[[Node, "Draft"], str]
# ids that the page itself gives to something
TAKEN = ("main", "q1", "q2", "objectives", "references", "notes")


@dataclass(frozen=True)
class Heading:
    """One line of "On this page"."""

    id: str
    text: str


@dataclass
class Draft:
    """One page: turns nodes into HTML with the makers it is given."""

    lesson: LessonTree
    library: Library
    glossary: Mapping[str, Term]
    makers: Mapping[str, Maker]
    url: Callable[[str], str]
    level: int = 1
    headings: list[Heading] = field(default_factory=list)
    citations: list[str] = field(default_factory=list)
    explained: list[str] = field(default_factory=list)
    notes: dict[str, str] = field(default_factory=dict)
    files: dict[str, bytes] = field(default_factory=dict)
    counts: Counter[str] = field(default_factory=Counter)

    def __post_init__(self) -> None:
        self._ids = set(TAKEN)
        self._waiting: list[str] = []
        self._code = (cell for cell in self.lesson.notebook.code() if cell.source.strip())
        exercises = [n["label"] for n in walk(self.lesson.mdast) if n["type"] == "exercise"]
        self.checkpoints = {label: number for number, label in enumerate(exercises, 1)}
        self.answers = dict(_answers(self.lesson.mdast))

    def make(self, node: Node) -> str:
        """One node as HTML.

        Raises:
            SiteError: pages do not show this kind of node.
        """
        maker = self.makers.get(node["type"])
        if maker is None:
            raise self.refusal(
                f"it uses `{node['type']}`, which a lesson's page cannot show",
                "Use an element from the guide “Every element of a lesson”.",
            )
        return maker(node, self)

    def inside(self, nodes: Node | Iterable[Node]) -> str:
        """A node's children, or several nodes, as HTML."""
        children = nodes.get("children", ()) if isinstance(nodes, Mapping) else nodes
        found = ""
        for child in children:
            if child["type"] == "citeGroup" and child.get("kind") == "parenthetical":
                found = found.rstrip(" ")  # the raised number stands at the word
            found += self.make(child)
        return found

    def flow(self, nodes: Iterable[Node]) -> str:
        """Parts of a page in order, each followed by the words it used for the first time."""
        return "".join(self.make(node) + self.words() for node in nodes)

    def words(self) -> str:
        """Boxes for the words first used since the last call."""
        boxes = "".join(word_box(slug, self.glossary[slug], self.url) for slug in self._waiting)
        self._waiting.clear()
        return f'<div class="wordlist">{boxes}</div>\n' if boxes else ""

    def explain(self, slug: str) -> None:
        """Note that a word of the glossary is used here."""
        if slug not in self.explained:
            self.explained.append(slug)
            self._waiting.append(slug)

    def cite(self, label: str) -> int:
        """The number of a source on this page."""
        if label not in self.lesson.citations:
            raise self.refusal(f"it cites `{label}`", "Add this key to curriculum/references.bib.")
        if label not in self.citations:
            self.citations.append(label)
        return self.citations.index(label) + 1

    def claim(self, name: str) -> str:
        """An id that nothing else on the page has."""
        number, found = 2, name
        while found in self._ids:
            number, found = number + 1, f"{name}-{number}"
        self._ids.add(found)
        return found

    def number(self, kind: str) -> int:
        """The next number of its kind: cells, figures, decisions."""
        self.counts[kind] += 1
        return self.counts[kind]

    def next_cell(self, source: str) -> Cell:
        """The stored cell to which a block of the tree belongs."""
        cell = next(self._code, None)
        if cell is None or "".join(cell.source.split()) != "".join(source.split()):
            raise self.refusal(
                "its code cells and its text do not run in step", "Report this lesson as a fault."
            )
        return cell

    def refusal(self, fact: str, remedy: str) -> SiteError:
        """An error that names the lesson."""
        return SiteError(f"{self.lesson.notebook.path}: {fact}. {remedy}")


def text_of(node: Node) -> str:
    """The words in a node, without marks."""
    return str(node.get("value", "")) + "".join(text_of(child) for child in node.get("children", ()))


def escaped(text: str) -> str:
    """Text between tags, or in a double-quoted attribute."""
    return html.escape(text, quote=True).replace("&#x27;", "'")


def word_box(slug: str, term: Term, url: Callable[[str], str]) -> str:
    """A word with its plain meaning; what it means to each discipline is one click away."""
    means = "".join(
        f"<div><dt>{DISCIPLINES[who]}</dt><dd>{escaped(says)}</dd></div>" for who, says in term.means.items()
    )
    more = f'<a href="{url(f"glossary/#term-{slug}")}">In the glossary</a>'
    return (
        f'<details class="word" id="w-{slug}"><summary><b>{escaped(term.term)}</b> '
        f'<span>{escaped(term.plain)}</span></summary><dl>{means}</dl><p class="small">{more}</p></details>'
    )


def _answers(root: Node) -> Iterator[tuple[str, Node]]:
    """Exercises whose solution follows at once, in the same cell or at the head of the next."""
    for node in walk(root):
        children = list(node.get("children", ()))
        for first, then in pairwise(children):
            if first["type"] == then["type"] == "block" and first.get("children") and then.get("children"):
                first, then = first["children"][-1], then["children"][0]
            if first["type"] == "exercise" and then["type"] == "solution" and solves(then) == first["label"]:
                yield first["label"], then


def solves(solution: Node) -> str:
    """The label of the exercise that a solution belongs to."""
    return next((str(n["label"]) for n in walk(solution) if n.get("kind") == "exercise"), "")
