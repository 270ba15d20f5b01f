"""The rows behind a number, so that nobody has to believe it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from math import isfinite
from typing import TypeVar

from pmcampus.errors import CohortError
from pmcampus.gradebook import counting, works
from pmcampus.model.cohort import Learner
from pmcampus.model.tracking import AssessmentHead, Rows, State
from pmcampus.tracking.attempts import first_attempts
from pmcampus.tracking.cohort import OpenCohort
from pmcampus.tracking.matrix import chosen
from pmcampus.tracking.states import states

Table = list[tuple[str, ...]]
K = TypeVar("K")
FEW = 500  # learners whom the database is asked for by name
FIRST = ("learner", "assessment", "item", "score", "points", "counted")
STATE = ("learner", "role", "team", "assessment", "state", "score", "points")
WORKS = ("learner", "assessment", "attempt", "version", "handed in", "machine's score", "ledger row")


def rows_behind(
    t: OpenCohort,
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
    few = [one.id for one in people] if len(people) < len(t.learners) else None
    asked = Asked(t, people, heads, few, item, (page - 1) * size, size)
    columns: tuple[str, ...] = WORKS
    if first:
        title, columns, (total, shown) = "First attempts", FIRST, _first(asked)
    elif state is not None:
        title, columns, (total, shown) = f"Learners: {state.value}", STATE, _in_state(asked, state)
    else:
        title, (total, shown) = "Works handed in", _works(asked)
    if not 1 <= page <= max(1, -(-total // size)):
        raise CohortError(f"there is no page {page} of these rows; pages count from 1.")
    return Rows(title, columns, tuple(shown), total, page, size)


@dataclass(frozen=True)
class Asked:
    """Whose rows of what are wanted, and which part of them.

    Attributes:
        few: ids of the people where they are not everybody.
    """

    t: OpenCohort
    people: Sequence[Learner]
    heads: Sequence[AssessmentHead]
    few: Sequence[str] | None
    item: str | None
    begin: int
    size: int

    def part(self, counts: Iterable[tuple[K, int]]) -> tuple[int, list[tuple[K, int, int]]]:
        """Of groups with so many rows each: how many rows there are, and which of a group's are in the part.

        So only groups that are shown need to be read, whichever part it is.
        """
        total, inside = 0, []
        for key, n in counts:
            low, high = max(self.begin - total, 0), min(self.begin + self.size - total, n)
            if low < high:
                inside.append((key, low, high))
            total += n
        return total, inside


def _first(asked: Asked) -> tuple[int, Table]:
    t = asked.t
    found: Table = []
    wanted = {one.id for one in asked.people}
    places = {
        head.id: [i for i, one in enumerate(head.items) if asked.item in (None, one.cell)]
        for head in asked.heads
    }
    one = asked.heads[:1] if len(asked.heads) == 1 else []  # what statistics count, as they have read it
    kept = {head.id: first_attempts(t, head, asked.few) for head in one}
    counts = {id: sum(learner in wanted for learner in one.learners) for id, one in kept.items()}
    if not kept:
        gone = () if asked.few is not None else counting.not_enrolled(t.book, t.learners)
        counts = works.first_counts(t.book, {head.id: head.version for head in asked.heads}, asked.few, gone)
    total, inside = asked.part((head, counts.get(head.id, 0) * len(places[head.id])) for head in asked.heads)
    for head, low, high in inside:
        first = kept.get(head.id) or first_attempts(t, head, asked.few)
        lines = [i for i, learner in enumerate(first.learners) if learner in wanted]
        for number in range(low, high):
            line, place = (
                lines[number // len(places[head.id])],
                places[head.id][number % len(places[head.id])],
            )
            item, share = head.items[place], float(first.scores.table[line, place])
            counted = isfinite(share)
            found.append(
                (
                    first.learners[line],
                    head.id,
                    item.cell,
                    f"{share * item.points:g}" if counted else "",
                    f"{item.points:g}",
                    "yes" if counted else "no",
                )
            )
    return total, found


def _in_state(asked: Asked, state: State) -> tuple[int, Table]:
    found: Table = []
    for head in asked.heads:
        there, scores = states(asked.t, head, asked.people)
        found += [
            (
                one.id,
                one.role,
                one.team,
                head.id,
                state.value,
                f"{scores[one.id]:g}" if one.id in scores else "",
                f"{head.points:g}",
            )
            for one in asked.people
            if there[one.id] is state
        ]
    return len(found), found[asked.begin : asked.begin + asked.size]


def _works(asked: Asked) -> tuple[int, Table]:
    ids = {one.id for one in asked.people}
    taken = [head.id for head in asked.heads]
    wanted = works.Wanted(asked.few if len(ids) <= FEW else None, assessments=taken)
    counts = works.work_counts(asked.t.book, wanted)
    total, inside = asked.part((learner, n) for learner, n in counts if learner in ids)
    shown: dict[str, list[works.Work]] = {learner: [] for learner, _, _ in inside}
    for work in works.works(asked.t.book, works.Wanted(sorted(shown), assessments=taken)):
        shown[work.learner].append(work)
    found: Table = []
    for learner, low, high in inside:
        for work in shown[learner][low:high]:
            score = work.scores.get(asked.item) if asked.item else work.score
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
    return total, found


def _moment(at: datetime | None) -> str:
    return at.strftime("%Y-%m-%d %H:%M UTC") if at else ""
