"""First attempts as the table that statistics are made from, with a count of all that was left out."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pmcampus.gradebook import counting
from pmcampus.model.measure import Exclusion
from pmcampus.model.tracking import AssessmentHead
from pmcampus.statistics.scores import Scores

if TYPE_CHECKING:
    from pmcampus.tracking.session import Tracking

ERROR = "answers ended in an error and count nowhere"
WAITS = "answers wait for a person"
LATER = "answers were marked by a person after a later attempt, so the mark may belong to that one"
LEFT = "learners are no longer on the roster"
UNREADABLE = "learners handed in nothing that could be read"


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
        return [share for row in self.scores.shares if (share := row[place]) is not None]

    def totals(self) -> dict[str, float]:
        """Per cent of the points by learner, for those whose items all have a score."""
        points: list[float] = [item.points for item in self.head.items]
        found: dict[str, float] = {}
        for learner, row in zip(self.learners, self.scores.shares, strict=True):
            known = [share * worth for share, worth in zip(row, points, strict=True) if share is not None]
            if len(known) == len(points) and any(points):
                found[learner] = 100 * sum(known) / sum(points)
        return found


def first_attempts(t: Tracking, head: AssessmentHead) -> FirstAttempts:
    """Each enrolled learner's first readable work for this major version.

    A person's mark counts where it can only be of the first attempt: when there is no later one.
    """
    rows, again = counting.first_works(t.book, head.id)
    hand = counting.hand_scores(t.book, head.id)
    found = json.loads("[" + ",".join(row[2] for row in rows) + "]")
    left: Counter[str] = Counter()
    learners: list[str] = []
    shares: list[list[float | None]] = []
    blanks: list[frozenset[str]] = []
    items = [(item.cell, item.points) for item in head.items]
    for (learner, version, _, errors, blank), scores in zip(rows, found, strict=True):
        if learner not in t.learners:
            left[LEFT] += 1
            continue
        if version.partition(".")[0] != head.version.partition(".")[0]:
            left[f"first attempts were made for version {version}"] += 1
            continue
        failed = frozenset(json.loads(errors)) if errors != "[]" else frozenset()
        row: list[float | None] = []
        for cell, points in items:
            score = scores.get(cell)
            if learner not in again:
                score = hand.get((learner, cell), score)
            if cell in failed and (learner in again or (learner, cell) not in hand):
                left[ERROR] += 1
                score = None
            elif score is None:
                left[LATER if (learner, cell) in hand else WAITS] += 1
            row.append(min(1.0, max(0.0, score / points)) if score is not None and points else None)
        learners.append(learner)
        shares.append(row)
        blanks.append(frozenset(json.loads(blank)) if blank != "[]" else frozenset())
    unreadable = sum(id == head.id and learner in t.learners for learner, id in counting.unreadable(t.book))
    left[UNREADABLE] += unreadable
    return FirstAttempts(
        head,
        tuple(learners),
        Scores(tuple(points for _, points in items), shares),
        tuple(blanks),
        tuple(Exclusion(why, n) for why, n in sorted(left.items()) if n),
    )
