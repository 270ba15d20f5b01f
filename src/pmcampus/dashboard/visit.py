"""One request of a known visitor: the page that answers it, and the line in the access log that says so."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Literal

from nbgrader.api import Gradebook
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from pmcampus import gradebook
from pmcampus.cohortdir import database_url, load_cohort
from pmcampus.dashboard.access import Session, Visitor
from pmcampus.dashboard.campus import Campus
from pmcampus.dashboard.guard import notice
from pmcampus.errors import CampusError
from pmcampus.model.dashboard import Look
from pmcampus.pages import no_links, render
from pmcampus.tracking import Tracking

MOST_FIELDS = 20


class NotFound(CampusError):
    """There is no such page in this cohort."""


class Refused(CampusError):
    """This visitor may not see or do this."""


@dataclass(frozen=True)
class Visit:
    """What a page's function gets: who asks for what, and how to answer."""

    campus: Campus
    request: Request
    session: Session
    form: Mapping[str, str]

    @property
    def visitor(self) -> Visitor:
        """Who asks."""
        return self.session.visitor

    @property
    def asked(self) -> Mapping[str, str]:
        """The query of the address; of a name that is there twice, the last."""
        return self.request.query_params

    def part(self, name: str) -> str:
        """A part of the path."""
        return str(self.request.path_params[name])

    def number(self, name: str, *, least: int = 1, otherwise: int = 1) -> int:
        """A whole number of the query; what is none counts as the other."""
        text = self.asked.get(name, "")
        return max(least, int(text)) if text.isascii() and text.isdigit() and len(text) < 10 else otherwise

    def url(self, *parts: str, **query: object) -> str:
        """The address of another page."""
        return self.campus.url(*parts, **query)

    def page(self, template: str, *, status: int = 200, **values: Any) -> Response:
        """The page of this template."""
        body = render(
            f"dashboard/{template}",
            url=self.campus.url,
            links=self.campus.url if self.visitor.is_instructor else no_links,
            visitor=self.visitor,
            csrf=self.session.forms,
            said=self.session.take_said(),
            here=self.request.url.path.removeprefix(self.campus.prefix),
            **values,
        )
        return Response(body, status, media_type="text/html")

    @contextmanager
    def tracking(self) -> Iterator[Tracking]:
        """The cohort's values, as they are now."""
        campus = self.campus
        cohort = load_cohort(campus.folder)
        learners = campus.learners(cohort)
        with gradebook.open_gradebook(database_url(campus.folder, cohort), cohort.course) as book:
            yield Tracking(campus.folder, campus.root, cohort, learners, book, campus.now())

    @contextmanager
    def book(self) -> Iterator[Gradebook]:
        """The gradebook, to change it."""
        cohort = load_cohort(self.campus.folder)
        with gradebook.open_gradebook(database_url(self.campus.folder, cohort), cohort.course) as book:
            yield book

    def saw(self, what: str, *, learner: str = "", assessment: str = "", item: str = "") -> None:
        """A line in the access log, before the page goes out."""
        self._note("saw", what, learner, assessment, item)

    def changed(
        self,
        what: str,
        *,
        learner: str = "",
        assessment: str = "",
        item: str = "",
        before: object = "",
        after: object = "",
    ) -> None:
        """The same for a change; it is on disk when this returns."""
        self._note("changed", what, learner, assessment, item, str(before), str(after))

    def refuse(self, what: str) -> Refused:
        """An error to raise, with a line in the log."""
        self._note("was refused", what, "", "", "")
        return Refused("This page is not for you.")

    def _note(
        self,
        did: Literal["saw", "changed", "was refused"],
        what: str,
        learner: str,
        assessment: str,
        item: str,
        before: str = "",
        after: str = "",
    ) -> None:
        log = self.campus.log
        look = Look(
            at=self.campus.now(),
            who=log.pseudonym("account", self.visitor.account),
            did=did,
            what=what,
            learner=log.pseudonym("learner", learner),
            assessment=assessment,
            item=item,
            before=before,
            after=after,
        )
        self.campus.note(look, durable=did == "changed")


def page(
    campus: Campus,
    path: str,
    answer: Callable[[Visit], Response],
    *,
    post: bool = False,
    learners: bool = False,
) -> Route:
    """A route to this page; for instructors, unless it says that learners may come as well.

    Args:
        post: a form is sent here; its token is checked before the page's function sees it.
        learners: the function itself checks that a learner sees only what is theirs.
    """

    async def endpoint(request: Request) -> Response:
        session: Session = request.state.session
        form: dict[str, str] = {}
        if post:
            async with request.form(max_files=0, max_fields=MOST_FIELDS) as sent:
                form = {name: value for name, value in sent.items() if isinstance(value, str)}
        return await run_in_threadpool(
            _answered, answer, Visit(campus, request, session, form), post, learners
        )

    return Route(path, endpoint, methods=["POST"] if post else ["GET"])


def _answered(answer: Callable[[Visit], Response], visit: Visit, post: bool, learners: bool) -> Response:
    try:
        if post and not visit.session.made_form(visit.form.get("csrf", "")):
            raise visit.refuse("a form without its token")
        if not visit.visitor.is_instructor and not (learners and visit.visitor.learner):
            raise visit.refuse("a page of the cohort")
        return answer(visit)
    except NotFound as problem:
        return notice(visit.campus, 404, "There is no such page.", str(problem))
    except Refused as problem:
        return notice(visit.campus, 403, "This page is not for you.", _why(visit.visitor, str(problem)))
    except CampusError as problem:
        return notice(visit.campus, 409, "This could not be done.", str(problem))


def _why(visitor: Visitor, otherwise: str) -> str:
    if visitor.is_instructor:
        return "The form was not sent from a page of this session. Open the page again and send it once more."
    if visitor.learner:
        return "You can see your own page."
    return (
        "Your account is not on this cohort's list. If it should be, ask the people who teach the cohort to "
        "add it to dashboard.yaml."
    )
