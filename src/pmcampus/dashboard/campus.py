"""What all pages of one dashboard share: the cohort, its content, who is in, and how addresses are made."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode

from pmcampus.accesslog import AccessLog
from pmcampus.cohort import role_ids
from pmcampus.cohortdir import load_cohort, load_roster
from pmcampus.dashboard.access import OneTimeToken, Sessions
from pmcampus.dashboard.hub import Hub
from pmcampus.model.cohort import CohortForm, Learner
from pmcampus.model.dashboard import Look


@dataclass(frozen=True)
class Campus:
    """One running dashboard.

    Attributes:
        prefix: what every address begins with, without the last slash; empty on one's own machine.
        hosts: names under which it answers; all others are turned away.
        hub: the JupyterHub that says who somebody is; None on one's own machine.
    """

    folder: Path
    root: Path
    log: AccessLog
    hosts: tuple[str, ...]
    prefix: str = ""
    cookie: str = "pmcampus"
    hub: Hub | None = None
    sessions: Sessions = field(default_factory=Sessions)
    token: OneTimeToken = field(default_factory=OneTimeToken)
    _roster: dict[str, Any] = field(default_factory=dict)

    def url(self, *parts: str, **query: object) -> str:
        """The address of a page by the parts of its path; empty values of the query are left out."""
        path = self.prefix + "/" + "/".join(quote(part, safe="") for part in parts)
        asked = urlencode({key: value for key, value in query.items() if value not in (None, "")})
        return f"{path}?{asked}" if asked else path

    def own_path(self, text: str) -> str:
        """This path when it is one of ours, otherwise the first page: nobody is sent elsewhere by a link."""
        inside = text.startswith(f"{self.prefix}/")
        plain = text.isprintable() and not set(text) & set("\\ ") and "//" not in text.partition("?")[0]
        return text if inside and plain and ".." not in text.partition("?")[0] else self.url()

    def learners(self, cohort: CohortForm) -> Mapping[str, Learner]:
        """The roster by id, read again only after it changed: ten thousand lines are not read for each page.

        Raises:
            CohortError: nobody is enrolled, or the roster is faulty.
        """
        path = self.folder / cohort.roster
        state = (path.stat().st_mtime_ns, path.stat().st_size) if path.is_file() else (0, 0)
        if self._roster.get("state") != state:
            found = load_roster(self.folder, cohort, roles=role_ids(self.root))
            self._roster.update(state=state, learners={learner.id: learner for learner in found})
        learners: Mapping[str, Learner] = self._roster["learners"]
        return learners

    def note(self, look: Look, *, durable: bool = False) -> None:
        """A line in the access log; the first of a month lets go of those whose time is over."""
        if self.log.add(look, durable=durable):
            self.log.prune(keep_months=load_cohort(self.folder).access_log_months, now=self.now())

    def now(self) -> datetime:
        """The moment, in UTC."""
        return datetime.now(UTC)
