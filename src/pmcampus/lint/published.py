"""PM107 to PM110: what is written, what is planned, and what the curriculum publishes, each once."""

from collections.abc import Iterator

from pmcampus.lint.facts import Facts
from pmcampus.lint.rule import Finding, rule


@rule(
    "PM107",
    "A module or case is not in curriculum.yaml",
    why="curriculum.yaml is the list of what belongs to the curriculum, in the order the site shows it. "
    "What is not on it is not published.",
    wrong="modules: [genomics-essentials]   # modules/variant-interpretation exists",
    right="modules: [genomics-essentials, variant-interpretation]",
)
def not_published(facts: Facts) -> Iterator[Finding]:
    """Written or planned content that the curriculum does not list."""
    form, tree = facts.tree.curriculum, facts.tree
    if form.model is None:
        return
    for field, listed, written, planned in (
        ("modules", form.model.modules, tree.modules, facts.planned_modules),
        ("case_studies", form.model.case_studies, tree.cases, facts.planned_cases),
    ):
        for id in sorted((set(written) | (planned or set())) - set(listed)):
            state = "written" if id in written else "planned"
            yield Finding(
                form.path,
                form.line(field),
                f"`{id}` is {state}, but not listed under `{field}`.",
                f"Add the line `  - {id}` under `{field}:` in curriculum/curriculum.yaml.",
            )


@rule(
    "PM108",
    "The curriculum lists something that is neither written nor planned",
    why="The site would promise something that nobody has described.",
    wrong="modules: [variant-interpretatoin]",
    right="modules: [variant-interpretation]",
)
def in_neither_list(facts: Facts) -> Iterator[Finding]:
    """Listed ids with no folder and no plan, or listed twice."""
    form = facts.tree.curriculum
    if form.model is None:
        return
    for field, listed, known, shelf in (
        ("modules", form.model.modules, facts.known_modules, "modules"),
        ("case_studies", form.model.case_studies, facts.known_cases, "case_studies"),
    ):
        for place, id in enumerate(listed):
            if known is not None and id not in known:
                yield Finding(
                    form.path,
                    form.line(field, place),
                    f"`{id}` is listed, but there is neither a folder {shelf}/{id} nor an entry in "
                    "planned.yaml.",
                    "Correct the spelling, or describe it in curriculum/planned.yaml.",
                )
            elif id in listed[:place]:
                yield Finding(
                    form.path,
                    form.line(field, place),
                    f"`{id}` is listed twice under `{field}`.",
                    "Remove one of the two lines.",
                )


@rule(
    "PM109",
    "Something is written and planned at once",
    why="A fact stands in one place. Once a folder exists, its form says everything the plan said.",
    wrong="modules/variant-interpretation/ exists, and planned.yaml still has\nvariant-interpretation:",
    right="modules/variant-interpretation/ exists, and planned.yaml does not name it",
)
def planned_too(facts: Facts) -> Iterator[Finding]:
    """Written content that still has a plan."""
    plan = facts.tree.planned
    for field, written, planned in (
        ("modules", set(facts.tree.modules), facts.planned_modules),
        ("case_studies", set(facts.tree.cases), facts.planned_cases),
    ):
        for id in sorted(written & (planned or set())):
            yield Finding(
                plan.path,
                plan.line(field, id),
                f"`{id}` has its own folder now and is still planned here.",
                "Delete this entry; the folder's form takes its place.",
            )


@rule(
    "PM110",
    "A code is used twice",
    why="Codes such as G04 stand beside titles and in roadmap.yaml; two modules with one code cannot "
    "be told apart.",
    wrong="code: G04   # in two forms",
    right="code: G05",
)
def code_twice(facts: Facts) -> Iterator[Finding]:
    """Two modules or two cases with the same code."""
    for codes, shelf in ((facts.module_codes, facts.tree.modules), (facts.case_codes, facts.tree.cases)):
        for code, ids in codes.items():
            if len(set(ids)) > 1:
                first = sorted(id for id in ids if id in shelf)
                form = shelf[first[-1]].form if first else facts.tree.planned
                place = ("code",) if first else ()
                yield Finding(
                    form.path,
                    form.line(*place),
                    f"The code {code} is used by {' and '.join(sorted(set(ids)))}.",
                    "Give one of them a free code.",
                )
