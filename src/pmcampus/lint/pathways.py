"""PM3xx: pathways and the names on them: modules and their parts, roles, cases."""

from collections.abc import Collection, Iterable, Iterator
from typing import Any

from pmcampus.lint.facts import Facts
from pmcampus.lint.rule import Finding, rule
from pmcampus.model.tree import Form, Place


@rule(
    "PM303",
    "A pathway names a module that is not known",
    why="A pathway is an ordered list of modules for a role; every step must lead somewhere.",
    wrong="required: [{module: variant-interpretatoin}]",
    right="required: [{module: variant-interpretation}]",
)
def step_unknown(facts: Facts) -> Iterator[Finding]:
    """Steps that are neither written nor planned."""
    form, known = facts.tree.pathways, facts.known_modules
    if form.model is None or known is None:
        return
    steps: list[tuple[Place, str]] = [(("core", n), id) for n, id in enumerate(form.model.core)]
    for slug, path in form.model.pathways.items():
        for part, listed in (("required", path.required), ("elective", path.elective)):
            steps += [(("pathways", slug, part, n, "module"), step.module) for n, step in enumerate(listed)]
    yield from _unknown(((form, place, module) for place, module in steps), known)


@rule(
    "PM306",
    "A module of the core is missing from a pathway",
    why="The core is what every role takes, so that a team shares its words.",
    wrong="core: [working-in-teams]\npathways:\n  clinician:\n    required: [{module: data-protection}]",
    right="core: [working-in-teams]\npathways:\n  clinician:\n    required: [{module: "
    "working-in-teams}, {module: data-protection}]",
)
def core_missing(facts: Facts) -> Iterator[Finding]:
    """Pathways without a module of the core."""
    form = facts.tree.pathways
    for slug, path in form.model.pathways.items() if form.model else ():
        steps = {step.module for step in path.required}
        for module in form.model.core if form.model else ():
            if module not in steps:
                yield Finding(
                    form.path,
                    form.line("pathways", slug, "required"),
                    f"The pathway `{slug}` does not require the core module `{module}`.",
                    "Add it, or take it out of `core`.",
                )


@rule(
    "PM307",
    "A pathway names a module twice",
    why="A module is taken once; its hours would be counted twice.",
    wrong="required: [{module: working-in-teams}]\nelective: [{module: working-in-teams}]",
    right="required: [{module: working-in-teams}]\nelective: []",
)
def step_twice(facts: Facts) -> Iterator[Finding]:
    """Modules that stand twice on one pathway."""
    form = facts.tree.pathways
    for slug, path in form.model.pathways.items() if form.model else ():
        seen: set[str] = set()
        for part, listed in (("required", path.required), ("elective", path.elective)):
            for number, step in enumerate(listed):
                if step.module in seen:
                    yield Finding(
                        form.path,
                        form.line("pathways", slug, part, number, "module"),
                        f"The pathway `{slug}` names `{step.module}` twice.",
                        "Remove one of the two steps.",
                    )
                seen.add(step.module)


@rule(
    "PM308",
    "A pathway or case names a role that is not known",
    why="Roles carry the title that learners read and the levels they need.",
    wrong="role: clinican",
    right="role: clinician",
)
def role_unknown(facts: Facts) -> Iterator[Finding]:
    """Roles that roles.yaml does not have."""
    known, named = facts.roles, list[tuple[Form[Any], Place, str]]()
    paths, roles = facts.tree.pathways, facts.tree.roles
    for slug, path in paths.model.pathways.items() if paths.model else ():
        named.append((paths, ("pathways", slug, "role"), path.role))
    for slug, role in roles.model.roles.items() if roles.model else ():
        if role.variant_of is not None:
            named.append((roles, ("roles", slug, "variant_of"), role.variant_of))
    for folder, case in facts.cases:
        named += [
            (folder.form, ("roles", role, "played_by", n), member)
            for role, sheet in case.roles.items()
            for n, member in enumerate(sheet.played_by)
        ]
    for form, place, role_id in named:
        if known is not None and role_id not in known:
            yield Finding(
                form.path,
                form.line(*place),
                f"The role `{role_id}` does not stand in roles.yaml.",
                "Correct the spelling, or describe the role there.",
            )


@rule(
    "PM309",
    "A case is not known",
    why="A module or a capstone would lead to a team case that nobody has described.",
    wrong="case_studies: [dpyd-before-chemo]",
    right="case_studies: [dpyd-before-chemotherapy]",
)
def case_unknown(facts: Facts) -> Iterator[Finding]:
    """Cases of modules and capstones that are neither written nor planned."""
    named: list[tuple[Form[Any], Place, str, bool]] = []
    for folder, module in facts.modules:
        known = facts.known_cases
        for number, id in enumerate(module.case_studies):
            named.append((folder.form, ("case_studies", number), id, known is None or id in known))
    paths = facts.tree.pathways
    for slug, path in paths.model.pathways.items() if paths.model and facts.planned_cases is not None else ():
        steps = enumerate(path.capstone)
        named += [(paths, ("pathways", slug, "capstone", n), c, c in facts.case_codes) for n, c in steps]
    for form, place, case, is_known in named:
        if not is_known:
            yield Finding(
                form.path,
                form.line(*place),
                f"The case `{case}` is neither written nor planned.",
                "Correct it, or describe the case in curriculum/planned.yaml.",
            )


@rule(
    "PM310",
    "A case builds on a module that is not known",
    why="The case's page tells teams which modules to take first.",
    wrong="modules: [variant-interpretatoin]",
    right="modules: [variant-interpretation]",
)
def case_module_unknown(facts: Facts) -> Iterator[Finding]:
    """Modules of written and planned cases that do not exist."""
    named: list[tuple[Form[Any], Place, str]] = []
    for folder, case in facts.cases:
        named += [(folder.form, ("modules", n), id) for n, id in enumerate(case.modules)]
    plan = facts.tree.planned
    for slug, planned in plan.model.case_studies.items() if plan.model else ():
        spots = enumerate(planned.modules)
        named += [(plan, ("case_studies", slug, "modules", n), id) for n, id in spots]
    if facts.known_modules is not None:
        yield from _unknown(named, facts.known_modules)


@rule(
    "PM312",
    "A part of a module does not fit",
    why="A role that takes only a part must find it: by the name on its pathway, with the same hours, "
    "in lessons and cells that exist.",
    wrong="parts:\n  short form:\n    hours: 3\n    lessons: [{lesson: legal-bases, minutes: 25, leave_out: "
    "[no-such-cell]}]",
    right="parts:\n  short form:\n    hours: 3\n    lessons: [{lesson: legal-bases, minutes: 25, leave_out: "
    "[readings]}]",
)
def part_misfit(facts: Facts) -> Iterator[Finding]:
    """Parts with unknown lessons or cells, and steps that name no part of a module that has parts."""
    for folder, form in facts.modules:
        known = {lesson.id: lesson.file for lesson in form.lessons}
        for name, part in form.parts.items():
            for number, taken in enumerate(part.lessons):
                notebook = folder.lessons.get(known.get(taken.lesson, ""))
                cells = {cell.id for cell in notebook.cells} if notebook else set(taken.leave_out)
                lost = [cell for cell in taken.leave_out if cell not in cells]
                if taken.lesson not in known or lost:
                    what = f"cell `{lost[0]}`" if taken.lesson in known else f"lesson `{taken.lesson}`"
                    yield Finding(
                        folder.form.path,
                        folder.form.line("parts", name, "lessons", number),
                        f"The part `{name}` names the {what}, which does not exist.",
                        "Correct the spelling, or take it out.",
                    )
    parts = {folder.id: form.parts for folder, form in facts.modules if form.parts}
    paths = facts.tree.pathways
    for slug, path in paths.model.pathways.items() if paths.model else ():
        for state, steps in (("required", path.required), ("elective", path.elective)):
            for number, step in enumerate(steps):
                if step.part is None or step.module not in parts:
                    continue
                named = parts[step.module].get(step.part)
                if named is None or named.hours != step.hours:
                    yield Finding(
                        paths.path,
                        paths.line("pathways", slug, state, number, "module"),
                        f"The module `{step.module}` has no part `{step.part}` of these hours.",
                        "Use a name and the hours that stand under `parts` in its module.yaml.",
                    )


def _unknown(named: Iterable[tuple[Form[Any], Place, str]], known: Collection[str]) -> Iterator[Finding]:
    for form, place, module in named:
        if module not in known:
            yield Finding(
                form.path,
                form.line(*place),
                f"The module `{module}` is neither written nor planned.",
                "Correct the spelling, or describe it in curriculum/planned.yaml.",
            )
