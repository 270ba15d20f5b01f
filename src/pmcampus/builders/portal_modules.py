"""Front matter of the catalogue and of each module's page, written or planned."""

import re

from pmcampus.builders.portal_downloads import archive_name
from pmcampus.builders.portal_facts import Facts, Module, plain_hours, plain_list
from pmcampus.builders.portal_links import Meta, case_link, competency_link, module_link
from pmcampus.builders.portal_roadmap import clauses_of
from pmcampus.builders.structured_data import as_script, training_material
from pmcampus.model.assessment import Item
from pmcampus.model.curriculum import AREA_NAMES
from pmcampus.model.module import ModuleForm, Part
from pmcampus.pages import plain_date

MARKED = {"automatically": "marked automatically", "by-rubric": "marked by rubric"}


def catalogue(facts: Facts) -> Meta:
    """All modules, with what the filters need."""
    return {
        "template": "catalogue.html",
        "title": "Modules",
        "section": "modules",
        "cards": [card(facts, module) for module in facts.modules.values()],
        "roles": [facts.role_link(slug) for slug in facts.roles],
    }


def card(facts: Facts, module: Module) -> Meta:
    """A module in the catalogue."""
    seats = {slug: facts.takes(slug, module.id)[0] for slug in facts.roles}
    required = [slug for slug, state in seats.items() if state == "rq"]
    elective = [slug for slug, state in seats.items() if state == "el"]
    said = [
        f"{words} {plain_list([facts.roles[s].short.lower() for s in slugs])}."
        for words, slugs in (("Required for", required), ("Elective for", elective))
        if slugs
    ]
    return {
        "code": module.code,
        "area": module.area,
        "title": module.title,
        "summary": module.summary,
        "url": module.url,
        "hours": plain_hours(module.hours.total),
        "lessons": module.lessons,
        "depth": module.depth,
        "status": module.status,
        "required_for": required,
        "seats": [{"icon": role.icon, "state": seats[slug]} for slug, role in facts.seats.items()],
        "seats_said": " ".join(said) or "On no pathway.",
    }


def module_page(facts: Facts, module: Module, *, site: str) -> Meta:
    """One module, written or planned."""
    roles: dict[str, list[Meta]] = {"rq": [], "el": [], "no": []}
    for slug in facts.roles:
        state, step = facts.takes(slug, module.id)
        roles[state].append(facts.role_link(slug, part=step.part if step else None))
    page: Meta = {
        "template": "module.html",
        "title": module.title,
        "description": module.summary,
        "area": module.area,
        "section": "modules",
        "crumbs": [
            ["Modules", "modules/"],
            [AREA_NAMES[module.area], f"modules/?a={module.area}"],
            [module.code, ""],
        ],
        "code": module.code,
        "id": module.id,
        "depth": module.depth,
        "status": module.status,
        "summary": module.summary,
        "hours": {
            k: plain_hours(getattr(module.hours, k)) for k in ("total", "teaching", "exercise", "assessment")
        },
        "lessons_count": module.lessons,
        "required": roles["rq"],
        "elective": roles["el"],
        "competencies": [competency_link(facts, c) for c in module.competencies],
        "before": [module_link(facts.modules[p]) for p in module.prerequisites if p in facts.modules],
        "clauses": [{"id": c.slug, "text": c.clause.text} for c in clauses_of(facts, module)],
        "cases": [case_link(case) for case in facts.cases if module.id in case["modules"]],
    }
    return page | (_written(facts, module, site=site) if module.form else _planned(module))


def changelog(module: Module) -> str:
    """The module's changelog as Markdown, its headings two steps down: the page has its own."""
    if module.folder is None or "CHANGELOG.md" not in module.folder.pages:
        return ""
    text = re.sub(r"\A\s*# .*\n", "", module.folder.pages["CHANGELOG.md"].text)
    return re.sub(r"^(#+) ", r"#\1 ", text, flags=re.MULTILINE)


def _written(facts: Facts, module: Module, *, site: str) -> Meta:
    form, folder = module.form, module.folder
    assert form is not None and folder is not None
    assessment = facts.assessment_of(module)
    number = {lesson.id: lesson for lesson in form.lessons}
    people = facts.tree.contributors.value.contributors
    review = form.clinical_review
    titles = {item.cell: item.title for item in assessment.items} if assessment else {}
    outcomes = []
    for place, outcome in enumerate(form.outcomes, start=1):
        items = [i for i in assessment.items if i.outcome == place] if assessment else []
        outcomes.append(
            {
                "verb": outcome.verb,
                "text": outcome.text,
                "bloom": outcome.bloom.value,
                "practised": [
                    {
                        "code": f"{form.code}.{number[i].number}",
                        "title": number[i].title,
                        "url": f"books/{module.id}/{i}/" if number[i].file in folder.lessons else "",
                    }
                    for i in outcome.practised_in
                    if i in number
                ],
                "shown": _shown(items),
                "evidence": competency_link(facts, outcome.evidence_for),
            }
        )
    return {
        "outcomes": outcomes,
        "lessons": [
            {
                "code": f"{form.code}.{lesson.number}",
                "title": lesson.title,
                "summary": lesson.summary,
                "data": lesson.data,
                "minutes": lesson.minutes,
                "url": f"books/{module.id}/{lesson.id}/" if lesson.file in folder.lessons else "",
            }
            for lesson in form.lessons
        ],
        "parts": [_part(form, name, part) for name, part in form.parts.items()],
        "lessons_written": module.lessons_written,
        "version": form.version,
        "licence": form.licence,
        "keywords": list(form.keywords),
        "key_points": list(form.key_points),
        "jurisdiction": form.jurisdiction,
        "environment": list(form.environment),
        "prior": [competency_link(facts, c) for c in form.prior_competencies],
        "facts_as_of": plain_date(form.facts_valid_as_of),
        "review": {
            "by": people[review.reviewed_by].name if review.reviewed_by in people else review.reviewed_by,
            "on": plain_date(review.reviewed_on) if review.reviewed_on else None,
            "next": plain_date(review.next_review),
            "overdue": facts.today > review.next_review,
            "guidelines": [
                g.name if str(g.year) in g.name else f"{g.name} ({g.year})" for g in review.guidelines
            ],
        },
        "assessment": {
            "id": form.assessment,
            "title": assessment.title,
            "kind": assessment.kind,
            "guided": assessment.minutes.guided,
            "build": assessment.minutes.build,
            "attempts": assessment.attempts,
            "passing": plain_hours(assessment.passing_score),
            "item_count": len(assessment.items),
            "by_rubric": sum(i.marked == "by-rubric" for i in assessment.items),
            "hurdles": [
                {"title": titles[h.cell], "at_least": plain_hours(h.at_least), "because": h.because}
                for h in assessment.hurdles
                if h.cell in titles
            ],
        }
        if assessment
        else None,
        "contributors": [people[c].name if c in people else c for c in form.contributors],
        "download": f"downloads/{archive_name(folder)}",
        "jsonld": as_script(training_material(facts, module, site)),
    }


def _part(form: ModuleForm, name: str, part: Part) -> Meta:
    """A marked subset of the module: what to read, and how much of it is left out."""
    lessons = {lesson.id: lesson for lesson in form.lessons}
    return {
        "name": name,
        "summary": part.summary,
        "hours": plain_hours(part.hours),
        "lessons": [
            {
                "code": f"{form.code}.{lessons[taken.lesson].number}",
                "title": lessons[taken.lesson].title,
                "minutes": taken.minutes,
                "left_out": len(taken.leave_out),
            }
            for taken in part.lessons
            if taken.lesson in lessons
        ],
    }


def _planned(module: Module) -> Meta:
    form = module.planned
    assert form is not None
    return {
        "outcomes": [{"text": o.text, "bloom": o.bloom.value} for o in form.outcomes],
        "lessons": [
            {
                "code": f"{form.code}.{n}",
                "title": lesson.title,
                "summary": lesson.activity,
                "data": lesson.data,
                "url": "",
            }
            for n, lesson in enumerate(form.lessons, start=1)
        ],
        "graded": form.graded,
    }


def _shown(items: list[Item]) -> list[Meta]:
    """The items of an outcome, those that are marked alike together."""
    return [
        {"titles": [item.title for item in items if item.marked == marked], "marked": words}
        for marked, words in MARKED.items()
        if any(item.marked == marked for item in items)
    ]
