"""A made-up cohort of any size: its curriculum, its roster and what its learners handed in.

Four fifths hand in each assessment; one in ten of them twice; one work in a hundred cannot be read. Two items
of ten are for people, who have marked nineteen in twenty.
"""

import json
import shutil
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any

import nbformat
from figures import REPOSITORY

from pmcampus import gradebook
from pmcampus.cohortdir import write_cohort, write_roster
from pmcampus.gradebook import counting
from pmcampus.ledger import Entry, sealed
from pmcampus.model.cohort import CohortForm, Learner

ITEMS, WRITTEN = 10, 2
STARTS = datetime(2026, 9, 1, 9, 0, tzinfo=UTC)
NOW = STARTS + timedelta(weeks=13)
ROLES = ("clinician", "data-scientist")
TEAM = 5


def make(place: Path, url: str, *, learners: int, assessments: int) -> tuple[CohortForm, list[Learner]]:
    """The cohort's folder `place/cohort` and its curriculum `place/content`, without scores.

    Args:
        url: the database; empty for SQLite in the folder.
    """
    names = content(place / "content", assessments)
    people = [
        Learner(f"learner-{i:05}", "Somebody Made-Up", ROLES[i % 2], f"Team {i // TEAM:04}")
        for i in range(learners)
    ]
    form = CohortForm(
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
    folder = place / "cohort"
    folder.mkdir()
    write_cohort(folder, form)
    write_roster(folder, form, people)
    return form, people


def hand_in(folder: Path, url: str, cohort: CohortForm) -> None:
    """Folders lie where the gradebook knows works."""
    with gradebook.open_gradebook(url, cohort.course) as book:
        for learner, name in counting.all_standings(book):
            (folder / "submitted" / learner / name).mkdir(parents=True)


def content(root: Path, assessments: int) -> list[str]:
    """A curriculum with so many assessments of ten items; the forms are those of the tests' curriculum."""
    source = REPOSITORY / "tests" / "fixtures" / "two-modules"
    shutil.copytree(source / "curriculum", root / "curriculum")
    shutil.copytree(source / "modules", root / "modules")
    names = [f"assessment-{number:02}" for number in range(assessments)]
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
                last = row(
                    learner.id, assessment, at, sum(item["score"] or 0.0 for item in items), found, last
                )
                yield last


def row(
    learner: str, assessment: str, at: datetime, score: float, found: dict[str, Any], last: Entry | None
) -> Entry:
    """A sealed row of the ledger as marking writes it, after the last one."""
    moment = at.replace(tzinfo=None)
    return sealed(
        Entry(
            id=0,
            learner=learner,
            assessment=assessment,
            version="1.0.0",
            paper="p" * 64,
            submission=found["digest"],
            handed_in=moment,
            score=score,
            verdict=json.dumps(found, sort_keys=True),
            recorded=moment,
            environment="e" * 64,
            isolation="full",
            decision="marked",
            set_aside="",
        ),
        last,
    )


def _item(cell: str, points: int, hand: bool, ability: float, chance: Random) -> dict[str, object]:
    share = min(1.0, max(0.0, round(2 * (ability + chance.gauss(0, 0.25))) / 2))
    message = "People will read this one." if hand else f"{round(4 * share)} of 4 inputs are right."
    mark = "awaiting a marker" if hand else "full" if share == 1 else "partial" if share else "zero"
    score = None if hand else points * share
    return {"cell": cell, "mark": mark, "message": message, "notes": [], "points": points, "score": score}
