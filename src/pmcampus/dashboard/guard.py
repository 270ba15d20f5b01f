"""What holds for every request before a page is made: security headers, no foreign forms, a known visitor."""

import sys
import traceback
from typing import Any
from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import HTTPConnection
from starlette.responses import RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from pmcampus.dashboard.campus import Campus
from pmcampus.pages import render

POLICY = (
    "default-src 'none'; style-src 'self'; script-src 'self'; font-src 'self'; img-src 'self' data:; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
HEADERS = {
    "content-security-policy": POLICY,
    "referrer-policy": "no-referrer",
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(), microphone=(), geolocation=(), browsing-topics=()",
    "cache-control": "no-store",
}
OPEN = ("/enter", "/static/", "/oauth_callback")  # what a visitor without a session may ask for


class SafeAnswers:
    """Every answer carries the headers above, and a failure of ours is a page without a traceback."""

    def __init__(self, app: ASGIApp, campus: Campus) -> None:
        self.app, self.campus = app, campus

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer, whatever happens further in."""
        begun = False

        async def sending(message: Message) -> None:
            nonlocal begun
            if message["type"] == "http.response.start":
                begun = True
                headers = MutableHeaders(scope=message)
                for name, value in HEADERS.items():
                    if name != "cache-control" or name not in headers:
                        headers[name] = value
            await send(message)

        if scope["type"] not in ("http", "lifespan"):  # no web sockets here
            return
        try:
            await self.app(scope, receive, sending)
        except Exception as problem:
            place = traceback.extract_tb(problem.__traceback__)[-1]
            # Without its message, which may hold somebody's data.
            print(f"dashboard: {type(problem).__name__} at {place.filename}:{place.lineno}", file=sys.stderr)
            if begun:
                raise
            answer = notice(
                self.campus,
                500,
                "The dashboard failed.",
                "The terminal in which it runs says where. Look whether your change was kept, and report it.",
            )
            await answer(scope, receive, sending)


class Guard:
    """Lets known visitors through, with their session in `request.state.session`."""

    def __init__(self, app: ASGIApp, campus: Campus) -> None:
        self.app, self.campus = app, campus

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """The page, or why not."""
        if scope["type"] != "http":
            return await self.app(scope, receive, send)
        answer = await self._stopped(scope)
        return await (answer or self.app)(scope, receive, send)

    async def _stopped(self, scope: Scope) -> Response | None:
        """What to answer instead of the page; None when the visitor may go on."""
        headers = Headers(scope=scope)
        if scope["method"] not in ("GET", "HEAD") and _is_foreign(headers):
            return notice(self.campus, 403, "This form came from another page.", "Open the dashboard itself.")
        path = scope["path"].removeprefix(self.campus.prefix)
        if path.startswith(OPEN):
            return None
        cookie = HTTPConnection(scope).cookies.get(self.campus.cookie, "")
        session = self.campus.sessions.find(cookie) if cookie else None
        hub = self.campus.hub
        if session is not None and hub is not None:
            visitor = await hub.visitor(session.hub_token)
            if visitor is None:  # signed out of the Hub, or no longer allowed
                self.campus.sessions.end(cookie)
                session = None
            else:
                session.visitor = visitor
        if session is not None:
            scope.setdefault("state", {})["session"] = session
            return None
        if hub is not None and scope["method"] == "GET":
            query = scope["query_string"].decode("latin-1")
            asked = scope["path"] + (f"?{query}" if query else "")
            return hub.to_login(self.campus.own_path(asked), headers)
        if hub is not None:
            return notice(self.campus, 403, "Your session is over.", "Open the page again and sign in.")
        return notice(
            self.campus,
            403,
            "Open the dashboard with the address that your terminal shows.",
            "That address works once. If it was used already, or your session is over, stop the command with "
            "Ctrl+C and start it again.",
        )


def notice(campus: Campus, status: int, title: str, text: str, **values: Any) -> Response:
    """A page that says one thing."""
    body = render("dashboard/notice.html", url=campus.url, title=title, text=text, visitor=None, **values)
    return Response(body, status, media_type="text/html")


def moved_by_us(campus: Campus, path: str, cookie: str, *, secure: bool) -> Response:
    """A page that sets the session's cookie and goes on by itself.

    It goes on from a page of ours, not by a redirect, because a browser that came from elsewhere does not
    send a strict cookie along a chain of redirects.
    """
    body = render("dashboard/enter.html", url=campus.url, goal=campus.own_path(path), visitor=None)
    answer = Response(body, media_type="text/html")
    answer.set_cookie(
        campus.cookie,
        cookie,
        path=f"{campus.prefix}/",
        httponly=True,
        samesite="strict",
        secure=secure,
    )
    return answer


def back(path: str) -> Response:
    """See the other page, after a change."""
    return RedirectResponse(path, 303)


def is_https(headers: Headers, scheme: str) -> bool:
    """Whether the browser speaks https to whatever stands before us."""
    return (headers.get("x-forwarded-proto") or scheme).split(",")[0].strip() == "https"


def _is_foreign(headers: Headers) -> bool:
    """Whether the browser says that another site's page sends this.

    A page under the policy `no-referrer` has the origin `null` in its own forms, so that says nothing;
    every form carries its session's token as well.
    """
    site = headers.get("sec-fetch-site")
    if site is not None:
        return site not in ("same-origin", "none")
    origin = headers.get("origin")
    return (
        origin not in (None, "null")
        and urlsplit(origin or "").netloc.lower() != headers.get("host", "").lower()
    )
