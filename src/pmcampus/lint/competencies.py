"""PM4xx: competencies and their evidence."""

from collections.abc import Iterator
from typing import Any

from pmcampus.lint.facts import Facts
from pmcampus.lint.rule import Finding, rule
from pmcampus.model.common import Level
from pmcampus.model.module import ModuleForm
from pmcampus.model.tree import Form, ModuleFolder, Place


@rule(
    "PM401",
    "A competency is not known",
    why="Competency codes link modules, items and roles; a code that is not in competencies.yaml links "
    "nothing.",
    wrong="competencies: [{id: G99, level: apply}]",
    right="competencies: [{id: G3, level: apply}]",
)
def competency_unknown(facts: Facts) -> Iterator[Finding]:
    """Codes that competencies.yaml does not have."""
    known = facts.competencies
    named: list[tuple[Form[Any], Place, str]] = []
    for folder, form in facts.modules:
        named += [(folder.form, ("competencies", n, "id"), c.id) for n, c in enumerate(form.competencies)]
        named += [
            (folder.form, ("prior_competencies", n, "id"), c.id)
            for n, c in enumerate(form.prior_competencies)
        ]
        spots = enumerate(form.outcomes)
        named += [(folder.form, ("outcomes", n, "evidence_for", "id"), o.evidence_for.id) for n, o in spots]
    for graded, assessment in facts.assessments:
        named += [
            (graded.form, ("items", n, "competency"), i.competency) for n, i in enumerate(assessment.items)
        ]
    roles, plan = facts.tree.roles, facts.tree.planned
    for slug, role in roles.model.roles.items() if roles.model else ():
        named += [(roles, ("roles", slug, "targets", code), code) for code in role.targets]
    for slug, module in plan.model.modules.items() if plan.model else ():
        spots_planned = enumerate(module.competencies)
        named += [(plan, ("modules", slug, "competencies", n, "id"), c.id) for n, c in spots_planned]
    for at, place, code in named:
        if known is not None and code not in known:
            yield Finding(
                at.path,
                at.line(*place),
                f"The competency {code} does not stand in competencies.yaml.",
                "Correct the code, or describe the competency there.",
            )


def pairs(facts: Facts) -> Iterator[tuple[ModuleFolder, ModuleForm, Form[Any], Any]]:
    """Each module with the form of the assessment that is its own."""
    for folder, form in facts.modules:
        graded = facts.tree.assessments.get(form.assessment or "")
        if graded is not None and graded.form.model is not None and graded.form.model.module == folder.id:
            yield folder, form, graded.form, graded.form.model


@rule(
    "PM402",
    "A competency is taught, but no item gives evidence of it",
    why="A competency on a certificate that nobody looked at is a promise, not a result.",
    wrong="competencies: [{id: G3, level: apply}, {id: E5, level: aware}]\n# items: only G3",
    right="items:\n  - {cell: classify, competency: G3, level: apply}\n  - {cell: explain, competency: "
    "E5, level: aware}",
)
def not_assessed(facts: Facts) -> Iterator[Finding]:
    """Competencies of a module without an item in its assessment."""
    for folder, form, at, assessment in pairs(facts):
        shown = {item.competency for item in assessment.items}
        for number, competency in enumerate(form.competencies):
            if competency.id not in shown:
                yield Finding(
                    folder.form.path,
                    folder.form.line("competencies", number),
                    f"{competency.id} is taught, but no item of {at.path} gives evidence of it.",
                    "Add an item for it, or take the competency off the list.",
                )


@rule(
    "PM403",
    "A competency is assessed, but not taught",
    why="An item that asks for what the module does not teach measures what learners brought with them.",
    wrong="items:\n  - {cell: price, competency: R5, level: aware}\n# module: only G3",
    right="competencies: [{id: G3, level: apply}, {id: R5, level: aware}]",
)
def not_taught(facts: Facts) -> Iterator[Finding]:
    """Items for a competency that the module does not teach."""
    for graded, assessment in facts.assessments:
        module = facts.form_of(assessment.module)
        levels = module.competency_levels() if module else None
        for number, item in enumerate(assessment.items):
            if levels is not None and item.competency not in levels:
                yield Finding(
                    graded.form.path,
                    graded.form.line("items", number, "competency"),
                    f"The item `{item.cell}` asks for {item.competency}, which `{assessment.module}` "
                    "does not teach.",
                    f"Add {item.competency} to the module's competencies and teach it, or change the item.",
                )


@rule(
    "PM404",
    "An item asks for a higher level than is taught",
    why="Evidence of `lead` from a module that teaches `apply` would be luck.",
    wrong="competencies: [{id: G3, level: aware}]\nitems: [{cell: classify, competency: G3, level: lead}]",
    right="competencies: [{id: G3, level: lead}]\nitems: [{cell: classify, competency: G3, level: lead}]",
)
def above_teaching(facts: Facts) -> Iterator[Finding]:
    """Items above the level at which the module teaches their competency."""
    for graded, assessment in facts.assessments:
        module = facts.form_of(assessment.module)
        levels = module.competency_levels() if module else {}
        for number, item in enumerate(assessment.items):
            if item.level.number > levels.get(item.competency, 3):
                yield Finding(
                    graded.form.path,
                    graded.form.line("items", number, "level"),
                    f"The item `{item.cell}` gives evidence of {item.competency} at {item.level}, "
                    f"but `{assessment.module}` teaches a lower level.",
                    "Lower the item's level, or teach the higher one.",
                )


@rule(
    "PM405",
    "An outcome claims a competency or lesson that the module does not have",
    why="An outcome is practised in lessons of its module, and shows a competency that the module "
    "teaches, at most at that level.",
    wrong="outcomes:\n  - {verb: Price, practised_in: [no-such-lesson], evidence_for: {id: R5, level: lead}}",
    right="outcomes:\n  - {verb: Price, practised_in: [the-report], evidence_for: {id: G3, level: apply}}",
)
def outcome_unfounded(facts: Facts) -> Iterator[Finding]:
    """Outcomes outside what the module's form says it has."""
    for folder, form in facts.modules:
        levels, lessons = form.competency_levels(), {lesson.id for lesson in form.lessons}
        for number, outcome in enumerate(form.outcomes):
            shown, line = outcome.evidence_for, folder.form.line("outcomes", number)
            unknown = [lesson for lesson in outcome.practised_in if lesson not in lessons]
            if unknown:
                yield Finding(
                    folder.form.path,
                    line,
                    f"Outcome {number + 1} is practised in `{unknown[0]}`, which is no lesson of this "
                    "module.",
                    "Name a lesson by its file name without number and ending.",
                )
            if shown.level.number > levels.get(shown.id, 0):
                yield Finding(
                    folder.form.path,
                    line,
                    f"Outcome {number + 1} gives evidence of {shown.id} at {shown.level}, which the "
                    "module does not teach.",
                    "Change the competency or its level, here or under `competencies`.",
                )


@rule(
    "PM406",
    "An outcome and the items do not fit together",
    why="Each outcome is a promise to the learner; each item says which promise it tests.",
    wrong="# three outcomes\nitems: [{cell: classify, outcome: 4}]",
    right="# three outcomes\nitems: [{cell: classify, outcome: 3}]",
)
def outcome_items(facts: Facts) -> Iterator[Finding]:
    """Items for an outcome that is not there, and outcomes without an item."""
    for graded, assessment in facts.assessments:
        module = facts.form_of(assessment.module)
        for number, item in enumerate(assessment.items):
            if module and item.outcome > len(module.outcomes):
                yield Finding(
                    graded.form.path,
                    graded.form.line("items", number, "outcome"),
                    f"The item `{item.cell}` is for outcome {item.outcome}, but `{assessment.module}` "
                    f"has {len(module.outcomes)}.",
                    "Write the outcome's place in the list of module.yaml, from 1.",
                )
    for folder, form, at, assessment in pairs(facts):
        tested = {item.outcome for item in assessment.items}
        for number in range(len(form.outcomes)):
            if number + 1 not in tested:
                yield Finding(
                    folder.form.path,
                    folder.form.line("outcomes", number),
                    f"Outcome {number + 1} is tested by no item of {at.path}.",
                    "Add an item for it, or drop the outcome.",
                )


@rule(
    "PM407",
    "A role's target is taught by no required module of its pathway",
    why="A target says what the pathway brings a learner to; apply and lead have to be taught by a step that "
    "everybody takes. To be aware of something can come from working with the others.",
    wrong="targets: {G3: lead}      # required modules teach G3 at apply",
    right="targets: {G3: apply}",
)
def target_unreachable(facts: Facts) -> Iterator[Finding]:
    """Targets of apply or lead above what the required modules teach."""
    paths, roles = facts.tree.pathways, facts.tree.roles
    if paths.model is None or roles.model is None or facts.planned_modules is None:
        return
    for slug, path in paths.model.pathways.items():
        role = roles.model.roles.get(path.role)
        steps = [step.module for step in path.required]
        if role is None or any(module not in facts.teaches for module in steps):
            continue
        reached: dict[str, int] = {}
        for competency in (c for module in steps for c in facts.teaches[module]):
            reached[competency.id] = max(reached.get(competency.id, 0), competency.level.number)
        for code, level in role.targets.items():
            if level is not Level.AWARE and reached.get(code, 0) < level.number:
                yield Finding(
                    roles.path,
                    roles.line("roles", path.role, "targets", code),
                    f"`{path.role}` is to reach {code} at {level}, but no required module of the "
                    f"pathway `{slug}` teaches that.",
                    "Lower the target, or require a module that teaches it.",
                )


@rule(
    "PM408",
    "A competency is taught by no module",
    why="A framework may promise only what the curriculum teaches or plans to teach.",
    wrong="competencies:\n  G10: {statement: …}     # in no module, written or planned",
    right="competencies: [{id: G10, level: aware}]   # in a module's form or plan",
)
def taught_nowhere(facts: Facts) -> Iterator[Finding]:
    """Competencies that no written or planned module has."""
    form = facts.tree.competencies
    if (
        form.model is None
        or facts.planned_modules is None
        or any(m.form.faults for m in facts.tree.modules.values())
    ):
        return
    taught = {competency.id for module in facts.teaches.values() for competency in module}
    for code in form.model.competencies:
        if code not in taught:
            yield Finding(
                form.path,
                form.line("competencies", code),
                f"The competency {code} is taught by no module, written or planned.",
                "Add it to a module, or remove it here.",
            )


@rule(
    "PM409",
    "A competency's source is not known",
    why="Each competency says which published framework it was drawn from.",
    wrong="sources: [ipce]",
    right="sources: [ipec]       # described at the top of competencies.yaml",
)
def source_unknown(facts: Facts) -> Iterator[Finding]:
    """Sources that stand at a competency but not in the list of sources."""
    form = facts.tree.competencies
    for code, competency in form.model.competencies.items() if form.model else ():
        for number, source in enumerate(competency.sources):
            if form.model and source not in form.model.sources:
                yield Finding(
                    form.path,
                    form.line("competencies", code, "sources", number),
                    f"{code} is drawn from `{source}`, which is not described under `sources`.",
                    "Correct the name, or add the framework there with its citation.",
                )
