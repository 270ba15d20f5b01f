"""All answers to one item, in a fixed random order that says nothing about anybody, page by page."""

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from pmcampus import gradebook
from pmcampus.dashboard.visit import NotFound, Visit
from pmcampus.gradebook import HandMark
from pmcampus.model.assessment import Item
from pmcampus.paper import Paper, load_paper
from pmcampus.releases.pins import cohort_root
from pmcampus.tracking import Tracking

SIZE = 50  # answers on one page of an item


@dataclass(frozen=True)
class Blind:
    """An answer as a marker meets it: a number in the row and a key that says nothing."""

    number: int
    key: str
    learner: str
    waits: bool

    @property
    def page(self) -> int:
        """The page of the pile on which it stands."""
        return 1 + (self.number - 1) // SIZE


@dataclass(frozen=True)
class Pile:
    """All answers to one item, in an order that nobody's id or name decides; without their marks."""

    paper: Paper
    item: Item
    cell: str
    answers: tuple[Blind, ...]

    def at(self, key: str) -> Blind:
        """The answer with this key.

        Raises:
            NotFound: there is none.
        """
        for blind in self.answers:
            if blind.key == key:
                return blind
        raise NotFound("No answer has this address; it may be of another item.")

    def next_waiting(self, after: int) -> Blind | None:
        """The next answer that waits for a person, going round once."""
        waiting = [blind for blind in self.answers if blind.waits and blind.number != after]
        return min(waiting, key=lambda blind: (blind.number < after, blind.number), default=None)

    def beside(self, number: int) -> Blind | None:
        """The answer with this number; None before the first and after the last."""
        return self.answers[number - 1] if 1 <= number <= len(self.answers) else None

    @property
    def waiting(self) -> int:
        """How many still wait."""
        return sum(blind.waits for blind in self.answers)

    @property
    def pages(self) -> int:
        """How many pages they fill."""
        return max(1, -(-len(self.answers) // SIZE))

    def part(self, page: int) -> tuple[Blind, ...]:
        """The answers on this page."""
        return self.answers[(page - 1) * SIZE : page * SIZE]


def pile(visit: Visit, tracking: Tracking, assessment: str, cell: str) -> Pile:
    """The answers to the item with this graded cell.

    Their order is that of their keys, so it is the same for every marker, on every page, at any time.

    Raises:
        NotFound: the cohort has no such item.
    """
    if assessment not in tracking.cohort.assessments:
        raise NotFound("This cohort takes no such assessment.")
    paper = kept_paper(cohort_root(tracking.cohort, assessment, tracking.root), assessment)
    item = next((item for item in paper.form.items if paper.graded_cell(item) == cell), None)
    if item is None:
        raise NotFound("The assessment has no such item.")
    log = visit.campus.log
    keyed = sorted(
        (log.pseudonym(f"answer {assessment} {cell}", learner), learner, waits)
        for learner, waits in gradebook.answered(tracking.book, assessment, cell).items()
        if learner in tracking.learners
    )
    return Pile(paper, item, cell, tuple(Blind(number, *one) for number, one in enumerate(keyed, start=1)))


def marks_at(tracking: Tracking, assessment: str, cell: str, *answers: Blind) -> list[tuple[Blind, HandMark]]:
    """These answers with what stands there; without one that somebody erased meanwhile."""
    learners = [blind.learner for blind in answers]
    found = gradebook.hand_marks_of(tracking.book, assessment, cell, learners=learners)
    marks = {mark.learner: mark for mark in found}
    return [(blind, marks[blind.learner]) for blind in answers if blind.learner in marks]


def kept_paper(root: Path, assessment: str) -> Paper:
    """The assessment, read again only after its form or notebook changed.

    Raises:
        ContentError: it cannot be used.
    """
    folder = root / "assessments" / assessment
    files = (folder / "assessment.yaml", folder / f"{assessment}.ipynb")
    return _paper(root, assessment, tuple(path.stat().st_mtime_ns if path.is_file() else 0 for path in files))


@lru_cache(64)
def _paper(root: Path, assessment: str, state: tuple[int, ...]) -> Paper:
    return load_paper(root, assessment)
