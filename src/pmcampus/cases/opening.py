"""The moment at which a team opens its commitments, each checked against its seal."""

from datetime import datetime
from pathlib import Path
from typing import Any

from pmcampus import casedir
from pmcampus.casedir import CaseRoom
from pmcampus.casepaper import TEAM, load_case_form
from pmcampus.cases.desk import opened_rows, refused
from pmcampus.cases.first_steps import START, for_the_team
from pmcampus.cases.packet import lay_out, refuse_links
from pmcampus.cohortdir import refuse_inside_content
from pmcampus.errors import CohortError
from pmcampus.files import write_text
from pmcampus.model.case import CaseForm
from pmcampus.model.team import AUTHORS, Event, Opened, Team
from pmcampus.teamwork.log import last
from pmcampus.teamwork.seal import seal


def open_case(
    folder: Path, case: str, team: str, *, root: Path, out: Path, at: datetime, absent: tuple[str, ...] = ()
) -> Path:
    """The team's packet: all commitments, each checked against its seal, and the joint notebook.

    Args:
        absent: members who did not come; the authors' commitments speak for roles left empty.

    Raises:
        CaseRefused: a role of somebody present is not sealed, or a sealed commitment was changed.
        CohortError: no such team, or it has opened.
    """
    refuse_inside_content(out)
    form = load_case_form(root, case)
    with casedir.room(folder, case) as here:
        plan, past = casedir.load_plan(here), casedir.events(here)
        here_now = next((one for one in plan.teams if one.id == team), None)
        if here_now is None:
            raise CohortError(f"{team!r} is no team here; choose {', '.join(t.id for t in plan.teams)}.")
        unknown = [name for name in absent if here_now.seat(name) is None]
        if unknown:
            raise CohortError(f"{unknown[0]!r} has no seat in {team}.")
        if all(seat.learner in absent for seat in here_now.seats):
            raise CohortError(f"{team}: everybody is absent; a team opens with at least one member there.")
        packet = out / f"{case}--{team}"
        refuse_links(packet)
        opened = last(past, "opened", team=team)
        if opened is None:
            rows = _open_all(here, here_now, form, root, case, past, at, absent)
            stored: list[dict[str, Any]] | None = [row.model_dump(mode="json") for row in rows]
            casedir.write_json(here.team(team) / "opened.json", stored)
            gone = f"without {', '.join(absent)}" if absent else ""
            casedir.note(
                here,
                Event(
                    at=at, who="facilitator", verb="opened", outcome="done", team=team, what=gone,
                    seal=seal(stored or []),
                ),
            )  # fmt: skip
        else:
            stored = opened_rows(here, team, opened)
        if stored is None:
            why = "the commitments were changed after the opening."
            raise refused(here, at, "facilitator", "opened", why, team=team)
        # Who was there is told by the first opening, also when its packet is written once more.
        there = {row["learner"] for row in stored}
        played = {role for seat in here_now.seats if seat.learner in there for role in seat.roles}
        lay_out(root, case, form, TEAM, packet, owner=team, played=played)
        casedir.write_json(packet / "data" / "opened.json", stored)
        gone_now = [seat.learner for seat in here_now.seats if seat.learner not in there]
        write_text(packet / START, for_the_team(form, case, here_now, absent=gone_now))
    return packet


def _open_all(
    here: CaseRoom, team: Team, form: CaseForm, root: Path, case: str, past: list[Event], at: datetime,
    absent: tuple[str, ...],
) -> list[Opened]:  # fmt: skip
    rows = []
    for seat in team.seats:
        for role in seat.roles if seat.learner not in absent else ():
            sealed = last(past, "sealed", who=seat.learner, role=role)
            if sealed is None:
                why = f"{role} has not sealed; a team opens when everybody present has."
                raise refused(here, at, seat.learner, "opened", why, team=team.id, role=role)
            try:
                held = casedir.read_json(here.sealed(team.id, role, seat.learner))
            except CohortError:
                held = {}
            if seal(held) != sealed.seal:
                why = f"the commitment of {role} was changed after it was sealed."
                raise refused(here, at, seat.learner, "opened", why, team=team.id, role=role)
            rows.append(
                Opened(
                    role=role, learner=seat.learner, written_by="a member", seal=sealed.seal, commitment=held
                )
            )
    spoken = {row.role for row in rows}
    for role in (role for role in form.roles if role not in spoken):
        rows.append(_recorded(root, case, form, role))
    return sorted(rows, key=lambda row: (list(form.roles).index(row.role), row.learner))


def _recorded(root: Path, case: str, form: CaseForm, role: str) -> Opened:
    """What the authors wrote for this role."""
    if form.commitment.recorded is None:
        raise CohortError(f"{case}: nobody speaks for {role}, and the case holds no recorded commitments.")
    stored = casedir.read_json(root / "case_studies" / case / form.commitment.recorded)
    held = next(one for one in stored["commitments"] if one["role"] == role)
    return Opened(role=role, learner="", written_by=AUTHORS, seal=seal(held), commitment=held)
