"""The application: every address of the dashboard, behind the guards."""

from collections.abc import Callable
from typing import Any

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.middleware.body_limit import RequestBodyLimitMiddleware
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Mount, Route

from pmcampus.dashboard import appealing, asking, comparing, entry, logbook, marking, numbers, people
from pmcampus.dashboard.assets import assets
from pmcampus.dashboard.campus import Campus
from pmcampus.dashboard.guard import Guard, SafeAnswers, notice

MOST_BYTES = 64 * 1024  # of a form: a comment and a little more


def build(campus: Campus) -> Starlette:
    """The application of this dashboard, for any ASGI server."""
    shelves = (entry, numbers, asking, comparing, people, marking, appealing, logbook)
    pages: list[BaseRoute] = [route for shelf in shelves for route in shelf.routes(campus)]
    pages.append(assets(campus))
    return Starlette(
        routes=[Mount(campus.prefix, routes=pages)] if campus.prefix else pages,
        middleware=[
            Middleware(SafeAnswers, campus=campus),
            Middleware(TrustedHostMiddleware, allowed_hosts=list(campus.hosts), www_redirect=False),
            Middleware(RequestBodyLimitMiddleware, max_body_size=MOST_BYTES),
            Middleware(Guard, campus=campus),
        ],
        exception_handlers={HTTPException: _said(campus)},
    )


def paths(application: Starlette) -> list[Route]:
    """Every address with its methods, for whoever wants to check them all."""
    found: list[Route] = []
    waiting = list(application.routes)
    while waiting:
        route = waiting.pop()
        if isinstance(route, Route):
            found.append(route)
        elif isinstance(route, Mount) and route.routes:
            waiting += route.routes
    return found


def _said(campus: Campus) -> Callable[[Request, Any], Response]:
    def answer(_: Request, problem: HTTPException) -> Response:
        if problem.status_code == 404:
            return notice(campus, 404, "There is no such page.", "Go on from the first page.")
        return notice(campus, problem.status_code, "This was not understood.", str(problem.detail))

    return answer
