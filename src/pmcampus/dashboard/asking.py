"""Whom to ask how they are, and how often the same rules were right on a day in the past."""

from datetime import UTC, date, datetime, time

from starlette.responses import Response
from starlette.routing import Route

from pmcampus.dashboard import numbers
from pmcampus.dashboard.campus import Campus
from pmcampus.dashboard.visit import Visit, page
from pmcampus.statistics import METRICS
from pmcampus.tracking.hindsight import half_way

MOST_LOOKED_BACK = 400  # learners; a thousand take a second


def routes(campus: Campus) -> list[Route]:
    """One page."""
    return [page(campus, "/at-risk", _at_risk)]


def _at_risk(visit: Visit) -> Response:
    team, at = visit.asked.get("team") or None, _day(visit.asked.get("at", ""))
    with visit.tracking() as tracking:
        found = tracking.at_risk_page(team=team, page=visit.number("page"), size=numbers.SIZES[1])
        # Looking back needs every learner's work, so a very large cohort waits for it only when asked.
        look_back = at is not None or len(tracking.learners) <= MOST_LOOKED_BACK
        check = tracking.rule_check(at) if look_back else None
        chooses = numbers.choices(tracking)
        names = {line.learner: tracking.learners[line.learner].name for line in found.rows}
        day = (check.at if check else half_way(tracking)).date()
    visit.saw("who needs asking")
    return visit.page(
        "at_risk.html",
        p=found,
        check=check,
        day=day,
        asked_at=visit.asked.get("at", "") if at else "",
        names=names,
        team=team or "",
        metrics=METRICS,
        **chooses,
    )


def _day(text: str) -> datetime | None:
    """The beginning of this day, in UTC; None for what is no day."""
    try:
        return datetime.combine(date.fromisoformat(text), time.min, tzinfo=UTC)
    except ValueError:
        return None
