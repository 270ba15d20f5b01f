"""The page that lies on top of a packet: what to read, what to open, what to hand in, and how."""

from collections.abc import Sequence
from pathlib import PurePosixPath

from pmcampus.model.case import BRIEFING, CaseForm
from pmcampus.model.team import Seat, Team

START = "START-HERE.txt"


def for_a_member(form: CaseForm, case: str, seat: Seat, *, pass_file: str) -> str:
    """What somebody does alone, before the team meets."""
    played = [form.roles[id] for id in seat.roles]
    lines = [
        f"{form.code}. {form.title}",
        f"You play: {', '.join(f'{role.title.lower()} ({role.person})' for role in played)}.",
        "This folder is yours alone. Say anything that is on your sheet; show it to nobody.",
        "",
        f"1. Read {BRIEFING}, then {_joined([role.briefing for role in played])}.",
        f"2. Open {_joined([role.notebook for role in played])} (type `jupyter lab` in this folder).",
        "   Work from top to bottom, and save.",
        "3. The form at the end writes a file beside the notebook. Before the team meets, hand in both:",
    ]
    for id, role in zip(seat.roles, played, strict=True):
        made = PurePosixPath(role.notebook).parent / f"commitment-{id}.json"
        lines.append(
            f"   pmcampus case commit COHORT {case} {seat.learner} {made}"
            f" --notebook {role.notebook} --pass WORD"
        )
    lines += [
        f"   COHORT is the folder of your cohort, WORD stands in {pass_file}. Where you have no such folder,",
        "   give the files to whoever runs the case.",
        "4. Post the twelve signs that you are told on the team's board. Nothing can be changed after that.",
    ]
    return "\n".join(lines) + "\n"


def for_the_team(form: CaseForm, case: str, team: Team, *, absent: Sequence[str] = ()) -> str:
    """What the team does together, and afterwards."""
    here = [seat.learner for seat in team.seats if seat.learner not in absent]
    lines = [
        f"{form.code}. {form.title}",
        f"You take this case alone, as {team.id}; for the other roles speak the authors of the case."
        if len(team.seats) == 1
        else f"The whole team: {team.id}.",
        "",
        f"1. Open {form.decision.notebook} (type `jupyter lab` in this folder), for all to see.",
        "2. Its last cell writes decision.json. Save the notebook. Both are handed in once:",
        f"   pmcampus case decide COHORT {case} {here[0]} decision.json --notebook {form.decision.notebook}"
        " --pass WORD",
        "   COHORT is the folder of your cohort, WORD the pass of the member who hands in.",
    ]
    if len(here) > 1:
        statements = form.marks.peer.statements
        example = ", ".join(f"{learner}: [{', '.join('4' * len(statements))}]" for learner in here[1:])
        lines += [
            "3. Afterwards each member rates the others, from 0 to 4, for: " + "; ".join(statements) + ".",
            f"   {here[0]} writes these numbers, each as they find it, into a file ratings.yaml:",
            f"       ratings: {{{example}}}",
            "   and hands it in:",
            f"   pmcampus case rate COHORT {case} {here[0]} ratings.yaml --pass WORD",
        ]
    return "\n".join(lines) + "\n"


def _joined(names: Sequence[str]) -> str:
    return " and ".join(names)
