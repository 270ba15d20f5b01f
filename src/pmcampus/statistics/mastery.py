"""Whether a competency is held: a lower bound over several items, and a word for when nobody can tell."""

import math
from collections.abc import Sequence

from pmcampus.model.measure import Measure
from pmcampus.model.tracking import Evidence, Held
from pmcampus.statistics.shares import wilson

THRESHOLD = 0.5
LEAST_ITEMS = 3


def effective(weights: Sequence[float]) -> float:
    """How many equally weighted items these are worth: `(sum of w)^2 / sum of w^2`, after Kish."""
    total = math.fsum(weights)
    return total * total / math.fsum(weight * weight for weight in weights) if total else 0.0


def held(
    evidence: Sequence[Evidence], *, threshold: float = THRESHOLD, least_items: int = LEAST_ITEMS
) -> tuple[Held, Measure, int]:
    """Mastered, not yet, or insufficient evidence; the share of points with its interval; distinct items.

    Mastered: the lower end of Wilson's 95 per cent interval reaches the threshold, over at least
    `least_items` items. Not yet: enough items, and the share itself is below the threshold. Otherwise the
    evidence is insufficient, also where all was right and there was too little of it.

    Wilson (1927), doi:10.1080/01621459.1927.10502953.
    """
    worth = [one for one in evidence if one.points > 0]
    items = len({(one.assessment, one.cell) for one in worth})
    return held_by(
        [one.points for one in worth],
        [one.score for one in worth],
        items,
        threshold=threshold,
        least_items=least_items,
    )


def held_by(
    points: Sequence[float],
    scores: Sequence[float],
    items: int,
    *,
    threshold: float = THRESHOLD,
    least_items: int = LEAST_ITEMS,
) -> tuple[Held, Measure, int]:
    """The same from the points of each piece of evidence, what was reached there, and how many items."""
    if not points:
        return Held.INSUFFICIENT, Measure("mastery", None, 0, reason="no graded item of this level"), 0
    share = min(1.0, max(0.0, math.fsum(scores) / math.fsum(points)))
    ends = wilson(share, effective(points))
    measure = Measure("mastery", share, items, ends)
    if items < least_items:
        return Held.INSUFFICIENT, measure, items
    if ends.low >= threshold:
        return Held.MASTERED, measure, items
    return (Held.NOT_YET if share < threshold else Held.INSUFFICIENT), measure, items
