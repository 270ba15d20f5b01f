"""The rows behind a number, so that nobody has to believe it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from math import isfinite
from typing import TYPE_CHECKING

from pmcampus.errors import CohortError
from pmcampus.gradebook import counting
from pmcampus.model.cohort import Learner
from pmcampus.model.tracking import AssessmentHead, Rows, State
from pmcampus.tracking.attempts import first_attempts
from pmcampus.tracking.matrix import chosen
from pmcampus.tracking.states import states

if TYPE_CHECKING:
    from pmcampus.tracking.session import Tracking

Table = list[tuple[str, ...]]


def rows_behind(
    t: Tracking,
    assessment: str | None,
    *,
    item: str | None,
    team: str | None,
    role: str | None,
    learner: str | None,
    state: State | None,
    first: bool,
    page: int,
    size: int,
) -> Rows:
    """See `Tracking.rows_behind`."""
    people = [t.person(learner)] if learner else chosen(t, team=team, role=role)
    heads = [t.head(assessment)] if assessment else list(t.heads.values())
    if item is not None and (not assessment or item not in {one.cell for one in heads[0].items}):
        raise CohortError(f"{item[:80]!r} is no graded cell of {assessment or 'an assessment; name one'}.")
    if first:
        columns, found = _first(t, people, heads, item)
        title = "First attempts"
    elif state is not None:
        columns, found = _in_state(t, people, heads, state)
        title = f"Learners: {state.value}"
    else:
        columns, found = _works(t, people, heads, item)
        title = "Works handed in"
    if not 1 <= page <= max(1, -(-len(found) // size)):
        raise CohortError(f"there is no page {page} of these rows; pages count from 1.")
    shown = tuple(found[(page - 1) * size : page * size])
    return Rows(title, columns, shown, len(found), page, size)


def _first(
    t: Tracking, people: Sequence[Learner], heads: Sequence[AssessmentHead], item: str | None
) -> tuple[tuple[str, ...], Table]:
    wanted = {one.id for one in people}
    found: Table = []
    for head in heads:
        first = first_attempts(t, head)
        places = [i for i, one in enumerate(head.items) if item in (None, one.cell)]
        for learner, row in zip(first.learners, first.scores.table.tolist(), strict=True):
            if learner in wanted:
                for place in places:
                    share = row[place] if isfinite(row[place]) else None
                    one = head.items[place]
                    found.append(
                        (
                            learner,
                            head.id,
                            one.cell,
                            "" if share is None else f"{share * one.points:g}",
                            f"{one.points:g}",
                            "no" if share is None else "yes",
                        )
                    )
    return ("learner", "assessment", "item", "score", "points", "counted"), found


def _in_state(
    t: Tracking, people: Sequence[Learner], heads: Sequence[AssessmentHead], state: State
) -> tuple[tuple[str, ...], Table]:
    found: Table = []
    for head in heads:
        there, scores = states(t, head)
        found += [
            (
                one.id,
                one.role,
                one.team,
                head.id,
                there[one.id].value,
                f"{scores[one.id]:g}" if one.id in scores else "",
                f"{head.points:g}",
            )
            for one in people
            if there[one.id] is state
        ]
    return ("learner", "role", "team", "assessment", "state", "score", "points"), found


def _works(
    t: Tracking, people: Sequence[Learner], heads: Sequence[AssessmentHead], item: str | None
) -> tuple[tuple[str, ...], Table]:
    ids, only = {one.id for one in people}, heads[0].id if len(heads) == 1 else None
    few = [one.id for one in people] if len(people) <= 500 else []
    taken = {head.id for head in heads}
    found: Table = []
    for work in counting.works(t.book, learners=few, assessment=only):
        if work.learner in ids and work.assessment in taken:
            score = work.scores.get(item) if item else work.score
            found.append(
                (
                    work.learner,
                    work.assessment,
                    str(work.number) if work.number else "cannot be read",
                    work.version,
                    _moment(work.handed_in),
                    "" if score is None or not work.number else f"{score:g}",
                    str(work.row),
                )
            )
    return ("learner", "assessment", "attempt", "version", "handed in", "score", "ledger row"), found


def _moment(at: datetime | None) -> str:
    return at.strftime("%Y-%m-%d %H:%M UTC") if at else ""
