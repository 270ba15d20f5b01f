"""The door: the one-time token on one's own machine, the Hub's word elsewhere, and the way out."""

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from pmcampus.dashboard.access import Visitor
from pmcampus.dashboard.campus import Campus
from pmcampus.dashboard.guard import is_https, moved_by_us, notice
from pmcampus.dashboard.hub import STATE_COOKIE
from pmcampus.dashboard.visit import Visit, page
from pmcampus.model.dashboard import Look

OWNER = "this machine"  # the account of whoever started the command


def routes(campus: Campus) -> list[Route]:
    """The door's addresses."""
    door = _by_hub(campus) if campus.hub else _by_token(campus)
    return [door, page(campus, "/leave", _leave, post=True, learners=True)]


def _by_token(campus: Campus) -> Route:
    async def enter(request: Request) -> Response:
        if request.method == "HEAD":  # a look ahead by a mail or chat program must not use it up
            return Response(status_code=405, headers={"allow": "GET"})
        if not campus.token.spend(request.query_params.get("token", "")):
            return notice(
                campus,
                403,
                "This address was used already, or is not whole.",
                "It works once. If that was not you, somebody else on this machine may have used it: stop "
                "the command with Ctrl+C and start it again.",
            )
        _came_in(campus, OWNER)
        cookie = campus.sessions.begin(Visitor(OWNER, is_instructor=True))
        return moved_by_us(campus, campus.url(), cookie, secure=_secure(request))

    return Route("/enter", enter, methods=["GET"])


def _by_hub(campus: Campus) -> Route:
    async def callback(request: Request) -> Response:
        hub = campus.hub
        assert hub is not None
        asked = request.query_params
        began = hub.expected(asked.get("state", ""), request.cookies.get(STATE_COOKIE, ""))
        token = await hub.token(asked.get("code", ""), began[1]) if began else None
        visitor = await hub.visitor(token) if token else None
        if began is None or token is None or visitor is None:
            return notice(
                campus,
                403,
                "The Hub did not let you in.",
                "Signing in was not begun in this browser, took too long, or the Hub refused. Try once more.",
            )
        _came_in(campus, visitor.account)
        cookie = campus.sessions.begin(visitor, hub_token=token)
        answer = moved_by_us(campus, began[0], cookie, secure=_secure(request))
        answer.delete_cookie(STATE_COOKIE, path=f"{campus.prefix}/")
        return answer

    return Route("/oauth_callback", callback, methods=["GET"])


def _leave(visit: Visit) -> Response:
    campus = visit.campus
    campus.sessions.end(visit.request.cookies.get(campus.cookie, ""))
    answer = notice(campus, 200, "You are out.", "Nobody sees this cohort with this browser any more.")
    answer.delete_cookie(campus.cookie, path=f"{campus.prefix}/")
    return answer


def _came_in(campus: Campus, account: str) -> None:
    who = campus.log.pseudonym("account", account)
    campus.note(Look(at=campus.now(), who=who, did="came in", what="the dashboard"))


def _secure(request: Request) -> bool:
    return is_https(request.headers, request.url.scheme)
