"""What the site says about a team case: roles, timing, modules, marks. Never a private sheet or an answer.

Fields are named one by one, so that a new field of the form stays private until somebody lists it here.
"""

from collections.abc import Mapping
from typing import Any

from pmcampus.model.case import GUIDE, CaseForm
from pmcampus.model.curriculum import Role
from pmcampus.model.tree import CaseFolder
from pmcampus.pages import number

WHO = {"alone": "each alone", "role-groups": "by role", "team": "the whole team"}


def as_page(folder: CaseFolder, roles: Mapping[str, Role]) -> dict[str, Any]:
    """The public side of a written case."""
    form = folder.form.value
    return {
        "id": folder.id,
        "code": form.code,
        "title": form.title,
        "summary": form.summary,
        "status": form.status.value,
        "version": form.version,
        "facts": form.facts_valid_as_of,
        "jurisdiction": form.jurisdiction,
        "reviewed": form.clinical_review.reviewed_by,
        "modules": list(form.modules),
        "minutes": form.minutes,
        "team": [role.title for role in form.roles.values()],
        "roles": [
            {
                "title": role.title,
                "person": role.person,
                "played_by": [roles[id].short if id in roles else id for id in role.played_by],
                "prework": role.notebook_title,
                "minutes": role.minutes,
            }
            for role in form.roles.values()
        ],
        "seating": _seating(form),
        "timing": [{"title": p.title, "minutes": p.minutes, "who": WHO[p.who]} for p in form.timing],
        "discussion": list(form.discussion),
        "marks": _marks(form),
        "cap": number(100 * form.marks.cap),
        "peer": number(100 * form.marks.peer.at_most),
        "statements": list(form.marks.peer.statements),
        "guide": f"{folder.path}/{GUIDE}",
    }


def _seating(form: CaseForm) -> str:
    seats = form.seating
    alone = " One person alone can take it with recorded commitments." if seats.alone else ""
    return f"{seats.minimum} to {seats.maximum} people, best {seats.best}.{alone}"


def _marks(form: CaseForm) -> list[dict[str, str]]:
    """Every mark with its weight; together 100."""
    marks = form.marks
    rows = [("each person", item.title, item.points, "machine") for item in marks.prework]
    rows += [("each person", "Commitment, complete and in time", form.commitment.points, "machine")]
    rows += [("each person", "Exit paper", marks.exit_paper.points, "rubric")]
    rows += [("team", item.title, item.points, "machine") for item in marks.team_items]
    rows += [
        (
            "team",
            f"{c.title} ({number(c.weight)} % of the rubric)",
            marks.rubric_points * c.weight / 100,
            "rubric",
        )
        for c in marks.criteria.values()
    ]
    return [{"who": who, "what": what, "points": number(p), "by": by} for who, what, p, by in rows]
