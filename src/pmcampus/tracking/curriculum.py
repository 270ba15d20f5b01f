"""What the curriculum asks of roles and teaches in modules; read again only after a form changed."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from pmcampus.forms import load_form
from pmcampus.model.common import Level
from pmcampus.model.curriculum import CompetencyForm, PlannedForm, RoleForm
from pmcampus.model.module import ModuleForm


@dataclass(frozen=True)
class Taught:
    """A module: what it teaches at which level (1 to 3), and whether it is written."""

    title: str
    hours: float
    levels: Mapping[str, int]
    written: bool


@dataclass(frozen=True)
class Asked:
    """The curriculum's side of readiness.

    Attributes:
        statements: competency to its sentence, in the form's order.
        targets: role to competency to the level its pathway reaches (1 to 3).
        modules: module to what it teaches, written ones first.
    """

    statements: Mapping[str, str]
    targets: Mapping[str, Mapping[str, int]]
    modules: Mapping[str, Taught]

    def needed(self, competency: str) -> tuple[int, tuple[str, ...]]:
        """The level at which a team needs it, which is the highest of all roles, and which roles bring it."""
        level = max((target.get(competency, 0) for target in self.targets.values()), default=0)
        return level, tuple(
            role for role, target in self.targets.items() if target.get(competency, 0) == level
        )


def level_name(number: int) -> str:
    """1, 2 or 3 as the word."""
    return list(Level)[number - 1].value


def asked(root: Path) -> Asked:
    """Roles, competencies and modules of this curriculum.

    Raises:
        ContentError: a form has faults.
    """
    paths = [root / "curriculum" / f"{name}.yaml" for name in ("roles", "competencies", "planned")]
    paths += sorted((root / "modules").glob("*/module.yaml"))
    state = tuple((str(path), path.stat().st_mtime_ns) for path in paths if path.is_file())
    return _asked(root, state)


@lru_cache(8)
def _asked(root: Path, state: tuple[tuple[str, int], ...]) -> Asked:
    roles = load_form(root, root / "curriculum" / "roles.yaml", RoleForm).value.roles
    targets = {
        id: {
            code: level.number
            for code, level in (
                role.targets or (roles[role.variant_of].targets if role.variant_of else {})
            ).items()
        }
        for id, role in roles.items()
    }
    form = load_form(root, root / "curriculum" / "competencies.yaml", CompetencyForm).value
    modules: dict[str, Taught] = {}
    for path in sorted((root / "modules").glob("*/module.yaml")):
        module = load_form(root, path, ModuleForm).value
        modules[path.parent.name] = Taught(module.title, module.hours.total, module.competency_levels(), True)
    planned = root / "curriculum" / "planned.yaml"
    if planned.is_file():
        for id, one in load_form(root, planned, PlannedForm).value.modules.items():
            levels = {at.id: at.level.number for at in one.competencies}
            modules.setdefault(id, Taught(one.title, one.hours.total, levels, False))
    return Asked({code: one.statement for code, one in form.competencies.items()}, targets, modules)
