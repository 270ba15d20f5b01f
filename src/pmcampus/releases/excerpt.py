"""The entries of the curriculum's forms that released content refers to, for campuses without them."""

import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml
from pydantic import TypeAdapter, ValidationError

from pmcampus import bibliography
from pmcampus.errors import ReleaseError
from pmcampus.lint import markdown
from pmcampus.model.common import CompetencyCode, Slug
from pmcampus.model.curriculum import Competency, Contributor, Term
from pmcampus.model.release import Kind
from pmcampus.model.tree import Tree
from pmcampus.releases.material import Material

FOLDER = "excerpt/"
# Each form, the field that holds its entries, and what an entry is.
PARTS: dict[str, tuple[str, TypeAdapter[Any]]] = {
    "contributors": ("contributors", TypeAdapter(dict[Slug, Contributor])),
    "competencies": ("competencies", TypeAdapter(dict[CompetencyCode, Competency])),
    "glossary": ("terms", TypeAdapter(dict[Slug, Term])),
}
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
    for (name, (key, _)), chosen in zip(PARTS.items(), (ids, codes, terms), strict=True):
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


def entries(files: Mapping[str, bytes], source: str) -> dict[str, dict[str, Any]]:
    """The entries in an archive by the name of their form, each checked before it touches a form here.

    Raises:
        ReleaseError: something is there that a form could not hold.
    """
    found = {}
    for name, (key, shape) in PARTS.items():
        path = f"{FOLDER}{name}.yaml"
        if path in files:
            try:
                held = yaml.safe_load(files[path])[key]
                shape.validate_python(held)
            except (yaml.YAMLError, ValidationError, ValueError, KeyError, TypeError, RecursionError):
                raise ReleaseError(f"{source}: {path} holds no {key}; nothing was written.") from None
            found[name] = dict(held)
    references = bibliography.read(files.get(f"{FOLDER}references.bib", b""), f"{FOLDER}references.bib")
    for fault in references.unreadable:
        raise ReleaseError(f"{source}: {references.path}:{fault.line}: {fault.fact}; nothing was written.")
    return found


def refuse_aliases(files: Mapping[str, bytes], source: str) -> None:
    """Nothing, when no form repeats itself by reference: a few lines of that can fill a machine.

    Raises:
        ReleaseError: a form does, or is no YAML.
    """
    for path, content in files.items():
        if path.endswith((".yaml", ".yml")):
            try:
                tokens = yaml.scan(content.decode("utf-8"))
                repeats = any(isinstance(token, yaml.AliasToken) for token in tokens)
            except (yaml.YAMLError, ValueError, RecursionError) as problem:
                fact = " ".join(str(problem).split())[:120]
                raise ReleaseError(f"{source}: {path} is no YAML ({fact}); nothing was written.") from None
            if repeats:
                raise ReleaseError(f"{source}: {path} repeats itself by reference; nothing was written.")


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
