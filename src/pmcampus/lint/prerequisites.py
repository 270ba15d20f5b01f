"""PM3xx: prerequisites and pathways."""

from collections.abc import Iterator
from graphlib import CycleError, TopologicalSorter
from typing import Any

from pmcampus.lint.facts import Facts
from pmcampus.lint.rule import Finding, rule
from pmcampus.model.tree import Form, Place


def entry(facts: Facts, module: str) -> tuple[Form[Any], Place]:
    """The form that describes a module, and the place in it."""
    folder = facts.tree.modules.get(module)
    return (folder.form, ()) if folder else (facts.tree.planned, ("modules", module))


def all_needs(facts: Facts, module: str) -> set[str]:
    """Everything that comes before a module, however far."""
    found: set[str] = set()
    todo = list(facts.needs.get(module, ()))
    while todo:
        first = todo.pop()
        if first not in found:
            found.add(first)
            todo += facts.needs.get(first, ())
    return found


@rule(
    "PM301",
    "A prerequisite is not known",
    why="Learners would be sent to a module that does not exist.",
    wrong="prerequisites: [genomics-basics]",
    right="prerequisites: [genomes-variants-and-files]",
)
def prerequisite_unknown(facts: Facts) -> Iterator[Finding]:
    """Prerequisites that are neither written nor planned."""
    known = facts.known_modules
    for module, needs in facts.needs.items():
        form, place = entry(facts, module)
        for number, first in enumerate(needs):
            if known is not None and first not in known:
                yield Finding(
                    form.path,
                    form.line(*place, "prerequisites", number),
                    f"The prerequisite `{first}` of `{module}` is neither written nor planned.",
                    "Correct the spelling, or describe that module in curriculum/planned.yaml.",
                )


@rule(
    "PM302",
    "The prerequisites form a circle",
    why="Nobody can begin a module that, by way of others, needs itself.",
    wrong="variant-interpretation needs talking-with-patients\ntalking-with-patients needs "
    "variant-interpretation",
    right="talking-with-patients needs variant-interpretation",
)
def circle(facts: Facts) -> Iterator[Finding]:
    """A circle of prerequisites, shown from its alphabetically first module."""
    try:
        TopologicalSorter({module: sorted(needs) for module, needs in sorted(facts.needs.items())}).prepare()
    except CycleError as problem:
        ring = list(reversed(problem.args[1][:-1]))  # each needs the next
        start = ring.index(min(ring))
        ring = [*ring[start:], *ring[:start]]
        form, place = entry(facts, ring[0])
        second = ring[1] if len(ring) > 1 else ring[0]
        yield Finding(
            form.path,
            form.line(*place, "prerequisites", facts.needs[ring[0]].index(second)),
            f"The prerequisites form a circle: {', '.join([*ring, ring[0]])}.",
            "Remove one of these prerequisites."
            if len(ring) > 1
            else "Remove it: a module does not need itself.",
        )


@rule(
    "PM303",
    "A pathway names a module that is not known",
    why="A pathway is an ordered list of modules for a role; every step must lead somewhere.",
    wrong="required: [{module: variant-interpretatoin}]",
    right="required: [{module: variant-interpretation}]",
)
def step_unknown(facts: Facts) -> Iterator[Finding]:
    """Steps that are neither written nor planned, or that stand twice."""
    form, known = facts.tree.pathways, facts.known_modules
    if form.model is None or known is None:
        return
    steps: list[tuple[Place, str]] = [(("core", n), id) for n, id in enumerate(form.model.core)]
    for slug, path in form.model.pathways.items():
        for part, listed in (("required", path.required), ("elective", path.elective)):
            steps += [(("pathways", slug, part, n, "module"), step.module) for n, step in enumerate(listed)]
    for place, module in steps:
        if module not in known:
            yield Finding(
                form.path,
                form.line(*place),
                f"The module `{module}` is neither written nor planned.",
                "Correct the spelling, or describe it in curriculum/planned.yaml.",
            )


@rule(
    "PM304",
    "A module stands before its prerequisite on a pathway",
    why="The order of a pathway is the order in which it is learnt.",
    wrong="required:\n  - {module: variant-interpretation}\n  - {module: genomes-variants-and-files}",
    right="required:\n  - {module: genomes-variants-and-files}\n  - {module: variant-interpretation}",
)
def step_too_early(facts: Facts) -> Iterator[Finding]:
    """Required steps that come before one of their prerequisites."""
    form = facts.tree.pathways
    for slug, path in form.model.pathways.items() if form.model else ():
        steps = [step.module for step in path.required]
        for number, module in enumerate(steps):
            late = [first for first in facts.needs.get(module, ()) if first in steps[number + 1 :]]
            if late:
                yield Finding(
                    form.path,
                    form.line("pathways", slug, "required", number, "module"),
                    f"On the pathway `{slug}`, `{module}` stands before its prerequisite `{late[0]}`.",
                    f"Move `{late[0]}` up, or remove the prerequisite.",
                )


@rule(
    "PM305",
    "A prerequisite is missing from a pathway",
    why="Whoever follows the pathway would meet a module without the one it builds on.",
    wrong="required: [{module: variant-interpretation}]   # which needs genomes-variants-and-files",
    right="required: [{module: genomes-variants-and-files}, {module: variant-interpretation}]",
)
def prerequisite_not_on_path(facts: Facts) -> Iterator[Finding]:
    """Required steps whose prerequisite is on no part of the pathway."""
    form = facts.tree.pathways
    for slug, path in form.model.pathways.items() if form.model else ():
        steps = {step.module for step in (*path.required, *path.elective)}
        for number, step in enumerate(path.required):
            known = facts.known_modules or frozenset()
            absent = [first for first in facts.needs.get(step.module, ()) if first in known - steps]
            if absent:
                yield Finding(
                    form.path,
                    form.line("pathways", slug, "required", number, "module"),
                    f"The pathway `{slug}` has `{step.module}`, but not its prerequisite `{absent[0]}`.",
                    f"Add `{absent[0]}` before it, or remove the prerequisite.",
                )


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
    known = facts.known_modules
    for form, place, module in named:
        if known is not None and module not in known:
            yield Finding(
                form.path,
                form.line(*place),
                f"The module `{module}` is neither written nor planned.",
                "Correct the spelling, or describe it in curriculum/planned.yaml.",
            )


@rule(
    "PM311",
    "A prior competency is taught by no prerequisite",
    severity="advice",
    why="A module may ask for a competency that learners bring; if no prerequisite teaches it, say "
    "where they get it.",
    wrong="prerequisites: []\nprior_competencies: [{id: G1, level: apply}]",
    right="prerequisites: [genomes-variants-and-files]   # teaches G1 at apply\nprior_competencies: "
    "[{id: G1, level: apply}]",
)
def prior_not_taught(facts: Facts) -> Iterator[Finding]:
    """Prior competencies above what the module's prerequisites teach."""
    for folder, form in facts.modules:
        reached: dict[str, int] = {}
        for module in all_needs(facts, folder.id):
            for competency in facts.teaches.get(module, ()):
                reached[competency.id] = max(reached.get(competency.id, 0), competency.level.number)
        for number, prior in enumerate(form.prior_competencies):
            if reached.get(prior.id, 0) < prior.level.number:
                yield Finding(
                    folder.form.path,
                    folder.form.line("prior_competencies", number),
                    f"The prior competency {prior.id} at {prior.level} is taught by no prerequisite.",
                    "Add the module that teaches it to `prerequisites`, or lower the level.",
                )


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
