"""What a release says about itself: licence, citation, authors, and schema.org properties."""

from datetime import date
from pathlib import Path
from typing import Any

from pmcampus.model.curriculum import Contributor
from pmcampus.model.release import Kind
from pmcampus.model.tree import Tree
from pmcampus.releases.crate import CITATION, cff
from pmcampus.releases.excerpt import excerpt
from pmcampus.releases.material import Material


def shared(root: Path, tree: Tree, one: Material, today: date) -> dict[str, bytes]:
    """Licence, citation, and the entries of the curriculum's forms that the content refers to."""
    found = excerpt(root, tree, one)
    found[CITATION] = cff(
        title=one.form.title,
        version=one.form.version,
        released=today.isoformat(),
        licence=licence(tree, one),
        authors=[author["name"] for author in authors(tree, one)],
    )
    text = root / "LICENSE-content"
    if text.is_file():
        found["LICENSE-content"] = text.read_bytes()
    return found


def whole(tree: Tree, one: Material, today: date) -> dict[str, Any]:
    """schema.org properties of the whole archive."""
    known = tree.competencies.value.competencies
    codes = list(one.contract.teaches) or sorted({item.competency for item in one.contract.items})
    topics = [known[code].statement for code in codes if code in known]
    kinds = {
        Kind.MODULE: ["e-learning module", "Jupyter notebook"],
        Kind.ASSESSMENT: ["assessment", "Jupyter notebook"],
        Kind.CASE: ["team case", "Jupyter notebook"],
    }
    return {
        "name": one.form.title,
        "description": getattr(one.form, "summary", f"Graded assessment: {one.form.title}."),
        "identifier": f"{one.name} {one.form.version}",
        "version": one.form.version,
        "datePublished": today.isoformat(),
        "inLanguage": getattr(one.form, "language", tree.curriculum.value.language),
        "keywords": ", ".join(getattr(one.form, "keywords", topics)),
        "learningResourceType": kinds[one.kind],
        "teaches": [f"{code}: {known[code].statement}" for code in codes if code in known],
        "timeRequired": f"PT{minutes(one)}M",
        "license": licence(tree, one),
        "authors": authors(tree, one),
    }


def authors(tree: Tree, one: Material) -> list[dict[str, str]]:
    """Who made it, as schema.org has people; without an entry in the form, who made its module."""
    known = tree.contributors.value.contributors
    ids: tuple[str, ...] = getattr(one.form, "contributors", ())
    if one.kind is Kind.ASSESSMENT and one.form.module in tree.modules:
        ids = tree.modules[one.form.module].form.value.contributors
    chosen = [known[id] for id in ids if id in known] or list(known.values())[:1]
    return [_author(person) for person in chosen]


def _author(person: Contributor) -> dict[str, str]:
    if person.orcid:
        return {"@id": f"https://orcid.org/{person.orcid}", "@type": "Person", "name": person.name}
    return {"@type": "Organization", "name": person.name} | ({"url": person.url} if person.url else {})


def licence(tree: Tree, one: Material) -> str:
    """The SPDX name: the form's own, or the curriculum's."""
    return str(getattr(one.form, "licence", tree.curriculum.value.licence))


def minutes(one: Material) -> int:
    """How long it takes; of an assessment, in the guided track."""
    if one.kind is Kind.MODULE:
        hours: float = one.form.hours.total
        return round(60 * hours)
    return int(one.form.minutes.guided if one.kind is Kind.ASSESSMENT else one.form.minutes)
