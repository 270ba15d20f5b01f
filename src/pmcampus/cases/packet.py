"""What each person gets: the briefing of all, their own sheet, notebook and data, and nothing else."""

import shutil
from collections.abc import Collection
from datetime import datetime
from pathlib import Path

from pmcampus import casedir
from pmcampus.casepaper import TEAM, files_of, load_case_form, load_case_paper
from pmcampus.cases.desk import desk_of
from pmcampus.cases.first_steps import START, for_a_member
from pmcampus.cohortdir import refuse_inside_content
from pmcampus.coursedir import write_notebook
from pmcampus.errors import CohortError
from pmcampus.files import write_bytes, write_text
from pmcampus.model.case import BRIEFING, CaseForm

PASS_FILE = "YOUR-PASS.txt"
GIVEN_OUT = "the packet was given out before; add --pass for another copy, or --anew for a new pass"


def brief(
    folder: Path, case: str, learner: str, *, root: Path, out: Path, at: datetime, role: str | None = None,
    word: str | None = None, anew: bool = False,
) -> tuple[Path, str | None]:  # fmt: skip
    """The learner's packet: the briefing of all, their own sheets, notebooks and data, and nothing else.

    The first time a pass is made and lies in the packet; later the pass is asked for. `anew` makes
    another pass, for somebody who lost it.

    Returns:
        Where the packet lies, and the pass when it was made just now.

    Raises:
        CaseRefused: another role's sheet was asked for, or the pass is missing or wrong.
        CohortError: no seat in this case, or the packet would lie inside the repository or behind a link.
    """
    refuse_inside_content(out)
    form = load_case_form(root, case)
    with casedir.room(folder, case) as here:
        desk = desk_of(here, form, case, learner, at)
        if role is not None and role not in desk.seat.roles:
            why = f"the sheet of {role} is for whoever plays it; you play {', '.join(desk.seat.roles)}."
            raise desk.refuse("briefed", why, role=role)
        packet = out / f"{case}--{learner}"
        refuse_links(packet)
        made = None
        if anew or not casedir.has_pass(here, learner):
            made = casedir.give_pass(here, learner)
        elif not casedir.fits_pass(here, learner, word or ""):
            why = "the packet was given out before, and the pass does not fit" if word else GIVEN_OUT
            raise desk.refuse("briefed", f"{why}.")
        for part in desk.seat.roles:
            lay_out(root, case, form, part, packet, owner=learner)
        if made:
            write_bytes(packet / PASS_FILE, f"{made}\n".encode())
        steps = for_a_member(form, case, desk.seat, pass_file=PASS_FILE)
        write_text(packet / START, steps)
        desk.note("briefed", what="with a new pass" if made else "again", role=" ".join(desk.seat.roles))
    return packet, made


def refuse_links(packet: Path) -> None:
    """Nothing of a packet is a link: a private sheet would land where somebody else chose.

    Raises:
        CohortError: the packet, or something in it, is one.
    """
    link = next((p for p in (packet, *packet.rglob("*")) if p.is_symlink()), None)
    if link is not None:
        raise CohortError(f"{link}: this is a link, and a packet is written into real folders; remove it.")


def lay_out(
    root: Path, case: str, form: CaseForm, part: str, packet: Path, *, owner: str,
    played: Collection[str] | None = None,
) -> None:  # fmt: skip
    """The files of this role, or of the team, where the notebook finds them; others cannot look in."""
    packet.mkdir(parents=True, exist_ok=True, mode=0o700)
    source = root / "case_studies" / case
    for name in [BRIEFING, *files_of(form, part, played=played)]:
        target = packet / name
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(source / name, target)
    paper = load_case_paper(root, case, part)
    name = form.decision.notebook if part == TEAM else form.roles[part].notebook
    if not (packet / name).exists():  # somebody's work is never written over
        paper.release.metadata["pmcampus"]["given_to"] = owner
        write_notebook(packet / name, paper.release)
