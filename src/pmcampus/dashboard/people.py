"""A learner's own page: what is reached, what is said about it, and where to ask for another look."""

from starlette.responses import Response
from starlette.routing import Route

from pmcampus import appeals, gradebook
from pmcampus.cohortdir import load_cohort
from pmcampus.dashboard.campus import Campus
from pmcampus.dashboard.visit import NotFound, Visit, page
from pmcampus.terms import counted, lateness


def routes(campus: Campus) -> list[Route]:
    """One page for each learner."""
    return [page(campus, "/learners/{learner}", _learner, learners=True)]


def own_or_taught(visit: Visit, learner: str) -> str:
    """This learner's id, when the visitor may see the page.

    Raises:
        Refused: it is another learner's; whether there is one with this id is not said.
        NotFound: an instructor asks for somebody who is not on the roster.
    """
    if not visit.visitor.is_instructor:
        if learner != visit.visitor.learner:
            raise visit.refuse("another learner's page")
        return learner
    if learner not in visit.campus.learners(load_cohort(visit.campus.folder)):
        raise NotFound("Nobody with this id is on the roster.")
    return learner


def _learner(visit: Visit) -> Response:
    learner = own_or_taught(visit, visit.part("learner"))
    with visit.tracking() as tracking:
        found = tracking.learner(learner)
        person = tracking.learners[learner]
        records = gradebook.records_of(tracking.book, learner)
        terms = {assessment: tracking.terms(learner, assessment) for assessment in tracking.heads}
        late = {
            id: lateness(
                counted(records[id].score, head.points, records[id].handed_in, terms[id]), head.points
            )
            for id, head in tracking.heads.items()
            if id in records
        }
        titles = {(head.id, ""): head.title for head in tracking.heads.values()}
        titles |= {
            (head.id, item.cell): item.title for head in tracking.heads.values() for item in head.items
        }
        history, _ = gradebook.regrades(tracking.book, learner=learner)
    visit.saw("a learner's page", learner=learner)
    return visit.page(
        "learner.html",
        page=found,
        person=person,
        records=records,
        terms=terms,
        late=late,
        history=history,
        titles=titles,
        cases=appeals.appeals(visit.campus.folder, learner=learner),
        own=visit.visitor.learner == learner,
    )
