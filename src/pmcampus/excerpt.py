"""The entries of the curriculum's forms that released content refers to, for campuses without them."""

import json
import re
from pathlib import Path

import yaml

from pmcampus.lint import markdown
from pmcampus.material import Material
from pmcampus.model.release import Kind
from pmcampus.model.tree import Tree

FOLDER = "excerpt/"
ENTRY = re.compile(r"^@\w+\{\s*([^,\s]+)\s*,.*?(?=^@|\Z)", re.MULTILINE | re.DOTALL)


def excerpt(root: Path, tree: Tree, one: Material) -> dict[str, bytes]:
    """By path in the archive: contributors, competencies and terms in YAML, references in BibTeX."""
    cites, words = _mentioned(one)
    found: dict[str, bytes] = {}
    ids = set(getattr(one.form, "contributors", ()))
    codes = {*one.contract.teaches, *(item.competency for item in one.contract.items)}
    if one.kind is Kind.MODULE:
        codes |= {prior.id for prior in one.form.prior_competencies}
    terms = {
        slug
        for slug, term in tree.glossary.value.terms.items()
        if slug.lower() in words or term.term.lower() in words
    }
    for name, key, chosen in (
        ("contributors", "contributors", ids),
        ("competencies", "competencies", codes),
        ("glossary", "terms", terms),
    ):
        held = getattr(tree, name).data[key]
        kept = {entry: held[entry] for entry in held if entry in chosen}
        if kept:
            text = yaml.safe_dump({key: kept}, sort_keys=False, allow_unicode=True, width=100)
            found[f"{FOLDER}{name}.yaml"] = text.encode()
    bib = root / "curriculum" / "references.bib"
    entries = ENTRY.finditer(bib.read_text("utf-8")) if bib.is_file() else iter(())
    references = [entry[0].strip() for entry in entries if entry[1] in cites]
    if references:
        found[f"{FOLDER}references.bib"] = ("\n\n".join(references) + "\n").encode()
    return found


def _mentioned(one: Material) -> tuple[set[str], set[str]]:
    """Citation keys and glossary words in the notebooks, pages and guidelines."""
    texts = []
    for path, content in one.files.items():
        text = content.decode("utf-8", "replace")
        if path.endswith(".ipynb"):
            texts += ["".join(cell["source"]) for cell in json.loads(text)["cells"]]
        elif path.endswith(".md"):
            texts.append(text)
    roles = [role for text in texts for role in markdown.read(text).roles]
    cites = {key for role in roles if role.name.startswith("cite") for key in markdown.cited_keys(role)}
    review = getattr(one.form, "clinical_review", None)
    cites |= {guideline.cite for guideline in (review.guidelines if review else ()) if guideline.cite}
    return cites, {markdown.named(role).lower() for role in roles if role.name == "term"}
