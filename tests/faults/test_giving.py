"""X10: the learning platform is down, answers 500, or is fed twice. Grades leave as files."""

import csv
import io
import json
import signal
import zipfile
from datetime import timedelta
from pathlib import Path

import pytest

from pmcampus import gradebook
from pmcampus.cohortdir import database_url, load_cohort
from pmcampus.cohorts.giving import export
from pmcampus.intake.identities import Identity, write_identities
from tests.conftest import TWO_MODULES
from tests.faults import drill

KINDS = ("canvas", "moodle", "nbgrader", "oneroster", "xapi")
NAMED_BY = ("student_id", "SIS User ID", "ID number")
BASE = "https://learn.example.org"


def give(folder: Path, kind: str, out: Path, *, days: int = 0) -> bytes:
    """The bytes of an export that was made so many days after marking."""
    moment = drill.AT + timedelta(days=days)
    export(folder, kind, out, root=TWO_MODULES, as_of=moment, base=BASE, class_="c1", period="p1")
    return out.read_bytes()


def marked(folder: Path, *, learners: int) -> Path:
    """A cohort in which everything is marked, by the machine and by hand."""
    drill.cohort(folder, learners=learners)
    drill.run(folder)
    cohort = load_cohort(folder)
    with gradebook.open_gradebook(database_url(folder, cohort), cohort.course) as book:
        for number in range(learners):
            gradebook.mark_by_hand(book, f"l{number:02}", "counting", cell="letter", score=3)
    write_identities(
        folder, [Identity(f"l{number:02}", oneroster=f"r{number}") for number in range(learners)]
    )
    return folder


def entries(kind: str, content: bytes) -> list[str]:
    """What a platform stores one grade under: the learner's line, or the record's own identifier."""
    if kind == "xapi":
        return [statement["id"] for statement in json.loads(content)]
    if kind == "oneroster":
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            text = archive.read("results.csv").decode()
        return [line["sourcedId"] for line in csv.DictReader(io.StringIO(text))]
    lines = list(csv.DictReader(io.StringIO(content.decode())))
    return [line[next(name for name in NAMED_BY if name in line)] for line in lines]


@pytest.mark.parametrize("kind", KINDS)
def test_x10_a_platform_that_is_fed_twice_stores_each_grade_once(tmp_path: Path, kind: str) -> None:
    """A file that is made again a week later names the same records, none twice."""
    folder = marked(tmp_path / "autumn", learners=4)

    first = entries(kind, give(folder, kind, tmp_path / "first"))
    second = entries(kind, give(folder, kind, tmp_path / "second", days=7))

    assert first == second and len(set(first)) == len(first) >= 4


@pytest.mark.parametrize("kind", KINDS)
def test_x10_an_export_killed_at_any_moment_leaves_a_whole_file(tmp_path: Path, kind: str) -> None:
    """The file of last week, or the new one; never half of it. The next try is the new one."""
    folder = marked(tmp_path / "autumn", learners=3)
    out = tmp_path / "grades"
    before = give(folder, kind, out)
    drill.run(folder, again=True, shift=-0.1)
    after = give(folder, kind, tmp_path / "reference")
    assert before != after
    for step in range(1, 200):
        out.write_bytes(before)

        ended = drill.killed_at(step, lambda: give(folder, kind, out))

        assert out.read_bytes() in (before, after), f"killed at step {step}"
        if ended == 0:
            break
        assert ended == -signal.SIGKILL
    assert step > 3 and give(folder, kind, out) == after
