"""JupyterHub says who somebody is: OAuth with the Hub's own client, and what `dashboard.yaml` makes of it."""

import secrets
from dataclasses import dataclass, field
from threading import Lock
from time import monotonic
from typing import Any
from urllib.parse import urlencode

from starlette.datastructures import Headers
from starlette.responses import RedirectResponse, Response

from pmcampus.dashboard.access import Visitor
from pmcampus.errors import CohortError
from pmcampus.model.dashboard import DashboardForm

REMEMBERED = 60  # seconds: so long somebody stays in whom the Hub turned out
WAIT = 600.0  # seconds for somebody to sign in
MOST_WAITING = 1000
STATE_COOKIE = "pmcampus-signing-in"


@dataclass
class Hub:
    """The Hub that started us as its service.

    Attributes:
        auth: `jupyterhub.services.auth.HubOAuth`, which asks the Hub and remembers its word for a minute.
        learners: ids on the roster.
    """

    auth: Any
    form: DashboardForm
    prefix: str
    learners: frozenset[str]
    _waiting: dict[str, tuple[str, str, float]] = field(default_factory=dict)
    _lock: Lock = field(default_factory=Lock)

    def to_login(self, path: str, headers: Headers) -> Response:
        """To the Hub's own login, and later back to this path of ours."""
        state = secrets.token_urlsafe(32)
        verifier, challenge, method = self.auth.generate_pkce_code_challenge()
        with self._lock:
            now = monotonic()
            self._waiting = {k: v for k, v in self._waiting.items() if v[2] > now}
            while len(self._waiting) >= MOST_WAITING:
                del self._waiting[next(iter(self._waiting))]
            self._waiting[state] = (path, verifier, now + WAIT)
        asked = {"state": state, "code_challenge": challenge, "code_challenge_method": method}
        answer = RedirectResponse(f"{self.auth.login_url}&{urlencode(asked)}", 302)
        https = headers.get("x-forwarded-proto", "http").split(",")[0].strip() == "https"
        # Lax: the Hub's redirect back to us must bring it along.
        answer.set_cookie(
            STATE_COOKIE,
            state,
            max_age=int(WAIT),
            path=f"{self.prefix}/",
            httponly=True,
            samesite="lax",
            secure=https,
        )
        return answer

    def expected(self, state: str, cookie: str) -> tuple[str, str] | None:
        """The path to go to and the proof for the Hub, when this browser began signing in; once only."""
        if not state or not secrets.compare_digest(state.encode(), cookie.encode()):
            return None
        with self._lock:
            found = self._waiting.pop(state, None)
        return found[:2] if found and found[2] > monotonic() else None

    async def token(self, code: str, verifier: str) -> str | None:
        """The Hub's token for this sign-in; None when the Hub refuses."""
        from tornado.web import HTTPError

        try:
            token = await self.auth.token_for_code(code, code_verifier=verifier, sync=False)
        except HTTPError:
            return None
        return str(token)

    async def visitor(self, token: str) -> Visitor | None:
        """Who holds this token now; None when the Hub does not know it, or does not let them in here."""
        from tornado.web import HTTPError

        try:
            model = await self.auth.user_for_token(token, sync=False)
        except HTTPError:
            return None
        if not model or model.get("kind") != "user":
            return None
        if not self.auth.check_scopes(self.auth.access_scopes, model):
            return None
        return visitor_of(model, self.form, self.learners)


def visitor_of(model: dict[str, Any], form: DashboardForm, learners: frozenset[str]) -> Visitor:
    """What this account of the Hub may see. An administrator of the Hub is nobody here unless named."""
    account = str(model["name"])
    teaches = account in form.instructors or bool(
        set(model.get("groups") or ()) & set(form.instructor_groups)
    )
    learner = form.learners.get(account)
    if learner is None and form.same_names and account in learners:
        learner = account
    return Visitor(account, teaches, learner if learner in learners and not teaches else None)


def hub_of_this_process(form: DashboardForm, *, learners: frozenset[str]) -> Hub:
    """The Hub whose environment this process has.

    Raises:
        CohortError: JupyterHub is not installed here, or did not start this process as a service.
    """
    import os

    try:
        from jupyterhub.services.auth import HubOAuth  # type: ignore[import-untyped]
    except ImportError:
        raise CohortError(
            "JupyterHub is not installed beside pmcampus, so nobody can sign in through it; "
            "install the package jupyterhub in the same environment."
        ) from None
    missing = [
        name
        for name in (
            "JUPYTERHUB_API_TOKEN",
            "JUPYTERHUB_API_URL",
            "JUPYTERHUB_SERVICE_PREFIX",
            "JUPYTERHUB_CLIENT_ID",
        )
        if not os.environ.get(name)
    ]
    if missing:
        raise CohortError(
            f"{missing[0]} is not set: with --hub the Hub itself starts this command, as a service; "
            "see the guide to the dashboard."
        )
    prefix = os.environ["JUPYTERHUB_SERVICE_PREFIX"].rstrip("/")
    return Hub(HubOAuth(cache_max_age=REMEMBERED), form, prefix, learners)
