"""A module or a pathway as JSON-LD, for catalogues that take files instead of reading pages.

What it says is what the page says: `builders.structured_data` writes both.
"""

import json
from collections.abc import Mapping
from datetime import date
from types import MappingProxyType
from typing import Any

from pmcampus.builders.portal_facts import Facts
from pmcampus.builders.structured_data import course, training_material
from pmcampus.errors import ContentError
from pmcampus.model.tree import Tree


def json_ld(
    tree: Tree, slug: str, *, site: str, today: date, released: Mapping[str, date] = MappingProxyType({})
) -> bytes:
    """A written module as TrainingMaterial, or a pathway as Course.

    Args:
        tree: the content, valid.
        slug: the module's or the pathway's id.
        site: the address of the site's first page.
        today: the day for which it is true.
        released: the day of release of modules whose form is a released version.

    Raises:
        ContentError: there is no such module or pathway.
    """
    facts = Facts(tree, today, released)
    if slug in tree.modules:
        found: dict[str, Any] = training_material(facts, facts.modules[slug], site)
    elif slug in facts.pathways:
        found = course(facts, slug, facts.pathways[slug], site)
    else:
        raise ContentError(f"{slug}: no written module and no pathway has this id; see `modules/`.")
    return (json.dumps(found, ensure_ascii=False, indent=1) + "\n").encode()
