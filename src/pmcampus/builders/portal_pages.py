"""The portal's generated pages: front matter computed from the content, one function per kind.

A page is a path below the source folder, its front matter and its Markdown. An authored page at
the same path keeps its words; what is computed here joins its front matter.
"""

import re
from collections.abc import Iterator
from typing import Any

from pmcampus.builders import schemas
from pmcampus.builders.portal_downloads import archive_name
from pmcampus.builders.portal_facts import (
    AREAS,
    Facts,
    Module,
    plain_date,
    plain_hours,
    plain_list,
)
from pmcampus.builders.portal_roadmap import as_rows, clauses_of, coverage
from pmcampus.builders.structured_data import as_script, course, training_material
from pmcampus.model.common import CompetencyAt, Level
from pmcampus.model.curriculum import AREA_NAMES

Meta = dict[str, Any]
DISCIPLINES = {
    "clinic": "In the clinic", "laboratory": "In the laboratory", "genomics": "In genomics",
    "data": "In data science", "ethics": "In ethics", "law": "In law", "policy": "In policy",
    "patients": "For patients",
}
MARKED = {"automatically": "marked automatically", "by-rubric": "marked by rubric"}


def generated(facts: Facts, *, site: str) -> Iterator[tuple[str, Meta, str]]:
    """Every generated page: path, front matter, Markdown."""
    yield "index.md", home(facts), ""
    yield "modules/index.md", catalogue(facts), ""
    for module in facts.modules.values():
        yield f"modules/{module.id}.md", module_page(facts, module, site=site), changelog(module)
    yield "pathways/index.md", pathways(facts), ""
    for slug in facts.pathways:
        yield f"pathways/{slug}.md", pathway_page(facts, slug, site=site), ""
    yield "competencies.md", competencies(facts), ""
    yield "roadmap.md", roadmap(facts), ""
    yield "cases/index.md", cases(facts), ""
    for case in facts.cases:
        yield f"cases/{case['id']}.md", case_page(facts, case), ""
    yield "glossary.md", glossary(facts), ""
    yield "search.md", search(facts), ""
    yield "schemas/index.md", forms(), ""


def totals(facts: Facts) -> Meta:
    """The numbers that several pages tell."""
    modules = facts.modules.values()
    covered = coverage(facts)
    return {
        "modules": len(facts.modules),
        "hours": plain_hours(sum(m.hours.total for m in modules)),
        "modules_written": len(facts.written),
        "lessons": sum(m.lessons for m in modules),
        "lessons_written": sum(m.lessons_written for m in modules),
        "competencies": len(facts.tree.competencies.value.competencies),
        "pathways": len(facts.pathways),
        "roles": len(facts.seats),
        "cases": len(facts.cases),
        "cases_written": sum(case["status"] != "planned" for case in facts.cases),
        "clauses": len(covered),
        "clauses_begun": sum(c.state == "begun" for c in covered),
        "clauses_covered": sum(c.state == "covered" for c in covered),
        "reviewed": sum(bool(m.form and m.form.clinical_review.reviewed_by) for m in facts.written),
        "shortest": min((m.hours.total for m in modules), default=0),
        "longest": max((m.hours.total for m in modules), default=0),
    }


def home(facts: Facts) -> Meta:
    """The first page."""
    lengths = [facts.required_hours(p) + p.capstone_hours for p in facts.pathways.values()]
    areas = [
        {
            "area": area,
            "modules": len(own),
            "hours": plain_hours(sum(m.hours.total for m in own)),
            "written": sum(m.folder is not None for m in own),
        }
        for area in "GDERT"
        for own in [[m for m in facts.modules.values() if m.area == area]]
    ]
    first = next(
        ((m, lesson) for m in facts.written if m.form and m.folder
         for lesson in m.form.lessons if lesson.file in m.folder.lessons),
        None,
    )
    terms = facts.tree.glossary.value.terms
    word = max(terms, key=lambda slug: len(terms[slug].means), default=None)
    facilitators = next((s for s in as_rows(facts) if "facilitator" in s["title"].lower()), None)
    return {
        "template": "home.html",
        "totals": totals(facts),
        "shortest_path": plain_hours(min(lengths, default=0)),
        "longest_path": plain_hours(max(lengths, default=0)),
        "roles": [facts.role_link(slug) for slug in facts.seats],
        "areas": areas,
        "first_written": {"url": facts.written[0].url, "title": facts.written[0].title} if facts.written else None,
        "first_lesson": {
            "url": f"books/{first[0].id}/{first[1].id}/", "title": first[1].title,
        } if first else None,
        "word": _term(word, facts) if word else None,
        "facilitators": facilitators["clauses"] if facilitators else [],
    }


def catalogue(facts: Facts) -> Meta:
    """All modules, with what the filters need."""
    return {
        "template": "catalogue.html", "title": "Modules", "section": "modules",
        "totals": totals(facts),
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
        "code": module.code, "area": module.area, "title": module.title, "summary": module.summary,
        "url": module.url, "hours": plain_hours(module.hours.total), "lessons": module.lessons,
        "depth": module.depth, "status": module.status, "required_for": required,
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
        "template": "module.html", "title": module.title, "description": module.summary,
        "area": module.area, "section": "modules",
        "crumbs": [["Modules", "modules/"], [AREA_NAMES[module.area], f"modules/?a={module.area}"], [module.code, ""]],
        "code": module.code, "id": module.id, "depth": module.depth, "status": module.status,
        "summary": module.summary,
        "hours": {k: plain_hours(getattr(module.hours, k)) for k in ("total", "teaching", "exercise", "assessment")},
        "lessons_count": module.lessons,
        "required": roles["rq"], "elective": roles["el"],
        "competencies": [_competency(facts, c) for c in module.competencies],
        "before": [_link(facts.modules[p]) for p in module.prerequisites if p in facts.modules],
        "clauses": [{"id": c.slug, "text": c.clause.text} for c in clauses_of(facts, module)],
        "cases": [_case_link(case) for case in facts.cases if module.id in case["modules"]],
    }
    return page | (_written(facts, module, site=site) if module.form else _planned(module))


def changelog(module: Module) -> str:
    """The module's changelog as Markdown, its headings two steps down: the page has its own."""
    if module.folder is None or "CHANGELOG.md" not in module.folder.pages:
        return ""
    text = re.sub(r"\A\s*# .*\n", "", module.folder.pages["CHANGELOG.md"].text)
    return re.sub(r"^(#+) ", r"#\1 ", text, flags=re.MULTILINE)


def pathways(facts: Facts) -> Meta:
    """All pathways side by side."""
    return {
        "template": "pathways.html", "title": "Pathways", "section": "pathways",
        "totals": totals(facts),
        "core": [_link(facts.modules[m]) for m in facts.tree.pathways.value.core if m in facts.modules],
        "paths": [
            {
                **facts.role_link(path.role), "code": path.code, "title": path.title, "summary": path.summary,
                "hours": plain_hours(facts.required_hours(path)), "case": plain_hours(path.capstone_hours),
                "required": [_link(facts.modules[s.module]) for s in path.required],
                "written": sum(facts.modules[s.module].folder is not None for s in path.required),
            }
            for path in facts.pathways.values()
        ],
    }


def pathway_page(facts: Facts, slug: str, *, site: str) -> Meta:
    """One pathway: the common core, the role's own part, the case."""
    path = facts.pathways[slug]
    role = facts.roles[path.role]
    hours = facts.required_hours(path)
    lead = [code for code, level in _targets(facts, path.role).items() if level is Level.LEAD]
    apply = [code for code, level in _targets(facts, path.role).items() if level is Level.APPLY]
    cases = {case["code"]: case for case in facts.cases}
    return {
        "template": "pathway.html", "title": path.title, "description": path.summary, "section": "pathways",
        "crumbs": [["Pathways", "pathways/"], [path.code, ""]],
        "code": path.code, "summary": path.summary, "role": facts.role_link(path.role),
        "role_summary": role.summary,
        "others": [facts.role_link(other) for other in facts.roles],
        "stages": _stages(facts, slug),
        "hours": plain_hours(hours), "case_hours": plain_hours(path.capstone_hours),
        "all_hours": plain_hours(hours + path.capstone_hours),
        "ects": f"{(hours + path.capstone_hours) / 27.5:.1f}",
        "required_count": len(path.required),
        "written_count": sum(facts.modules[s.module].folder is not None for s in path.required),
        "lead": [_competency(facts, CompetencyAt(id=c, level=Level.LEAD)) for c in lead],
        "apply": [_competency(facts, CompetencyAt(id=c, level=Level.APPLY)) for c in apply],
        "elective": [_link(facts.modules[s.module]) | {"part": s.part or ""} for s in path.elective],
        "capstone": [_case_link(cases[c]) for c in path.capstone if c in cases],
        "variant_of": facts.role_link(role.variant_of) if role.variant_of in facts.roles else None,
        "jsonld": as_script(course(facts, slug, path, site)),
    }


def competencies(facts: Facts) -> Meta:
    """Competencies by role, and each with its levels and modules."""
    form = facts.tree.competencies.value
    columns = {slug: role for slug, role in facts.seats.items() if role.targets}
    groups = []
    for area in "GDERT":
        rows = [
            {
                "code": code, "statement": c.statement, "aware": c.aware, "apply": c.apply, "lead": c.lead,
                "targets": [role.targets[code].number if code in role.targets else 0 for role in columns.values()],
                "taught": [_link(m) for m in facts.taught_in[code]],
                "assessed": [_link(m) for m in facts.assessed_in.get(code, ())],
                "sources": [form.sources[s].title if s in form.sources else s for s in c.sources],
            }
            for code, c in form.competencies.items()
            if code[0] == area
        ]
        groups.append({"area": area, "rows": rows})
    return {
        "template": "competencies.html", "title": "Competencies", "section": "competencies",
        "totals": totals(facts), "groups": groups, "version": form.version,
        "columns": [
            {**facts.role_link(slug), "code": facts.pathway_of(slug)[1].code} for slug in columns
        ],
    }


def roadmap(facts: Facts) -> Meta:
    """Coverage of the roadmap paper."""
    return {
        "template": "roadmap.html", "title": "How the curriculum follows the roadmap", "section": "roadmap",
        "totals": totals(facts), "sections": as_rows(facts),
    }


def cases(facts: Facts) -> Meta:
    """All team cases."""
    return {
        "template": "cases.html", "title": "Team cases", "section": "cases", "totals": totals(facts),
        "cases": [_case(facts, case) for case in facts.cases],
    }


def case_page(facts: Facts, case: Meta) -> Meta:
    """One team case, written or planned."""
    return {
        "template": "case.html", "title": case["title"], "description": case["summary"], "section": "cases",
        "area": "T", "crumbs": [["Team cases", "cases/"], [case["code"], ""]],
        "case": _case(facts, case),
        "paths": [
            facts.role_link(path.role) for path in facts.pathways.values() if case["code"] in path.capstone
        ],
        "clauses": [
            {"id": c.slug, "text": c.clause.text} for c in coverage(facts) if case["id"] in c.clause.cases
        ],
    }


def glossary(facts: Facts) -> Meta:
    """Every word, in alphabetical order."""
    terms = facts.tree.glossary.value.terms
    ordered = sorted(terms, key=lambda slug: (terms[slug].term.casefold(), slug))
    return {
        "template": "glossary.html", "title": "Glossary", "section": "glossary",
        "terms": [_term(slug, facts) for slug in ordered],
        "letters": sorted({_letter(terms[slug].term) for slug in ordered}),
    }


def search(facts: Facts) -> Meta:
    """The search page, with every lesson for readers without JavaScript."""
    def of(module: Module) -> list[Meta]:
        if module.form and module.folder:
            return [
                {
                    "code": f"{module.code}.{lesson.number}", "title": lesson.title,
                    "url": f"books/{module.id}/{lesson.id}/" if lesson.file in module.folder.lessons else "",
                }
                for lesson in module.form.lessons
            ]
        lessons = module.planned.lessons if module.planned else ()
        return [{"code": f"{module.code}.{n}", "title": p.title, "url": ""} for n, p in enumerate(lessons, 1)]

    return {
        "template": "search.html", "title": "Search", "section": "search", "totals": totals(facts),
        "areas": [
            {"area": area, "lessons": [
                {**lesson, "url": lesson["url"] or module.url, "written": bool(lesson["url"])}
                for module in facts.modules.values() if module.area == area for lesson in of(module)
            ]}
            for area in AREAS
        ],
    }


def forms() -> Meta:
    """Every form, with its fields and its schema."""
    return {
        "template": "schemas.html", "title": "Forms", "section": "guides",
        "crumbs": [["Guides", "guides/"], ["Forms", ""]],
        "forms": [
            {"name": name, "where": where, "what": what, "url": f"schemas/{name}.schema.json",
             "fields": schemas.fields(name)}
            for name, (_, where, what) in schemas.FORMS.items()
        ],
    }


def _written(facts: Facts, module: Module, *, site: str) -> Meta:
    form, folder = module.form, module.folder
    assert form is not None and folder is not None
    assessment = facts.assessment_of(module)
    number = {lesson.id: lesson for lesson in form.lessons}
    people = facts.tree.contributors.value.contributors
    review = form.clinical_review
    outcomes = []
    for place, outcome in enumerate(form.outcomes, start=1):
        items = [i for i in assessment.items if i.outcome == place] if assessment else []
        outcomes.append({
            "verb": outcome.verb, "text": outcome.text, "bloom": outcome.bloom.value,
            "practised": [
                {"code": f"{form.code}.{number[i].number}", "title": number[i].title,
                 "url": f"books/{module.id}/{i}/" if number[i].file in folder.lessons else ""}
                for i in outcome.practised_in if i in number
            ],
            "shown": [{"title": i.title, "marked": MARKED[i.marked]} for i in items],
            "evidence": _competency(facts, outcome.evidence_for),
        })
    return {
        "outcomes": outcomes,
        "lessons": [
            {
                "code": f"{form.code}.{lesson.number}", "title": lesson.title, "summary": lesson.summary,
                "data": lesson.data, "minutes": lesson.minutes,
                "url": f"books/{module.id}/{lesson.id}/" if lesson.file in folder.lessons else "",
            }
            for lesson in form.lessons
        ],
        "lessons_written": module.lessons_written,
        "version": form.version, "licence": form.licence, "keywords": list(form.keywords),
        "key_points": list(form.key_points), "jurisdiction": form.jurisdiction,
        "environment": list(form.environment),
        "prior": [_competency(facts, c) for c in form.prior_competencies],
        "facts_as_of": plain_date(form.facts_valid_as_of),
        "review": {
            "by": people[review.reviewed_by].name if review.reviewed_by in people else review.reviewed_by,
            "on": plain_date(review.reviewed_on) if review.reviewed_on else None,
            "next": plain_date(review.next_review), "overdue": facts.today > review.next_review,
            "guidelines": [f"{g.name} ({g.year})" for g in review.guidelines],
        },
        "assessment": {
            "id": form.assessment, "title": assessment.title, "kind": assessment.kind,
            "guided": assessment.minutes.guided, "build": assessment.minutes.build,
            "attempts": assessment.attempts, "passing": plain_hours(assessment.passing_score),
            "items": len(assessment.items),
            "by_rubric": sum(i.marked == "by-rubric" for i in assessment.items),
            "hurdles": [h.because for h in assessment.hurdles],
        } if assessment else None,
        "contributors": [people[c].name if c in people else c for c in form.contributors],
        "download": f"downloads/{archive_name(folder)}",
        "jsonld": as_script(training_material(facts, module, site)),
    }


def _planned(module: Module) -> Meta:
    form = module.planned
    assert form is not None
    return {
        "outcomes": [{"text": o.text, "bloom": o.bloom.value} for o in form.outcomes],
        "lessons": [
            {"code": f"{form.code}.{n}", "title": lesson.title, "summary": lesson.activity, "data": lesson.data, "url": ""}
            for n, lesson in enumerate(form.lessons, start=1)
        ],
        "graded": form.graded,
    }


def _stages(facts: Facts, slug: str) -> list[Meta]:
    """The core first, then the role's own modules; neighbours of one area make a stage."""
    path, core = facts.pathways[slug], facts.tree.pathways.value.core
    together = [s for s in path.required if s.module in core]
    own = [s for s in path.required if s.module not in core]
    runs: list[list[Any]] = []
    for step in own:
        if runs and facts.modules[runs[-1][-1].module].area == facts.modules[step.module].area:
            runs[-1].append(step)
        else:
            runs.append([step])
    if len(runs) > 5:
        runs = [own]
    named = [("Together: the common core", "With your whole team", together)]
    for run in runs:
        areas = list(dict.fromkeys(facts.modules[s.module].area for s in run))
        title = AREA_NAMES[areas[0]] if len(areas) == 1 else "For your role"
        named.append((title, "For your role" if len(areas) == 1 else "In this order", run))
    stages, number = [], 1
    for title, said, steps in named:
        if steps:
            hours = plain_hours(sum(facts.step_hours(s) for s in steps))
            rows = [
                _link(facts.modules[s.module])
                | {"hours": plain_hours(facts.step_hours(s)), "part": s.part or "",
                   "summary": facts.modules[s.module].summary}
                for s in steps
            ]
            stages.append({"title": title, "said": f"{said}, {hours} h", "start": number, "steps": rows})
            number += len(steps)
    return stages


def _targets(facts: Facts, role: str) -> dict[str, Level]:
    """The role's own targets, or those of the role it varies."""
    form = facts.roles[role]
    if not form.targets and form.variant_of in facts.tree.roles.value.roles:
        return dict(facts.tree.roles.value.roles[form.variant_of].targets)
    return dict(form.targets)


def _competency(facts: Facts, held: CompetencyAt) -> Meta:
    known = facts.tree.competencies.value.competencies.get(held.id)
    return {
        "code": held.id, "level": held.level.number, "word": held.level.value,
        "statement": known.statement if known else "",
    }


def _link(module: Module) -> Meta:
    return {
        "code": module.code, "title": module.title, "url": module.url, "area": module.area,
        "status": module.status, "hours": plain_hours(module.hours.total),
    }


def _case_link(case: Meta) -> Meta:
    return {k: case[k] for k in ("code", "title", "summary", "status")} | {"url": f"cases/{case['id']}/"}


def _case(facts: Facts, case: Meta) -> Meta:
    modules = [_link(facts.modules[m]) for m in case["modules"] if m in facts.modules]
    return {**case, "modules": modules, "url": f"cases/{case['id']}/"}


def _term(slug: str, facts: Facts) -> Meta:
    term = facts.tree.glossary.value.terms[slug]
    return {
        "id": f"term-{slug}", "term": term.term, "plain": term.plain, "letter": _letter(term.term),
        "means": [[DISCIPLINES[who], says] for who, says in term.means.items()],
    }


def _letter(word: str) -> str:
    return word[0].upper() if word[0].isascii() and word[0].isalpha() else "#"
