"""`pmcampus new`: complete folders in which only the marked blanks are left to do."""

import shutil
from datetime import date
from pathlib import Path

import pytest

from pmcampus.content import load_tree
from pmcampus.errors import ContentError
from pmcampus.lint import Problem, lint
from pmcampus.model.answers import AnswerBank
from pmcampus.new import new
from pmcampus.notebooks import run_lesson
from pmcampus.paper import load_paper
from tests.conftest import REPOSITORY

TODAY = date(2026, 11, 24)


def left(root: Path) -> list[Problem]:
    """What the linter says beside the marked blanks."""
    return [p for p in lint(load_tree(root), today=TODAY) if p.code != "PM207"]


@pytest.mark.parametrize("id", ["talking-about-risk", "x", "a1-b2"])
def test_a_new_module_lacks_its_blanks_and_its_line_only(id: str, own_curriculum: Path) -> None:
    """The one other problem is the line in curriculum.yaml, which the remedy spells out."""
    made = new("module", id, root=own_curriculum, today=TODAY)

    assert made == own_curriculum / "modules" / id
    (problem,) = left(own_curriculum)
    assert problem.code == "PM107"
    assert f"Add the line `  - {id}` under `modules:`" in problem.fix


def test_every_file_of_a_new_module_has_blanks(own_curriculum: Path) -> None:
    """Form, lesson, changelog and notes each ask for something; the form validates all the same."""
    new("module", "talking-about-risk", root=own_curriculum, today=TODAY)
    tree = load_tree(own_curriculum)
    blanks = [p for p in lint(tree, today=TODAY) if p.code == "PM207"]

    assert tree.modules["talking-about-risk"].form.value.version == "0.1.0"
    assert {p.path.rpartition("/")[2] for p in blanks} == {
        "module.yaml",
        "01-first-lesson.ipynb",
        "CHANGELOG.md",
        "instructor-notes.md",
    }
    assert "@@" not in "".join(
        f.read_text("utf-8") for f in (tree.root / "modules").rglob("*.*") if f.is_file()
    )


def test_a_new_assessment_lacks_its_blanks_only(own_curriculum: Path) -> None:
    """Named after its module, it takes the module's first outcome; nothing but blanks is left."""
    made = new("assessment", "first-steps", root=own_curriculum, today=TODAY)

    assert left(own_curriculum) == []
    assert (made / "first-steps.ipynb").is_file()
    form = load_tree(own_curriculum).assessments["first-steps"].form.value
    assert (form.module, form.items[0].competency, form.items[0].practise_in) == (
        "first-steps",
        "T1",
        ("a-lesson",),
    )


def test_an_assessment_may_carry_more_words_than_its_module(own_curriculum: Path) -> None:
    """`second-steps-again` belongs to second-steps."""
    new("assessment", "second-steps-again", root=own_curriculum, today=TODAY)

    assert load_tree(own_curriculum).assessments["second-steps-again"].form.value.module == "second-steps"
    assert left(own_curriculum) == []


def test_a_new_case_lacks_its_blanks_and_its_line_only(own_curriculum: Path) -> None:
    """Two roles of the curriculum sit at the table."""
    new("case-study", "a-hard-choice", root=own_curriculum, today=TODAY)

    (problem,) = left(own_curriculum)
    assert problem.code == "PM107"
    assert "Add the line `  - a-hard-choice` under `case_studies:`" in problem.fix


def test_a_new_assessment_can_be_handed_out_and_tells_its_answers_apart(own_curriculum: Path) -> None:
    """nbgrader accepts the notebook; solution and hidden tests are gone from what learners get."""
    new("assessment", "first-steps", root=own_curriculum, today=TODAY)
    paper = load_paper(own_curriculum, "first-steps")
    released = "".join(cell.source for cell in paper.release.cells)

    assert paper.points() == {"first-item-check": 7.0, "second-item": 3.0}
    assert "HIDDEN" not in released and "found / (found" not in released
    form = load_tree(own_curriculum).assessments["first-steps"].banks["first-item"]
    assert isinstance(form.value, AnswerBank)
    check = next(c.source for c in paper.official.cells if c.metadata.nbgrader.grade_id == "first-item-check")
    for answer in form.value.answers:
        names: dict[str, object] = {}
        body, _, _ = check.rpartition("\nscore\n")
        exec(answer.code + "\n" + body, names)
        deserved = getattr(answer, "deserves", 7)
        assert names["score"] == deserved, answer.name


@pytest.mark.kernel
def test_stored_outputs_of_the_templates_are_what_their_code_gives(own_curriculum: Path) -> None:
    """Running a new lesson or case part changes no byte."""
    module = new("module", "talking-about-risk", root=own_curriculum, today=TODAY)
    case = new("case-study", "a-hard-choice", root=own_curriculum, today=TODAY)

    for path in sorted([*module.rglob("*.ipynb"), *case.rglob("*.ipynb")]):
        assert run_lesson(path) is False, path.name


def test_a_planned_module_takes_over_its_plan(tmp_path: Path) -> None:
    """Title, code, hours, competencies and outcomes come from planned.yaml; then its entry goes."""
    for shelf in ("curriculum", "modules", "assessments"):
        shutil.copytree(REPOSITORY / shelf, tmp_path / shelf)
    planned = load_tree(tmp_path).planned.value.modules
    if not planned:
        pytest.skip("everything is written")
    before = set(left(tmp_path))
    id, plan = next(iter(planned.items()))
    new("module", id, root=tmp_path, today=TODAY)
    form = load_tree(tmp_path).modules[id].form.value

    assert (form.code, form.title, form.hours, form.competencies) == (
        plan.code,
        plan.title,
        plan.hours,
        plan.competencies,
    )
    assert [f"{o.verb} {o.text}" for o in form.outcomes] == [o.text.rstrip(".") for o in plan.outcomes]
    assert {p.code for p in set(left(tmp_path)) - before} == {"PM109"}


@pytest.mark.parametrize("id", ["Risk", "risk_talk", "1-risk", "../risk", "a b", "", "risk-", "x" * 61])
def test_a_name_that_cannot_be_an_id_is_refused(id: str, own_curriculum: Path) -> None:
    """Capitals, underscores, leading digits, paths, spaces: refused with what is allowed."""
    with pytest.raises(ContentError, match="cannot be an id; use small letters"):
        new("module", id, root=own_curriculum, today=TODAY)


@pytest.mark.parametrize(("kind", "id"), [("module", "first-steps"), ("assessment", "counting")])
def test_what_exists_is_left_alone(kind: str, id: str, own_curriculum: Path) -> None:
    """A taken name is refused, and not a byte changes."""
    shelf = own_curriculum / f"{kind}s" / id
    before = {path: path.read_bytes() for path in shelf.rglob("*") if path.is_file()}
    with pytest.raises(ContentError, match="this folder exists already"):
        new(kind, id, root=own_curriculum, today=TODAY)

    assert before == {path: path.read_bytes() for path in shelf.rglob("*") if path.is_file()}


def test_an_assessment_without_a_module_is_refused(own_curriculum: Path) -> None:
    """The message gives a name that would do."""
    with pytest.raises(ContentError, match="such as first-steps or first-steps-decisions"):
        new("assessment", "loose-questions", root=own_curriculum, today=TODAY)

    assert not (own_curriculum / "assessments" / "loose-questions").exists()


def test_an_unknown_kind_is_refused(own_curriculum: Path) -> None:
    """The message lists the three kinds."""
    with pytest.raises(ContentError, match="choose one of module, assessment, case-study"):
        new("lesson", "x", root=own_curriculum, today=TODAY)


def test_a_failure_half_way_leaves_nothing(own_curriculum: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A full disk in the middle: neither a half folder nor its temporary one stays."""

    def full(self: Path, other: Path) -> None:
        raise OSError("No space left on device")

    monkeypatch.setattr(Path, "rename", full)
    with pytest.raises(OSError, match="No space left"):
        new("module", "talking-about-risk", root=own_curriculum, today=TODAY)

    assert sorted(p.name for p in (own_curriculum / "modules").iterdir()) == ["first-steps", "second-steps"]
