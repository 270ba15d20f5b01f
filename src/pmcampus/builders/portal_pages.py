"""The portal's generated pages: front matter computed from the content, one function per kind.

A page is a path below the source folder, its front matter and its Markdown. An authored page at
the same path keeps its words; what is computed here joins its front matter.
"""

from collections.abc import Iterator

from pmcampus.builders import schemas
from pmcampus.builders.portal_facts import AREAS, DISCIPLINES, Facts, Module, plain_hours
from pmcampus.builders.portal_links import Meta, module_link
from pmcampus.builders.portal_modules import catalogue, changelog, module_page
from pmcampus.builders.portal_paths import pathway_page, pathways
from pmcampus.builders.portal_roadmap import as_rows, coverage
from pmcampus.model.curriculum import AREA_NAMES


def generated(facts: Facts, *, site: str) -> Iterator[tuple[str, Meta, str]]:
    """Every generated page: path, front matter, Markdown."""
    yield "index.md", home(facts), ""
    yield "modules/index.md", catalogue(facts) | {"totals": totals(facts)}, ""
    for module in facts.modules.values():
        yield f"modules/{module.id}.md", module_page(facts, module, site=site), changelog(module)
    yield "books/index.md", books(facts), ""
    yield "pathways/index.md", pathways(facts) | {"totals": totals(facts)}, ""
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
        "modules_written": sum(m.is_whole for m in facts.written),
        "modules_begun": sum(not m.is_whole for m in facts.written),
        "lessons": sum(m.lessons for m in modules),
        "lessons_written": sum(m.lessons_written for m in modules),
        "competencies": len(facts.tree.competencies.value.competencies),
        "pathways": len(facts.pathways),
        "roles": len(facts.seats),
        "cases": len(facts.cases),
        "cases_written": sum(case["status"] != "planned" for case in facts.cases),
        "clauses": len(covered),
        "clauses_begun": sum(c.state in ("begun", "written") for c in covered),
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
            "written": sum(m.is_whole for m in own),
        }
        for area in AREA_NAMES
        for own in [[m for m in facts.modules.values() if m.area == area]]
    ]
    first = next(
        (
            (m, lesson)
            for m in facts.written
            if m.form and m.folder
            for lesson in m.form.lessons
            if lesson.file in m.folder.lessons
        ),
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
        "first_written": {"url": facts.written[0].url, "title": facts.written[0].title}
        if facts.written
        else None,
        "first_lesson": {
            "url": f"books/{first[0].id}/{first[1].id}/",
            "title": first[1].title,
        }
        if first
        else None,
        "word": _term(word, facts) if word else None,
        "facilitators": facilitators["clauses"] if facilitators else [],
    }


def books(facts: Facts) -> Meta:
    """The shelf: modules whose lessons can be read today."""
    return {
        "template": "books.html",
        "title": "Lessons to read",
        "section": "modules",
        "crumbs": [["Modules", "modules/"], ["Lessons to read", ""]],
        "totals": totals(facts),
        "modules": [
            module_link(module)
            | {"url": f"books/{module.id}/", "summary": module.summary}
            | {"lessons": module.lessons, "lessons_written": module.lessons_written}
            for module in facts.written
            if module.lessons_written
        ],
    }


def competencies(facts: Facts) -> Meta:
    """Competencies by role, and each with its levels and modules."""
    form = facts.tree.competencies.value
    columns = {slug: role for slug, role in facts.seats.items() if role.targets}
    groups = []
    for area in AREA_NAMES:
        rows = [
            {
                "code": code,
                "statement": c.statement,
                "aware": c.aware,
                "apply": c.apply,
                "lead": c.lead,
                "targets": [
                    role.targets[code].number if code in role.targets else 0 for role in columns.values()
                ],
                "taught": [module_link(m) for m in facts.taught_in[code]],
                "assessed": [module_link(m) for m in facts.assessed_in.get(code, ())],
                "sources": [form.sources[s].title if s in form.sources else s for s in c.sources],
            }
            for code, c in form.competencies.items()
            if code[0] == area
        ]
        groups.append({"area": area, "rows": rows})
    return {
        "template": "competencies.html",
        "title": "Competencies",
        "section": "competencies",
        "totals": totals(facts),
        "groups": groups,
        "version": form.version,
        "columns": [{**facts.role_link(slug), "code": facts.pathway_of(slug)[1].code} for slug in columns],
    }


def roadmap(facts: Facts) -> Meta:
    """Coverage of the roadmap paper."""
    return {
        "template": "roadmap.html",
        "title": "How the curriculum follows the roadmap",
        "section": "roadmap",
        "totals": totals(facts),
        "sections": as_rows(facts),
    }


def cases(facts: Facts) -> Meta:
    """All team cases."""
    return {
        "template": "cases.html",
        "title": "Team cases",
        "section": "cases",
        "totals": totals(facts),
        "cases": [_case(facts, case) for case in facts.cases],
    }


def case_page(facts: Facts, case: Meta) -> Meta:
    """One team case, written or planned."""
    return {
        "template": "case.html",
        "title": case["title"],
        "description": case["summary"],
        "section": "cases",
        "area": "T",
        "crumbs": [["Team cases", "cases/"], [case["code"], ""]],
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
        "template": "glossary.html",
        "title": "Glossary",
        "section": "glossary",
        "terms": [_term(slug, facts) for slug in ordered],
        "letters": sorted({_letter(terms[slug].term) for slug in ordered}),
    }


def search(facts: Facts) -> Meta:
    """The search page, with every lesson for readers without JavaScript."""

    def of(module: Module) -> list[Meta]:
        if module.form and module.folder:
            return [
                {
                    "code": f"{module.code}.{lesson.number}",
                    "title": lesson.title,
                    "url": f"books/{module.id}/{lesson.id}/" if lesson.file in module.folder.lessons else "",
                }
                for lesson in module.form.lessons
            ]
        lessons = module.planned.lessons if module.planned else ()
        return [{"code": f"{module.code}.{n}", "title": p.title, "url": ""} for n, p in enumerate(lessons, 1)]

    return {
        "template": "search.html",
        "title": "Search",
        "section": "search",
        "totals": totals(facts),
        "areas": [
            {
                "area": area,
                "lessons": [
                    {**lesson, "url": lesson["url"] or module.url, "written": bool(lesson["url"])}
                    for module in facts.modules.values()
                    if module.area == area
                    for lesson in of(module)
                ],
            }
            for area in AREAS
        ],
    }


def forms() -> Meta:
    """Every form, with its fields and its schema."""
    return {
        "template": "schemas.html",
        "title": "Forms",
        "section": "guides",
        "crumbs": [["Guides", "guides/"], ["Forms", ""]],
        "forms": [
            {
                "name": name,
                "where": where,
                "what": what,
                "url": f"schemas/{name}.schema.json",
                "fields": schemas.fields(name),
            }
            for name, (_, where, what) in schemas.FORMS.items()
        ],
    }


def _case(facts: Facts, case: Meta) -> Meta:
    modules = [module_link(facts.modules[m]) for m in case["modules"] if m in facts.modules]
    return {**case, "modules": modules, "url": f"cases/{case['id']}/"}


def _term(slug: str, facts: Facts) -> Meta:
    term = facts.tree.glossary.value.terms[slug]
    return {
        "id": f"term-{slug}",
        "term": term.term,
        "plain": term.plain,
        "letter": _letter(term.term),
        "means": [[DISCIPLINES[who], says] for who, says in term.means.items()],
    }


def _letter(word: str) -> str:
    return word[0].upper() if word[0].isascii() and word[0].isalpha() else "#"
