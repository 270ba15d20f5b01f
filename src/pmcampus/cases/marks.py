"""Marking a case: machine items by the same engine as assessments, people's scores, and one page a team.

One decision counts for every member of the team; pre-work, commitment and exit paper are each person's own.
"""

import os
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from pathlib import Path
from statistics import fmean

from pmcampus import casedir
from pmcampus.casedir import CaseRoom
from pmcampus.casepaper import TEAM, load_case_form, load_case_paper
from pmcampus.cases.crediting import Credited, credit
from pmcampus.cases.deciding import taken_record
from pmcampus.content import load_style
from pmcampus.errors import CohortError
from pmcampus.files import write_text
from pmcampus.filledform import model_of
from pmcampus.marking import PER_CORE
from pmcampus.marking import mark as mark_notebook
from pmcampus.model.case import CaseForm
from pmcampus.model.team import Event, Plan, Scores, Team
from pmcampus.paper import Paper
from pmcampus.receive import fingerprint
from pmcampus.teamwork.agreement import Agreement, agreement
from pmcampus.teamwork.log import last
from pmcampus.teamwork.marks import MemberMark, exit_paper, factors, team_mark
from pmcampus.teamwork.report import CaseReport, as_csv, as_html, as_text
from pmcampus.teamwork.sheet import mean_of_roles


@dataclass(frozen=True)
class MarkedCase:
    """The marks of every team, where the pages lie, and whose row in the gradebook is new."""

    reports: tuple[CaseReport, ...]
    agreement: Agreement | None
    pages: tuple[Path, ...]
    credited: Credited


@dataclass(frozen=True)
class Bench:
    """Where machine items are judged; `unsafe` goes on where a layer of the sandbox is missing.

    `held` says, in words, how the code that was judged was locked in.
    """

    here: CaseRoom
    root: Path
    case: str
    unsafe: bool
    held: set[str] = field(default_factory=set)

    def judge(self, plan: Plan) -> list[Callable[[], None]]:
        """What is left to do until every notebook of every team has its points, each for a thread."""
        todo: dict[Path, Callable[[], None]] = {}
        for team in plan.teams:
            work = [
                (role, self._prework(team.id, role, seat.learner))
                for seat in team.seats
                for role in seat.roles
            ]
            work += [(TEAM, path) for path in [self.decision(team.id)] if path]
            for part, path in work:
                if path.is_file():
                    paper = load_case_paper(self.root, self.case, part)
                    content = path.read_bytes()
                    kept = self._kept(paper, content)
                    todo.setdefault(kept, partial(self._judge, paper, content, kept))
        return [work for kept, work in todo.items() if not kept.is_file()]

    def points(self, part: str, path: Path) -> dict[str, float]:
        """Points by item. The same bytes against the same paper are judged once."""
        paper = load_case_paper(self.root, self.case, part)
        content = path.read_bytes()
        kept = self._kept(paper, content)
        if not kept.is_file():
            self._judge(paper, content, kept)
        stored = casedir.read_json(kept)
        self.held.add(stored.get("isolation", "not noted"))
        found: dict[str, float] = stored["points"]
        return found

    def prework(self, team: str, role: str, learner: str) -> dict[str, float] | None:
        """Points of a role's pre-work by item; None while it was not handed in."""
        path = self._prework(team, role, learner)
        return self.points(role, path) if path.is_file() else None

    def decision(self, team: str) -> Path | None:
        """The team's latest joint notebook, if it handed one in."""
        versions = sorted((self.here.team(team) / "decision").glob("decision-*.ipynb"))
        return versions[-1] if versions else None

    def _prework(self, team: str, role: str, learner: str) -> Path:
        return self.here.team(team) / "prework" / f"{role}--{learner}.ipynb"

    def _kept(self, paper: Paper, content: bytes) -> Path:
        digest = fingerprint(content + paper.digest.encode())[:32]
        return self.here.folder / "verdicts" / f"{digest}.json"

    def _judge(self, paper: Paper, content: bytes, kept: Path) -> None:
        marked = mark_notebook(paper, content, unsafe=self.unsafe)
        points = {item.cell: item.score or 0.0 for item in marked.verdict.items}
        told = {"refused": marked.verdict.refused, "points": points, "isolation": marked.isolation}
        casedir.write_json(kept, told)


def mark(
    folder: Path,
    case: str,
    *,
    root: Path,
    at: datetime,
    scores: Sequence[Path] = (),
    fictitious: bool = False,
    unsafe: bool = False,
) -> MarkedCase:
    """Every team's marks, anew: pages are written beside them, and every member's row in the gradebook.

    Args:
        scores: files of markers, each for one team; a marker's later file takes the place of the earlier.

    Raises:
        CaseRefused: a decision was changed after it was handed in.
        CohortError: a score file does not fit.
        SandboxError: this machine cannot hold learners' code, and `unsafe` was not asked for.
        GradingError: a notebook could not be judged for a reason that is ours.
    """
    form = load_case_form(root, case)
    with casedir.room(folder, case) as here:
        plan = casedir.load_plan(here)
        records = {team.id: taken_record(here, team.id, at) for team in plan.teams}
        _take_scores(here, form, {team.id: team for team in plan.teams}, scores)
        given = {team.id: list(_scores(here, team.id)) for team in plan.teams}
        bench = Bench(here, root, case, unsafe)
        with ThreadPoolExecutor(PER_CORE * (os.cpu_count() or 1)) as pool:
            judged = [pool.submit(work) for work in bench.judge(plan)]
            agreed = agreement([one for several in given.values() for one in several])
            for one in judged:
                one.result()
        reports = tuple(
            _report(bench, form, team, given[team.id], agreed, records[team.id], fictitious)
            for team in plan.teams
        )
        style, pages = load_style(root), []
        for report in reports:
            place = here.team(report.team.team)
            write_text(place / "marks.txt", as_text(report))
            write_text(place / "marks.html", as_html(style, report))
            pages.append(place / "marks.html")
        write_text(here.folder / "marks.csv", as_csv(reports))
        held = "; ".join(sorted(bench.held)) or "nothing was run"
        credited = credit(here, folder, case, reports, root=root, isolation=held)
        casedir.note(
            here, Event(at=at, who="educator", verb="marked", outcome="done", what=f"{len(pages)} teams")
        )
    return MarkedCase(reports, agreed, tuple(pages), credited)


def _take_scores(here: CaseRoom, form: CaseForm, teams: dict[str, Team], paths: Sequence[Path]) -> None:
    """Keeps every marker's scores, or none when one file does not fit."""
    taken: dict[tuple[str, str], Scores] = {}
    for path in paths:
        one = _fitting_scores(form, teams, path)
        if (one.team, one.marker) in taken:
            raise CohortError(
                f"{path}: {one.marker} scores {one.team} in another file, too; give one of them."
            )
        taken[one.team, one.marker] = one
    for (team, marker), one in taken.items():
        casedir.write_json(here.team(team) / "scores" / f"{marker}.json", one.model_dump(mode="json"))


def _fitting_scores(form: CaseForm, teams: dict[str, Team], path: Path) -> Scores:
    one: Scores = model_of(path, Scores)
    if one.team not in teams:
        raise CohortError(f"{path}: {one.team!r} is no team here; choose {', '.join(teams)}.")
    strange = (set(one.criteria) ^ set(form.marks.criteria)) | (
        set(one.critical_fails) - set(form.marks.critical_fails)
    )
    members = {seat.learner for seat in teams[one.team].seats}
    strange |= (set(one.exit_papers) | set(one.peer_factor_off)) - members
    wanted = len(form.marks.exit_paper.questions)
    strange |= {name for name, marks in one.exit_papers.items() if len(marks) != wanted}
    if strange:
        raise CohortError(
            f"{path}: {', '.join(map(repr, sorted(strange)))} unknown, missing or with too few scores; "
            f"give every criterion once ({', '.join(form.marks.criteria)}), {wanted} numbers for an exit "
            f"paper, members of that team ({', '.join(sorted(members))}), and critical fails as case.yaml "
            "calls them."
        )
    return one


def _scores(here: CaseRoom, team: str) -> Iterator[Scores]:
    for path in sorted((here.team(team) / "scores").glob("*.json")):
        yield model_of(path, Scores)


def _report(
    bench: Bench,
    form: CaseForm,
    team: Team,
    scores: list[Scores],
    agreed: Agreement | None,
    record: dict[str, object],
    fictitious: bool,
) -> CaseReport:
    here = bench.here
    past = casedir.events(here)
    decided = bench.decision(team.id)
    items = bench.points(TEAM, decided) if decided else {}
    together = team_mark(form, team.id, items, scores)
    off = {who: why for one in scores for who, why in one.peer_factor_off.items()}
    ratings = {
        path.stem: casedir.read_json(path) for path in sorted((here.team(team.id) / "ratings").glob("*.json"))
    }
    peer = factors(form, team, ratings, off)
    members = []
    for seat in team.seats:
        prework = [bench.prework(team.id, role, seat.learner) for role in seat.roles]
        by_item = mean_of_roles(prework)
        sealed = [bool(last(past, "sealed", who=seat.learner, role=role)) for role in seat.roles]
        factor, why = peer[seat.learner]
        members.append(
            MemberMark(
                learner=seat.learner,
                roles=seat.roles,
                prework=sum(by_item.values()) if by_item else None,
                prework_items=by_item,
                commitment=form.commitment.points * fmean(sealed),
                exit_paper=exit_paper(form, [one.exit_papers.get(seat.learner, ()) for one in scores]),
                factor=factor,
                factor_why=why,
                team_part=None
                if together.points is None
                else min(together.ceiling, together.points * factor),
            )
        )
    return CaseReport(form, together, tuple(members), agreed, record, fictitious, team.recorded)
