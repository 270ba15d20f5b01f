"""Every page of a cohort's tracking at 10,000 learners by 24 assessments by 10 items, beside nbgrader's API.

SQLite, and PostgreSQL when it is installed, in one run: `python benchmarks/cohort.py`. Figures go to
`build/bench/cohort.json`. The database is written once and then only read. Each page is asked for several
times in a process that is warm, as a server is: values alone (`pages`), and whole pages of the dashboard
through its application (`dashboard`). Times are the processor's, this process's and the database server's
together, as other work on the machine does not change them. nbgrader's gradebook API answers the nearest
questions that it knows, from a sample where all of it would take hours. Smaller: `python benchmarks/cohort.py
1000 6`.
"""

import asyncio
import sys
import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path
from statistics import median
from typing import Any

import large_cohort
from bulk import load
from figures import keep, spent, timed
from httpx import ASGITransport, AsyncClient
from large_cohort import ITEMS, NOW
from nbformat import v4
from nbgrader.api import Gradebook
from tests.postgres import Server, postgres

from pmcampus.cohortdir import database_url
from pmcampus.coursedir import marked_path, write_marked
from pmcampus.dashboard.access import Visitor
from pmcampus.dashboard.app import build
from pmcampus.dashboard.campus import Campus
from pmcampus.dashboard.serving import local_campus
from pmcampus.errors import CohortError
from pmcampus.model.assessment import answer_cell
from pmcampus.model.tracking import State
from pmcampus.tracking import Tracking, open_tracking

LEARNERS, ASSESSMENTS = (int(word) for word in [*sys.argv[1:], "10000", "24"][:2])
READS, SAMPLE, SIZE = 5, 4, 50


def measure(place: Path, server: Server | None) -> dict[str, Any]:
    """All figures for one database, in seconds."""
    url = server.url if server else ""
    cohort, learners = large_cohort.make(place, url, learners=LEARNERS, assessments=ASSESSMENTS)
    folder, root = place / "cohort", place / "content"
    url = database_url(folder, cohort)
    scores: list[int] = []
    loading = timed(lambda: scores.append(load(url, cohort, learners)))
    large_cohort.hand_in(folder, url, cohort)

    def cost(work: Callable[[], object]) -> float:
        """Processor seconds here and in the database's server."""
        before = server.spent() if server else 0.0
        mine = spent(work)
        return mine + (server.spent() - before if server else 0.0)

    def all_of(works: Mapping[str, Callable[[], object]]) -> dict[str, float]:
        for work in works.values():
            work()
        return {name: median(cost(work) for _ in range(READS)) for name, work in works.items()}

    names = list(cohort.assessments)
    found: dict[str, Any] = {"loading": loading, "item_scores": scores[0]}
    found |= all_of({"open": lambda: _opened(folder, root)})
    with open_tracking(folder, root=root, as_of=NOW) as t:
        found["pages"] = all_of(pages_of(t, names))
        found["nbgrader"] = stock(url, names, t, cost)
    found["dashboard"] = dashboard(folder, root, names, all_of)
    return found


def _opened(folder: Path, root: Path) -> None:
    with open_tracking(folder, root=root, as_of=NOW):
        pass


def pages_of(t: Tracking, names: list[str]) -> dict[str, Callable[[], object]]:
    """Every page of tracking as a value, by name."""
    last, someone = names[-1], sorted(t.learners)[7]

    def refused() -> object:
        try:
            return t.readiness()
        except CohortError as problem:  # so many people are no team; that answer takes time too
            return problem

    return {
        "overview": t.overview,
        "matrix, first page": lambda: t.matrix(size=SIZE),
        "matrix, last page": lambda: t.matrix(page=-(-len(t.learners) // SIZE), size=SIZE),
        "matrix of items, last page": lambda: t.matrix(last, page=-(-len(t.learners) // SIZE), size=SIZE),
        "items": lambda: _fresh(t).items(last),
        "quality": lambda: _fresh(t).quality(last),
        "variants": lambda: _fresh(t).variants(last),
        "gain": lambda: _fresh(t).gain(names[0], last),
        "competencies": lambda: t.mastery(size=SIZE),
        "readiness": refused,
        "team": lambda: t.team(t.learners[someone].team),
        "learner": lambda: t.learner(someone),
        "at-risk, first page": lambda: t.at_risk_page(size=SIZE),
        "rows": lambda: t.rows_behind(page=3),
        "rows of a state": lambda: t.rows_behind(last, state=State.NOT_YET),
        "rows of first attempts": lambda: t.rows_behind(last, first_attempts=True),
    }


def _fresh(t: Tracking) -> Tracking:
    """The same without what it keeps while it is open."""
    return Tracking(t.folder, t.root, t.cohort, t.learners, t.book, t.as_of)


def dashboard(
    folder: Path,
    root: Path,
    names: list[str],
    all_of: Callable[[Mapping[str, Callable[[], object]]], dict[str, float]],
) -> dict[str, float]:
    """Every page of the dashboard, as its application answers it."""
    campus = local_campus(folder, root=root)
    cookie = campus.sessions.begin(Visitor("bench", is_instructor=True))
    last, by_hand = names[-1], f"item-{ITEMS - 1}"
    someone, answer = _written(campus, last, by_hand)
    paths = {
        "overview": campus.url(),
        "matrix": campus.url("matrix"),
        "matrix of items": campus.url("matrix", assessment=last),
        "matrix, a role": campus.url("matrix", role=large_cohort.ROLES[0], sort="score"),
        "items": campus.url("items"),
        "teams": campus.url("teams"),
        "a team": campus.url("teams", team="Team 0001"),
        "competencies": campus.url("competencies"),
        "a competency": campus.url("competencies", competency="T1", level="apply"),
        "ask": campus.url("at-risk"),
        "learning gain": campus.url("gain", pre=names[0], post=last),
        "rows": campus.url("rows"),
        "rows of a state": campus.url("rows", assessment=last, state="not yet passed"),
        "rows of an item": campus.url("rows", assessment=last, item=by_hand, first="yes"),
        "learner": campus.url("learners", someone),
        "marking": campus.url("marking"),
        "answers to an item": campus.url("marking", last, by_hand),
        "an answer": campus.url("marking", last, by_hand, answer),
        "appeals": campus.url("appeals"),
        "regrades": campus.url("regrades"),
        "log": campus.url("log"),
    }
    with asyncio.Runner() as runner:
        client = AsyncClient(
            transport=ASGITransport(build(campus)),
            base_url=f"http://{campus.hosts[0]}",
            cookies={campus.cookie: cookie},
        )

        def asked(path: str) -> None:
            page = runner.run(client.get(path))
            assert page.status_code == 200, f"{path}: {page.status_code} {page.text[-500:]}"

        return all_of({name: lambda path=path: asked(path) for name, path in paths.items()})


def _written(campus: Campus, assessment: str, cell: str) -> tuple[str, str]:
    """A learner whose answer to this item can be looked at, and the answer's key."""
    with open_tracking(campus.folder, root=campus.root, as_of=NOW) as t:
        learner = t.rows_behind(assessment, state=State.PASSED).rows[0][0]
    mark = {"grade_id": answer_cell(cell), "solution": True}
    notebook = v4.new_notebook(cells=[v4.new_markdown_cell("Mine.", metadata={"nbgrader": mark})])
    path = marked_path(campus.folder, learner, assessment)
    path.parent.mkdir(parents=True, exist_ok=True)
    write_marked(path, notebook)
    return learner, campus.log.pseudonym(f"answer {assessment} {cell}", learner)


def stock(
    url: str, names: list[str], t: Tracking, cost: Callable[[Callable[[], object]], float]
) -> dict[str, float]:
    """nbgrader's own API on the same database: the nearest questions, and whether the answers agree."""
    cell = large_cohort.graded()[0][0]
    scores: dict[tuple[str, str], float] = {}
    grades: list[float] = []
    with Gradebook(url, course_id=t.cohort.course) as book:
        overview = cost(
            lambda: [
                (book.find_assignment(n).num_submissions, book.average_assignment_score(n)) for n in names
            ]
        )

        def ask() -> None:
            for learner in sorted(t.learners)[:SAMPLE]:
                for name in names:
                    found = next(
                        (s for s in book.find_student(learner).submissions if s.assignment.name == name), None
                    )
                    if found is not None:
                        scores[learner, name] = found.score

        page = cost(ask)
        items = cost(
            lambda: grades.extend(g.score for g in book.find_grade_cell(cell, names[-1], names[-1]).grades)
        )
    cells = SAMPLE * len(names)
    for row in t.matrix(size=SIZE).rows[:SAMPLE]:
        for name, one in zip(names, row.cells, strict=True):
            assert scores.get((row.learner, name)) == one.score, "nbgrader says another score"
    return {
        "overview": overview,
        "page": page / cells * SIZE * len(names),
        "cell": page / cells,
        "items": items * ITEMS,
        "compared": len(scores),
    }


def main() -> None:
    figures: dict[str, Any] = {"learners": LEARNERS, "assessments": ASSESSMENTS, "items": ITEMS}
    with tempfile.TemporaryDirectory() as place:
        figures["sqlite"] = measure(Path(place), None)
    with tempfile.TemporaryDirectory() as place, postgres() as server:
        if server:
            figures["postgresql"] = measure(Path(place), server)
    for database in ("sqlite", "postgresql"):
        for part in ("pages", "dashboard"):
            for name, seconds in figures.get(database, {}).get(part, {}).items():
                print(f"{database:10} {part:9} {name:28} {seconds:.3f} s")
    keep("cohort", figures)


if __name__ == "__main__":
    main()
