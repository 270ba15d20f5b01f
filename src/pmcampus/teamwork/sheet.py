"""A case's marks as parts that a gradebook can hold: what can be earned, and what one member earned.

The team's parts stand in every member's sheet as the team earned them. What a critical fail takes off and
what the peer factor adds or takes off are parts of their own, worth no points, so that a sum shows its way.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence

from pmcampus.model.assessment import answer_cell
from pmcampus.model.case import HIGHEST, CaseForm, CaseItem
from pmcampus.model.verdict import ItemVerdict, Mark
from pmcampus.pages import number
from pmcampus.progress import ItemHead
from pmcampus.teamwork.marks import MemberMark
from pmcampus.teamwork.report import CaseReport

COMMITMENT, EXIT_PAPER = "commitment", "exit-paper"
CAP, PEER = "critical-fails", "peer-factor"
DIGITS = 6  # what is left of computers' fractions below this is nobody's point


def parts(form: CaseForm) -> tuple[ItemHead, ...]:
    """Every part with its points, in the order of the page; the sum is 100."""
    marks = form.marks
    worth = {id: round(marks.rubric_points * c.weight / 100, DIGITS) for id, c in marks.criteria.items()}
    rubric = (
        ItemHead(f"rubric-{id}", f"Rubric {number(c.weight)} %: {c.title}", "", worth[id], False)
        for id, c in marks.criteria.items()
    )
    return (
        *_by_machine("prework", "Pre-work", marks.prework),
        ItemHead(COMMITMENT, "Commitment in time", "", form.commitment.points, True),
        ItemHead(EXIT_PAPER, "Exit paper", "", marks.exit_paper.points, False),
        *_by_machine("team", "Team", marks.team_items),
        *rubric,
        ItemHead(CAP, "Critical fail, taken off", "", 0.0, False),
        ItemHead(PEER, "Peer factor", "", 0.0, False),
    )


def _by_machine(kind: str, word: str, items: Iterable[CaseItem]) -> Iterator[ItemHead]:
    for item in items:
        yield ItemHead(
            f"{kind}-{item.cell}", f"{word}: {item.title}", item.competency, item.points, automatic=True
        )


def verdicts(report: CaseReport, member: MemberMark) -> tuple[ItemVerdict, ...]:
    """What this member earned in each part, with a sentence; the scores add up to the member's total."""
    found = dict(_scores(report, member))
    return tuple(
        _verdict(head.cell, head.points, *found[head.cell])
        for head in parts(report.form)
    )  # fmt: skip


def _scores(report: CaseReport, member: MemberMark) -> Iterator[tuple[str, tuple[float | None, str]]]:
    form, team = report.form, report.team
    for item in form.marks.prework:
        points = member.prework_items.get(item.cell)
        yield f"prework-{item.cell}", (points, _prework(member, points))
    roles = f"{len(member.roles)} role{'s' if len(member.roles) > 1 else ''}: {', '.join(member.roles)}"
    yield COMMITMENT, (member.commitment, f"Never for being right; sealed for {roles}.")
    read = "Each question 0 to 4 by people." if member.exit_paper is not None else "Nobody has read it yet."
    yield EXIT_PAPER, (member.exit_paper, read)
    waits = team.points is None
    for item, (_, points, _) in zip(form.marks.team_items, report.items, strict=True):
        told = "The team's; it counts for every member."
        yield f"team-{item.cell}", (None if waits and not team.items else points, told)
    for row in team.criteria:
        scores = ", ".join(map(str, row.scores))
        told = f"Markers: {scores} of {HIGHEST}." if row.scores else "Nobody has scored it yet."
        yield f"rubric-{row.id}", (row.points if row.scores else None, told)
    yield CAP, _cap(report)
    if team.points is None or member.team_part is None:
        yield PEER, (None, "It waits for the team's points.")
    else:
        told = f"Factor {member.factor:.2f}: {member.factor_why}."
        yield PEER, (member.team_part - team.points, told)


def _prework(member: MemberMark, points: float | None) -> str:
    if points is None:
        return "Not handed in yet."
    return "The mean of your roles." if len(member.roles) > 1 else "By the check of your own notebook."


def _cap(report: CaseReport) -> tuple[float | None, str]:
    team = report.team
    if team.points is None or team.uncapped is None:
        return None, "It waits for the markers."
    if not team.fails:
        return 0.0, "No critical fail."
    named = "; ".join(report.form.marks.critical_fails[fail] for fail in team.fails)
    told = f"Critical: {named}. The team keeps at most {number(team.ceiling)} points until it is repaired."
    return team.points - team.uncapped, told


def _verdict(cell: str, points: float, score: float | None, message: str) -> ItemVerdict:
    if score is None:
        return ItemVerdict(cell, points, None, Mark.AWAITING, message)
    kept = round(score, DIGITS)
    mark = Mark.FULL if kept >= points else Mark.PARTIAL if kept > 0 else Mark.ZERO
    return ItemVerdict(cell, points, kept, mark, message)


def mean_of_roles(by_role: Sequence[Mapping[str, float] | None]) -> dict[str, float]:
    """Pre-work by item: the mean over a member's roles, where one not handed in counts nothing.

    Nothing at all was handed in: no item.
    """
    given = [
        {answer_cell(cell): points for cell, points in one.items()} for one in by_role if one is not None
    ]
    cells = sorted({cell for one in given for cell in one})
    return {cell: sum(one.get(cell, 0.0) for one in given) / len(by_role) for cell in cells}
