"""A cohort that is over, made without kernels: two parallel assessments and a team case."""

import json
import shutil
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from pmcampus import gradebook
from pmcampus.cohort import new
from pmcampus.cohortdir import database_url, load_cohort, write_cohort, write_roster
from pmcampus.coursedir import save_cells
from pmcampus.kept import keep
from pmcampus.model.cohort import Learner
from pmcampus.model.verdict import ItemVerdict, Mark, Verdict
from pmcampus.new import new as new_content
from pmcampus.paper import load_paper
from tests.conftest import TWO_MODULES, answered
from tests.dashboard.term.cohort import CASE, COUNTING, RECOUNT, add_parallel

STARTS = date(2026, 10, 5)
DUE = {
    COUNTING: datetime(2026, 10, 26, 9, 0, tzinfo=UTC),
    RECOUNT: datetime(2026, 12, 7, 9, 0, tzinfo=UTC),
}
NOW = datetime(2026, 12, 21, 9, 0, tzinfo=UTC)  # the cohort ended on 14 December
CRITERIA = ("evidence", "integration", "decision")
# Learner: points before (share-check of 4, word of 2, letter of 4) and afterwards; None where nothing came.
Points = tuple[float, float, float] | None
PEOPLE: dict[str, tuple[Points, Points]] = {
    "ada": ((4, 2, 4), (4, 2, 4)),
    "ben": ((2, 2, 2), (4, 2, 4)),
    "cem": ((1, 0, 0), (1, 0, 2)),
    "dora": ((2, 0, 1), (4, 2, 3)),
    "edin": ((1, 0, 1), (2, 0, 1)),
    "fay": ((4, 2, 0), (4, 2, 2)),
    "gil": ((0, 0, 0), None),
    "hana": (None, None),
    "ivo": (None, (1, 2, 0)),
    "jun": (None, None),
    "kim": ((4, 0, 4), (4, 2, 4)),
    "lea": ((4, 2, 2), None),
}


def verdict(assessment: str, digest: str, points: Sequence[float]) -> Verdict:
    """All of it judged by the machine, so that no person is needed."""
    names = (("share-check", 4), ("wrong-word-check", 2), ("letter", 4))
    items = tuple(
        ItemVerdict(
            name, most, float(score), Mark.FULL if score == most else Mark.PARTIAL if score else Mark.ZERO
        )
        for (name, most), score in zip(names, points, strict=True)
    )
    return Verdict(assessment, "1.0.0", digest, items)


def timed(root: Path, learner: str, gaps: Sequence[float]) -> bytes:
    """A notebook whose code cells were last run with these minutes between them."""
    work = answered(load_paper(root, COUNTING), letter=learner)
    at = DUE[COUNTING] - timedelta(days=1)
    code = [cell for cell in work.cells if cell.cell_type == "code"]
    for cell, gap in zip(code, (0.0, *gaps), strict=True):
        at += timedelta(minutes=gap)
        cell.metadata["execution"] = {
            "iopub.execute_input": at.isoformat().replace("+00:00", "Z"),
            "shell.execute_reply": (at + timedelta(seconds=0.2)).isoformat().replace("+00:00", "Z"),
        }
    return json.dumps(work).encode()


def build(base: Path, *, times: dict[str, Sequence[float]] | None = None) -> tuple[Path, Path]:
    """The curriculum and the cohort's folder."""
    root, folder = Path(shutil.copytree(TWO_MODULES, base / "campus")), base / "autumn"
    add_parallel(root)
    new_content("case-study", CASE, root=root, today=date(2026, 11, 24))
    form = new(folder, root=root, pathway="clinician", starts=STARTS)
    write_cohort(folder, form.model_copy(update={"due": DUE}))
    people = [
        Learner(
            id,
            f"{id.title()} Invented",
            "data-scientist" if n % 2 else "clinician",
            "Otter" if n % 3 else "Heron",
        )
        for n, id in enumerate(PEOPLE)
    ]
    write_roster(folder, form, people)
    url = database_url(folder, load_cohort(folder))
    with gradebook.open_gradebook(url, form.course) as book:
        gradebook.enrol(book, people)
        for assessment in DUE:
            gradebook.open_assessment(book, assessment, DUE[assessment])
    for assessment in DUE:
        save_cells(
            load_paper(root, assessment).official, database=url, course_id=form.course, assessment=assessment
        )
    with gradebook.open_gradebook(url, form.course) as book:
        for number, (assessment, due) in enumerate(DUE.items()):
            for learner, points in PEOPLE.items():
                mine = points[number]
                if mine is None:
                    continue
                digest = f"{assessment}-{learner}"
                if times and learner in times and assessment == COUNTING:
                    digest = keep(folder, timed(root, learner, times[learner]))
                found = verdict(assessment, digest, mine)
                gradebook.record(book, learner, found, paper="p1", handed_in=due - timedelta(days=1))
    return root, folder


def scores(folder: Path, *, second: dict[str, int]) -> None:
    """One team's scores by two markers; the second gives what is said, and otherwise the same."""
    shelf = folder / "cases" / CASE
    (shelf / "team-1" / "scores").mkdir(parents=True)
    seats = [{"learner": "ada", "roles": ["first-role"]}, {"learner": "ben", "roles": ["second-role"]}]
    plan = {"case": CASE, "version": "0.1.0", "seed": 1, "teams": [{"id": "team-1", "seats": seats}]}
    (shelf / "plan.yaml").write_text(json.dumps(plan), "utf-8")
    first = {name: n + 1 for n, name in enumerate(CRITERIA)}
    for marker, levels in (("first", first), ("second", first | second)):
        told = {"team": "team-1", "marker": marker, "criteria": levels}
        (shelf / "team-1" / "scores" / f"{marker}.json").write_text(json.dumps(told), "utf-8")
