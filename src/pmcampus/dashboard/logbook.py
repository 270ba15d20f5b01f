"""The access log as a page: who saw and changed what, with ids put back for whoever may see the cohort."""

from dataclasses import dataclass

from starlette.responses import Response
from starlette.routing import Route

from pmcampus.accesslog import first_break, looks
from pmcampus.cohortdir import load_cohort
from pmcampus.dashboard.campus import Campus
from pmcampus.dashboard.entry import OWNER
from pmcampus.dashboard.visit import Visit, page
from pmcampus.model.dashboard import Look

SIZE = 100


@dataclass(frozen=True)
class Line:
    """One line with what its pseudonyms mean, where roster and settings still say it."""

    look: Look | None
    who: str
    learner: str


def routes(campus: Campus) -> list[Route]:
    """One page."""
    return [page(campus, "/log", _log)]


def _log(visit: Visit) -> Response:
    campus = visit.campus
    verify = visit.asked.get("verify") == "yes"
    visit.saw("the access log")
    number = visit.number("page")
    mine, total = campus.log.last(number, SIZE)
    pages = max(1, -(-total // SIZE))
    if number > pages:
        number = pages
        mine, total = campus.log.last(number, SIZE)
    accounts, learners = _meanings(visit)
    months = load_cohort(campus.folder).access_log_months
    shown = [
        Line(
            look,
            accounts.get(look.who, look.who) if look else "",
            learners.get(look.learner, look.learner) if look else "",
        )
        for look in reversed(list(looks(mine)))
    ]
    return visit.page(
        "log.html",
        lines=shown,
        first=total - (number - 1) * SIZE,
        total=total,
        months=months,
        page_number=number,
        pages=pages,
        verified=verify,
        broken=first_break(campus.log.lines()) if verify else None,
    )


def _meanings(visit: Visit) -> tuple[dict[str, str], dict[str, str]]:
    """Accounts and learners by their pseudonym."""
    log, hub = visit.campus.log, visit.campus.hub
    ids = list(visit.campus.learners(load_cohort(visit.campus.folder)))
    accounts = {OWNER, visit.visitor.account}
    if hub is not None:
        accounts |= {*hub.form.instructors, *hub.form.learners}
        accounts |= set(ids) if hub.form.same_names else set()
        accounts |= {session.visitor.account for session in visit.campus.sessions.all()}
    return (
        {log.pseudonym("account", account): account for account in accounts},
        {log.pseudonym("learner", id): id for id in ids},
    )
