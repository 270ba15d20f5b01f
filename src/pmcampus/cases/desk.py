"""Who acts in a case, and whether they may. A refusal has a reason, and the log keeps that it was tried."""

import json
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from pmcampus import casedir
from pmcampus.casedir import CaseRoom
from pmcampus.casepaper import TEAM
from pmcampus.errors import CaseRefused, CohortError
from pmcampus.model.case import CaseForm
from pmcampus.model.team import Event, Seat, Team
from pmcampus.receive import MAX_BYTES
from pmcampus.teamwork.log import last
from pmcampus.teamwork.seal import seal


@dataclass(frozen=True)
class Desk:
    """Who acts, in which room, with what log so far; made new for every step."""

    here: CaseRoom
    form: CaseForm
    case: str
    team: Team
    seat: Seat
    events: list[Event]
    at: datetime

    def note(self, verb: Any, *, role: str = "", what: str = "", seal: str = "") -> None:
        """One line of the log: this was done."""
        who, team = self.seat.learner, self.team.id
        casedir.note(
            self.here,
            Event(at=self.at, who=who, verb=verb, outcome="done", team=team, role=role, what=what, seal=seal),
        )

    def refuse(self, verb: Any, why: str, *, role: str = "") -> CaseRefused:
        """The refusal to raise, already in the log."""
        return refused(self.here, self.at, self.seat.learner, verb, why, team=self.team.id, role=role)

    @property
    def is_open(self) -> bool:
        """Whether this team has opened its commitments."""
        return last(self.events, "opened", team=self.team.id) is not None


def refused(
    here: CaseRoom, at: datetime, who: str, verb: Any, why: str, *, team: str = "", role: str = ""
) -> CaseRefused:
    """A refusal to raise; the log keeps it, without signs that would steer the terminal of who reads it."""
    who, why, role = map(_printable, (who, why, role))
    casedir.note(here, Event(at=at, who=who, verb=verb, outcome="refused", team=team, role=role, what=why))
    return CaseRefused(f"{who}: {why} This was noted.")


def _printable(text: str) -> str:
    return "".join(sign if sign.isprintable() else "?" for sign in text)


def opened_rows(here: CaseRoom, team: str, opened: Event) -> list[dict[str, Any]] | None:
    """What the team opened; None when it is no longer what the log sealed at the opening."""
    try:
        rows: list[dict[str, Any]] = casedir.read_json(here.team(team) / "opened.json")
    except CohortError:
        return None
    return rows if opened.seal in ("", seal(rows)) else None  # openings before 2026-11-26 have no seal


def desk_of(here: CaseRoom, form: CaseForm, case: str, learner: str, at: datetime) -> Desk:
    """The desk of this learner.

    Raises:
        CaseRefused: no seat in the case.
        CohortError: the teams began with another major version.
    """
    plan, past = casedir.load_plan(here), casedir.events(here)
    team = plan.team_of(learner)
    seat = team.seat(learner) if team else None
    if team is None or seat is None:
        why = "there is no seat for this id in the case; write the learner's id of the roster."
        raise refused(here, at, learner[:64], "briefed", why)
    if plan.version.split(".")[0] != form.version.split(".")[0]:
        raise CohortError(
            f"{here.folder}: the teams began with version {plan.version} of the case, and here is "
            f"{form.version}; use the release they began with."
        )
    return Desk(here, form, case, team, seat, past, at)


def admit(
    here: CaseRoom, form: CaseForm, case: str, learner: str, word: str, at: datetime, verb: Any
) -> Desk:
    """The desk of somebody whose pass fits; whoever only says to be that learner is refused."""
    desk = desk_of(here, form, case, learner, at)
    if not casedir.fits_pass(here, learner, word):
        raise desk.refuse(verb, "the pass does not fit this learner.")
    return desk


def schema_of(root: Path, case: str, file: str) -> Any:
    """A schema of the case."""
    return casedir.read_json(root / "case_studies" / case / file)


def notebook_bytes(notebook: Path, part: str, owner: str) -> bytes:
    """A notebook as it was handed in.

    Args:
        part: the role whose notebook it must be, or the team.
        owner: the learner or team to whom it was given out.

    Raises:
        CohortError: it cannot be read, is too large, or says that it is another part's.
    """
    content = _read(notebook)
    other = _told(content, "part")
    if other not in ("", part):
        other = _printable(other[:64])
        whose, wanted = (f"the {'whole ' * (name == TEAM)}{name}" for name in (other, part))
        raise CohortError(f"{notebook}: this is the notebook of {whose}; hand in that of {wanted}.")
    given = _told(content, "given_to")
    if given not in ("", owner):
        raise CohortError(
            f"{notebook}: this notebook was given out to {_printable(given[:64])}; hand in that of {owner}."
        )
    return content


def _told(content: bytes, field: str) -> str:
    """What a handed-out notebook says of itself; empty where it says nothing."""
    try:
        return str(json.loads(content)["metadata"]["pmcampus"][field])
    except (ValueError, KeyError, TypeError, RecursionError):
        return ""  # marking says what is wrong with it


def _read(notebook: Path) -> bytes:
    if not notebook.is_file():
        raise CohortError(f"{notebook}: there is no such file; look at the path.")
    try:
        if notebook.stat().st_size > MAX_BYTES:
            raise CohortError(
                f"{notebook}: larger than {MAX_BYTES // 1_000_000} MB; clear its outputs first."
            )
        return notebook.read_bytes()
    except OSError as problem:
        raise CohortError(f"{notebook}: this notebook cannot be read ({problem.strerror}).") from problem
