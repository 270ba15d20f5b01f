"""The rows behind learning gain and behind markers' agreement."""

from collections import defaultdict
from collections.abc import Sequence

from pmcampus import casedir
from pmcampus.errors import CohortError
from pmcampus.filledform import model_of
from pmcampus.model.team import Scores
from pmcampus.model.tracking import Rows
from pmcampus.statistics.gain import change
from pmcampus.tracking.attempts import FirstAttempts, first_attempts
from pmcampus.tracking.cohort import OpenCohort

Place = tuple[str, str]  # team and criterion


def matched(before: FirstAttempts, after: FirstAttempts) -> list[tuple[str, float, float]]:
    """Learner, per cent before, per cent afterwards, of all who have a complete first attempt at both."""
    first, second = before.totals(), after.totals()
    return [(learner, first[learner], second[learner]) for learner in sorted(first.keys() & second.keys())]


def gain_rows(t: OpenCohort, pre: str, post: str, *, page: int, size: int) -> Rows:
    """See `Tracking.gain_rows`."""
    heads = t.head(pre), t.head(post)
    found = []
    for learner, one, other in matched(*(first_attempts(t, head) for head in heads)):
        part = change(one, other)
        found.append((learner, f"{one:g}", f"{other:g}", "" if part is None else f"{part:.2f}"))
    title = f"First attempts at {heads[0].title}, then at {heads[1].title}, in per cent"
    return page_of(title, ("learner", "before", "afterwards", "change c"), found, page=page, size=size)


def rater_rows(t: OpenCohort, case: str, *, page: int, size: int) -> Rows:
    """See `Tracking.rater_rows`."""
    markers, by_place = scores_by_place(t, case)
    found = [
        (team, criterion, *(str(row.get(marker, "")) for marker in markers))
        for (team, criterion), row in sorted(by_place.items())
    ]
    return page_of(f"Scores of {case}", ("team", "criterion", *markers), found, page=page, size=size)


def page_of(
    title: str, columns: tuple[str, ...], rows: Sequence[tuple[str, ...]], *, page: int, size: int
) -> Rows:
    """A page of these rows.

    Raises:
        CohortError: there is no such page.
    """
    if not 1 <= page <= max(1, -(-len(rows) // size)):
        raise CohortError(f"there is no page {page} of these rows; pages count from 1.")
    return Rows(title, columns, tuple(rows[(page - 1) * size : page * size]), len(rows), page, size)


def scored(t: OpenCohort, case: str) -> list[Scores]:
    """What every marker gave every team.

    Raises:
        CohortError: the cohort has no teams for such a case.
    """
    here = casedir.CaseRoom(t.folder / "cases" / case)
    if "/" in case or not here.folder.is_dir():
        raise CohortError(
            f"{case[:80]!r} is no team case of this cohort; see the folder {t.folder / 'cases'}."
        )
    return [
        model_of(path, Scores)
        for team in casedir.load_plan(here).teams
        for path in sorted((here.team(team.id) / "scores").glob("*.json"))
    ]


def scores_by_place(t: OpenCohort, case: str) -> tuple[tuple[str, ...], dict[Place, dict[str, int]]]:
    """The markers, and by team and criterion what each of them gave.

    Raises:
        CohortError: see `scored`.
    """
    found = scored(t, case)
    by_place: dict[Place, dict[str, int]] = defaultdict(dict)
    for one in found:
        for criterion, score in one.criteria.items():
            by_place[one.team, criterion][one.marker] = score
    return tuple(sorted({one.marker for one in found})), dict(by_place)
