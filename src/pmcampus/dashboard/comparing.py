"""Two things side by side: a test before and one afterwards, and what several markers gave."""

from starlette.responses import Response
from starlette.routing import Route

from pmcampus.dashboard.campus import Campus
from pmcampus.dashboard.visit import NotFound, Visit, page
from pmcampus.model.case import HIGHEST
from pmcampus.statistics import METRICS
from pmcampus.tracking import Tracking


def routes(campus: Campus) -> list[Route]:
    """Learning gain and agreement of markers, and the rows behind each."""
    return [
        page(campus, "/gain", _gain),
        page(campus, "/gain/rows", _gain_rows),
        page(campus, "/markers", _markers),
        page(campus, "/markers/rows", _marker_rows),
    ]


def _gain(visit: Visit) -> Response:
    with visit.tracking() as tracking:
        heads = tracking.heads
        pair = _pair(visit, tracking)
        found = tracking.gain(*pair) if pair else None
    if pair is None:
        visit.saw("learning gain")
    else:
        visit.saw(f"learning gain up to {pair[1]}", assessment=pair[0])
    return visit.page("gain.html", g=found, heads=heads, asked=visit.asked, metrics=METRICS)


def _gain_rows(visit: Visit) -> Response:
    with visit.tracking() as tracking:
        pair = _pair(visit, tracking)
        if pair is None:
            raise NotFound("Choose two assessments under Gain first.")
        found = tracking.gain_rows(*pair, page=visit.number("page"))
    visit.saw(f"the rows behind learning gain up to {pair[1]}", assessment=pair[0])
    again = {"pre": pair[0], "post": pair[1]}
    return visit.page("rows.html", r=found, path=("gain", "rows"), again=again)


def _pair(visit: Visit, tracking: Tracking) -> tuple[str, str] | None:
    """The two assessments that were asked for; None while there are not two."""
    pre, post = visit.asked.get("pre", ""), visit.asked.get("post", "")
    if not pre or not post or pre == post:
        return None
    if not {pre, post} <= tracking.heads.keys():
        raise NotFound("This cohort takes no such assessment.")
    return pre, post


def _markers(visit: Visit) -> Response:
    with visit.tracking() as tracking:
        case = _case(visit, tracking)
        found = tracking.raters(case) if case else None
        cases = tracking.cases
    visit.saw("agreement of markers", assessment=case)
    return visit.page("markers.html", a=found, cases=cases, highest=HIGHEST, metrics=METRICS)


def _marker_rows(visit: Visit) -> Response:
    with visit.tracking() as tracking:
        case = _case(visit, tracking)
        if not case:
            raise NotFound("No team case of this cohort has teams yet.")
        found = tracking.rater_rows(case, page=visit.number("page"))
    visit.saw("the rows behind agreement of markers", assessment=case)
    return visit.page("rows.html", r=found, path=("markers", "rows"), again={"case": case})


def _case(visit: Visit, tracking: Tracking) -> str:
    """The case that was asked for, or the first one; empty when there is none."""
    asked = visit.asked.get("case", "")
    if asked and asked not in tracking.cases:
        raise NotFound("This cohort has no such team case.")
    return asked or next(iter(tracking.cases), "")
