"""Tracking at 10,000 learners by 24 assessments by 10 items: overview, one matrix page, item statistics.

SQLite, and PostgreSQL when it is installed, in one run: `python benchmarks/cohort.py`. Figures go to
`build/bench/cohort.json`. Each page is asked for several times in a process that is warm, as a server is, by
the clock and by this process's processor time; opening the cohort is measured on its own. nbgrader's
gradebook API answers the nearest questions it knows, from a sample where all of it would take hours. Smaller:
`python benchmarks/cohort.py 1000 6`.
"""

import json
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from itertools import groupby
from operator import attrgetter
from pathlib import Path
from random import Random
from statistics import median
from time import perf_counter
from uuid import UUID

import nbformat
from gradebook import postgres, spent, timed
from nbgrader.api import Gradebook
from sqlalchemy import Connection

from pmcampus import gradebook
from pmcampus.cohortdir import write_cohort, write_roster
from pmcampus.gradebook import counting
from pmcampus.gradebook.attempts import fill_attempts
from pmcampus.gradebook.triggers import drop_triggers, fill_standings, put_triggers
from pmcampus.ledger import FIELDS, Entry, sealed
from pmcampus.model.cohort import CohortForm, Learner
from pmcampus.tracking import open_tracking

REPOSITORY = Path(__file__).parents[1]
LEARNERS, ASSESSMENTS = (int(word) for word in [*sys.argv[1:], "10000", "24"][:2])
ITEMS, WRITTEN, READS, SAMPLE = 10, 2, 9, 4
STARTS = datetime(2026, 9, 1, 9, 0, tzinfo=UTC)
NOW = STARTS + timedelta(weeks=13)
ROLES = ("clinician", "data-scientist")


def content(root: Path) -> list[str]:
    """A curriculum with so many assessments of ten items; the forms are those of the tests' curriculum."""
    source = REPOSITORY / "tests" / "fixtures" / "two-modules"
    shutil.copytree(source / "curriculum", root / "curriculum")
    shutil.copytree(source / "modules", root / "modules")
    names = [f"assessment-{number:02}" for number in range(ASSESSMENTS)]
    for name in names:
        place = root / "assessments" / name
        place.mkdir(parents=True)
        items, cells = [], []
        for number in range(ITEMS):
            written = number >= ITEMS - WRITTEN
            marked = "by-rubric" if written else "automatically"
            items.append(
                f"  - {{cell: item-{number}, title: Item {number}, "
                f"competency: {'T1' if number % 3 else 'D3'}, "
                f"level: apply, bloom: apply, outcome: 1, marked: {marked}, "
                "minutes: {guided: 3, build: 3}, practise_in: [a-lesson]"
                + (", rubric: rubric.md}" if written else "}")
            )
            cells.append(_cell(number, written))
        (place / "assessment.yaml").write_text(
            f"title: The {name}\nmodule: second-steps\nversion: 1.0.0\nkind: summative\n"
            "minutes: {guided: 30, build: 30}\nattempts: 2\npassing_score: 60\n"
            "facts_valid_as_of: 2026-11-24\nreview_by: 2027-05-24\nverdict: isolated\nitems:\n"
            + "\n".join(items)
            + "\n"
        )
        nbformat.write(nbformat.v4.new_notebook(cells=cells), place / f"{name}.ipynb")
    return names


def _cell(number: int, written: bool) -> nbformat.NotebookNode:
    name = f"item-{number}" if written else f"item-{number}-check"
    mark = {
        "grade_id": name,
        "grade": True,
        "solution": written,
        "points": number % 5 + 1,
        "schema_version": 3,
    }
    mark |= {"locked": not written, "task": False}
    make = nbformat.v4.new_markdown_cell if written else nbformat.v4.new_code_cell
    return make("Answer here." if written else "assert True", metadata={"nbgrader": mark})


def graded() -> list[tuple[str, int, bool]]:
    """Name, points, and whether a person marks it."""
    return [
        (f"item-{i}" if i >= ITEMS - WRITTEN else f"item-{i}-check", i % 5 + 1, i >= ITEMS - WRITTEN)
        for i in range(ITEMS)
    ]


def entries(learners: list[Learner], assessments: list[str]) -> Iterator[Entry]:
    """Four fifths hand in, by and by; some twice, and one in a hundred something that cannot be read."""
    chance, last = Random(1), None
    weeks = len(assessments)
    for number, assessment in enumerate(assessments):
        for learner in learners:
            if chance.random() > 0.8:
                continue
            ability = chance.gauss(0.6, 0.2)
            at = STARTS + timedelta(days=90 * (number + chance.random()) / weeks)
            works = 2 if chance.random() < 0.1 else 1
            for _ in range(works):
                refused = "This is no notebook." if chance.random() < 0.01 else None
                items = (
                    []
                    if refused
                    else [_item(cell, points, hand, ability, chance) for cell, points, hand in graded()]
                )
                digest = f"{chance.getrandbits(256):064x}"
                found = {
                    "assessment": assessment,
                    "digest": digest,
                    "flags": [],
                    "items": items,
                    "judged": "isolated",
                    "notes": [],
                    "refused": refused,
                    "version": "1.0.0",
                }
                last = sealed(
                    Entry(
                        id=0,
                        learner=learner.id,
                        assessment=assessment,
                        version="1.0.0",
                        paper="p" * 64,
                        submission=digest,
                        handed_in=at.replace(tzinfo=None),
                        score=sum(item["score"] or 0.0 for item in items),
                        verdict=json.dumps(found, sort_keys=True),
                        recorded=at.replace(tzinfo=None),
                        environment="e" * 64,
                        isolation="full",
                        decision="marked",
                        set_aside="",
                    ),
                    last,
                )
                yield last


def _item(cell: str, points: int, hand: bool, ability: float, chance: Random) -> dict[str, object]:
    share = min(1.0, max(0.0, round(2 * (ability + chance.gauss(0, 0.25))) / 2))
    message = "People will read this one." if hand else f"{round(4 * share)} of 4 inputs are right."
    mark = "awaiting a marker" if hand else "full" if share == 1 else "partial" if share else "zero"
    score = None if hand else points * share
    return {"cell": cell, "mark": mark, "message": message, "notes": [], "points": points, "score": score}


def load(url: str, cohort: CohortForm, learners: list[Learner]) -> int:
    """The gradebook as marking and people leave it, loaded in bulk; how many scores of items it holds."""
    names = list(cohort.assessments)
    with gradebook.open_gradebook(url, cohort.course) as book:
        gradebook.enrol(book, learners)
        places: dict[str, tuple[str, str, dict[str, str]]] = {}
        for name in names:
            gradebook.open_assessment(book, name, cohort.deadline(name))
            book.add_notebook(name, name)
            for cell, points, hand in graded():
                book.add_grade_cell(
                    cell, name, name, max_score=points, cell_type="markdown" if hand else "code"
                )
            assignment = book.find_assignment(name)
            notebook = assignment.notebooks[0]
            places[name] = (assignment.id, notebook.id, {cell.name: cell.id for cell in notebook.grade_cells})
        engine = book.engine
        with engine.connect() as connection:
            drop_triggers(connection)
            connection.commit()
            scores = _load(connection, entries(learners, names), places)
            fill_standings(connection)
            fill_attempts(connection)
            put_triggers(connection)
            connection.exec_driver_sql("ANALYZE")
            connection.commit()
    return scores


def _load(
    connection: Connection, rows: Iterator[Entry], places: dict[str, tuple[str, str, dict[str, str]]]
) -> int:
    chance, count = Random(3), 0
    for _, found in groupby(rows, key=attrgetter("assessment")):
        chunk = list(found)
        latest = {
            (row.learner, row.assessment): row
            for row in chunk
            if row.score or '"items": []' not in row.verdict
        }
        submissions, notebooks, grades = [], [], []
        for (learner, name), row in latest.items():
            assignment, notebook, cells = places[name]
            one, two = _id(chance), _id(chance)
            submissions.append((one, assignment, learner, row.handed_in))
            notebooks.append((two, one, notebook))
            for item in json.loads(row.verdict)["items"]:
                hand = item["score"] is None and chance.random() < 0.95
                manual = chance.randrange(item["points"] + 1) if hand else None
                waits = item["score"] is None and manual is None
                grades.append((_id(chance), two, cells[item["cell"]], item["score"], manual, waits))
        count += len(grades)
        _insert(
            connection, "verdict", FIELDS, [tuple(getattr(row, name) for name in FIELDS) for row in chunk]
        )
        _insert(
            connection,
            "submitted_assignment",
            ("id", "assignment_id", "student_id", "timestamp"),
            submissions,
        )
        _insert(connection, "submitted_notebook", ("id", "assignment_id", "notebook_id"), notebooks)
        columns = ("id", "notebook_id", "cell_id", "auto_score", "manual_score", "needs_manual_grade")
        _insert(connection, "grade", columns, grades)
    return count


def _id(chance: Random) -> str:
    return UUID(int=chance.getrandbits(128)).hex


def _insert(
    connection: Connection, table: str, columns: tuple[str, ...], rows: list[tuple[object, ...]]
) -> None:
    raw = connection.connection.dbapi_connection
    head = f"{table} ({', '.join(columns)})"
    if connection.dialect.name == "sqlite":
        values = [
            tuple(one.isoformat(" ") if isinstance(one, datetime) else one for one in row) for row in rows
        ]
        raw.executemany(f"INSERT INTO {head} VALUES ({', '.join('?' * len(columns))})", values)
        return
    with raw.cursor() as cursor, cursor.copy(f"COPY {head} FROM STDIN") as copy:
        for row in rows:
            copy.write_row(row)


def measure(place: Path, url: str) -> dict[str, float | int]:
    """All figures for one database, in seconds."""
    root, folder = place / "content", place / "cohort"
    names = content(root)
    learners = [
        Learner(f"learner-{i:05}", "Somebody Made-Up", ROLES[i % 2], f"Team {i // 5:04}")
        for i in range(LEARNERS)
    ]
    cohort = CohortForm(
        title="A large cohort",
        course="bench",
        pathway="clinician",
        starts=STARTS.date(),
        ends=date(2027, 1, 31),
        modules={},
        assessments=dict.fromkeys(names, "1.0.0"),
        due={name: STARTS + timedelta(days=90 * (i + 1) / len(names)) for i, name in enumerate(names)},
        gradebook=url or "sqlite:///gradebook.db",
    )
    folder.mkdir()
    write_cohort(folder, cohort)
    write_roster(folder, cohort, learners)
    begin = perf_counter()
    scores = load(url or f"sqlite:///{folder / 'gradebook.db'}", cohort, learners)
    found: dict[str, float | int] = {"loading": perf_counter() - begin, "item_scores": scores}
    with open_tracking(folder, root=root, as_of=NOW) as t:  # files lie where the gradebook knows works
        for learner, name in counting.all_standings(t.book):
            (folder / "submitted" / learner / name).mkdir(parents=True)

    def opened() -> None:
        with open_tracking(folder, root=root, as_of=NOW):
            pass

    found["open_cold"] = timed(opened)
    found["open"] = median(timed(opened) for _ in range(READS))
    with open_tracking(folder, root=root, as_of=NOW) as t:
        found["overview_cold"] = timed(t.overview)
        pages: dict[str, Callable[[], object]] = {
            "overview": t.overview,
            "first_page": lambda: t.matrix(size=50),
            "page_of_items": lambda: t.matrix(names[-1], page=LEARNERS // 50, size=50),
            "item_statistics": lambda: t.items(names[-1]),
            "test_quality": lambda: t.quality(names[-1]),
            "learner": lambda: t.learner(learners[7].id),
            "team": lambda: t.team(learners[7].team),
            "at_risk": t.at_risk,
        }
        for name, page in pages.items():
            times = [timed(page) for _ in range(READS)]
            found[name], found[f"{name}_fastest"] = median(times), min(times)
            found[f"{name}_processor"] = median(spent(page) for _ in range(READS))
        _same(t.overview(), t.items(names[-1]).n)
        found |= stock(url or f"sqlite:///{folder / 'gradebook.db'}", names, learners, t)
    return found


def _same(overview: object, n: int) -> None:
    """What the pages say of one assessment must agree."""
    last = overview.assessments[-1]  # type: ignore[attr-defined]
    total = last.passed + last.not_yet + last.awaiting
    assert total == last.handed_in <= n, "overview and item statistics count other learners"


def stock(url: str, names: list[str], learners: list[Learner], t: object) -> dict[str, float]:
    """nbgrader's own API on the same database: the nearest questions, and whether the answers agree."""
    with Gradebook(url, course_id="bench") as book:
        overview = timed(
            lambda: [
                (book.find_assignment(n).num_submissions, book.average_assignment_score(n)) for n in names
            ]
        )
        some = learners[:SAMPLE]
        scores: dict[tuple[str, str], float] = {}

        def ask() -> None:
            for learner in some:
                for name in names:
                    found = next(
                        (s for s in book.find_student(learner.id).submissions if s.assignment.name == name),
                        None,
                    )
                    if found is not None:
                        scores[learner.id, name] = found.score

        page = timed(ask) / SAMPLE * 50
        cell = graded()[0][0]
        grades: list[float] = []
        items = timed(
            lambda: grades.extend(g.score for g in book.find_grade_cell(cell, names[-1], names[-1]).grades)
        )
    ours = t.matrix(size=50)  # type: ignore[attr-defined]
    for row in ours.rows[:SAMPLE]:
        for column, one in zip(ours.columns, row.cells, strict=True):
            assert scores.get((row.learner, column.id)) == one.score, "nbgrader says another score"
    return {
        "nbgrader_overview": overview,
        "nbgrader_page_from_sample": page,
        "nbgrader_scores_of_items": items * ITEMS,
        "compared": len(scores),
    }


def main() -> None:
    figures: dict[str, object] = {"learners": LEARNERS, "assessments": ASSESSMENTS, "items": ITEMS}
    with tempfile.TemporaryDirectory() as place:
        figures["sqlite"] = measure(Path(place), "")
    with tempfile.TemporaryDirectory() as place, postgres() as url:
        if url:
            figures["postgresql"] = measure(Path(place), url)
    for name in ("sqlite", "postgresql"):
        found = figures.get(name)
        if isinstance(found, dict):
            print(
                f"{name}: overview {found['overview']:.3f} s, first page {found['first_page']:.3f} s, "
                f"item statistics {found['item_statistics']:.3f} s, opening {found['open']:.3f} s (medians); "
                f"nbgrader's API: {found['nbgrader_overview']:.1f} s, "
                f"{found['nbgrader_page_from_sample']:.1f} s, {found['nbgrader_scores_of_items']:.1f} s"
            )
    target = REPOSITORY / "build" / "bench" / "cohort.json"
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(json.dumps(figures, indent=2) + "\n", "utf-8")


if __name__ == "__main__":
    main()
