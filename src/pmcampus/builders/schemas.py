"""The JSON Schema of every form, so that editors complete and check what people write."""

import json
from pathlib import Path
from typing import Any

from pydantic import BaseModel

from pmcampus.files import write_text
from pmcampus.model.adoption import OverlayForm
from pmcampus.model.assessment import AssessmentForm
from pmcampus.model.case import CaseForm
from pmcampus.model.cohort import CohortForm
from pmcampus.model.curriculum import (
    CompetencyForm,
    ContributorForm,
    CurriculumForm,
    GlossaryForm,
    PathwayForm,
    PlannedForm,
    RoadmapForm,
    RoleForm,
)
from pmcampus.model.module import ModuleForm, SourcesForm
from pmcampus.model.redirects import RedirectForm

FORMS: dict[str, tuple[type[BaseModel], str, str]] = {
    "module": (ModuleForm, "modules/<id>/module.yaml", "One module: lessons, outcomes, competencies."),
    "sources": (
        SourcesForm,
        "data/sources.yaml",
        "Every data file beside a lesson, and where it comes from.",
    ),
    "assessment": (
        AssessmentForm,
        "assessments/<id>/assessment.yaml",
        "The graded items, and what each shows.",
    ),
    "case": (CaseForm, "case_studies/<id>/case.yaml", "A team case: who sits at the table, and its parts."),
    "curriculum": (CurriculumForm, "curriculum/curriculum.yaml", "What is published, and in which order."),
    "competencies": (
        CompetencyForm,
        "curriculum/competencies.yaml",
        "What a learner can do, at three levels.",
    ),
    "roles": (RoleForm, "curriculum/roles.yaml", "The professions in a team, and the levels they need."),
    "pathways": (PathwayForm, "curriculum/pathways.yaml", "The modules each role takes, in order."),
    "planned": (PlannedForm, "curriculum/planned.yaml", "What the map promises and nobody has written yet."),
    "roadmap": (
        RoadmapForm,
        "curriculum/roadmap.yaml",
        "The clauses of the roadmap paper, and what teaches them.",
    ),
    "glossary": (GlossaryForm, "curriculum/glossary.yaml", "Words, with one meaning for each discipline."),
    "contributors": (ContributorForm, "curriculum/contributors.yaml", "Who made and reviewed content."),
    "overlay": (
        OverlayForm,
        "overlays/modules/<id>/overlay.yaml",
        "A campus's own layer over an adopted module: language, law, words, pages.",
    ),
    "redirects": (RedirectForm, "site/redirects.yaml", "Where pages are that had another address."),
    "cohort": (
        CohortForm,
        "cohort.yaml, in a cohort's folder",
        "A group of learners, its modules and dates.",
    ),
}


def schema(name: str, *, site: str) -> dict[str, Any]:
    """The JSON Schema of one form; `site` is the address of the first page."""
    model, where, what = FORMS[name]
    body = model.model_json_schema()
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": f"{site}schemas/{name}.schema.json",
        "title": where,
        "description": what,
        **{key: value for key, value in body.items() if key not in ("title", "description")},
    }


def build(out: Path, *, site: str) -> list[Path]:
    """All schemas, written into `out`; gives their paths."""
    written = []
    for name in FORMS:
        path = out / f"{name}.schema.json"
        write_text(path, json.dumps(schema(name, site=site), indent=2, ensure_ascii=False) + "\n")
        written.append(path)
    return written


def fields(name: str) -> list[dict[str, Any]]:
    """The form's own fields, for the page that lists them: name, whether needed, what it takes."""
    body = FORMS[name][0].model_json_schema()
    needed = set(body.get("required", ()))
    return [
        {"name": key, "needed": key in needed, "takes": _takes(body, value)}
        for key, value in body.get("properties", {}).items()
    ]


def _takes(body: dict[str, Any], value: dict[str, Any]) -> str:
    """A field's type in words: text, number, list of ..., one of ..."""
    if "$ref" in value:
        name = value["$ref"].rsplit("/", 1)[-1]
        return _takes(body, body["$defs"][name])
    if "enum" in value:
        return "one of " + ", ".join(str(v) for v in value["enum"])
    if "const" in value:
        return str(value["const"])
    if "anyOf" in value:
        options = [_takes(body, v) for v in value["anyOf"] if v.get("type") != "null"]
        return " or ".join(dict.fromkeys(options)) + (
            " (or empty)" if len(options) < len(value["anyOf"]) else ""
        )
    match value.get("type"):
        case "array":
            return "list of " + _takes(body, value["items"]) if "items" in value else "list"
        case "object":
            inner = value.get("properties")
            if inner:
                return f"block: {', '.join(inner)}"
            each: dict[str, Any] | bool = value.get("additionalProperties") or next(
                iter(value.get("patternProperties", {}).values()), {}
            )
            return f"for each name, {_takes(body, each)}" if isinstance(each, dict) and each else "block"
        case "integer":
            return "whole number"
        case "number":
            return "number"
        case "boolean":
            return "true or false"
        case _:
            return {"date": "date (2026-11-24)"}.get(value.get("format", ""), "text")
