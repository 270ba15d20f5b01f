"""A piece of MyST Markdown, read for what rules ask: headings, links, roles, directives.

Line by line and without a full parser, because thousands of cells are read; text inside code
fences and code spans says nothing about the page and is left out.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache

HEADING = re.compile(r"^ {0,3}(#{1,6})\s+(.*?)\s*#*\s*$")
FENCE = re.compile(r"^ {0,3}(`{3,}|~{3,})\s*(.*)$")
COLONS = re.compile(r"^ {0,3}(:{3,})\s*(?:\{([^}]*)\}\s*(.*))?$")
OPTION = re.compile(r"^\s*:([\w-]+):\s*(.*)$")
REGION = re.compile(r"### (BEGIN|END) [A-Z ]+$")  # nbgrader's lines look like headings and are none
ROLE = re.compile(r"\{([a-zA-Z][\w:+.-]*)\}(`+)(.+?)\2")
CODE_SPAN = re.compile(r"(`+)(?!`)(.+?)(?<!`)\1(?!`)")
LINK = re.compile(r"(!?)\[((?:[^\[\]]|\[[^\[\]]*\])*)\]\(\s*<?([^)\s>]*)>?(?:\s+[\"'][^)]*)?\)")
BARE_LINK = re.compile(r"<(https?://[^>\s]+)>|(?<![\w(\"'<=])(https?://[^\s<>)\]]+)")
TAG = re.compile(r"</?[a-zA-Z][a-zA-Z0-9-]*(?:\s[^<>]*)?/?>")
COMMENT = re.compile(r"<!--.*?-->")


@dataclass(frozen=True)
class Heading:
    """A heading; `level` counts its signs."""

    line: int
    level: int
    text: str


@dataclass(frozen=True)
class Link:
    """A link or an image."""

    line: int
    text: str
    target: str
    image: bool = False


@dataclass(frozen=True)
class Role:
    """A piece such as {term}`variant`."""

    line: int
    name: str
    content: str


@dataclass
class Directive:
    """A block between colon or backtick fences, with its options and body."""

    line: int
    name: str
    argument: str
    closed: bool = False
    options: dict[str, str] = field(default_factory=dict)
    body: list[str] = field(default_factory=list)

    @property
    def classes(self) -> set[str]:
        """The words of its `:class:` option."""
        return set(self.options.get("class", "").split())


@dataclass
class Markdown:
    """What stands in one text; lines count from 1."""

    headings: list[Heading] = field(default_factory=list)
    links: list[Link] = field(default_factory=list)
    roles: list[Role] = field(default_factory=list)
    directives: list[Directive] = field(default_factory=list)
    tags: list[tuple[int, str]] = field(default_factory=list)
    stray_ends: list[int] = field(default_factory=list)


@lru_cache(maxsize=20_000)
def read(text: str) -> Markdown:
    """The text's parts; ask nothing of a result but to be looked at."""
    found = Markdown()
    open_blocks: list[tuple[int, Directive]] = []
    for number, line in _outside_code(text, found):
        if fence := COLONS.match(line):
            _colon_fence(fence, number, open_blocks, found)
            continue
        for _, block in open_blocks:
            block.body.append(line)
        if open_blocks and (option := OPTION.match(line)) and not _has_text(open_blocks[-1][1]):
            open_blocks[-1][1].options[option[1]] = option[2].strip()
            continue
        if (heading := HEADING.match(line)) and not REGION.match(line):
            found.headings.append(Heading(number, len(heading[1]), heading[2]))
        _inline(number, line, found)
    return found


def prose_lines(text: str) -> Iterator[tuple[int, str]]:
    """The text's lines by number, without code fences and code spans."""
    return ((number, CODE_SPAN.sub("", line)) for number, line in _outside_code(text, Markdown()))


def cited_keys(role: Role) -> list[str]:
    """The citation keys a cite role names."""
    return [key.strip() for key in role.content.split(",") if key.strip()]


def named(role: Role) -> str:
    """What a role such as {term} points at: the part in angle brackets, or all of it."""
    inside = re.search(r"<([^<>]+)>\s*$", role.content)
    return (inside[1] if inside else role.content).strip()


def _has_text(block: Directive) -> bool:
    return any(line.strip() and not OPTION.match(line) for line in block.body)


def _outside_code(text: str, found: Markdown) -> Iterator[tuple[int, str]]:
    fence = ""
    for number, line in enumerate(text.split("\n"), start=1):
        match = FENCE.match(line)
        if fence:
            if match and match[1].startswith(fence) and not match[2]:
                fence = ""
            continue
        if match and "`" not in match[2]:
            fence = match[1]
            if directive := re.match(r"\{([^}]*)\}\s*(.*)", match[2]):
                found.directives.append(Directive(number, directive[1], directive[2].strip(), closed=True))
            continue
        yield number, line


def _colon_fence(
    fence: re.Match[str], number: int, open_blocks: list[tuple[int, Directive]], found: Markdown
) -> None:
    width = len(fence[1])
    if fence[2] is not None:
        block = Directive(number, fence[2].strip(), fence[3].strip())
        found.directives.append(block)
        open_blocks.append((width, block))
        return
    for place in range(len(open_blocks) - 1, -1, -1):
        if open_blocks[place][0] == width:
            open_blocks[place][1].closed = True
            del open_blocks[place:]
            return
    found.stray_ends.append(number)


def _inline(number: int, line: str, found: Markdown) -> None:
    if "`" in line:
        for role in ROLE.finditer(line):
            found.roles.append(Role(number, role[1], role[3].strip()))
        line = CODE_SPAN.sub("", ROLE.sub("", line))
    if "](" in line:
        for link in LINK.finditer(line):
            found.links.append(Link(number, link[2], link[3], image=bool(link[1])))
        line = LINK.sub(lambda link: link[2], line)
    if "://" in line:
        for bare in BARE_LINK.finditer(line):
            found.links.append(Link(number, bare[1] or bare[2], bare[1] or bare[2]))
    if "<" in line:
        found.tags += [(number, tag[0]) for tag in TAG.finditer(COMMENT.sub("", line))]
