"""PM7xx: what everybody needs to read a page, and references that lead somewhere."""

import posixpath
import re
from collections import Counter
from collections.abc import Iterator
from itertools import pairwise
from urllib.parse import unquote

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
EMPTY_WORDS = {
    "here",
    "click here",
    "this",
    "this link",
    "link",
    "more",
    "read more",
    "see here",
    "this page",
}
GENERATED = (
    "modules/",
    "cases/",
    "pathways/",
    "rules/",
    "schemas/",
    "books/",
    "api/",
    "releases/",
    "proofs/",
    "guides/figures",
)
SCHEME = re.compile(r"[a-z][a-z0-9+.-]*:", re.IGNORECASE)
SHORTEST_ALT, LONGEST_ALT, MOST_TERMS = 30, 600, 6


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
    "PM706",
    "A link leads nowhere",
    why="A reader who meets one dead link stops trusting the others.",
    wrong="[lesson 2](02-activity-score.ipynb)",
    right="[lesson 2](02-activity-scores.ipynb)",
)
def dead_link(facts: Facts) -> Iterator[Finding]:
    """Links to files that are not in the content folders."""
    for path, before, text in facts.texts():
        for link in text.links:
            target = unquote(link.target).partition("#")[0].partition("?")[0]
            if not target or SCHEME.match(link.target) or link.target.startswith("//"):
                continue
            full = posixpath.normpath(posixpath.join(posixpath.dirname(path), target))
            is_generated = path.startswith("site/") and full.removeprefix("site/pages/").startswith(GENERATED)
            is_asset = path.startswith("site/") and not target.endswith((".md", ".ipynb"))
            if full not in facts.files and not is_generated and not is_asset:
                fact = f"The link to {link.target[:80]} leads nowhere."
                yield Finding(
                    path, before or link.line, fact, "Correct it; links go from the file's own folder."
                )


@rule(
    "PM707",
    "A citation has no entry",
    why="Every number from outside has a source that readers can open.",
    wrong="{cite:p}`lee2022`",
    right="{cite:p}`lee2022cyp2c19`        (the key in curriculum/references.bib)",
)
def citation_unknown(facts: Facts) -> Iterator[Finding]:
    """Keys that references.bib does not have, in text and in forms."""
    known, remedy = (
        facts.tree.citation_keys,
        "Correct the key, or add the entry to curriculum/references.bib.",
    )
    for path, before, text in facts.texts():
        for role in text.roles:
            for key in markdown.cited_keys(role) if role.name.split(":")[0] == "cite" else ():
                if key not in known:
                    yield Finding(
                        path, before or role.line, f"The source `{key}` is not in references.bib.", remedy
                    )
    tree = facts.tree
    cited: list[tuple[str, int, str]] = []
    if tree.roadmap.model:
        cited.append((tree.roadmap.path, tree.roadmap.line("cite"), tree.roadmap.model.cite))
    for name, source in tree.competencies.model.sources.items() if tree.competencies.model else ():
        cited.append((tree.competencies.path, tree.competencies.line("sources", name), source.cite))
    for folder, form in facts.reviewed:
        for number, guideline in enumerate(form.clinical_review.guidelines):
            if guideline.cite:
                line = folder.form.line("clinical_review", "guidelines", number)
                cited.append((folder.form.path, line, guideline.cite))
    for path, line, key in cited:
        if key not in known:
            yield Finding(path, line, f"The source `{key}` is not in references.bib.", remedy)


@rule(
    "PM708",
    "A word is not in the glossary",
    why="The link promises an explanation for each profession.",
    wrong="{term}`diplotipe`",
    right="{term}`diplotype`",
)
def term_unknown(facts: Facts) -> Iterator[Finding]:
    """Terms that glossary.yaml does not have, by slug or by word."""
    glossary = facts.tree.glossary.model
    if glossary is None:
        return
    known = {slug.lower() for slug in glossary.terms} | {
        term.term.lower() for term in glossary.terms.values()
    }
    for path, before, text in facts.texts():
        for role in text.roles:
            word = markdown.named(role)
            if role.name == "term" and word.lower() not in known:
                fact = f"The word `{word}` is not in the glossary."
                yield Finding(
                    path, before or role.line, fact, "Correct it, or add it to curriculum/glossary.yaml."
                )


@rule(
    "PM709",
    "A link's words say nothing",
    why="Screen readers list links without the text around them: five times `here` is no list.",
    wrong="The table is [here](02-activity-scores.ipynb).",
    right="[Lesson 2](02-activity-scores.ipynb) has the table.",
)
def empty_words(facts: Facts) -> Iterator[Finding]:
    """Links called here, this or more."""
    for path, before, text in facts.texts():
        for link in text.links:
            if not link.image and link.text.strip(" .*_").lower() in EMPTY_WORDS:
                fact = f"The link to {link.target[:60]} is called {link.text!r}."
                yield Finding(path, before or link.line, fact, "Name what it leads to.")


@rule(
    "PM710",
    "A lesson links to another site",
    severity="advice",
    why="Sites move and watch their visitors. A citation keeps author, year and DOI when the address "
    "has died.",
    wrong="[CPIC](https://cpicpgx.org/guidelines/)",
    right="CPIC {cite:p}`cpic`",
)
def outside_link(facts: Facts) -> Iterator[Finding]:
    """Links of lessons that leave the curriculum, but for DOIs."""
    for notebook in facts.lesson_notebooks:
        for cell, text in facts.prose(notebook):
            for link in text.links:
                if re.match(r"https?://", link.target) and not re.match(
                    r"https?://(dx\.)?doi\.org/", link.target
                ):
                    yield cell_finding(
                        notebook,
                        cell,
                        f"links to {link.target[:60]}.",
                        "Cite the source, or write the name as plain text.",
                    )


@rule(
    "PM711",
    "A lesson introduces more than six words of the glossary",
    severity="advice",
    why="A lesson with a dozen new words is a dictionary. Six can be met in a story.",
    wrong="(nine different {term} words in one lesson)",
    right="(six, the others in plain words or another lesson)",
)
def many_terms(facts: Facts) -> Iterator[Finding]:
    """Lessons with more than six words that no earlier lesson of the module has linked."""
    seen: dict[str, set[str]] = {}
    for taught in facts.lessons:
        earlier = seen.setdefault(taught.folder.id, set())
        counts = Counter(
            markdown.named(role).lower()
            for _, text in facts.prose(taught.notebook)
            for role in text.roles
            if role.name == "term"
        )
        new = set(counts) - earlier
        earlier |= new
        if len(new) > MOST_TERMS:
            fact = f"The lesson introduces {len(new)} words of the glossary: {', '.join(sorted(new))}."
            yield Finding(
                taught.notebook.path, 1, fact, f"Leave {MOST_TERMS}; say the others in plain words."
            )


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
