"""One run's share of marking: which submissions it takes, and how what it marked is kept.

The order is files first, database last: the bytes handed in, then the marked notebook, then verdict
and scores in one transaction. Whatever a killed run leaves, the next one finds work that is not
recorded, and marks it.
"""

import math
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path

from nbgrader.api import Gradebook

from pmcampus import gradebook
from pmcampus.cohortdir import read_timestamp
from pmcampus.coursedir import marked_path, submitted_path, write_marked
from pmcampus.environment import environment_digest
from pmcampus.errors import CohortError, GradingError
from pmcampus.kept import keep
from pmcampus.marking import Marked
from pmcampus.paper import Paper
from pmcampus.plurals import counted
from pmcampus.receive import fingerprint
from pmcampus.regrade import Change, Policy


@dataclass
class Graded:
    """What one run of grading did, by learner's id.

    Attributes:
        elsewhere: marked, or being marked, by another run at the same time.
        changes: what a regrade did, item by item.
        conflicts: items that a marker scored otherwise; the marker's score counts.
        flags: what a person should look at in somebody's work; it changes no score.
        seconds: after how long each mark was kept, counted from the start of the run.
    """

    marked: list[str] = field(default_factory=list)
    refused: dict[str, str] = field(default_factory=dict)
    unchanged: list[str] = field(default_factory=list)
    failed: dict[str, str] = field(default_factory=dict)
    missing: list[str] = field(default_factory=list)
    strangers: list[str] = field(default_factory=list)
    elsewhere: list[str] = field(default_factory=list)
    changes: list[Change] = field(default_factory=list)
    conflicts: list[gradebook.Conflict] = field(default_factory=list)
    flags: dict[str, tuple[str, ...]] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)
    seconds: list[float] = field(default_factory=list)

    def pace(self) -> str:
        """How long people waited for their mark in this run; nothing when nobody was marked."""
        if not self.seconds:
            return ""
        waits = sorted(self.seconds)
        most = waits[math.ceil(0.95 * len(waits)) - 1]
        return f"{counted(len(waits), 'mark')} in {waits[-1]:.1f} s; 95 of 100 were kept within {most:.1f} s."

    def remarks(self) -> Iterator[str]:
        """What an instructor should know beside the counts, a line each."""
        yield from self.notes
        for conflict in self.conflicts:
            yield (
                f"{conflict.learner}, {conflict.cell}: the machine gives {conflict.machine:g}, a marker gave "
                f"{conflict.marker:g}; the marker's score counts."
            )
        for learner, reason in sorted(self.refused.items()):
            yield f"{learner}: {reason}"
        for name in self.strangers:
            yield f"{name}: handed in, but is not on the roster; enrol them and run this again."
        for learner, found in sorted(self.flags.items()):
            more = f" (and {len(found) - 1} more in the ledger)" if len(found) > 1 else ""
            yield f"{learner}: have a look at {found[0]}{more}"


@dataclass(frozen=True)
class Run:
    """One run's claims on submissions, and the keeping of what it marked."""

    book: Gradebook
    folder: Path
    paper: Paper
    holder: gradebook.Holder
    known: dict[str, gradebook.Marking]
    again: bool
    policy: Policy
    done: Graded

    def claimed(self, todo: dict[str, bytes], size: int) -> Iterator[tuple[str, bytes]]:
        """Submissions that are ours to mark, with their bytes kept, claimed a few at a time."""
        waiting = iter(todo)
        while batch := list(islice(waiting, size)):
            ours = gradebook.claim(self.book, self.holder, self.paper.id, batch)
            self.done.elsewhere.extend(name for name in batch if name not in ours)
            now = gradebook.marked(self.book, self.paper.id, ours) if ours else {}
            for learner in ours:
                inputs = (self.paper.digest, fingerprint(todo[learner]))
                found = now.get(learner)
                if found and found != self.known.get(learner) and (found.paper, found.submission) == inputs:
                    gradebook.release(self.book, self.holder, self.paper.id, learner)
                    self.done.elsewhere.append(learner)  # marked between our look and our claim
                else:
                    keep(self.folder, todo[learner])
                    yield learner, todo[learner]

    def keep(self, learner: str, marked: Marked | str) -> None:
        """The marked notebook on disk, then verdict and scores in the database; or why not."""
        try:
            if isinstance(marked, str):
                raise GradingError(marked)
            place = submitted_path(self.folder, learner, self.paper.id)
            recorded = gradebook.record(
                self.book,
                learner,
                marked.verdict,
                paper=self.paper.digest,
                handed_in=read_timestamp(place.parent / "timestamp.txt"),
                environment=environment_digest(),
                isolation=marked.isolation,
                again=self.again,
                policy=self.policy,
                holder=self.holder,
                first=lambda: self._write(learner, marked),
            )
        except gradebook.LeaseLost:
            self.done.elsewhere.append(learner)
        except (CohortError, GradingError) as problem:
            self.done.failed[learner] = str(problem)
            gradebook.release(self.book, self.holder, self.paper.id, learner)
        else:
            self.done.changes.extend(recorded.changes)
            self.done.conflicts.extend(recorded.conflicts)
            if marked.verdict.flags:
                self.done.flags[learner] = marked.verdict.flags
            if marked.verdict.refused is None:
                self.done.marked.append(learner)
            else:
                self.done.refused[learner] = marked.verdict.refused

    def _write(self, learner: str, marked: Marked) -> None:
        if marked.notebook is not None:
            write_marked(marked_path(self.folder, learner, self.paper.id), marked.notebook, durable=True)
