"""PM706 to PM711: links, citations and words of the glossary, each of which leads somewhere."""

import posixpath
import re
from collections import Counter
from collections.abc import Iterator
from urllib.parse import unquote

from pmcampus.lint import markdown
from pmcampus.lint.facts import Facts
from pmcampus.lint.notebooks import cell_finding
from pmcampus.lint.rule import Finding, rule

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
MOST_TERMS = 6


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
