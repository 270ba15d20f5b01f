"""What a link or a badge needs, for each thing pages point at."""

from typing import Any

from pmcampus.builders.portal_facts import Facts, Module, plain_hours
from pmcampus.model.common import CompetencyAt

Meta = dict[str, Any]


def competency_link(facts: Facts, held: CompetencyAt) -> Meta:
    """A competency at a level."""
    known = facts.tree.competencies.value.competencies.get(held.id)
    return {
        "code": held.id,
        "level": held.level.number,
        "word": held.level.value,
        "statement": known.statement if known else "",
    }


def module_link(module: Module) -> Meta:
    """A module."""
    return {
        "code": module.code,
        "title": module.title,
        "url": module.url,
        "area": module.area,
        "status": module.status,
        "hours": plain_hours(module.hours.total),
    }


def case_link(case: Meta) -> Meta:
    """A team case."""
    return {k: case[k] for k in ("code", "title", "summary", "status")} | {"url": f"cases/{case['id']}/"}
