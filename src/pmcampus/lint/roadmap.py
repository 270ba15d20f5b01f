"""PM4xx: the roadmap's clauses, and what teaches them."""

import re
from collections.abc import Iterator

from pmcampus.lint.facts import Facts
from pmcampus.lint.rule import Finding, rule
from pmcampus.model.common import Status

LESSON_CODE = re.compile(r"([GDERT][0-9]{2})\.([1-9][0-9]?)")


@rule(
    "PM410",
    "A clause of the roadmap is not known",
    why="A module says which clauses of the roadmap paper it teaches; roadmap.yaml holds them all.",
    wrong="roadmap: [shared-languages]",
    right="roadmap: [shared-language]",
)
def clause_unknown(facts: Facts) -> Iterator[Finding]:
    """Claims of a module that roadmap.yaml does not have."""
    known = facts.clauses
    for folder, form in facts.modules:
        for number, clause in enumerate(form.roadmap):
            if known is not None and clause not in known:
                yield Finding(
                    folder.form.path,
                    folder.form.line("roadmap", number),
                    f"The clause `{clause}` does not stand in roadmap.yaml.",
                    "Correct the spelling, or add the clause there.",
                )


@rule(
    "PM411",
    "A clause names something that is not known",
    why="The roadmap page links each clause to what teaches it.",
    wrong="modules: [team-work]\nlessons: [T02.9]",
    right="modules: [working-in-teams]\nlessons: [T02.1]",
)
def clause_names_unknown(facts: Facts) -> Iterator[Finding]:
    """Modules, lessons and cases of a clause that do not exist, and clauses with none."""
    form, plan = facts.tree.roadmap, facts.tree.planned
    if form.model is None or plan.model is None:
        return
    lessons = {id: len(m.lessons) for id, m in plan.model.modules.items()}
    for folder, module in facts.modules:  # a draft's later lessons are still to come
        lessons[folder.id] = 99 if module.status is Status.DRAFT else len(module.lessons)
    has_faults = any(module.form.faults for module in facts.tree.modules.values())
    remedy = "Correct it, or describe it in curriculum/planned.yaml."
    for slug, clause in form.model.clauses.items():
        checks = [
            (("modules", n), id, id in (facts.known_modules or ())) for n, id in enumerate(clause.modules)
        ]
        checks += [(("cases", n), id, id in (facts.known_cases or ())) for n, id in enumerate(clause.cases)]
        for number, code in enumerate(clause.lessons):
            match = LESSON_CODE.fullmatch(code)
            ids = facts.module_codes.get(match[1], []) if match else []
            is_there = (
                bool(match) and any(int(match[2]) <= lessons.get(id, 0) for id in ids) if match else False
            )
            checks.append((("lessons", number), code, is_there or (has_faults and match is not None)))
        for place, name, is_known in checks:
            if not is_known:
                line = form.line("clauses", slug, *place)
                yield Finding(
                    form.path, line, f"The clause `{slug}` names `{name}`, which does not exist.", remedy
                )
        if not checks:
            line = form.line("clauses", slug)
            yield Finding(
                form.path, line, f"The clause `{slug}` is taught by nothing.", "Name what teaches it."
            )


@rule(
    "PM412",
    "Module and roadmap do not agree about a clause",
    why="That a module teaches a clause stands in two places, because both pages are read; they must "
    "say the same.",
    wrong="roadmap: []             # roadmap.yaml lists this module under shared-language",
    right="roadmap: [shared-language]",
)
def claims_differ(facts: Facts) -> Iterator[Finding]:
    """Clauses claimed by a module that the roadmap does not list there, and the reverse."""
    form = facts.tree.roadmap
    if form.model is None:
        return
    for folder, module in facts.modules:
        for number, slug in enumerate(module.roadmap):
            clause = form.model.clauses.get(slug)
            if clause is not None and folder.id not in clause.modules:
                yield Finding(
                    folder.form.path,
                    folder.form.line("roadmap", number),
                    f"This module claims the clause `{slug}`, but roadmap.yaml does not list the "
                    "module there.",
                    f"Add `{folder.id}` to the clause's `modules`, or drop the claim.",
                )
        for slug, clause in form.model.clauses.items():
            if folder.id in clause.modules and slug not in module.roadmap:
                yield Finding(
                    form.path,
                    form.line("clauses", slug, "modules", clause.modules.index(folder.id)),
                    f"The clause `{slug}` lists `{folder.id}`, whose form does not claim it.",
                    f"Add `{slug}` under `roadmap` in {folder.form.path}, or take the module off the clause.",
                )


@rule(
    "PM413",
    "A clause is marked as covered, but not everything it names is written",
    why="The roadmap page says what the curriculum keeps of its promise; covered means that learners "
    "can take it today.",
    wrong="modules: [working-in-teams]     # still in planned.yaml\nstatus: covered",
    right="modules: [working-in-teams]\nstatus: planned",
)
def covered_too_early(facts: Facts) -> Iterator[Finding]:
    """Covered clauses that name a planned or draft module, or a planned case."""
    form, tree = facts.tree.roadmap, facts.tree
    for slug, clause in form.model.clauses.items() if form.model else ():
        missing = [id for id in clause.modules if id not in tree.modules]
        missing += [id for id in clause.cases if id not in tree.cases]
        for folder, module in facts.modules:
            if folder.id in clause.modules and module.status not in ("pilot", "stable"):
                missing.append(folder.id)
        for code in clause.lessons:
            ids = facts.module_codes.get(code.partition(".")[0], [])
            missing += [id for id in ids if id not in tree.modules and id not in missing]
        if clause.status == "covered" and missing:
            yield Finding(
                form.path,
                form.line("clauses", slug, "status"),
                f"The clause `{slug}` is marked as covered, but `{missing[0]}` is not written or still "
                "a draft.",
                "Write `status: planned` until it is.",
            )
