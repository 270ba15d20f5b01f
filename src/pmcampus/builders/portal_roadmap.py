"""How far the written curriculum covers the roadmap: nothing counts before it is written."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from pmcampus.builders.portal_facts import Facts, Module
from pmcampus.model.curriculum import Clause


@dataclass(frozen=True)
class Coverage:
    """A clause, and how many of the places that teach or exercise it exist."""

    slug: str
    clause: Clause
    written: int
    wanted: int

    @property
    def state(self) -> str:
        """planned, begun, written (but not yet signed off) or covered."""
        if self.written == 0:
            return "planned"
        if self.written < self.wanted:
            return "begun"
        return "covered" if self.clause.status == "covered" else "written"


def coverage(facts: Facts) -> tuple[Coverage, ...]:
    """Every clause of the roadmap, in its order."""
    clauses = facts.tree.roadmap.value.clauses
    return tuple(_cover(facts, slug, clause) for slug, clause in clauses.items())


def clauses_of(facts: Facts, module: Module) -> list[Coverage]:
    """The clauses a module serves."""
    named = set(module.form.roadmap if module.form else ())
    return [c for c in coverage(facts) if c.slug in named or module.id in _modules_of(facts, c.clause)]


def as_rows(facts: Facts) -> list[dict[str, Any]]:
    """Sections with their clauses, as the page shows them."""
    sections: dict[str, list[dict[str, Any]]] = {}
    cases = {case["id"]: case for case in facts.cases}
    for found in coverage(facts):
        modules = [facts.modules[m] for m in _modules_of(facts, found.clause) if m in facts.modules]
        sections.setdefault(found.clause.section, []).append(
            {
                "id": found.slug,
                "text": found.clause.text,
                "modules": [
                    {"code": m.code, "url": m.url, "title": m.title, "planned": m.folder is None}
                    for m in modules
                ],
                "cases": [
                    {"code": cases[c]["code"], "url": f"cases/{c}/", "title": cases[c]["title"]}
                    for c in found.clause.cases
                    if c in cases
                ],
                "state": found.state,
                "written": found.written,
                "wanted": found.wanted,
            }
        )
    return [{"title": title, "clauses": rows} for title, rows in sections.items()]


def _cover(facts: Facts, slug: str, clause: Clause) -> Coverage:
    """Places are lessons where the clause names them, else modules; a case is a place too."""
    lessons = [_lesson_written(facts, name) for name in clause.lessons]
    with_lessons = {_module_of_lesson(facts, name) for name in clause.lessons}
    modules = [_whole(facts.modules, m) for m in clause.modules if m not in with_lessons]
    cases = [c in facts.tree.cases for c in clause.cases]
    places = [*lessons, *modules, *cases]
    return Coverage(slug, clause, sum(places), len(places))


def _whole(modules: Mapping[str, Module], slug: str) -> bool:
    module = modules.get(slug)
    return bool(module and module.is_whole)


def _modules_of(facts: Facts, clause: Clause) -> list[str]:
    """The clause's modules, and those of the lessons it names, once each."""
    named = [*clause.modules, *(_module_of_lesson(facts, name) for name in clause.lessons)]
    return list(dict.fromkeys(slug for slug in named if slug))


def _module_of_lesson(facts: Facts, name: str) -> str:
    """The module of `module-id/lesson-id` or `G04.5`."""
    if "/" in name:
        return name.split("/")[0]
    code = name.split(".")[0]
    return next((m.id for m in facts.modules.values() if m.code == code), "")


def _lesson_written(facts: Facts, name: str) -> bool:
    module = facts.modules.get(_module_of_lesson(facts, name))
    if module is None or module.form is None or module.folder is None:
        return False
    wanted = name.split("/")[-1] if "/" in name else name.split(".")[-1]
    return any(
        lesson.file in module.folder.lessons
        for lesson in module.form.lessons
        if wanted in (lesson.id, lesson.file, str(lesson.number))
    )
