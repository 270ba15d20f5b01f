"""What machines read on a page: schema.org learning resources that follow the Bioschemas profile.

`TrainingMaterial` 1.0-RELEASE asks for name, description and keywords and recommends fourteen more
properties; https://bioschemas.org/profiles/TrainingMaterial/1.0-RELEASE lists them. `Course` 1.0-RELEASE
recommends thirteen; we have no ratings, and no dates: a cohort's are its institution's to publish, so a
pathway is a course without instances.
"""

import json
from typing import Any

from pmcampus.builders.portal_facts import Facts, Module, plain_hours
from pmcampus.model.curriculum import Pathway
from pmcampus.model.module import Lesson, ModuleForm

PROFILE = "https://bioschemas.org/profiles/TrainingMaterial/1.0-RELEASE"
COURSE_PROFILE = "https://bioschemas.org/profiles/Course/1.0-RELEASE"
ROADMAP = "https://doi.org/10.3390/jpm14060546"
ROADMAP_TITLE = "The Roadmap toward Personalized Medicine: Challenges and Opportunities"
CONTEXT = {"@vocab": "https://schema.org/", "dct": "http://purl.org/dc/terms/"}
LICENCES = {
    "CC-BY-4.0": "https://creativecommons.org/licenses/by/4.0/",
    "CC-BY-SA-4.0": "https://creativecommons.org/licenses/by-sa/4.0/",
    "CC0-1.0": "https://creativecommons.org/publicdomain/zero/1.0/",
}
TOOLS = ["Python", "Jupyter"]
LIFE = {
    "draft": "Under development",
    "pilot": "Under development",
    "stable": "Active",
    "retired": "Archived",
}


def training_material(facts: Facts, module: Module, site: str) -> dict[str, Any]:
    """A written module as TrainingMaterial; `site` is the address of the first page."""
    form = module.form
    assert form is not None
    url = f"{site}{module.url}"
    people = facts.tree.contributors.value.contributors
    needed_by = [r for r in facts.roles if facts.takes(r, module.id)[0] == "rq"]
    found: dict[str, Any] = {
        "@context": CONTEXT,
        "@type": "LearningResource",
        "@id": url,
        "dct:conformsTo": _conforms_to(PROFILE),
        "name": form.title,
        "description": form.summary,
        "keywords": ", ".join(form.keywords),
        "about": [_term(facts, site, c.id) for c in form.competencies],
        "abstract": " ".join(form.key_points),
        "audience": [
            {
                "@type": "EducationalAudience",
                "name": facts.roles[r].title,
                "educationalRole": facts.roles[r].title,
            }
            for r in needed_by
        ],
        "author": [_person(people[c].model_dump()) for c in form.contributors if c in people],
        "competencyRequired": [_term(facts, site, c.id) for c in form.prior_competencies]
        or "No prior competency is asked for.",
        "educationalLevel": form.level,
        "identifier": f"{form.code} {module.id} {form.version}",
        "inLanguage": form.language,
        "learningResourceType": ["e-learning module", "Jupyter notebook"],
        "license": LICENCES.get(form.licence, form.licence),
        "mentions": [{"@type": "Thing", "name": name} for name in _mentioned(module)],
        "teaches": [f"{o.verb[0].upper()}{o.verb[1:]} {o.text}" for o in form.outcomes],
        "timeRequired": f"PT{round(form.hours.total * 60)}M",
        "url": url,
        "version": form.version,
        "datePublished": facts.released[module.id].isoformat() if module.id in facts.released else "",
        "creativeWorkStatus": LIFE[form.status.value],
        "isAccessibleForFree": True,
        "accessibilitySummary": "Text, tables and figures with text alternatives; no sound, no video.",
        "hasPart": [
            {
                "@type": "LearningResource",
                "@id": f"{site}books/{module.id}/{lesson.id}/",
                "name": lesson.title,
                "description": lesson.summary,
                "timeRequired": f"PT{lesson.minutes}M",
                "url": f"{site}books/{module.id}/{lesson.id}/",
            }
            for lesson in form.lessons
            if module.folder and lesson.file in module.folder.lessons
        ],
    }
    return {key: value for key, value in found.items() if value not in ([], "", None)}


def lesson_resource(form: ModuleForm, lesson: Lesson, *, page: str, module: str) -> dict[str, Any]:
    """What completes a lesson's own description: its address, and the module it is part of."""
    return {
        "@context": CONTEXT,
        "@id": page,
        "url": page,
        "dct:conformsTo": _conforms_to(PROFILE),
        "keywords": ", ".join(form.keywords),
        "identifier": f"{form.code}.{lesson.number} {lesson.id} {form.version}",
        "license": LICENCES.get(form.licence, form.licence),
        "version": form.version,
        "isPartOf": {"@type": "LearningResource", "@id": module, "name": form.title, "url": module},
    }


def course(facts: Facts, slug: str, path: Pathway, site: str) -> dict[str, Any]:
    """A pathway as a Course; `site` is the address of the first page."""
    role = facts.roles[path.role]
    hours = facts.required_hours(path) + path.capstone_hours
    url = f"{site}pathways/{slug}/"
    targets = [code for code, level in facts.targets(path.role).items() if level.number > 1]
    modules = [facts.modules[step.module] for step in path.required]
    keywords = dict.fromkeys(k for m in modules if m.form for k in m.form.keywords)
    curriculum = facts.tree.curriculum.value
    found: dict[str, Any] = {
        "@context": CONTEXT,
        "@type": "Course",
        "@id": url,
        "dct:conformsTo": _conforms_to(COURSE_PROFILE),
        "url": url,
        "courseCode": path.code,
        "name": f"Personalised medicine for the team: {path.title}",
        "description": path.summary,
        "keywords": ", ".join(["personalised medicine", role.title.lower(), *keywords]),
        "abstract": f"{len(modules)} modules, about {plain_hours(hours)} hours, ending in a team case.",
        "about": [_term(facts, site, code) for code in targets],
        "citation": {"@type": "ScholarlyArticle", "@id": ROADMAP, "name": ROADMAP_TITLE, "url": ROADMAP},
        "coursePrerequisites": "None: it begins with the common core and asks for no programming.",
        "educationalLevel": "professional",
        "provider": {"@type": "Organization", "name": "PM Campus", "url": site},
        "audience": {
            "@type": "EducationalAudience",
            "name": role.title,
            "educationalRole": role.title,
        },
        "inLanguage": curriculum.language,
        "isAccessibleForFree": True,
        "license": LICENCES.get(curriculum.licence, curriculum.licence),
        "mentions": [{"@type": "Thing", "name": name} for name in _guidelines(modules)],
        "timeRequired": f"PT{round(hours * 60)}M",
        "teaches": [_term(facts, site, code)["name"] for code in targets],
        "hasPart": [
            {"@type": "CreativeWork", "@id": f"{site}{m.url}", "name": m.title, "url": f"{site}{m.url}"}
            for m in modules
        ],
    }
    return {key: value for key, value in found.items() if value not in ([], "", None)}


def as_script(data: dict[str, Any]) -> str:
    """JSON which cannot end the script element it stands in."""
    return json.dumps(data, ensure_ascii=False, indent=1).replace("<", "\\u003c")


def _conforms_to(profile: str) -> dict[str, str]:
    return {"@type": "CreativeWork", "@id": profile}


def _guidelines(modules: list[Module]) -> list[str]:
    """The guidelines that these modules follow, each once."""
    return list(dict.fromkeys(g.name for m in modules if m.form for g in m.form.clinical_review.guidelines))


def _term(facts: Facts, site: str, code: str) -> dict[str, Any]:
    known = facts.tree.competencies.value.competencies.get(code)
    return {
        "@type": "DefinedTerm",
        "termCode": code,
        "name": known.statement if known else code,
        "url": f"{site}competencies/#{code}",
        "inDefinedTermSet": f"{site}competencies/",
    }


def _person(contributor: dict[str, Any]) -> dict[str, Any]:
    """Someone with an ORCID is a person; anybody else may be a group."""
    if contributor["orcid"]:
        orcid = f"https://orcid.org/{contributor['orcid']}"
        return {"@type": "Person", "@id": orcid, "name": contributor["name"]}
    found = {"@type": "Organization", "name": contributor["name"]}
    return found | ({"url": contributor["url"]} if contributor["url"] else {})


def _mentioned(module: Module) -> list[str]:
    """Guidelines, data packages, and the tools that every lesson is made with."""
    form, folder = module.form, module.folder
    assert form is not None and folder is not None
    data = folder.sources.value if folder.sources else None
    packages = [f"{name} {p.version}" for name, p in sorted(data.packages.items())] if data else []
    return [f"{g.name} ({g.year})" for g in form.clinical_review.guidelines] + packages + TOOLS
