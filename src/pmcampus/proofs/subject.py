"""What proofs are about, what they ask to be judged, and the small notebooks in which that happens."""

import re
from collections.abc import Iterable, Iterator, Mapping
from copy import deepcopy
from dataclasses import dataclass, field

from nbformat import NotebookNode

from pmcampus.model.answers import AnswerBank
from pmcampus.model.assessment import AssessmentForm, Item, answer_cell, check_cell
from pmcampus.model.module import ModuleForm
from pmcampus.model.notebook import is_answer, is_graded, name_of
from pmcampus.model.verdict import ItemVerdict, Mark
from pmcampus.names import defined, read

VALUES = "pmcampus-values"
SEED = "pmcampus-seed"


@dataclass(frozen=True)
class Subject:
    """One assessment, as its proofs see it."""

    id: str
    form: AssessmentForm
    module: ModuleForm
    banks: Mapping[str, AnswerBank]
    source: NotebookNode
    official: NotebookNode
    release: NotebookNode
    starters: Mapping[str, str]
    references: Mapping[str, str]
    points: Mapping[str, float]
    answer_names: Mapping[str, frozenset[str]]

    @property
    def automatic(self) -> tuple[Item, ...]:
        """Items that are marked by a check."""
        return tuple(item for item in self.form.items if item.marked == "automatically")

    @property
    def number_cell(self) -> str:
        """The answer cell with the course number; empty where every learner has the same work."""
        return self.form.variant.cell if self.form.variant else ""

    @property
    def own_number(self) -> int | None:
        """The course number of the reference."""
        variant = self.form.variant
        if variant is None:
            return None
        found = re.search(rf"^{variant.name}\s*=\s*(\d+)", self.references[variant.cell], re.MULTILINE)
        return int(found[1]) if found else variant.first

    def changes(self, item: Item) -> bool:
        """Whether the item's answer depends on the course number."""
        return self.form.variant is not None and item.cell in self.form.variant.changes

    def full(self, item: Item) -> float:
        """The points of an item."""
        return self.points[check_cell(item.cell) if check_cell(item.cell) in self.points else item.cell]

    def written(self, cell: str, code: str) -> str:
        """A learner's cell: the starter, and below it what they wrote."""
        return f"{self.starters[cell]}\n{code}" if code else self.starters[cell]

    def reference(self, cell: str) -> str:
        """The answer cell as the reference fills it."""
        return self.written(cell, self.references[cell])


@dataclass(frozen=True)
class Trial:
    """One notebook to be judged: these items, in this order, each answered with this text.

    Args:
        answers: answer cell and its whole text; the order is the order of the items.
        support: answers of items that others build on; they are there but not asked about.
        number: the course number; by default the reference's.
        visible: judge by the released version's checks.
        place: the environment it runs in.
        seed: what random numbers are seeded with before the first cell.
        values: names whose values are wanted.
    """

    answers: tuple[tuple[str, str], ...]
    support: tuple[tuple[str, str], ...] = ()
    number: int | None = None
    visible: bool = False
    place: str = "usual"
    seed: int | None = None
    values: tuple[str, ...] = ()


@dataclass(frozen=True)
class Outcome:
    """What came of a trial: a verdict by answer cell, values as texts, or why there is none."""

    verdicts: Mapping[str, ItemVerdict] = field(default_factory=dict)
    values: Mapping[str, str] = field(default_factory=dict)
    fault: str = ""

    def score(self, cell: str) -> float:
        """Points of an item; below zero where it was not judged."""
        verdict = self.verdicts.get(cell)
        return -1.0 if verdict is None else verdict.score or 0.0

    def told(self, cell: str) -> str:
        """Points and words, for a message."""
        verdict = self.verdicts.get(cell)
        if verdict is None:
            return self.fault or "not judged"
        points = "waits for a person" if verdict.mark is Mark.AWAITING else f"{verdict.score or 0:g} points"
        return f"{points}, {' '.join(verdict.message.split())!r}"

    def signature(self, cells: Iterable[str]) -> tuple[tuple[str, float, str], ...]:
        """Score and message of these items, to be compared."""
        return tuple(
            (c, self.score(c), self.verdicts[c].message if c in self.verdicts else "") for c in cells
        )


def single(subject: Subject, item: Item, text: str, **how: object) -> Trial:
    """A trial of one item, with the reference's answers to the items that it says it builds on."""
    support = tuple((cell, subject.reference(cell)) for cell in item.builds_on)
    return Trial(((item.cell, text),), support, **how)  # type: ignore[arg-type]


def whole(subject: Subject, texts: Mapping[str, str], **how: object) -> Trial:
    """A trial of the whole notebook; items without a text are answered by the reference."""
    answers = tuple(
        (item.cell, texts.get(item.cell, subject.reference(item.cell))) for item in subject.form.items
    )
    return Trial(answers, **how)  # type: ignore[arg-type]


def notebook(subject: Subject, trial: Trial) -> NotebookNode:
    """The notebook of a trial: locked cells, the course number, and the answers with their checks."""
    version = subject.release if trial.visible else subject.official
    texts = dict(trial.support) | dict(trial.answers)
    asked = [cell for cell, _ in trial.answers]
    groups = _groups(version)
    in_order = [answer for answer, _ in groups if answer in asked] == asked
    chosen = groups if in_order else sorted(groups, key=lambda g: asked.index(g[0]) if g[0] in asked else -1)
    found: list[tuple[NotebookNode, bool]] = []
    left = set(asked)
    for answer, members in chosen:
        for cell in members:
            kept = _kept(subject, trial, cell, texts, asked)
            if kept is not None:
                found.append((kept, answer in ("", *texts)))
                left.discard(answer_cell(name_of(kept)) if is_graded(kept) else "")
        if not left:
            break
    cells = [] if trial.seed is None else [_seeded(trial.seed)]
    cells += _needed(found)
    cells += _value_cells(trial.values)
    made: NotebookNode = NotebookNode(version | {"cells": cells})
    return made


def _needed(found: list[tuple[NotebookNode, bool]]) -> list[NotebookNode]:
    """The cells asked about, and of other items' locked cells those that define a name read later."""
    wanted: set[str] = set()
    kept: list[NotebookNode] = []
    for cell, is_asked in reversed(found):
        if is_asked or defined(cell.source) & wanted:
            kept.append(cell)
            wanted |= read(cell.source)
    return kept[::-1]


def _groups(version: NotebookNode) -> list[tuple[str, list[NotebookNode]]]:
    """The cells, cut after each graded one; what stands before the first item's own cells goes with it.

    The first group is led by the cells up to the first answer that belongs to an item, without a name.
    """
    items = {answer_cell(name_of(cell)) for cell in version.cells if is_graded(cell)}
    groups: list[tuple[str, list[NotebookNode]]] = [("", [])]
    open_group: list[NotebookNode] = groups[0][1]
    begun = False
    for cell in version.cells:
        name = name_of(cell)
        if not begun and name in items:
            begun, open_group = True, []
        open_group.append(cell)
        if begun and is_graded(cell):
            groups.append((answer_cell(name), open_group))
            open_group = []
    return groups


def _kept(
    subject: Subject, trial: Trial, cell: NotebookNode, texts: Mapping[str, str], asked: list[str]
) -> NotebookNode | None:
    """The cell as it stands in the trial's notebook, or nothing."""
    name = name_of(cell)
    if not name or (cell.cell_type != "code" and name not in texts):
        return None
    if is_answer(cell):
        if name == subject.number_cell and subject.form.variant:
            number = trial.number if trial.number is not None else subject.own_number
            return _with(cell, f"{cell.source}\n{subject.form.variant.name} = {number}")
        return _with(cell, texts[name]) if name in texts else None
    if is_graded(cell):
        return deepcopy(cell) if answer_cell(name) in asked else None
    return deepcopy(cell)


def _with(cell: NotebookNode, text: str) -> NotebookNode:
    changed: NotebookNode = deepcopy(cell)
    changed.source = text
    return changed


def _seeded(seed: int) -> NotebookNode:
    """A locked cell that seeds what could be random, in the learner's kernel and in the checker."""
    source = f"import random\nimport numpy\nrandom.seed({seed})\nnumpy.random.seed({seed})"
    return _locked(SEED, source, grade=False)


def _value_cells(names: Iterable[str]) -> Iterator[NotebookNode]:
    """Cells that print the answers as the checker got them; one that cannot be handed over stops its own."""
    for number, name in enumerate(names):
        text = f"print({name!r} + '\\t' + repr({name}).replace('\\n', ' '))"
        source = f"try:\n    {text}\nexcept NameError:\n    pass"
        yield _locked(f"{VALUES}-{number}", source, grade=True)


def _locked(name: str, source: str, *, grade: bool) -> NotebookNode:
    mark = {"grade_id": name, "grade": grade, "solution": False, "locked": True, "schema_version": 3}
    if grade:
        mark |= {"points": 1, "cell_type": "code"}
    made: NotebookNode = NotebookNode(
        cell_type="code",
        id=name,
        source=source,
        outputs=[],
        execution_count=None,
        metadata=NotebookNode(nbgrader=NotebookNode(mark)),
    )
    return made
