"""Who a visitor is, and how a browser proves it: one-time token, session, and the token of its forms."""

import hashlib
import hmac
import secrets
from collections.abc import Callable
from dataclasses import dataclass, field
from threading import Lock
from time import monotonic

LASTS = 8 * 3600.0  # seconds; a working day
MOST_SESSIONS = 10_000


@dataclass(frozen=True)
class Visitor:
    """An account, and what it may see: the whole cohort, one learner's page, or nothing."""

    account: str
    is_instructor: bool
    learner: str | None = None

    @property
    def is_known(self) -> bool:
        """Whether there is anything for them to see."""
        return self.is_instructor or self.learner is not None


@dataclass
class Session:
    """One browser that came in. `hub_token` is what the Hub gave for it, asked about again now and then."""

    visitor: Visitor
    until: float
    hub_token: str = ""
    forms: str = field(default_factory=lambda: secrets.token_urlsafe(32))
    said: str = ""

    def made_form(self, token: str) -> bool:
        """Whether a form with this token came from a page of this session."""
        return hmac.compare_digest(self.forms.encode(), token.encode())

    def take_said(self) -> str:
        """What the next page is to say once."""
        said, self.said = self.said, ""
        return said


class Sessions:
    """The sessions of a running dashboard, in memory; the browser holds a random value, we its digest.

    A value that we did not make is never taken over, so nobody can plant one in another's browser.
    """

    def __init__(self, clock: Callable[[], float] = monotonic) -> None:
        self._clock, self._held, self._lock = clock, dict[str, Session](), Lock()

    def begin(self, visitor: Visitor, *, hub_token: str = "") -> str:
        """The value for the cookie of a new session."""
        value = secrets.token_urlsafe(32)
        with self._lock:
            now = self._clock()
            for key in [key for key, session in self._held.items() if session.until <= now]:
                del self._held[key]
            while len(self._held) >= MOST_SESSIONS:
                del self._held[next(iter(self._held))]
            self._held[_digest(value)] = Session(visitor, now + LASTS, hub_token)
        return value

    def find(self, value: str) -> Session | None:
        """The session of this cookie, while it lasts."""
        with self._lock:
            session = self._held.get(_digest(value))
            if session is not None and session.until <= self._clock():
                del self._held[_digest(value)]
                return None
            return session

    def all(self) -> list[Session]:
        """Those who are in now."""
        with self._lock:
            return list(self._held.values())

    def end(self, value: str) -> None:
        """No such session any more."""
        with self._lock:
            self._held.pop(_digest(value), None)


class OneTimeToken:
    """What stands in the printed address; it opens the door once."""

    def __init__(self) -> None:
        self._digest, self._lock = "", Lock()

    def renew(self) -> str:
        """A new token; the one before is worth nothing any more."""
        value = secrets.token_urlsafe(32)
        with self._lock:
            self._digest = _digest(value)
        return value

    def spend(self, value: str) -> bool:
        """Whether this is the token, and nobody used it before."""
        with self._lock:
            fits = bool(self._digest) and hmac.compare_digest(self._digest, _digest(value))
            if fits:
                self._digest = ""
            return fits


def _digest(value: str) -> str:
    return hashlib.sha256(value.encode("utf-8", "surrogateescape")).hexdigest()
