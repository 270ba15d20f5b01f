"""Structured data, held against the published profile of Bioschemas TrainingMaterial 1.0-RELEASE."""

import json
import re
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from pmcampus.builders.portal_facts import Facts
from pmcampus.builders.structured_data import PROFILE, as_script, course, training_material
from pmcampus.content import load_tree
from pmcampus.model.common import CompetencyAt, Level

SITE = "https://learn.example.org/"
MINIMUM = {"name", "description", "keywords"}
RECOMMENDED = {
    "about", "abstract", "audience", "author", "competencyRequired", "educationalLevel", "identifier",
    "inLanguage", "learningResourceType", "license", "mentions", "teaches", "timeRequired", "url",
}  # fmt: skip
OPTIONAL = {
    "accessibilitySummary", "contributor", "creativeWorkStatus", "dateCreated", "dateModified",
    "datePublished", "hasPart", "isPartOf", "recordedAt", "version", "workTranslation",
}  # fmt: skip


@pytest.fixture
def facts(curriculum: Path) -> Facts:
    """The tiny curriculum's facts, with a guideline so that there is something to mention."""
    for form in curriculum.glob("modules/*/module.yaml"):
        text = form.read_text("utf-8")
        if "guidelines:" not in text:
            form.write_text(text.rstrip() + "\n  guidelines: [{name: A guideline, year: 2020}]\n", "utf-8")
    return Facts(load_tree(curriculum).valid(), date(2026, 11, 24))


@pytest.fixture
def curriculum(own_curriculum: Path) -> Path:
    """A copy to change."""
    return own_curriculum


@pytest.fixture
def material(facts: Facts) -> dict[str, Any]:
    """A written module as structured data."""
    return training_material(facts, facts.modules["second-steps"], SITE)


def test_minimum_and_recommended_fields_are_there(material: dict[str, Any]) -> None:
    """The profile is met, not only its minimum."""
    assert set(material) >= MINIMUM | RECOMMENDED
    assert all(material[field] for field in MINIMUM | RECOMMENDED)


def test_it_names_the_profile_it_follows(material: dict[str, Any]) -> None:
    """Harvesters find the profile by its address."""
    assert material["dct:conformsTo"] == {"@type": "CreativeWork", "@id": PROFILE}
    assert material["@type"] == "LearningResource"
    assert material["@context"]["dct"] == "http://purl.org/dc/terms/"


def test_no_field_is_unknown_to_profile_and_schema_org(material: dict[str, Any]) -> None:
    """Beyond the profile stands only one field of schema.org."""
    ours = {field for field in material if field[0] != "@" and ":" not in field}

    assert ours - MINIMUM - RECOMMENDED - OPTIONAL == {"isAccessibleForFree"}


def test_values_have_the_profiles_types(material: dict[str, Any]) -> None:
    """Durations, licence and status are written as the profile asks."""
    assert isinstance(material["description"], str)
    assert re.fullmatch(r"PT\d+M", material["timeRequired"])
    assert material["license"] == "https://creativecommons.org/licenses/by/4.0/"
    assert material["creativeWorkStatus"] in {"Active", "Under development", "Archived"}
    assert {term["@type"] for term in material["about"]} == {"DefinedTerm"}
    assert material["hasPart"][0]["url"] == f"{SITE}books/second-steps/a-lesson/"


def test_prior_competencies_are_terms_of_our_framework(facts: Facts) -> None:
    """What is required links to the competency page."""
    module = facts.modules["second-steps"]
    assert module.folder is not None and module.form is not None
    prior = (CompetencyAt(id="T1", level=Level.AWARE),)
    form = module.form.model_copy(update={"prior_competencies": prior})
    object.__setattr__(module.folder.form, "model", form)

    required = training_material(facts, module, SITE)["competencyRequired"]

    assert [(t["termCode"], t["url"]) for t in required] == [("T1", f"{SITE}competencies/#T1")]


def test_an_author_without_orcid_is_not_called_a_person(material: dict[str, Any]) -> None:
    """A group stays a group."""
    assert material["author"][0]["@type"] == "Organization"


def test_a_pathway_is_a_course_with_its_modules(facts: Facts) -> None:
    """Required modules are the parts of the course."""
    slug, path = next(iter(facts.pathways.items()))
    found = course(facts, slug, path, SITE)

    assert found["@type"] == "Course"
    assert {"name", "description", "provider", "url"} <= set(found)
    assert len(found["hasPart"]) == len(path.required)


def test_the_script_cannot_be_ended_by_its_own_text() -> None:
    """A title with a tag in it stays data."""
    script = as_script({"name": "</script><!-- x"})

    assert "<" not in script
    assert json.loads(script) == {"name": "</script><!-- x"}
