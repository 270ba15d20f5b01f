"""PM701 to PM705, PM712 and PM713: what everybody needs to read a page: alternatives, headings, colours."""

import re
from collections.abc import Iterator
from itertools import pairwise

from pmcampus.lint import markdown
from pmcampus.lint.facts import Facts
from pmcampus.lint.notebooks import cell_finding, has_plot
from pmcampus.lint.rule import Finding, rule

PALETTE = {
    "#1f1923",
    "#857d88",
    "#d8d4d0",
    "#3a7cc4",
    "#c9524c",
    "#2f8f6d",
    "#b07d10",
    "#a1539a",
    "#ffffff",
    "#000000",
}
COLOUR = re.compile(r"#[0-9a-fA-F]{6}")
SHORTEST_ALT, LONGEST_ALT = 30, 600


@rule(
    "PM701",
    "A picture has no text alternative",
    why="Who cannot see the picture gets nothing at all; nor does anybody whose connection drops it.",
    wrong="![](figures/pathway.svg)",
    right="![Three boxes: drug, enzyme, active drug; a cross over the enzyme](figures/pathway.svg)",
)
def image_alt(facts: Facts) -> Iterator[Finding]:
    """Markdown images without words."""
    for path, before, text in facts.texts():
        for link in text.links:
            if link.image and not link.text.strip():
                yield Finding(
                    path, (before or link.line) if before else link.line,
                    f"The picture {link.target[:60]} has no text alternative.",
                    "Say between the brackets what it shows and why it matters.",
                )  # fmt: skip


@rule(
    "PM702",
    "A plot has no text alternative",
    why="The plot carries the argument. Its alternative says what kind of plot it is, what it shows "
    "with two numbers, and what follows.",
    wrong='"metadata": {"tags": ["hide-input"]}',
    right='"alt": "Two bars, people misread per 1,000: Native Oceania 268, East Asia 133. '
    'Every error points to normal.", "tags": ["hide-input"]',
)
def plot_alt(facts: Facts) -> Iterator[Finding]:
    """Cells that show a picture without `alt` in their metadata."""
    for notebook in facts.stored_with_outputs:
        for cell in notebook.code():
            alt = cell.metadata.get("alt")
            if has_plot(cell) and not (isinstance(alt, str) and alt.strip()):
                yield cell_finding(
                    notebook,
                    cell,
                    "shows a plot without a text alternative.",
                    "Write it as `alt` in the cell's metadata.",
                )


@rule(
    "PM703",
    "A text alternative is too short, too long, or says that it is a picture",
    severity="advice",
    why="A screen reader says by itself that this is a picture, and reads the alternative in one breath.",
    wrong='"alt": "Image of a plot"',
    right='"alt": "Dot array of 998 dots, one per person: 729 grey, 185 blue, 63 red, 21 black. '
    'The 63 are lost if …"',
)
def alt_quality(facts: Facts) -> Iterator[Finding]:
    """Alternatives of plots outside 30 to 600 signs, or that begin with `image of`."""
    for notebook in facts.stored_with_outputs:
        for cell in notebook.code():
            alt = cell.metadata.get("alt")
            if not isinstance(alt, str) or not alt.strip() or "[FILL IN:" in alt:
                continue
            if not SHORTEST_ALT <= len(alt) <= LONGEST_ALT:
                yield cell_finding(
                    notebook,
                    cell,
                    f"has a text alternative of {len(alt)} signs.",
                    "Three parts: kind of plot, pattern with two numbers, what follows.",
                )
            elif re.match(r"(an? )?(image|picture|figure|plot|graph) (of|showing)\b", alt, re.IGNORECASE):
                yield cell_finding(
                    notebook,
                    cell,
                    "has a text alternative that says it is a picture.",
                    "Begin with the kind of plot, such as `Two bars`.",
                )


@rule(
    "PM704",
    "A heading skips a level",
    why="People who cannot see the page move through it by headings; a missing level feels like a "
    "missing part.",
    wrong="# Title\n\n### A detail",
    right="# Title\n\n## A part\n\n### A detail",
)
def heading_jump(facts: Facts) -> Iterator[Finding]:
    """Headings more than one level below the one before."""
    for notebook in facts.notebooks:
        found = [(cell, heading) for cell, text in facts.prose(notebook) for heading in text.headings]
        for (_, before), (cell, heading) in pairwise(found):
            if heading.level > before.level + 1:
                fact = (
                    f"jumps from a heading of level {before.level} to level {heading.level}: "
                    f"{heading.text!r:.60}."
                )
                yield cell_finding(notebook, cell, fact, f"Write it with {before.level + 1} signs.")
    for page in facts.pages:
        for before, heading in pairwise(markdown.read(page.text).headings):
            if heading.level > before.level + 1:
                fact = (
                    f"The heading {heading.text!r:.60} jumps from level {before.level} to level "
                    f"{heading.level}."
                )
                yield Finding(page.path, heading.line, fact, f"Write it with {before.level + 1} signs.")


@rule(
    "PM705",
    "There is more than one heading of the first level",
    why="One page, one title: it names the page in search results, tabs and screen readers.",
    wrong="# Star alleles\n…\n# Where it breaks",
    right="# Star alleles\n…\n## Where it breaks",
)
def second_title(facts: Facts) -> Iterator[Finding]:
    """Second headings with one sign."""
    for notebook in facts.notebooks:
        titles = [(c, h) for c, text in facts.prose(notebook) for h in text.headings if h.level == 1]
        for cell, heading in titles[1:]:
            yield cell_finding(
                notebook, cell, f"has a second title: {heading.text!r:.60}.", "Write it with two signs."
            )
    for page in facts.pages:
        for heading in [h for h in markdown.read(page.text).headings if h.level == 1][1:]:
            fact = f"The page has a second title: {heading.text!r:.60}."
            yield Finding(page.path, heading.line, fact, "Write it with two signs.")


@rule(
    "PM712",
    "A plot has no caption",
    severity="advice",
    why="The caption is what travels with a copied plot: what it shows and where the numbers come from.",
    wrong='"metadata": {"alt": "Two bars …"}',
    right='"metadata": {"alt": "Two bars …", "caption": "People misread, computed from published shares."}',
)
def no_caption(facts: Facts) -> Iterator[Finding]:
    """Lesson plots without `caption` in their metadata."""
    for notebook in facts.lesson_notebooks:
        for cell in notebook.code():
            if has_plot(cell) and not str(cell.metadata.get("caption") or "").strip():
                yield cell_finding(
                    notebook,
                    cell,
                    "shows a plot without a caption.",
                    "Write it as `caption` in the cell's metadata.",
                )


@rule(
    "PM713",
    "A plot uses a colour outside the campus palette",
    why="The palette is readable on light and dark pages and for colour-blind eyes; the site turns its "
    "colours when readers choose dark.",
    wrong='color="#ff0000"',
    right='color="#c9524c"',
)
def strange_colour(facts: Facts) -> Iterator[Finding]:
    """Hexadecimal colours in code that are not of the palette."""
    for notebook in facts.lesson_notebooks:
        for cell, code in facts.code(notebook):
            strange = next((t for t in code.texts if COLOUR.fullmatch(t) and t.lower() not in PALETTE), None)
            if strange:
                yield cell_finding(
                    notebook,
                    cell,
                    f"uses the colour {strange}.",
                    "Choose one of the palette in the authors' guide.",
                )
