"""What every assessment proves before a learner sees it: each answer earns what it deserves.

The many answers of a bank are judged in this process: official cells run once, each answer then
gets a copy of the names. Two whole notebooks (reference, untouched) run in a real kernel.
"""

import ast
import contextlib
import copy
import io
import random
import re
import sys
import warnings
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

import nbformat
import pytest
import yaml
from nbformat import NotebookNode
from nbformat.v4 import new_notebook, new_output

from pmcampus.checker import MAX_MESSAGE, judge
from pmcampus.model.answers import AnswerBank, DemoAnswers
from pmcampus.model.assessment import Item
from pmcampus.model.verdict import ItemVerdict, Mark
from pmcampus.notebooks import NOTEBOOK_METADATA, execute
from pmcampus.paper import Paper, load_paper, paper_ids
from tests.conftest import REPOSITORY

SOLUTION = re.compile(r"### BEGIN SOLUTION\n(.*?)### END SOLUTION", re.DOTALL)
HIDDEN = re.compile(r"### BEGIN HIDDEN TESTS\n(.*?)### END HIDDEN TESTS", re.DOTALL)
PEOPLE_SHARE = (0.25, 0.40)  # of the points: what only a person can judge, and no more

pytestmark = pytest.mark.parametrize("assessment", paper_ids(REPOSITORY))


@cache
def paper_of(assessment: str) -> Paper:
    """The assessment in its three states."""
    return load_paper(REPOSITORY, assessment)


@cache
def banks_of(assessment: str) -> dict[str, AnswerBank]:
    """The answer bank of each item that has one."""
    folder = paper_of(assessment).folder / "wrong-answers"
    return {
        path.stem: AnswerBank.model_validate(yaml.safe_load(path.read_text("utf-8")))
        for path in sorted(folder.glob("*.yaml"))
    }


@cache
def sheet_of(assessment: str, number: int | None = None) -> "Sheet":
    """The assessment at work, with its own course number or another one."""
    return Sheet(paper_of(assessment), number)


@dataclass
class Ran:
    """What one cell gave."""

    value: Any = None
    stdout: str = ""
    stderr: str = ""
    failure: Exception | None = None


@dataclass
class Sheet:
    """One assessment whose earlier items are always answered by the reference.

    `before` holds the names as they are just before an item's answer cell runs.
    """

    paper: Paper
    number: int | None = None
    before: dict[str, dict[str, Any]] = field(default_factory=dict)
    silent: bool = True

    def __post_init__(self) -> None:
        """Run the notebook once with the reference's answers."""
        names: dict[str, Any] = {"__name__": "__main__"}
        for cell in self.paper.source.cells:
            name = mark_of(cell).get("grade_id", "")
            if cell.cell_type == "code" and not mark_of(cell).get("grade"):
                self.before[name] = plain_copy(names)
                text = self.with_number(cell.source) if name == self.number_cell else cell.source
                ran = run(text, names)
                assert ran.failure is None, f"{name} stops with {ran.failure!r}"

    @property
    def number_cell(self) -> str:
        """The answer cell with the course number, or nothing."""
        return self.paper.form.variant.cell if self.paper.form.variant else ""

    def with_number(self, text: str) -> str:
        """The number's cell with this sheet's number in place of the reference's."""
        variant = self.paper.form.variant
        return text if self.number is None or not variant else f"{text}\n{variant.name} = {self.number}"

    def judged(self, item: Item, code: str | None = None, *, release: bool = False) -> ItemVerdict:
        """The verdict on an answer written below the starter; no code means an untouched cell."""
        names = plain_copy(self.before[item.cell])
        run(self.paper.starters[item.cell] + "\n" + (code or ""), names)
        cells = (self.paper.release if release else self.paper.official).cells
        check = copy.deepcopy(
            next(c for c in cells if mark_of(c).get("grade_id") == self.paper.graded_cell(item))
        )
        ran = run(check.source, names)
        self.silent = self.silent and not ran.stderr
        check.execution_count, check.outputs = 1, list(outputs(ran))
        return judge(new_notebook(cells=[check]), starters=self.paper.starters)[0]

    def reference(self, item: Item) -> str:
        """The reference's code for an item."""
        cell = next(c for c in self.paper.source.cells if mark_of(c).get("grade_id") == item.cell)
        return "\n".join(SOLUTION.findall(cell.source))


def run(text: str, names: dict[str, Any]) -> Ran:
    """One cell as a kernel runs it: the value of its last line, what it printed, how it failed."""
    out, err, ran = io.StringIO(), io.StringIO(), Ran()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err), warnings.catch_warnings():
        warnings.resetwarnings()
        warnings.showwarning = lambda message, *rest, **named: print(message, file=sys.stderr)
        try:
            tree = ast.parse(text)
            last = tree.body.pop() if tree.body and isinstance(tree.body[-1], ast.Expr) else None
            exec(compile(tree, "cell", "exec"), names)
            if isinstance(last, ast.Expr):
                ran.value = eval(compile(ast.Expression(last.value), "cell", "eval"), names)
        except Exception as failure:
            ran.failure = failure
    ran.stdout, ran.stderr = out.getvalue(), err.getvalue()
    return ran


def outputs(ran: Ran) -> Iterator[NotebookNode]:
    """The same as a notebook stores it."""
    for name in ("stdout", "stderr"):
        if getattr(ran, name):
            yield new_output("stream", name=name, text=getattr(ran, name))
    if ran.failure is not None:
        yield new_output("error", ename=type(ran.failure).__name__, evalue=str(ran.failure), traceback=[])
    elif ran.value is not None:
        yield new_output("execute_result", {"text/plain": repr(ran.value)}, execution_count=1)


def plain_copy(names: dict[str, Any]) -> dict[str, Any]:
    """The names with data copied, so that one answer cannot spoil the next."""
    data = (list, dict, set, tuple)
    return {
        n: copy.deepcopy(v) if isinstance(v, data) and n != "__builtins__" else v for n, v in names.items()
    }


def mark_of(cell: NotebookNode) -> dict[str, Any]:
    """nbgrader's mark on a cell."""
    return cell.metadata.get("nbgrader") or {}


def by_machine(assessment: str) -> list[Item]:
    """Items that are marked automatically."""
    return [item for item in paper_of(assessment).form.items if item.marked == "automatically"]


def other_numbers(assessment: str, count: int) -> list[int]:
    """Some course numbers, always the same ones."""
    variant = paper_of(assessment).form.variant
    if variant is None:
        pytest.skip("This assessment is the same for every learner.")
    return random.Random(assessment).sample(range(variant.first, variant.last + 1), count)


def points_of(assessment: str, item: Item) -> float:
    """The points of an item."""
    paper = paper_of(assessment)
    return paper.points()[paper.graded_cell(item)]


def test_form_and_notebook_name_the_same_items(assessment: str) -> None:
    """Every item has its cells, every graded cell its item, and hurdles can be reached."""
    paper = paper_of(assessment)
    cells = {item.cell for item in paper.form.items}
    variant = paper.form.variant

    assert set(paper.points()) == {paper.graded_cell(item) for item in paper.form.items}
    assert cells <= paper.answers
    assert all(points_of(assessment, i) > 0 for i in paper.form.items)
    for item in paper.form.items:
        assert (paper.graded_cell(item) != item.cell) == (item.marked == "automatically"), item.cell
        assert item.rubric is None or (paper.folder / item.rubric).is_file(), item.cell
    for hurdle in paper.form.hurdles:
        assert hurdle.at_least <= points_of(
            assessment, next(i for i in paper.form.items if i.cell == hurdle.cell)
        )
    assert variant is None or ({variant.cell} <= paper.answers and set(variant.changes) <= cells)


def test_points_sum_to_100_and_people_score_their_share(assessment: str) -> None:
    """A quarter to two fifths of 100 points is left to people, who use a rubric."""
    paper = paper_of(assessment)
    people = sum(points_of(assessment, i) for i in paper.form.items if i.marked == "by-rubric")

    assert sum(paper.points().values()) == 100
    assert PEOPLE_SHARE[0] * 100 <= people <= PEOPLE_SHARE[1] * 100


def test_minutes_add_up(assessment: str) -> None:
    """The minutes of the items are the minutes of the whole, in both tracks."""
    form = paper_of(assessment).form

    assert sum(item.minutes.guided for item in form.items) == form.minutes.guided
    assert sum(item.minutes.build for item in form.items) == form.minutes.build


def test_learners_read_what_the_form_says(assessment: str) -> None:
    """The first cell names pass mark, minutes and date; each item's text its title and points."""
    paper, texts = paper_of(assessment), {}
    first = paper.release.cells[0].source
    date = paper.form.facts_valid_as_of
    text = ""
    for cell in paper.release.cells:
        text = cell.source if mark_of(cell).get("locked") and cell.cell_type == "markdown" else text
        texts[mark_of(cell).get("grade_id", "")] = text

    assert f"pass at {paper.form.passing_score:g}" in first
    assert f"{paper.form.minutes.guided} minutes" in first
    assert f"{date.day} {date:%B %Y}" in first
    for hurdle in paper.form.hurdles:
        assert f"at least {hurdle.at_least:g} point" in first, hurdle.cell
    for item in paper.form.items:
        assert item.title in texts[item.cell], item.cell
        assert f"{points_of(assessment, item):g} points" in texts[item.cell], item.cell


def test_rubrics_hold_the_model_answer_that_the_notebook_holds(assessment: str) -> None:
    """Markers and learners' solutions speak of one model answer, word for word."""
    paper = paper_of(assessment)
    sources = {mark_of(cell).get("grade_id"): cell.source for cell in paper.source.cells}
    for item in paper.form.items:
        if item.rubric:
            rubric = (paper.folder / item.rubric).read_text("utf-8").replace("> ", "").replace(">", "")
            model = " ".join(SOLUTION.findall(sources[item.cell])[0].split())
            assert model in " ".join(rubric.split()), item.cell


def test_demo_learners_name_answers_that_exist(assessment: str) -> None:
    """Every answer of the demo stands in a bank; texts go to items that people mark."""
    path = REPOSITORY / "src" / "pmcampus" / "data" / "demo" / "answers.yaml"
    demo = DemoAnswers.model_validate(yaml.safe_load(path.read_text("utf-8")))
    if demo.assessment != assessment:
        pytest.skip("The demo is about another assessment.")
    items = {item.cell: item for item in paper_of(assessment).form.items}
    for name, profile in demo.profiles.items():
        for cell, chosen in profile.answers.items():
            if chosen.written:
                assert items[cell].marked == "by-rubric", f"{name}: {cell}"
                continue
            bank = banks_of(assessment)[cell]
            known = {answer.name for answer in (bank.wrong if chosen.wrong else bank.right)}
            assert (chosen.wrong or chosen.right) in known, f"{name}: {cell}"
        work = demo.work(name, banks=banks_of(assessment), references=dict.fromkeys(items, "reference"))
        assert set(work) == (set(items) if profile.otherwise == "reference" else set(profile.answers)), name


def test_source_is_clean(assessment: str) -> None:
    """The source has no outputs, known metadata, and ids that say what a cell is."""
    source = paper_of(assessment).source
    nbformat.validate(source)

    assert source.metadata == NOTEBOOK_METADATA
    for cell in source.cells:
        assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", cell.id)
        assert mark_of(cell).get("grade_id", cell.id) == cell.id
        assert mark_of(cell).get("schema_version", 3) == 3
        assert cell.cell_type == "markdown" or (not cell.outputs and cell.execution_count is None)


def test_release_holds_no_solution_and_no_hidden_test(assessment: str) -> None:
    """No marker, and no line that stands only in a solution or in a hidden test."""
    paper = paper_of(assessment)
    secret: set[str] = set()
    shown: set[str] = set()
    for cell in paper.source.cells:
        for part in (*SOLUTION.findall(cell.source), *HIDDEN.findall(cell.source)):
            secret |= {line.strip() for line in part.splitlines()}
        shown |= {line.strip() for line in HIDDEN.sub("", SOLUTION.sub("", cell.source)).splitlines()}
    released = {line.strip() for cell in paper.release.cells for line in cell.source.splitlines()}

    assert len(secret - shown) > 20
    assert not (secret - shown) & released
    assert not any("SOLUTION" in line or "HIDDEN TESTS" in line for line in released)


def test_repeated_helpers_are_the_same(assessment: str) -> None:
    """A function that stands in several locked cells has one text: hidden copies do not drift."""
    texts: dict[str, set[str]] = {}
    for cell in paper_of(assessment).official.cells:
        if cell.cell_type == "code" and mark_of(cell).get("locked"):
            for node in ast.parse(cell.source).body:
                if isinstance(node, ast.FunctionDef):
                    texts.setdefault(node.name, set()).add(ast.unparse(node))

    assert [name for name, found in texts.items() if len(found) > 1] == []


def test_every_item_has_its_answer_bank(assessment: str) -> None:
    """One bank for each item that is marked automatically, and no other."""
    assert set(banks_of(assessment)) == {item.cell for item in by_machine(assessment)}


def test_visible_check_refuses_the_untouched_cell(assessment: str) -> None:
    """In the released notebook each check says, in a sentence, what is missing."""
    for item in by_machine(assessment):
        verdict = sheet_of(assessment).judged(item, release=True)

        assert verdict.mark is Mark.ZERO, item.cell
        assert verdict.message.startswith("Not yet."), item.cell


def test_reference_passes_the_visible_check(assessment: str) -> None:
    """A learner with a right answer sees no red box."""
    sheet = sheet_of(assessment)
    for item in by_machine(assessment):
        assert sheet.judged(item, sheet.reference(item), release=True).mark is Mark.FULL, item.cell


def test_each_answer_earns_what_it_deserves(assessment: str) -> None:
    """Untouched nothing, reference and alternatives all, wrong answers what their bank says."""
    sheet, faults = sheet_of(assessment), []
    for item in by_machine(assessment):
        faults += misjudged(assessment, sheet, item)

    assert faults == []
    assert sheet.silent, "a test cell writes to stderr, where nbgrader gives zero"


def test_another_course_number_changes_nothing_in_the_marking(assessment: str) -> None:
    """Under a second number the items that it changes judge every answer as under the first."""
    form = paper_of(assessment).form
    sheet, faults = sheet_of(assessment, other_numbers(assessment, 1)[0]), []
    for item in by_machine(assessment):
        if form.variant and item.cell in form.variant.changes:
            faults += misjudged(assessment, sheet, item)

    assert faults == []
    assert sheet.silent


def test_course_numbers_give_different_work_that_the_reference_solves(assessment: str) -> None:
    """Six numbers, six sets of given values, full points in each."""
    form, seen = paper_of(assessment).form, set()
    if form.variant is None:
        pytest.skip("This assessment is the same for every learner.")
    for number in other_numbers(assessment, 6):
        sheet = sheet_of(assessment, number)
        changed = [item for item in by_machine(assessment) if item.cell in form.variant.changes]
        for item in changed:
            assert sheet.judged(item, sheet.reference(item)).mark is Mark.FULL, (
                f"{item.cell}, number {number}"
            )
        last = sheet.before[changed[-1].cell]
        seen.add(repr({n: v for n, v in sorted(last.items()) if isinstance(v, dict | list) and n[0] != "_"}))

    assert len(seen) == 6


@pytest.mark.kernel
def test_reference_earns_all_in_a_real_kernel(assessment: str, tmp_path: Path) -> None:
    """The whole notebook with the reference's answers: full points, and people still to read."""
    paper = paper_of(assessment)
    given = {
        mark_of(cell)["grade_id"]: cell.source for cell in paper.source.cells if mark_of(cell).get("solution")
    }
    notebook = copy.deepcopy(paper.official)
    for cell in notebook.cells:
        cell.source = given.get(mark_of(cell).get("grade_id", ""), cell.source)

    verdicts = in_kernel(paper, notebook, tmp_path)

    for item in paper.form.items:
        mark = Mark.FULL if item.marked == "automatically" else Mark.AWAITING
        assert verdicts[paper.graded_cell(item)].mark is mark, item.cell
        assert not verdicts[paper.graded_cell(item)].notes, item.cell


@pytest.mark.kernel
def test_untouched_release_earns_nothing_in_a_real_kernel(assessment: str, tmp_path: Path) -> None:
    """What a learner gets, handed in as it is: no point on any item, and a sentence on each."""
    paper = paper_of(assessment)
    verdicts = in_kernel(paper, paper.official, tmp_path)

    assert {verdict.score for verdict in verdicts.values()} == {0.0}
    assert all(verdict.mark is Mark.ZERO and verdict.message for verdict in verdicts.values())


def misjudged(assessment: str, sheet: Sheet, item: Item) -> list[str]:
    """Every answer to an item whose score or message is not the one it deserves."""
    full, bank, faults = points_of(assessment, item), banks_of(assessment)[item.cell], []
    expected: list[tuple[str, str | None, float, float, str]] = [
        ("untouched", None, 0, 0, ""),
        ("reference", sheet.reference(item), full, full, ""),
    ]
    expected += [(a.name, a.code, a.lowest, a.highest, a.message_contains or "") for a in bank.wrong]
    expected += [(a.name, a.code, full, full, "") for a in bank.right]
    for name, code, lowest, highest, words in expected:
        verdict = sheet.judged(item, code)
        where = f"{item.cell}/{name}: {verdict.score:g} points, {verdict.message!r}"
        if verdict.mark is Mark.ERROR or not lowest <= (verdict.score or 0) <= highest:
            faults.append(f"{where}; deserved {lowest:g} to {highest:g}")
        if words not in verdict.message or not verdict.message or len(verdict.message) >= MAX_MESSAGE:
            faults.append(f"{where}; the message should hold {words!r} and be shorter than {MAX_MESSAGE}")
    return faults


def in_kernel(paper: Paper, notebook: NotebookNode, folder: Path) -> dict[str, ItemVerdict]:
    """The verdicts on a notebook that ran from top to bottom in a fresh kernel."""
    executed = execute(notebook, folder=folder, cell_seconds=paper.form.limits.cell_seconds)
    assert executed.stopped is None
    return {verdict.cell: verdict for verdict in judge(executed.notebook, starters=paper.starters)}
