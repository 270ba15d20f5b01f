"""A cohort to break: real files, a real database, real runs of `grade`, with verdicts that need no kernel.

What marking gives is decided by the bytes handed in, so that a run takes milliseconds and may be
killed at every step. Runs with real kernels are in `test_killed.py`.
"""

import hashlib
import json
import os
import signal
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any
from unittest.mock import patch

from sqlalchemy import create_engine, event, text
from sqlalchemy.orm import Session

from pmcampus import grade as grading
from pmcampus.claims import Graded
from pmcampus.cohort import enrol, new
from pmcampus.cohortdir import TIMESTAMP, database_url, load_cohort, write_cohort
from pmcampus.cohortprogress import progress_report
from pmcampus.coursedir import submitted_path
from pmcampus.marking import Marked
from pmcampus.model.verdict import ItemVerdict, Mark, Verdict
from pmcampus.paper import Paper, load_paper
from pmcampus.regrade import Policy
from tests.conftest import TWO_MODULES, answered, as_bytes
from tests.test_marking import RIGHT

AT = datetime(2026, 10, 20, 9, 0, tzinfo=UTC)


def cohort(folder: Path, *, learners: int, database: str = "sqlite:///gradebook.db") -> Path:
    """A cohort whose learners have all handed in."""
    form = new(folder, root=TWO_MODULES, pathway="clinician", starts=date(2026, 10, 5))
    write_cohort(folder, form.model_copy(update={"gradebook": database, "due": {"counting": AT}}))
    roster = folder / "to-enrol.csv"
    ids = [f"l{number:02}" for number in range(learners)]
    lines = [f"{id},Somebody Made-Up,clinician,Heron" for id in ids]
    roster.write_text("\n".join(["learner,name,role,team", *lines]) + "\n")
    enrol(folder, roster, root=TWO_MODULES)
    paper = load_paper(TWO_MODULES, "counting")
    for id in ids:
        hand_in(folder, id, as_bytes(answered(paper, **(RIGHT | {"letter": f"I am {id}."}))))
    return folder


def hand_in(folder: Path, learner: str, content: bytes, assessment: str = "counting") -> None:
    """These bytes where nbgrader looks for them."""
    place = submitted_path(folder, learner, assessment)
    place.parent.mkdir(parents=True, exist_ok=True)
    place.write_bytes(content)
    (place.parent / "timestamp.txt").write_text(AT.strftime(TIMESTAMP))


def verdict(handed_in: bytes, assessment: str = "counting", shift: float = 0.0) -> Verdict:
    """A verdict that depends on the bytes alone, and on what a regrade is to change."""
    digest = hashlib.sha256(handed_in).hexdigest()
    share = int(digest[0], 16) / 5 + shift
    items = (
        ItemVerdict("share-check", 4, share, Mark.PARTIAL, f"{share:g} of 4."),
        ItemVerdict("wrong-word-check", 2, 2.0, Mark.FULL),
        ItemVerdict("letter", 4, None, Mark.AWAITING),
    )
    return Verdict(assessment, "1.0.0", digest, items)


def run(
    folder: Path,
    *,
    again: bool = False,
    policy: Policy = Policy.EXACT,
    shift: float = 0.0,
    during: Callable[[str], None] = lambda learner: None,
    root: Path = TWO_MODULES,
    assessment: str = "counting",
) -> Graded:
    """A real run of `grade`, but for the kernels.

    Args:
        shift: what is added to everybody's first item, as a repaired test would.
        during: called while each submission is being marked.
    """

    def mark_all(
        _: grading.Way, paper: Paper, todo: Iterable[tuple[str, bytes]], numbers: dict[str, int]
    ) -> Iterator[tuple[str, Marked]]:
        for learner, handed_in in todo:
            during(learner)
            yield learner, Marked(verdict(handed_in, paper.id, shift), paper.official)

    with patch.object(grading.Way, "mark_all", mark_all):
        return grading.grade(folder, assessment, root=root, workers=1, again=again, policy=policy)


def rows(folder: Path) -> list[tuple[str, str, str]]:
    """Learner, assessment and verdict of every row of the ledger, in order of learners."""
    engine = create_engine(database_url(folder, load_cohort(folder)))
    with engine.connect() as connection:
        query = text("SELECT learner, assessment, verdict FROM verdict ORDER BY learner, assessment, id")
        found = [(row.learner, row.assessment, row.verdict) for row in connection.execute(query)]
    engine.dispose()
    return found


def scores(folder: Path) -> dict[str, dict[str, float | None]]:
    """Each learner's items as the report shows them."""
    text = progress_report(folder, "counting", "json", root=TWO_MODULES, as_of=AT)
    return {row["learner"]: row["items"] for row in json.loads(text)["learners"]}


def together(*works: Callable[[], object]) -> list[int]:
    """How forked processes ended that did these things at once: exit code, or minus the signal."""
    children = []
    for work in works:
        child = os.fork()
        if child == 0:
            code = 70
            try:
                signal.alarm(60)
                work()
                code = 0
            finally:
                os._exit(code)
        children.append(child)
    return [os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) for child in children]


def in_a_child(work: Callable[[], object]) -> int:
    """The same for one."""
    return together(work)[0]


def killed_at(step: int, work: Callable[[], object]) -> int:
    """How a process ended that did this and was killed at its n-th step towards the disk."""

    def counted() -> None:
        left = step

        def count(*_: Any, **__: Any) -> None:
            nonlocal left
            left -= 1
            if left == 0:
                os.kill(os.getpid(), signal.SIGKILL)

        for name in ("fsync", "replace", "open"):
            real = getattr(os, name)

            def counting(*args: Any, real: Any = real, **kwargs: Any) -> Any:
                count()
                return real(*args, **kwargs)

            setattr(os, name, counting)
        for moment in ("before_commit", "after_commit"):
            event.listen(Session, moment, count)
        work()

    return in_a_child(counted)
