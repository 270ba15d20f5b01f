"""Marking again: which verdict counts under which policy, and what that changes for a learner."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum

from pmcampus.ledger import Decision, Entry, item_scores


class Policy(StrEnum):
    """What a regrade may do to a score."""

    EXACT = "exact"
    ONLY_UP = "only-up"


@dataclass(frozen=True)
class Change:
    """One line of a regrade's table; scores count a marker's, and None is not marked yet."""

    learner: str
    item: str
    before: float | None
    after: float | None
    reason: str


def decide(
    entry: Entry, before: Entry | None, *, again: bool, policy: Policy, by_hand: Mapping[str, float]
) -> Entry | None:
    """The row to add after an earlier one of the same learner; None when it says nothing new.

    Args:
        by_hand: a marker's scores by cell, which count whatever the machine says.
    """
    if before is None:
        return replace(entry, decision=Decision.MARKED)
    same_work = before.submission == entry.submission
    if again:
        lower = _total(entry.verdict, by_hand) < _total(before.verdict, by_hand)
        if policy is Policy.ONLY_UP and same_work and lower:
            return replace(
                entry,
                decision=Decision.KEPT,
                set_aside=entry.verdict,
                version=before.version,
                verdict=before.verdict,
                score=before.score,
            )
        return replace(entry, decision=Decision.REGRADED if same_work else Decision.MARKED)
    if before.key == entry.key:
        if before.found == entry.verdict:
            return None
        return replace(entry, decision=Decision.DIFFERS)
    return replace(entry, decision=Decision.REGRADED if same_work else Decision.MARKED)


def changes(after: Entry, before: Entry | None, by_hand: Mapping[str, float]) -> list[Change]:
    """What this row did to each item whose score changed, or would have changed."""
    if before is None:
        return []
    old = item_scores(before.verdict) or {}
    found = item_scores(after.found) or {}
    table = []
    for cell in sorted(old | found):
        was, now = old.get(cell), found.get(cell)
        if was == now:
            continue
        if cell in by_hand:
            hand = by_hand[cell]
            table.append(
                Change(after.learner, cell, hand, hand, f"a marker's score stays; the machine's: {now}")
            )
        elif after.decision == Decision.KEPT:
            table.append(Change(after.learner, cell, was, was, f"only-up: {now} was found, {was} is kept"))
        else:
            table.append(Change(after.learner, cell, was, now, _reason(after, before)))
    return table


def _reason(after: Entry, before: Entry) -> str:
    if after.submission != before.submission:
        return "other work was handed in"
    if json.loads(after.verdict)["refused"]:
        return "the work is refused now"
    if after.paper != before.paper:
        return "the assessment was changed"
    if after.environment != before.environment:
        return "other package versions"
    return "same inputs, another result: look at this item"


def _total(verdict: str, by_hand: Mapping[str, float]) -> float:
    """Points that count; a refusal is below every score."""
    scores = item_scores(verdict)
    if scores is None:
        return float("-inf")
    return sum(by_hand.get(cell, score or 0.0) for cell, score in scores.items())
