"""What every assessment has before a learner sees it: form and notebook agree, and its certificate holds."""

import ast
import re
from functools import cache
from typing import Any

import nbformat
import pytest
import yaml
from nbformat import NotebookNode

from pmcampus.model.answers import AnswerBank, DemoAnswers
from pmcampus.model.assessment import Item
from pmcampus.notebooks import NOTEBOOK_METADATA
from pmcampus.paper import Paper, load_paper, paper_ids
from pmcampus.prove import prove
from tests.conftest import REPOSITORY

SOLUTION = re.compile(r"### BEGIN SOLUTION\n(.*?)### END SOLUTION", re.DOTALL)
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


def mark_of(cell: NotebookNode) -> dict[str, Any]:
    """nbgrader's mark on a cell."""
    return cell.metadata.get("nbgrader") or {}


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


def test_repeated_helpers_are_the_same(assessment: str) -> None:
    """A function that stands in several locked cells has one text: hidden copies do not drift."""
    texts: dict[str, set[str]] = {}
    for cell in paper_of(assessment).official.cells:
        if cell.cell_type == "code" and mark_of(cell).get("locked"):
            for node in ast.parse(cell.source).body:
                if isinstance(node, ast.FunctionDef):
                    texts.setdefault(node.name, set()).add(ast.unparse(node))

    assert [name for name, found in texts.items() if len(found) > 1] == []


@pytest.mark.kernel
def test_the_certificate_holds(assessment: str) -> None:
    """Everything that can be proved of it is proved; what `pmcampus prove` has judged is not judged again."""
    certificate = next(prove([assessment], root=REPOSITORY)).certificate

    assert certificate.holds, certificate.summary(fresh=False)
