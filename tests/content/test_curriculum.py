"""What educators wrote holds together: no rule finds an error in the real content."""

from collections import Counter
from datetime import date

from pmcampus.content import load_tree
from pmcampus.lint import lint, shown
from tests.conftest import REPOSITORY


def test_the_curriculum_has_no_error() -> None:
    """`pmcampus lint` would let a release pass today; advice is allowed."""
    errors = [p for p in lint(load_tree(REPOSITORY), today=date.today()) if p.severity == "error"]

    assert not errors, "\n" + shown(errors, "text")


def test_advice_is_followed_or_rare() -> None:
    """No kind of advice stands more than twelve times: then it is a habit to change, or a bad rule."""
    problems = lint(load_tree(REPOSITORY), today=date.today())
    times = Counter(p.code for p in problems if p.severity == "advice")

    assert not {code: number for code, number in times.items() if number > 12}


def test_written_lessons_are_known_by_the_form_alone() -> None:
    """Every module lists its lessons, and each can be read: the site needs no second look."""
    for module in load_tree(REPOSITORY).modules.values():
        for lesson, notebook in module.in_order():
            assert notebook.fault is None, lesson.file
            assert notebook.cells, lesson.file
