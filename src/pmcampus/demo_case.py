"""The demonstration cohort takes a team case: two teams, from seats to marks, really sealed and marked."""

import ast
import json
import tempfile
from copy import deepcopy
from datetime import datetime, timedelta
from importlib.resources import files
from pathlib import Path
from typing import Any

import yaml
from pydantic import Field

from pmcampus import casedir
from pmcampus.casepaper import TEAM, load_case_form, load_case_paper
from pmcampus.cases.deciding import decide, rate
from pmcampus.cases.marks import MarkedCase, mark
from pmcampus.cases.opening import open_case
from pmcampus.cases.packet import brief
from pmcampus.cases.sealing import commit
from pmcampus.cases.seating import teams
from pmcampus.coursedir import write_notebook
from pmcampus.errors import CampusError
from pmcampus.files import write_text
from pmcampus.model.common import Frozen, Slug
from pmcampus.model.notebook import name_of
from pmcampus.model.team import Scores, Team
from pmcampus.paper import Paper


class DemoScores(Frozen):
    """What one made-up marker gives a team."""

    marker: Slug
    criteria: dict[Slug, int]
    exit: tuple[int, ...]
    fails: tuple[Slug, ...]


class DemoTeam(Frozen):
    """What one team of made-up people decides, and how it is scored."""

    decision: tuple[str, ...]
    changes: dict[str, Any] = Field(default_factory=dict)
    ratings: tuple[int, ...]
    scores: tuple[DemoScores, ...]


class DemoCase(Frozen):
    """`data/demo/case.yaml`."""

    case: Slug
    seed: int
    answered: dict[Slug, tuple[str, ...]]
    teams: tuple[DemoTeam, ...]


def take_case(folder: Path, *, root: Path, at: datetime) -> MarkedCase | None:
    """The marks of the demonstration's teams; None where this curriculum holds no such case.

    Raises:
        CampusError: a step fails; what was made so far stays in the cohort.
    """
    text = (files("pmcampus") / "data" / "demo" / "case.yaml").read_text("utf-8")
    play = DemoCase.model_validate(yaml.safe_load(text))
    if not (root / "case_studies" / play.case / "case.yaml").is_file():
        return None
    plan = teams(folder, play.case, root=root, seed=play.seed, count=len(play.teams), stand_ins=True, at=at)
    with tempfile.TemporaryDirectory(prefix="pmcampus-demo-case-") as scratch:
        place = Path(scratch)
        scores = []
        for team, told in zip(plan.teams, play.teams, strict=True):
            passes = _seal(folder, root, play, team, place, at)
            open_case(folder, play.case, team.id, root=root, out=place, at=at + timedelta(days=7))
            _decide(folder, root, play, team, told, place, passes, at + timedelta(days=7, hours=3))
            _rate(folder, root, play, team, told, place, passes, at + timedelta(days=8))
            scores += _scores(team, told, place)
        done = at + timedelta(days=10)
        return mark(folder, play.case, root=root, at=done, scores=scores, fictitious=True)


def _seal(folder: Path, root: Path, play: DemoCase, team: Team, place: Path, at: datetime) -> dict[str, str]:
    """Every member's packet, pre-work and seal; their passes."""
    form = load_case_form(root, play.case)
    if form.commitment.recorded is None:
        raise CampusError(f"{play.case}: the demonstration needs recorded commitments.")
    recorded = casedir.read_json(root / "case_studies" / play.case / form.commitment.recorded)["commitments"]
    passes = {}
    for seat in team.seats:
        packet, made = brief(folder, play.case, seat.learner, root=root, out=place, at=at)
        passes[seat.learner] = made or ""
        for role in seat.roles:
            own = next(one for one in recorded if one["role"] == role)
            file = packet / "commitment.json"
            write_text(file, json.dumps(own | {"secret": f"made-up-{seat.learner}"}))
            notebook = packet / form.roles[role].notebook
            paper = load_case_paper(root, play.case, role)
            _answer(notebook, paper, {n: paper.references[n] for n in play.answered.get(role, ())})
            commit(
                folder, play.case, seat.learner, file, root=root, word=passes[seat.learner],
                at=at + timedelta(days=5), notebook=notebook,
            )  # fmt: skip
    return passes


def _decide(
    folder: Path, root: Path, play: DemoCase, team: Team, told: DemoTeam, place: Path,
    passes: dict[str, str], at: datetime,
) -> None:  # fmt: skip
    """The joint notebook by the reference, with this team's own decision in it."""
    paper = load_case_paper(root, play.case, TEAM)
    record = _reference_record(paper)
    record["decision"] = dict(zip(record["decision"], told.decision, strict=True))
    record.update(told.changes)
    own = f"shortlist['ours'] = {told.decision!r}"
    answers = dict(paper.references)
    answers["record"] = f"record = {record!r}"
    answers["shortlist"] += f"\n{own}"
    packet = place / f"{play.case}--{team.id}"
    notebook = packet / "decision.ipynb"
    _answer(notebook, paper, answers)
    file = packet / "decision.json"
    write_text(file, json.dumps(record))
    first = team.seats[0].learner
    decide(folder, play.case, first, file, root=root, word=passes[first], at=at, notebook=notebook)


def _rate(
    folder: Path, root: Path, play: DemoCase, team: Team, told: DemoTeam, place: Path,
    passes: dict[str, str], at: datetime,
) -> None:  # fmt: skip
    members = [seat.learner for seat in team.seats]
    gets = dict(zip(members, told.ratings, strict=True))
    statements = len(load_case_form(root, play.case).marks.peer.statements)
    for rater in members:
        file = place / "ratings.json"
        others = {name: [gets[name]] * statements for name in members if name != rater}
        write_text(file, json.dumps({"ratings": others}))
        rate(folder, play.case, rater, file, root=root, word=passes[rater], at=at)


def _scores(team: Team, told: DemoTeam, place: Path) -> list[Path]:
    made = []
    for one in told.scores:
        scores = Scores(
            team=team.id,
            marker=one.marker,
            criteria=one.criteria,
            exit_papers={seat.learner: one.exit for seat in team.seats},
            critical_fails=one.fails,
        )
        made.append(place / f"{team.id}-{one.marker}.json")
        write_text(made[-1], scores.model_dump_json())
    return made


def _answer(path: Path, paper: Paper, answers: dict[str, str]) -> None:
    """The release notebook with these answers below their starters."""
    notebook = deepcopy(paper.release)
    for cell in notebook.cells:
        if name_of(cell) in answers and cell.cell_type == "code":
            cell.source = f"{cell.source}\n\n{answers[name_of(cell)]}"
    write_notebook(path, notebook)


def _reference_record(paper: Paper) -> dict[str, Any]:
    """The record of the reference, read as a value and not run."""
    tree = ast.parse(paper.references["record"])
    found: dict[str, Any] = ast.literal_eval(next(n.value for n in tree.body if isinstance(n, ast.Assign)))
    return found
