"""What catalogues read of a module, a pathway and a lesson, held against the Bioschemas profiles."""

import json
from copy import deepcopy
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from pmcampus.builders.structured_data import lesson_resource
from pmcampus.content import load_tree
from pmcampus.errors import ContentError
from pmcampus.exporters.jsonld import json_ld
from pmcampus.model.tree import Tree
from tests.conftest import REPOSITORY
from tests.exporters.conftest import SITE
from tests.exporters.profiles import COURSE, TRAINING_MATERIAL, expanded, faults, unknown

DAY = date(2026, 11, 25)
# A course has ratings when somebody rated it, and instances when somebody runs it: neither is ours to say.
NOT_OURS = {"aggregateRating", "hasCourseInstance"}


@pytest.fixture(scope="module")
def whole() -> Tree:
    """The whole curriculum."""
    return load_tree(REPOSITORY).valid()


def as_node(tree: Tree, slug: str) -> dict[str, Any]:
    """The expanded node of a module or a pathway."""
    return expanded(json.loads(json_ld(tree, slug, site=SITE, today=DAY)))


def test_every_written_module_meets_the_profile_of_training_materials(whole: Tree) -> None:
    """Minimum, recommended, cardinality and types, without asking the web for a context."""
    for slug in whole.modules:
        assert faults(as_node(whole, slug), TRAINING_MATERIAL) == [], slug


def test_every_pathway_meets_the_profile_of_courses(whole: Tree) -> None:
    """But for what only others can say."""
    for slug in whole.pathways.value.pathways:
        assert faults(as_node(whole, slug), COURSE, without=NOT_OURS) == [], slug


def test_fields_beyond_the_profiles_are_few_and_known(whole: Tree) -> None:
    """Schema.org has them; harvesters pass over them."""
    module, path = next(iter(whole.modules)), next(iter(whole.pathways.value.pathways))

    assert unknown(as_node(whole, module), TRAINING_MATERIAL) == {"isAccessibleForFree"}
    assert unknown(as_node(whole, path), COURSE) == {"isAccessibleForFree", "inLanguage"}


def test_a_lesson_is_a_training_material_of_its_own(whole: Tree) -> None:
    """It has an address, so that a harvester that meets it twice knows it again."""
    folder = next(iter(whole.modules.values()))
    form = folder.form.value
    page, module = f"{SITE}books/x/y/", f"{SITE}modules/x/"
    own = {"@type": "LearningResource", "name": "A", "description": "B"}
    node = expanded({**own, **lesson_resource(form, form.lessons[0], page=page, module=module)})

    assert node["@id"] == page
    assert [f for f in faults(node, TRAINING_MATERIAL) if not f.endswith("is missing")] == []


@pytest.mark.parametrize(
    ("field", "value", "fault"),
    [
        ("https://schema.org/name", [], "name stands 0 times"),
        ("https://schema.org/timeRequired", [{"@value": "7 hours"}], "timeRequired"),
        ("https://schema.org/license", [{"@value": "CC-BY-4.0"}], "license"),
        ("https://schema.org/author", [{"@type": ["https://schema.org/Place"]}], "author"),
        ("@type", ["https://schema.org/Course"], "@type"),
    ],
)
def test_the_check_can_fail(whole: Tree, field: str, value: object, fault: str) -> None:
    """A wrong duration, a licence without address, a place as author."""
    node = deepcopy(as_node(whole, next(iter(whole.modules))))
    node[field] = value

    assert [f for f in faults(node, TRAINING_MATERIAL) if f.startswith(fault)]


def test_a_missing_minimum_is_found(whole: Tree) -> None:
    """Without keywords there is no training material."""
    node = as_node(whole, next(iter(whole.modules)))
    del node["https://schema.org/keywords"]

    assert faults(node, TRAINING_MATERIAL) == ["keywords is missing"]


def test_an_unknown_id_is_refused_by_name(curriculum: Path) -> None:
    """One sentence, with where to look."""
    with pytest.raises(ContentError, match="nowhere: no written module and no pathway"):
        json_ld(load_tree(curriculum), "nowhere", site=SITE, today=DAY)
