"""PM3xx: prerequisites: known, in no circle, and met in their order."""

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
