"""What a lesson asks that needs no code: checkpoints, decisions and questions from memory.

Everything here is on the public lesson page, answers included. Graded notebooks are never read: they are
marked by running code, and their keys stay with the examiners.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from pmcampus.model.module import Lesson
from pmcampus.model.notebook import Cell
from pmcampus.model.tree import ModuleFolder

OPENS = re.compile(r"^\s*(:{3,})\{([^}]*)\}\s*(.*)$")
CLOSES = re.compile(r"^\s*(:{3,})\s*$")
OPTION = re.compile(r"^\s*:([\w-]+):\s*(.*)$")
NUMBERED = re.compile(r"\A\s*\*\*Checkpoint (\d+)\.\*\*\s*")
BULLET = re.compile(r"^- +(.*)$")
HEADING = re.compile(r"\A\s*#+ +(.*?)\s*$", re.MULTILINE)
ROLE = re.compile(r"\{[\w:+.-]+\}`[^`]*`")
CODE = re.compile(r"`[^`]+`|^```", re.MULTILINE)
FORMULA = re.compile(r"\$[^$\n]+\$")
ABOUT_BUILD = re.compile(r"\s+Build: .*\Z", re.DOTALL)
UNFOLD = re.compile(r"\s+before you unfold\.\s*\Z")
NOTEBOOK = re.compile(r"\bcells? (above|below)\b|\b(next|this) cell\b")
GUIDED, BUILD = "guided", "build"
FROM_MEMORY = {"last-time": "From memory", "say-it": "Say it"}  # cells with a question and a folded answer
FEWEST_CHOICES = 2
LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"


@dataclass(frozen=True)
class StaticItem:
    """One question as Markdown: its text, what to choose from, the public answer; each may be empty."""

    id: str
    title: str
    prompt: str
    lesson: Lesson
    address: str
    choices: tuple[str, ...] = ()
    answer: str = ""

    def written(self) -> "StaticItem":
        """The same as a question to write about, its choices in the text: many importers refuse a choice
        of which none is right."""
        if not self.choices:
            return self
        listed = "\n".join(f"- **{LETTERS[n]}** {choice}" for n, choice in enumerate(self.choices))
        return replace(self, prompt=f"{self.prompt}\n\n{listed}", choices=())


@dataclass(frozen=True)
class LeftOut:
    """A question that stays in its notebook, and why."""

    id: str
    why: str


@dataclass
class Block:
    """A MyST block between colon fences; `parts` are its lines and the blocks inside."""

    name: str
    argument: str
    options: dict[str, str] = field(default_factory=dict)
    parts: list["str | Block"] = field(default_factory=list)

    @property
    def text(self) -> str:
        """Its own lines, without the blocks inside."""
        return "\n".join(part for part in self.parts if isinstance(part, str)).strip()

    def inside(self, name: str) -> Iterator["Block"]:
        """Blocks of this name, at any depth."""
        for part in self.parts:
            if isinstance(part, Block):
                if part.name == name:
                    yield part
                yield from part.inside(name)


def static_items(folder: ModuleFolder) -> tuple[list[StaticItem], list[LeftOut]]:
    """The module's questions that need no code, in order, and those that do."""
    items: list[StaticItem] = []
    left: list[LeftOut] = []
    for lesson, notebook in folder.in_order():
        page = f"books/{folder.id}/{lesson.id}/"
        short = f"{folder.form.value.code.lower()}-{lesson.number}"
        for cell in notebook.prose():
            for item in _of_cell(cell, lesson, page, short):
                why = _needs(item)
                if why:
                    left.append(LeftOut(item.id, why))
                else:
                    items.append(item)
    return items, left


def read_blocks(text: str) -> Block:
    """The text as one block, with the blocks in it."""
    whole = Block("", "")
    open_blocks = [(0, whole)]
    for line in text.split("\n"):
        inner = open_blocks[-1][1]
        if opened := OPENS.match(line):
            block = Block(opened[2].strip(), opened[3].strip())
            inner.parts.append(block)
            open_blocks.append((len(opened[1]), block))
        elif (closed := CLOSES.match(line)) and any(len(closed[1]) == width for width, _ in open_blocks[1:]):
            while open_blocks.pop()[0] != len(closed[1]):
                pass
        elif (option := OPTION.match(line)) and inner.name and not inner.parts:
            inner.options[option[1]] = option[2].strip()
        else:
            inner.parts.append(line)
    return whole


def _of_cell(cell: Cell, lesson: Lesson, page: str, short: str) -> Iterator[StaticItem]:
    whole = read_blocks(cell.source)
    answers = {block.argument: block for block in whole.inside("solution")}
    for block in whole.inside("exercise"):
        yield _checkpoint(block, answers.get(block.options.get("label", "")), lesson, page, short)
    folded = next(whole.inside("dropdown"), None)
    for block in whole.inside("admonition"):
        if "decide" in block.options.get("class", "").split():
            found = _decision(block, folded, lesson, page, f"{short}-{cell.id}-choice")
            if found:
                yield found
    if cell.id in FROM_MEMORY and folded is not None:
        yield StaticItem(
            f"{short}-{cell.id}",
            FROM_MEMORY[cell.id],
            UNFOLD.sub(".", HEADING.sub("", whole.text).strip()),
            lesson,
            f"{page}#{cell.id}",
            answer=folded.text,
        )


def _checkpoint(block: Block, solution: Block | None, lesson: Lesson, page: str, short: str) -> StaticItem:
    """A checkpoint on the guided track."""
    number = NUMBERED.match(block.text)
    tracks = {tab.argument.lower(): tab.text for tab in block.inside("tab-item")}
    prompt = NUMBERED.sub("", block.text)
    if BUILD in tracks:
        prompt = re.sub(r"\AChoose a track\.\s*", "", prompt)
    prompt = "\n\n".join(filter(None, (prompt, tracks.get(GUIDED, ""))))
    answer = solution.text if solution else ""
    return StaticItem(
        block.options.get("label") or f"{short}-check-{number[1] if number else 0}",
        f"Checkpoint {number[1]}" if number else "Checkpoint",
        prompt,
        lesson,
        f"{page}#check-{number[1]}" if number else page,
        answer=ABOUT_BUILD.sub("", answer) if BUILD in tracks else answer,
    )


def _decision(block: Block, folded: Block | None, lesson: Lesson, page: str, name: str) -> StaticItem | None:
    """A decision before the reveal: choices without a key, for nobody marks it."""
    lines = block.text.split("\n")
    choices = tuple(bullet[1].strip() for bullet in map(BULLET.match, lines) if bullet)
    rest = "\n".join(line for line in lines if not BULLET.match(line))
    if len(choices) < FEWEST_CHOICES:
        return None
    prompt = re.sub(r"\n{3,}", "\n\n", rest).strip()
    return StaticItem(
        name, "Commit before you scroll", prompt, lesson, page, choices, folded.text if folded else ""
    )


def _needs(item: StaticItem) -> str:
    """Why a question cannot leave its notebook; empty where it can."""
    asked = ROLE.sub("", item.prompt)
    if CODE.search(asked) or NOTEBOOK.search(asked):
        return "asks for code or a run of the notebook"
    if FORMULA.search(asked + item.answer + "".join(item.choices)):
        return "shows a formula"
    if not item.choices and not item.answer:
        return "has no written answer"
    return ""
