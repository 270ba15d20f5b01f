"""First attempts as the table that statistics are made from, with a count of all that was left out."""

import json
from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass
from typing import NamedTuple

from pmcampus.gradebook import counting, works
from pmcampus.model.measure import Exclusion
from pmcampus.model.tracking import AssessmentHead
from pmcampus.statistics.scores import Scores
from pmcampus.tracking.cohort import OpenCohort


class Left(NamedTuple):
    """What was left out, as one, and what is said of it."""

    what: str
    why: str


ERROR = Left("answer", "with an error in its place, counted nowhere")
WAITS = Left("answer", "waiting for a person's mark")
NOBODY: dict[str, float] = {}
NO_BLANK: frozenset[str] = frozenset()
LATER = Left("answer", "marked by a person after a later attempt, so that the mark may belong to that one")
GONE = Left("learner", "no longer on the roster")
UNREADABLE = Left("learner", "with nothing handed in that could be read")


@dataclass(frozen=True)
class FirstAttempts:
    """Shares of points of first attempts, a row for each of `learners`; `blanks` has cells by row."""

    head: AssessmentHead
    learners: tuple[str, ...]
    scores: Scores
    blanks: tuple[frozenset[str], ...]
    exclusions: tuple[Exclusion, ...]

    def column(self, cell: str) -> list[float]:
        """The shares of one item that are known."""
        place = [item.cell for item in self.head.items].index(cell)
        return self.scores.known(place)

    def totals(self) -> dict[str, float]:
        """Per cent of the points by learner, for those whose items all have a score."""
        worth = sum(item.points for item in self.head.items)
        sums = self.scores.sums()
        return {
            learner: 100 * total / worth
            for learner, total in zip(self.learners, sums, strict=True)
            if total is not None and worth
        }


def first_attempts(
    t: OpenCohort, head: AssessmentHead, learners: Collection[str] | None = None
) -> FirstAttempts:
    """Each enrolled learner's first readable work for this major version, or that of these learners.

    A person's mark counts where it can only be of the first attempt: when there is no later one. The whole
    is read once for one opening of the cohort.
    """
    if learners is not None:
        return _read(t, head, learners)
    if head.id not in t.firsts:
        t.firsts[head.id] = _read(t, head, None)
    return t.firsts[head.id]


def _read(t: OpenCohort, head: AssessmentHead, only: Collection[str] | None) -> FirstAttempts:
    rows, again = works.first_works(t.book, head.id, only)
    hand = counting.hand_scores(t.book, head.id, only)
    found = json.loads("[" + ",".join(row[2] for row in rows) + "]")
    left: Counter[Left] = Counter()
    learners: list[str] = []
    scored: list[list[float | None]] = []
    blanks: list[frozenset[str]] = []
    cells = [item.cell for item in head.items]
    major = head.version.partition(".")[0]
    for (learner, version, _, errors, blank), scores in zip(rows, found, strict=True):
        if learner not in t.learners:
            left[GONE] += 1
            continue
        if version.partition(".")[0] != major:
            left[Left("first attempt", f"made for version {version}")] += 1
            continue
        mine = hand.get(learner, NOBODY)
        row = [scores.get(cell) for cell in cells]
        if mine and errors == "[]" and learner not in again:
            row = [mine.get(cell, score) for cell, score in zip(cells, row, strict=True)]
            mine = NOBODY
        if mine or errors != "[]" or None in row:
            row = _own(row, cells, mine, frozenset(json.loads(errors)), learner in again, left)
        learners.append(learner)
        scored.append(row)
        blanks.append(NO_BLANK if blank == "[]" else frozenset(json.loads(blank)))
    there = frozenset(learners)
    wanted = works.Wanted(only, assessment=head.id)
    left[UNREADABLE] += sum(
        learner in t.learners and learner not in there for learner, _ in works.unreadable(t.book, wanted)
    )
    return FirstAttempts(
        head,
        tuple(learners),
        Scores.of(tuple(item.points for item in head.items), scored),
        tuple(blanks),
        tuple(Exclusion(one.why, n, one.what) for one, n in sorted(left.items()) if n),
    )


def _own(
    row: list[float | None],
    cells: list[str],
    mine: dict[str, float],
    failed: frozenset[str],
    again: bool,
    left: Counter[Left],
) -> list[float | None]:
    """The scores that belong to this first attempt, people's included, counting those that do not."""
    found: list[float | None] = []
    for score, cell in zip(row, cells, strict=True):
        by_hand = mine.get(cell)
        own = by_hand if by_hand is not None and not again else score
        if cell in failed and (again or by_hand is None):
            left[ERROR] += 1
            own = None
        elif own is None:
            left[LATER if by_hand is not None else WAITS] += 1
        found.append(own)
    return found
