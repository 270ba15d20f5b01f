"""X01, X02, X03: a grader that is killed, or whose machine loses power, at any moment."""

import os
import random
import shutil
import signal
import subprocess
import sys
from contextlib import suppress
from pathlib import Path
from time import monotonic

import pytest
from sqlalchemy import event
from sqlalchemy.orm import Session

from pmcampus import audit
from pmcampus.coursedir import feedback_path, marked_path
from tests.conftest import TWO_MODULES, answered, as_bytes
from tests.faults import drill
from tests.test_marking import RIGHT


def killed_at(step: int, folder: Path) -> int:
    """How a run ended whose process was killed at its n-th step towards the disk."""
    return drill.killed_at(step, lambda: drill.run(folder))


def test_x02_a_run_killed_at_any_step_is_finished_by_the_next_one(tmp_path: Path) -> None:
    """Exactly once, with every file in place: before and after each write, rename and commit."""
    pristine = drill.cohort(tmp_path / "pristine", learners=1)
    shutil.copytree(pristine, tmp_path / "whole")
    drill.run(tmp_path / "whole")
    expected = drill.rows(tmp_path / "whole")
    for step in range(random.randint(1, 2), 200, 2):  # odd or even ones, to be done in half the time
        folder = tmp_path / f"step{step}"
        shutil.copytree(pristine, folder)
        ended = killed_at(step, folder)

        drill.run(folder)

        assert expected == drill.rows(folder), f"killed at step {step}"
        assert audit.verify(folder).faults == ()
        assert marked_path(folder, "l00", "counting").is_file()
        assert feedback_path(folder, "l00", "counting").is_file()
        shutil.rmtree(folder)
        if ended == 0:
            break
        assert ended == -signal.SIGKILL
    assert step > 20


def test_x03_nothing_is_recorded_that_a_power_cut_could_take_away(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """At each commit the submission and the marked notebook are on the disk, with their names.

    A second copy gets a file's bytes when the file is synced, and its name when its folder is; this
    is all that a power cut leaves. SQLite syncs its own file before a commit returns.
    """
    folder = drill.cohort(tmp_path / "autumn", learners=2)
    synced: dict[int, bytes] = {}
    named: dict[Path, bytes] = {}
    real = os.fsync

    def fsync(handle: int) -> None:
        real(handle)
        place = Path(f"/proc/self/fd/{handle}").resolve()
        if place.is_dir():
            named.update({p: synced.get(p.stat().st_ino, b"") for p in place.iterdir() if p.is_file()})
        else:
            synced[os.fstat(handle).st_ino] = place.read_bytes()

    missed: list[str] = []
    seen = 0

    def committed(_: Session) -> None:
        nonlocal seen
        for learner, _assessment, _verdict in drill.rows(folder):
            seen += 1
            for path in (marked_path(folder, learner, "counting"), *(folder / "kept").glob("*.ipynb")):
                if named.get(path.resolve()) != path.read_bytes():
                    missed.append(f"{learner}: {path.name}")

    monkeypatch.setattr(os, "fsync", fsync)
    event.listen(Session, "after_commit", committed)
    try:
        drill.run(folder)
    finally:
        event.remove(Session, "after_commit", committed)

    assert seen > 0
    assert missed == []


@pytest.mark.kernel
def test_x01_a_grader_killed_at_random_moments_ends_with_every_learner_marked_rightly(
    tmp_path: Path,
) -> None:
    """The real command with real kernels; the moments are printed when this fails."""
    folder = drill.cohort(tmp_path / "autumn", learners=3)
    wrong = RIGHT | {"share": "def share(part, whole):\n    return part"}
    drill.hand_in(folder, "l01", as_bytes(answered(drill.load_paper(TWO_MODULES, "counting"), **wrong)))
    drill.hand_in(folder, "l02", b'{"cells": [')
    command = [sys.executable, "-m", "pmcampus", "grade", str(folder), "counting", "--workers", "2"]
    command += ["--root", str(TWO_MODULES)]
    moments = [random.uniform(1.0, 7.0) for _ in range(3)]
    began = monotonic()
    for moment in moments:
        with subprocess.Popen(command, start_new_session=True, stdout=-3, stderr=-3) as grader:
            with suppress(subprocess.TimeoutExpired):
                grader.wait(moment)
            with suppress(ProcessLookupError):
                os.killpg(grader.pid, signal.SIGKILL)

    ended = subprocess.run(command, capture_output=True, text=True, timeout=90, check=False)

    note = f"killed at {moments}, {monotonic() - began:.0f} s: {ended.stdout}{ended.stderr}"
    assert ended.returncode == 0, note
    found = drill.scores(folder)
    assert [found["l00"][cell] for cell in ("share-check", "wrong-word-check")] == [4.0, 2.0], note
    assert [found["l01"][cell] for cell in ("share-check", "wrong-word-check")] == [1.0, 2.0], note
    assert sorted(learner for learner, _, _ in drill.rows(folder)) == ["l00", "l01", "l02"], note
    assert audit.verify(folder).faults == ()
