"""The marginality tables of two Bioschemas profiles, and a check of expanded JSON-LD against them.

Taken by hand from the profiles' published specifications, 1.0-RELEASE of both:
https://bioschemas.org/profiles/TrainingMaterial/1.0-RELEASE and https://bioschemas.org/profiles/Course/1.0-RELEASE.
A line is a property, its cardinality, and the types its values may have.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

SCHEMA = "https://schema.org/"
CONFORMS = "http://purl.org/dc/terms/conformsTo"
# What is what, as far as we use it: schema.org's own classes above ours.
ABOVE = {
    "LearningResource": "CreativeWork",
    "ScholarlyArticle": "CreativeWork",
    "EducationalAudience": "Audience",
    "DefinedTermSet": "CreativeWork",
}
FORMATS = {
    "URL": re.compile(r"https?://\S+"),
    "Duration": re.compile(r"P(?=.)(\d+D)?(T(?=.)(\d+H)?(\d+M)?)?"),
    "Date": re.compile(r"\d{4}-\d{2}-\d{2}"),
    "Language": re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]+)*"),
    "Text": re.compile(r".*\S.*", re.DOTALL),
}


@dataclass(frozen=True)
class Profile:
    """One profile: its address, its type, and its table by marginality."""

    address: str
    type: str
    minimum: Mapping[str, str]
    recommended: Mapping[str, str]
    optional: Mapping[str, str]


TRAINING_MATERIAL = Profile(
    address="https://bioschemas.org/profiles/TrainingMaterial/1.0-RELEASE",
    type="LearningResource",
    minimum={
        "description": "one Text",
        "keywords": "many DefinedTerm Text URL",
        "name": "one Text",
    },
    recommended={
        "about": "many Thing",
        "abstract": "one Text",
        "audience": "many Audience",
        "author": "many Organization Person",
        "competencyRequired": "many DefinedTerm Text URL",
        "educationalLevel": "one DefinedTerm Text URL",
        "identifier": "many PropertyValue Text URL",
        "inLanguage": "many Language",
        "learningResourceType": "many DefinedTerm Text",
        "license": "many CreativeWork URL",
        "mentions": "many Thing",
        "teaches": "many DefinedTerm Text",
        "timeRequired": "one Duration",
        "url": "one URL",
    },
    optional={
        "accessibilitySummary": "one Text",
        "contributor": "many Organization Person",
        "creativeWorkStatus": "one DefinedTerm Text",
        "dateCreated": "one Date",
        "dateModified": "one Date",
        "datePublished": "one Date",
        "hasPart": "many CreativeWork",
        "isPartOf": "many CreativeWork URL",
        "recordedAt": "many Event",
        "version": "one Text",
        "workTranslation": "many CreativeWork",
    },
)
COURSE = Profile(
    address="https://bioschemas.org/profiles/Course/1.0-RELEASE",
    type="Course",
    minimum={
        "description": "one Text",
        "keywords": "one DefinedTerm Text URL",
        "name": "one Text",
    },
    recommended={
        "about": "many Thing",
        "abstract": "one Text",
        "aggregateRating": "one AggregateRating",
        "citation": "many CreativeWork Text",
        "coursePrerequisites": "many Course AlignmentObject Text",
        "educationalLevel": "one DefinedTerm Text URL",
        "hasCourseInstance": "many CourseInstance",
        "license": "one CreativeWork URL",
        "mentions": "many Thing",
        "provider": "many Organization Person",
        "teaches": "many DefinedTerm Text",
        "timeRequired": "one Duration",
        "url": "one URL",
    },
    optional={
        "accessibilitySummary": "one Text",
        "alternateName": "many Text",
        "audience": "many Audience",
        "comment": "many Comment",
        "commentCount": "one Integer",
        "courseCode": "many Text",
        "creator": "many Organization Person",
        "dateCreated": "one Date",
        "dateModified": "many Date",
        "educationalCredentialAwarded": "one EducationalOccupationalCredential Text URL",
        "hasPart": "many CreativeWork",
        "image": "one ImageObject URL",
        "isBasedOn": "many CreativeWork Product URL",
        "thumbnailUrl": "one URL",
    },
)


def expanded(data: dict[str, Any]) -> dict[str, Any]:
    """The one node of this JSON-LD, expanded; whatever asks for a context on the web is refused."""
    from pyld import jsonld

    def refuse(url: str, options: object) -> None:
        raise AssertionError(f"it asks for {url}")

    nodes = jsonld.expand(data, {"documentLoader": refuse})
    assert len(nodes) == 1
    found: dict[str, Any] = nodes[0]
    return found


def faults(node: Mapping[str, Any], profile: Profile, *, without: set[str] = frozenset()) -> list[str]:  # type: ignore[assignment]
    """Where an expanded node departs from the profile; `without` are recommended fields it cannot have."""
    held = {key.removeprefix(SCHEMA): values for key, values in node.items() if key.startswith(SCHEMA)}
    table = {**profile.minimum, **profile.recommended, **profile.optional}
    found = []
    if node.get("@type") != [SCHEMA + profile.type]:
        found.append(f"@type is {node.get('@type')}")
    if [value.get("@id") for value in node.get(CONFORMS, ())] != [profile.address]:
        found.append("dct:conformsTo does not name the profile")
    if not str(node.get("@id", "")).startswith("https://"):
        found.append("@id is not an address")
    found += [
        f"{name} is missing"
        for name in sorted({*profile.minimum, *profile.recommended} - without - set(held))
    ]
    for name, values in held.items():
        if name not in table:
            continue
        cardinality, *types = table[name].split()
        if cardinality == "one" and len(values) != 1:
            found.append(f"{name} stands {len(values)} times")
        found += [f"{name}: {value} is none of {types}" for value in values if not _fits(value, types)]
    return found


def unknown(node: Mapping[str, Any], profile: Profile) -> set[str]:
    """Fields of schema.org that the profile does not list."""
    table = {**profile.minimum, **profile.recommended, **profile.optional}
    return {key.removeprefix(SCHEMA) for key in node if key.startswith(SCHEMA)} - set(table)


def _fits(value: Mapping[str, Any], types: list[str]) -> bool:
    if "@value" in value:
        text = value["@value"]
        return isinstance(text, str) and any(t in FORMATS and FORMATS[t].fullmatch(text) for t in types)
    classes = [str(t).removeprefix(SCHEMA) for t in value.get("@type", ())]
    classes += [ABOVE[c] for c in classes if c in ABOVE]
    return "Thing" in types or bool(set(classes) & set(types))
