"""X05, X06, X12, X14: several graders, markers and machines at work on one cohort."""

import json
import os
import random
import subprocess
import sys
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from nbgrader.api import Gradebook

from pmcampus import audit, gradebook
from pmcampus.cohortdir import TIMESTAMP, database_url, load_cohort, write_cohort
from pmcampus.coursedir import submitted_path
from pmcampus.errors import CohortError
from pmcampus.gradebook.tables import LEASE
from pmcampus.model.cohort import CohortForm
from pmcampus.paper import Paper, load_paper
from tests.conftest import TWO_MODULES
from tests.faults import drill


@pytest.mark.parametrize("graders", [3])
def test_x05_graders_at_once_share_the_work_and_mark_nobody_twice(
    tmp_path: Path, database: str, graders: int
) -> None:
    """Twelve learners, three processes, in SQLite and in PostgreSQL; one chain that holds."""
    folder = drill.cohort(tmp_path / "autumn", learners=12, database=database)

    ended = drill.together(*[lambda: drill.run(folder)] * graders)

    assert [0] * graders == ended
    assert [f"l{number:02}" for number in range(12)] == [learner for learner, _, _ in drill.rows(folder)]
    assert drill.run(folder).marked == []
    assert audit.verify(folder).faults == ()


def test_x05_graders_of_different_assessments_do_not_clash(
    tmp_path: Path, database: str, own_curriculum: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each learner has one row in each."""
    monkeypatch.setattr("pmcampus.grade.cohort_paper", _second_paper)
    monkeypatch.setattr("pmcampus.grade.cohort_root", lambda cohort, assessment, root: root)
    folder = drill.cohort(tmp_path / "autumn", learners=5, database=database)
    form = load_cohort(folder)
    write_cohort(folder, form.model_copy(update={"assessments": {"counting": "1.0.0", "adding": "1.0.0"}}))
    for number in range(5):
        drill.hand_in(folder, f"l{number:02}", f"sheet {number}".encode(), "adding")

    ended = drill.together(
        *[lambda: drill.run(folder)] * 2, *[lambda: drill.run(folder, assessment="adding")] * 2
    )

    assert [0, 0, 0, 0] == ended
    found = [(learner, assessment) for learner, assessment, _ in drill.rows(folder)]
    assert [(f"l{n:02}", a) for n in range(5) for a in ("adding", "counting")] == found
    assert audit.verify(folder).faults == ()


def _second_paper(cohort: CohortForm, assessment: str, root: Path) -> Paper:
    return replace(load_paper(root, "counting"), id=assessment)


@pytest.mark.kernel
def test_x05_two_real_commands_at_once_both_succeed(tmp_path: Path) -> None:
    """Where stock nbgrader's both end with exit code 1."""
    folder = drill.cohort(tmp_path / "autumn", learners=4)
    command = [sys.executable, "-m", "pmcampus", "grade", str(folder), "counting", "--workers", "1"]
    command += ["--root", str(TWO_MODULES)]

    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.STDOUT, "text": True}
    graders = [subprocess.Popen(command, **pipes) for _ in range(2)]  # type: ignore[call-overload]
    said = [grader.communicate(timeout=100)[0] for grader in graders]

    assert [0, 0] == [grader.returncode for grader in graders], said
    assert ["l00", "l01", "l02", "l03"] == [learner for learner, _, _ in drill.rows(folder)]
    assert {4.0} == {items["share-check"] for items in drill.scores(folder).values()}


def test_x06_a_marker_who_edits_during_marking_keeps_the_last_word(tmp_path: Path, database: str) -> None:
    """Both scores are in the gradebook, the person's counts, and the run names the conflict."""
    folder = drill.cohort(tmp_path / "autumn", learners=1, database=database)
    drill.run(folder)

    def edit(learner: str) -> None:
        form = load_cohort(folder)
        with gradebook.open_gradebook(database_url(folder, form), form.course) as book:
            gradebook.mark_by_hand(book, learner, "counting", cell="share-check", score=3.5)

    done = drill.run(folder, again=True, shift=0.25, during=edit)

    machine = json.loads(drill.rows(folder)[-1][2])["items"][0]["score"]
    assert [("l00", "share-check", machine, 3.5)] == [
        (c.learner, c.cell, c.machine, c.marker) for c in done.conflicts
    ]
    assert 3.5 == drill.scores(folder)["l00"]["share-check"]
    assert "a marker's score stays" in done.changes[0].reason
    form = load_cohort(folder)
    with gradebook.open_gradebook(database_url(folder, form), form.course) as book:
        grade = book.find_grade("share-check", "counting", "counting", "l00")
        assert (machine, 3.5) == (grade.auto_score, grade.manual_score)
        assert {"counting": 5.5} == gradebook.progress_matrix(book)["l00"]


def test_x12_the_lease_of_a_lost_machine_ends_and_its_late_verdict_is_refused(
    tmp_path: Path, database: str
) -> None:
    """Another run marks the work; the same verdict, once."""
    folder = drill.cohort(tmp_path / "autumn", learners=1, database=database)
    drill.run(folder)
    form = load_cohort(folder)
    with gradebook.open_gradebook(database_url(folder, form), form.course) as book:
        content = b"a later submission"
        with gradebook.at_work(book, folder, seconds=600) as here:
            assert ["l00"] == gradebook.claim(book, here, "counting", ["l00"])
            drill.hand_in(folder, "l00", content)
            (folder / ".graders" / here.name).unlink()  # on another machine there is no sign of life
            assert ["l00"] == drill.run(folder).elsewhere

            release_by_time(book)
            assert ["l00"] == drill.run(folder).marked
            with pytest.raises(gradebook.LeaseLost, match="took this submission over"):
                gradebook.record(book, "l00", drill.verdict(b"old"), paper="p", handed_in=None, holder=here)

    assert 2 == len(drill.rows(folder))
    assert drill.verdict(content).digest in drill.rows(folder)[-1][2]


def release_by_time(book: Gradebook) -> None:
    """As if the time of every lease were over."""
    gradebook.transaction(book, lambda session: session.execute(LEASE.update().values(until=0)))


def test_x12_a_killed_grader_on_this_machine_is_known_to_be_dead_at_once(tmp_path: Path) -> None:
    """Nobody waits for its lease to end."""
    folder = drill.cohort(tmp_path / "autumn", learners=2)

    def die(_: str) -> None:
        os.kill(os.getpid(), 9)

    assert -9 == drill.in_a_child(lambda: drill.run(folder, during=die))
    assert ["l00", "l01"] == drill.run(folder).marked
    assert [] == list((folder / ".graders").iterdir())


def test_x14_a_burst_of_submissions_during_marking_loses_none(tmp_path: Path) -> None:
    """What comes in while a run is under way is marked by the next one."""
    folder = drill.cohort(tmp_path / "autumn", learners=10)
    late = iter(range(10))

    def hand_in(_: str) -> None:
        number = next(late)
        drill.hand_in(folder, f"l{9 - number:02}", f"second try {number}".encode())

    drill.run(folder, during=hand_in)
    drill.run(folder)

    last = {learner: verdict for learner, _, verdict in drill.rows(folder)}
    for number in range(10):
        assert drill.verdict(f"second try {number}".encode()).digest in last[f"l{9 - number:02}"]
    assert audit.verify(folder).faults == ()


def test_x14_the_queue_is_first_come_first_marked_and_says_how_long(tmp_path: Path) -> None:
    """Sixty people hand in within the last minute; the order is theirs, and the wait of 95 in 100 is told."""
    folder = drill.cohort(tmp_path / "autumn", learners=60)
    order = random.Random(14).sample(range(60), 60)
    for second, number in enumerate(order):
        place = submitted_path(folder, f"l{number:02}", "counting").parent / "timestamp.txt"
        place.write_text((drill.AT + timedelta(seconds=second)).strftime(TIMESTAMP))
    marked: list[str] = []

    done = drill.run(folder, during=marked.append)

    assert marked == [f"l{number:02}" for number in order] == done.marked
    assert done.seconds == sorted(done.seconds) and len(done.seconds) == 60
    assert done.pace() == (
        f"60 marks in {done.seconds[-1]:.1f} s; 95 of 100 were kept within {done.seconds[56]:.1f} s."
    )


def test_a_rebuild_waits_for_nobody_and_disturbs_nobody(tmp_path: Path) -> None:
    """While a run marks, it is refused."""
    folder = drill.cohort(tmp_path / "autumn", learners=1)
    refused = []

    def rebuild(_: str) -> None:
        with pytest.raises(CohortError, match="a run is marking this cohort") as refusal:
            audit.rebuild(folder, root=TWO_MODULES)
        refused.append(refusal)

    drill.run(folder, during=rebuild)

    assert 1 == len(refused)
