"""A team's marks on one page: every part, every weight, and the formula of the peer factor."""

import csv
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pmcampus.model.case import HIGHEST, CaseForm
from pmcampus.model.team import AUTHORS
from pmcampus.pages import number, render
from pmcampus.teamwork.agreement import Agreement
from pmcampus.teamwork.marks import MemberMark, TeamMark

COLUMNS = (
    *("team", "learner", "roles", "prework", "commitment", "exit_paper"),
    *("team_points", "factor", "team_part", "total"),
)
FORMULA = (
    "team part = team points x factor, at most all team points (or the cap); factor = mean rating "
    "received / mean of the team, kept between {low:.2f} and {high:.2f}; 1 with fewer than {raters} "
    "raters. One's own rating does not count. Limit and minimum are this curriculum's own choice; "
    "comparing a member with the mean of the team follows WebPA."
)


@dataclass(frozen=True)
class CaseReport:
    """Everything the page of one team says."""

    form: CaseForm
    team: TeamMark
    members: tuple[MemberMark, ...]
    agreement: Agreement | None
    decision: Mapping[str, Any]
    fictitious: bool = False
    recorded: tuple[str, ...] = ()

    @property
    def formula(self) -> str:
        """How a member's part follows from the team's."""
        peer = self.form.marks.peer
        return FORMULA.format(low=1 - peer.at_most, high=1 + peer.at_most, raters=peer.raters)

    @property
    def weights(self) -> tuple[tuple[str, float], ...]:
        """Every mark that can be earned, with its points; the sum is 100."""
        marks = self.form.marks
        rows = [(f"pre-work: {item.title}", item.points) for item in marks.prework]
        rows += [("commitment, complete and in time", self.form.commitment.points)]
        rows += [("exit paper", marks.exit_paper.points)]
        rows += [(f"team: {item.title}", item.points) for item in marks.team_items]
        rows += [
            (f"rubric: {c.title} ({number(c.weight)} %)", marks.rubric_points * c.weight / 100)
            for c in marks.criteria.values()
        ]
        return tuple(rows)

    @property
    def items(self) -> tuple[tuple[str, float, float], ...]:
        """Team items by machine: title, points, of how many."""
        given = self.team.items
        return tuple(
            (item.title, given.get(f"{item.cell}-check", given.get(item.cell, 0.0)), item.points)
            for item in self.form.marks.team_items
        )

    @property
    def said(self) -> str:
        """How far the markers agreed, in one sentence."""
        found = self.agreement
        if found is None:
            return "One marker or none: no agreement can be reported."
        equal = f"{found.exact:.0%} of {found.scores} scores were equal"
        if found.value is None:
            return f"{found.kind}: not defined, because {found.note}; {equal}."
        return f"{found.kind}: {found.value:.2f}, over all teams; {equal}."


def as_text(report: CaseReport) -> str:
    """The page for a terminal."""
    team, form = report.team, report.form
    lines = [f"{form.code} {form.title}: {team.team}", ""]
    if report.fictitious:
        lines += ["SIMULATED: every person here is made up.", ""]
    if report.recorded:
        lines += [f"Played alone; {', '.join(report.recorded)}: {AUTHORS}.", ""]
    lines += ["What can be earned"]
    lines += [f"  {points:5.1f}  {words}" for words, points in report.weights]
    lines += [f"  Pass at {number(form.marks.passing_score)}.", "", f"Team, of {number(team.of)}"]
    lines += [f"  {points:5.1f}  of {of:4.1f}  {title}" for title, points, of in report.items]
    for row in team.criteria:
        scores = ", ".join(map(str, row.scores)) or "not scored"
        flag = "  the markers should talk" if row.apart else ""
        lines += [f"  {row.points:5.1f}  of {row.of:4.1f}  {row.title}: {scores} of {HIGHEST}{flag}"]
    lines += [f"  critical: {form.marks.critical_fails[fail]}" for fail in team.fails]
    lines += [f"  team points: {_shown(team.points)}{_capped(report)}", "", "Members"]
    for one in report.members:
        lines += [
            f"  {one.learner:12} pre-work {_shown(one.prework)} + commitment {_shown(one.commitment)}"
            f" + exit paper {_shown(one.exit_paper)} + team {_shown(one.team_part)}"
            f" (factor {one.factor:.2f}: {one.factor_why}) = {_shown(one.total)}",
        ]
    lines += ["", f"Formula: {report.formula}", f"Markers: {report.said}"]
    return "\n".join(lines) + "\n"


def as_html(style: str, report: CaseReport) -> str:
    """The page as one file that opens from disk."""
    return render(
        "case.html",
        style=style,
        r=report,
        highest=HIGHEST,
        shown=_shown,
        capped=_capped(report),
        authors=AUTHORS,
        decision=_told(report.decision),
    )


def as_csv(reports: Sequence[CaseReport]) -> str:
    """One line for each member of every team."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(COLUMNS)
    for report in reports:
        for one in report.members:
            parts = (
                one.prework,
                one.commitment,
                one.exit_paper,
                report.team.points,
                one.factor,
                one.team_part,
            )
            values = [_shown(part) for part in (*parts, one.total)]
            writer.writerow([report.team.team, one.learner, " ".join(one.roles), *values])
    return text.getvalue()


def _shown(points: float | None) -> str:
    return "waits" if points is None else f"{points:.2f}".rstrip("0").rstrip(".")


def _capped(report: CaseReport) -> str:
    team = report.team
    if not team.fails or team.points is None or team.points == team.uncapped:
        return ""
    return f" (capped from {_shown(team.uncapped)} until repaired and handed in once more)"


def _told(value: Any, depth: int = 0) -> list[tuple[int, str]]:
    """A decision record as lines with their depth, whatever a team put into it."""
    if isinstance(value, Mapping):
        rows: list[tuple[int, str]] = []
        for key, part in value.items():
            name = str(key).replace("_", " ")
            if isinstance(part, Mapping | list):
                rows += [(depth, name), *_told(part, depth + 1)]
            else:
                rows += [(depth, f"{name}: {part}")]
        return rows
    if isinstance(value, list):
        return [row for part in value for row in _told(part, depth)]
    return [(depth, str(value))]
