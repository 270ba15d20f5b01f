"""What the portal says about the content, worked out once: modules, roles, pathways, cases."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import Any

from pmcampus.builders.portal_cases import as_page
from pmcampus.errors import ContentError
from pmcampus.model.assessment import AssessmentForm
from pmcampus.model.common import CompetencyAt, Hours, Level
from pmcampus.model.curriculum import Pathway, PathwayStep, PlannedModule, Role
from pmcampus.model.module import ModuleForm
from pmcampus.model.tree import ModuleFolder, Tree

AREAS = "TGDER"  # the order in which people meet them
DISCIPLINES = {
    "clinic": "In the clinic",
    "laboratory": "In the laboratory",
    "genomics": "In genomics",
    "data": "In data science",
    "ethics": "In ethics",
    "law": "In law",
    "policy": "In policy",
    "patients": "For patients",
}
DEPTH = {"introductory": 1, "intermediate": 2, "advanced": 3}


@dataclass(frozen=True)
class Module:
    """A module as readers meet it, written or planned."""

    id: str
    code: str
    title: str
    summary: str
    hours: Hours
    depth: int
    status: str
    prerequisites: tuple[str, ...]
    competencies: tuple[CompetencyAt, ...]
    folder: ModuleFolder | None = None
    planned: PlannedModule | None = None

    @property
    def area(self) -> str:
        """G, D, E, R or T."""
        return self.code[0]

    @property
    def url(self) -> str:
        """Its page, from the site's first page."""
        return f"modules/{self.id}/"

    @property
    def form(self) -> ModuleForm | None:
        """The form of a written module."""
        return self.folder.form.value if self.folder else None

    @property
    def lessons(self) -> int:
        """How many lessons it has or will have."""
        return len(self.form.lessons if self.form else self.planned.lessons if self.planned else ())

    @property
    def lessons_written(self) -> int:
        """How many of them can be opened today."""
        if self.folder is None or self.form is None:
            return 0
        return sum(lesson.file in self.folder.lessons for lesson in self.form.lessons)

    @property
    def is_whole(self) -> bool:
        """Whether every lesson is written."""
        return self.lessons_written == self.lessons > 0


@dataclass(frozen=True)
class Facts:
    """One tree, and what follows from it."""

    tree: Tree
    today: date
    released: Mapping[str, date] = field(default_factory=dict)  # modules whose form is a released version

    @cached_property
    def modules(self) -> Mapping[str, Module]:
        """All modules by id: in the curriculum's order first, the rest by area and code."""
        planned = self.tree.planned.value.modules
        found = {id_: self._planned(id_, form) for id_, form in planned.items()}
        found |= {id_: _written(folder) for id_, folder in self.tree.modules.items()}
        listed = {id_: place for place, id_ in enumerate(self.tree.curriculum.value.modules)}
        whole = set(found) <= set(listed)

        def order(module: Module) -> tuple[int, int, str]:
            place = listed[module.id] if whole else 0
            return place, AREAS.index(module.area), module.code

        return {module.id: module for module in sorted(found.values(), key=order)}

    @cached_property
    def written(self) -> tuple[Module, ...]:
        """Modules with a folder."""
        return tuple(module for module in self.modules.values() if module.folder)

    @cached_property
    def roles(self) -> Mapping[str, Role]:
        """Every role that has a pathway, in the pathways' order."""
        roles = self.tree.roles.value.roles
        return {path.role: roles[path.role] for path in self.pathways.values()}

    @cached_property
    def seats(self) -> Mapping[str, Role]:
        """The roles at the table: variants sit with the role they vary."""
        return {slug: role for slug, role in self.roles.items() if role.variant_of is None}

    @cached_property
    def pathways(self) -> Mapping[str, Pathway]:
        """All pathways by slug, by code: P1, P1f, P2 ..."""
        paths = self.tree.pathways.value.pathways
        for slug, path in paths.items():
            unknown = [s.module for s in (*path.required, *path.elective) if s.module not in self.modules]
            if unknown or path.role not in self.tree.roles.value.roles:
                what = f"the module {unknown[0]}" if unknown else f"the role {path.role}"
                line = self.tree.pathways.line("pathways", slug)
                raise ContentError(
                    f"{self.tree.pathways.path}:{line}: the pathway {slug} "
                    f"names {what}, which is neither written nor planned. Correct the name."
                )
        return dict(sorted(paths.items(), key=lambda pair: pair[1].code))

    def pathway_of(self, role: str) -> tuple[str, Pathway]:
        """The slug and pathway of a role."""
        return next((slug, path) for slug, path in self.pathways.items() if path.role == role)

    def takes(self, role: str, module: str) -> tuple[str, PathwayStep | None]:
        """Whether a role needs a module ("rq"), may choose it ("el") or neither ("no")."""
        _, path = self.pathway_of(role)
        for state, steps in (("rq", path.required), ("el", path.elective)):
            for step in steps:
                if step.module == module:
                    return state, step
        return "no", None

    def targets(self, role: str) -> Mapping[str, Level]:
        """The levels a role must reach; a variant without its own has those of the role it varies."""
        form = self.roles[role]
        if not form.targets and form.variant_of in self.tree.roles.value.roles:
            return self.tree.roles.value.roles[form.variant_of].targets
        return form.targets

    def role_link(self, slug: str, *, part: str | None = None) -> dict[str, Any]:
        """What a role badge needs."""
        path, role = self.pathway_of(slug)[0], self.roles[slug]
        title = f"{role.short}, {part}" if part else role.short
        return {"slug": slug, "title": title, "icon": role.icon, "url": f"pathways/{path}/"}

    def step_hours(self, step: PathwayStep) -> float:
        """Hours of a step: its own where only a part is taken, else the module's."""
        return step.hours if step.hours is not None else self.modules[step.module].hours.total

    def required_hours(self, path: Pathway) -> float:
        """Hours of all required steps, without the case."""
        return sum(self.step_hours(step) for step in path.required)

    def assessment_of(self, module: Module) -> AssessmentForm | None:
        """The form of the module's assessment, where it is written."""
        slug = module.form.assessment if module.form else None
        folder = self.tree.assessments.get(slug) if slug else None
        return folder.form.value if folder else None

    @cached_property
    def taught_in(self) -> Mapping[str, tuple[Module, ...]]:
        """Competency code to the modules that teach it, written or planned."""
        return {
            code: tuple(m for m in self.modules.values() if any(c.id == code for c in m.competencies))
            for code in self.tree.competencies.value.competencies
        }

    @cached_property
    def assessed_in(self) -> Mapping[str, tuple[Module, ...]]:
        """Competency code to written modules with a graded item that gives evidence of it."""
        found: dict[str, list[Module]] = {c: [] for c in self.tree.competencies.value.competencies}
        for module in self.written:
            form = self.assessment_of(module)
            for code in sorted({item.competency for item in form.items} if form else ()):
                found.setdefault(code, []).append(module)
        return {code: tuple(modules) for code, modules in found.items()}

    @cached_property
    def cases(self) -> tuple[dict[str, Any], ...]:
        """All team cases by code, written or planned, as pages show them."""
        found: list[dict[str, Any]] = []
        for slug, planned in self.tree.planned.value.case_studies.items():
            if slug not in self.tree.cases:
                found.append(
                    {
                        "id": slug,
                        "code": planned.code,
                        "title": planned.title,
                        "summary": planned.summary,
                        "status": "planned",
                        "team": list(planned.team),
                        "modules": list(planned.modules),
                        "decision": planned.decision,
                    }
                )
        found += [as_page(folder, self.tree.roles.value.roles) for folder in self.tree.cases.values()]
        return tuple(sorted(found, key=lambda case: int(str(case["code"])[1:])))

    def _planned(self, slug: str, form: PlannedModule) -> Module:
        return Module(
            slug,
            form.code,
            form.title,
            form.summary,
            form.hours,
            min(3, max(1, self._chain(slug))),
            "planned",
            form.prerequisites,
            form.competencies,
            planned=form,
        )

    def _chain(self, slug: str, seen: tuple[str, ...] = ()) -> int:
        """How many modules stand before this one, along the longest way to it."""
        if slug in self.tree.modules:
            before = self.tree.modules[slug].form.value.prerequisites
        elif slug in self.tree.planned.value.modules:
            before = self.tree.planned.value.modules[slug].prerequisites
        else:
            return 0
        return max((1 + self._chain(b, (*seen, slug)) for b in before if b not in seen), default=0)


def _written(folder: ModuleFolder) -> Module:
    form = folder.form.value
    return Module(
        folder.id,
        form.code,
        form.title,
        form.summary,
        form.hours,
        DEPTH[form.level],
        form.status.value,
        form.prerequisites,
        form.competencies,
        folder=folder,
    )


def plain_hours(hours: float) -> str:
    """7 for 7.0, 7.5 for 7.5."""
    return f"{hours:g}"


def plain_list(words: list[str], *, last: str = "and") -> str:
    """a, b and c."""
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} {last} {words[-1]}" if words else ""
