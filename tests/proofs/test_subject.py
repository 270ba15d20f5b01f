"""The small notebooks in which answers are judged."""

from dataclasses import replace
from pathlib import Path

from pmcampus.model.assessment import Variant
from pmcampus.model.notebook import name_of
from pmcampus.proofs.subject import VALUES, Trial, notebook, single, whole
from tests.proofs.bench import subject


def names(root: Path, trial: Trial) -> list[str]:
    """The cells of a trial's notebook."""
    return [name_of(cell) for cell in notebook(subject(root), trial).cells]


def test_one_item_comes_with_its_check_and_the_locked_cells_before_it(curriculum: Path) -> None:
    """And with nothing of the other items."""
    about = subject(curriculum)
    item = about.automatic[1]

    assert names(curriculum, single(about, item, "word = 'x'")) == ["given", "wrong-word", "wrong-word-check"]


def test_the_whole_has_every_answer_and_check(curriculum: Path) -> None:
    """In the notebook's order, or in another one."""
    about = subject(curriculum)
    usual = whole(about, {})
    turned = replace(usual, answers=usual.answers[1::-1])

    assert names(curriculum, usual) == [
        "given", "share", "share-check", "wrong-word", "wrong-word-check", "letter",
    ]  # fmt: skip
    assert names(curriculum, turned) == ["given", "wrong-word", "wrong-word-check", "share", "share-check"]


def test_learners_see_the_released_checks(curriculum: Path) -> None:
    """Without hidden tests."""
    about = subject(curriculum)
    trial = single(about, about.automatic[0], "", visible=True)

    assert "1 / 3" not in notebook(about, trial).cells[-1].source
    assert "score" not in notebook(about, trial).cells[-1].source


def test_values_are_printed_by_a_cell_at_the_end(curriculum: Path) -> None:
    """Where the checker has them, a cell for each."""
    about = subject(curriculum)
    last = notebook(about, single(about, about.automatic[1], "", values=("word",))).cells[-1]

    assert name_of(last) == f"{VALUES}-0"
    assert "repr(word)" in last.source


def test_the_reference_names_its_own_course_number(curriculum: Path) -> None:
    """Where the assessment has variants."""
    about = subject(curriculum)
    variant = Variant(cell="number", name="my_code", first=1, last=9, changes=())
    form = about.form.model_copy(update={"variant": variant})
    varied = replace(about, form=form, references={**about.references, "number": "my_code = 7"})

    assert about.own_number is None
    assert varied.own_number == 7
