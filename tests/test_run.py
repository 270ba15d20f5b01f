"""Running a module's lessons."""

from pathlib import Path

import pytest

from pmcampus.errors import ContentError
from pmcampus.run import run


def test_an_unknown_module_is_answered_with_the_known_ones(curriculum: Path) -> None:
    """Nothing is run."""
    with pytest.raises(ContentError, match="choose one of first-steps, second-steps"):
        list(run("third-steps", root=curriculum))


def test_a_module_without_lessons_says_so(own_curriculum: Path) -> None:
    """With the folder to put one in."""
    for path in (own_curriculum / "modules" / "first-steps" / "lessons").iterdir():
        path.unlink()

    with pytest.raises(ContentError, match="modules/first-steps/lessons: there is no lesson yet"):
        list(run("first-steps", root=own_curriculum))


@pytest.mark.kernel
def test_lessons_are_stored_one_by_one_and_a_second_run_changes_nothing(own_curriculum: Path) -> None:
    """The committed lesson of the fixture is already in its stored form."""
    lesson = own_curriculum / "modules" / "first-steps" / "lessons" / "01-a-lesson.ipynb"
    before = lesson.read_bytes()

    first = list(run("first-steps", root=own_curriculum))
    again = list(run("first-steps", root=own_curriculum))

    assert again == [(lesson, False)]
    assert first == [(lesson, lesson.read_bytes() != before)]
    assert b"0.75" in lesson.read_bytes()
