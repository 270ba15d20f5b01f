"""How far markers agree beyond chance: Cohen's kappa for two, Fleiss' for three and more."""

import math
import warnings
from collections.abc import Sequence
from dataclasses import dataclass

from pmcampus.model.case import HIGHEST
from pmcampus.model.team import Scores


@dataclass(frozen=True)
class Agreement:
    """A kappa with its kind and the number of scores behind it; `value` is None where none can be given."""

    kind: str
    value: float | None
    scores: int
    exact: float
    note: str = ""


def agreement(scored: Sequence[Scores]) -> Agreement | None:
    """Over all teams and criteria that the same markers scored; None with fewer than two markers.

    Two markers: quadratic weights, because 3 against 4 is a smaller difference than 0 against 4. Three
    and more: Fleiss' kappa, which takes the scores 0 to 4 as mere categories and is therefore lower.
    """
    markers = sorted({one.marker for one in scored})
    if len(markers) < 2:
        return None
    by_marker = {
        marker: {
            (one.team, id): n for one in scored if one.marker == marker for id, n in one.criteria.items()
        }
        for marker in markers
    }
    shared = sorted(set.intersection(*(set(found) for found in by_marker.values())))
    rows = [[by_marker[marker][place] for marker in markers] for place in shared]
    if not rows:
        return Agreement("no kappa", None, 0, 0.0, "the markers scored different teams")
    exact = sum(len(set(row)) == 1 for row in rows) / len(rows)
    kind, value = _cohen(rows) if len(markers) == 2 else _fleiss(rows)
    if value is None or math.isnan(value):
        return Agreement(kind, None, len(rows), exact, "all scores are equal, so chance cannot be told apart")
    return Agreement(kind, value, len(rows), exact)


def _cohen(rows: list[list[int]]) -> tuple[str, float | None]:
    from sklearn.metrics import cohen_kappa_score

    kind = "Cohen's kappa, quadratic weights"
    if len({score for row in rows for score in row}) == 1:
        return kind, None
    first, second = zip(*rows, strict=True)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return kind, float(
            cohen_kappa_score(first, second, labels=list(range(HIGHEST + 1)), weights="quadratic")
        )


def _fleiss(rows: list[list[int]]) -> tuple[str, float | None]:
    from statsmodels.stats.inter_rater import fleiss_kappa

    kind = "Fleiss' kappa, unweighted"
    counts = [[row.count(score) for score in range(HIGHEST + 1)] for row in rows]
    if sum(any(column) for column in zip(*counts, strict=True)) == 1:
        return kind, None
    return kind, float(fleiss_kappa(counts))
