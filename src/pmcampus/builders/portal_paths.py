"""Front matter of the pathways: all of them, and each with its stages."""

from typing import Any

from pmcampus.builders.portal_facts import Facts, plain_hours
from pmcampus.builders.portal_links import Meta, case_link, competency_link, module_link
from pmcampus.builders.structured_data import as_script, course
from pmcampus.model.common import CompetencyAt, Level
from pmcampus.model.curriculum import AREA_NAMES


def pathways(facts: Facts) -> Meta:
    """All pathways side by side."""
    return {
        "template": "pathways.html",
        "title": "Pathways",
        "section": "pathways",
        "core": [module_link(facts.modules[m]) for m in facts.tree.pathways.value.core if m in facts.modules],
        "paths": [
            {
                **facts.role_link(path.role),
                "code": path.code,
                "title": path.title,
                "summary": path.summary,
                "hours": plain_hours(facts.required_hours(path)),
                "case": plain_hours(path.capstone_hours),
                "required": [module_link(facts.modules[s.module]) for s in path.required],
                "written": sum(facts.modules[s.module].is_whole for s in path.required),
            }
            for path in facts.pathways.values()
        ],
    }


def pathway_page(facts: Facts, slug: str, *, site: str) -> Meta:
    """One pathway: the common core, the role's own part, the case."""
    path = facts.pathways[slug]
    role = facts.roles[path.role]
    hours = facts.required_hours(path)
    lead = [code for code, level in facts.targets(path.role).items() if level is Level.LEAD]
    apply = [code for code, level in facts.targets(path.role).items() if level is Level.APPLY]
    cases = {case["code"]: case for case in facts.cases}
    return {
        "template": "pathway.html",
        "title": path.title,
        "description": path.summary,
        "section": "pathways",
        "crumbs": [["Pathways", "pathways/"], [path.code, ""]],
        "code": path.code,
        "summary": path.summary,
        "role": facts.role_link(path.role),
        "role_summary": role.summary,
        "others": [facts.role_link(other) for other in facts.roles],
        "stages": _stages(facts, slug),
        "hours": plain_hours(hours),
        "case_hours": plain_hours(path.capstone_hours),
        "all_hours": plain_hours(hours + path.capstone_hours),
        "ects": f"{(hours + path.capstone_hours) / 27.5:.1f}",
        "required_count": len(path.required),
        "written_count": sum(facts.modules[s.module].is_whole for s in path.required),
        "lead": [competency_link(facts, CompetencyAt(id=c, level=Level.LEAD)) for c in lead],
        "apply": [competency_link(facts, CompetencyAt(id=c, level=Level.APPLY)) for c in apply],
        "elective": [module_link(facts.modules[s.module]) | {"part": s.part or ""} for s in path.elective],
        "capstone": [case_link(cases[c]) for c in path.capstone if c in cases],
        "variant_of": facts.role_link(base) if (base := role.variant_of) in facts.roles and base else None,
        "jsonld": as_script(course(facts, slug, path, site)),
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
                module_link(facts.modules[s.module])
                | {
                    "hours": plain_hours(facts.step_hours(s)),
                    "part": s.part or "",
                    "summary": facts.modules[s.module].summary,
                }
                for s in steps
            ]
            stages.append({"title": title, "said": f"{said}, {hours} h", "start": number, "steps": rows})
            number += len(steps)
    return stages
