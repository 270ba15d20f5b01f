"""Sealing a commitment before the team meets, and reading one."""

from datetime import datetime
from pathlib import Path
from typing import Any

from pmcampus import casedir
from pmcampus.casepaper import load_case_form
from pmcampus.cases.desk import admit, notebook_bytes, opened_rows, schema_of
from pmcampus.errors import CohortError
from pmcampus.files import write_bytes
from pmcampus.filledform import read_form
from pmcampus.teamwork.log import last
from pmcampus.teamwork.seal import check_form, posted, seal


def commit(
    folder: Path, case: str, learner: str, file: Path, *, root: Path, word: str, at: datetime,
    notebook: Path | None = None,
) -> str:  # fmt: skip
    """The seal of a role's commitment, which is stored unread until the team opens.

    Args:
        file: the commitment, as the case's schema asks for it.
        notebook: the pre-work notebook, to be marked later. Whoever sealed without it may add it, with
            the same commitment, until the team opens.

    Raises:
        CaseRefused: another role, a second seal, a commitment after the opening, somebody else's
            commitment once more, a wrong pass.
        CohortError: the form does not fit.
    """
    form = load_case_form(root, case)
    value = read_form(file)
    with casedir.room(folder, case) as here:
        desk = admit(here, form, case, learner, word, at, "sealed")
        role = value.get("role") if isinstance(value, dict) else None
        if role is None:
            raise CohortError(
                f"{file}: this is no commitment, it names no role; hand in the file that your notebook wrote."
            )
        if not isinstance(role, str) or role not in desk.seat.roles:
            why = f"this commitment speaks for {str(role)[:40]}; you play {', '.join(desk.seat.roles)}."
            raise desk.refuse("sealed", why, role=str(role)[:40])
        before = last(desk.events, "sealed", who=learner, role=role)
        prework = here.team(desk.team.id) / "prework" / f"{role}--{learner}.ipynb"
        adds = notebook is not None and not prework.exists() and not desk.is_open
        if before and not (adds and seal(value) == before.seal):
            raise desk.refuse("sealed", "this role's commitment is sealed and stays as it is.", role=role)
        if desk.is_open:
            raise desk.refuse("sealed", "the team has opened its commitments; it is too late.", role=role)
        fitting = check_form(value, schema_of(root, case, form.commitment.schema_file), source=str(file))
        digest = seal(fitting)
        if any(e.verb == "sealed" and e.seal == digest and e.who != learner for e in desk.events):
            why = "this is, word for word, what somebody else has sealed; write your own, with a secret word."
            raise desk.refuse("sealed", why, role=role)
        if notebook is not None:
            write_bytes(prework, notebook_bytes(notebook, role, learner), durable=True)
        casedir.write_json(here.sealed(desk.team.id, role, learner), fitting)
        desk.note("sealed", role=role, what="the notebook was added" if before else "", seal=digest)
    return posted(digest)


def read(
    folder: Path, case: str, learner: str, role: str, *, root: Path, word: str, at: datetime
) -> list[dict[str, Any]]:
    """The commitments of a role in the learner's team: one's own at any time, others after the opening.

    Raises:
        CaseRefused: another role before the opening, or a wrong pass.
        CohortError: nothing was sealed.
    """
    form = load_case_form(root, case)
    with casedir.room(folder, case) as here:
        desk = admit(here, form, case, learner, word, at, "read")
        if not desk.is_open and role not in desk.seat.roles:
            raise desk.refuse("read", f"the commitment of {role} is sealed until the team opens.", role=role)
        opened = last(desk.events, "opened", team=desk.team.id)
        if opened:
            rows = opened_rows(here, desk.team.id, opened)
            if rows is None:
                raise desk.refuse("read", "the commitments were changed after the opening.", role=role)
            return [row for row in rows if row["role"] == role]
        if not last(desk.events, "sealed", who=learner, role=role):
            raise CohortError(f"{learner}: nothing is sealed for {role} yet.")
        return [{"commitment": casedir.read_json(here.sealed(desk.team.id, role, learner))}]
