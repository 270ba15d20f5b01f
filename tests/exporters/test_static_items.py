"""Which questions of a lesson can be asked elsewhere, and which need their notebook."""

from hypothesis import given
from hypothesis import strategies as st

from pmcampus.content import load_tree
from pmcampus.exporters.static_items import Block, StaticItem, read_blocks, static_items
from pmcampus.model.tree import ModuleFolder
from tests.conftest import REPOSITORY


def by_id(module: ModuleFolder) -> dict[str, StaticItem]:
    """The questions that can leave, by id."""
    return {item.id: item for item in static_items(module)[0]}


def test_questions_come_in_the_order_of_the_lesson(module: ModuleFolder) -> None:
    """From memory first, the checkpoints last."""
    assert list(by_id(module)) == [
        "d02-1-last-time",
        "d02-1-decide-now-choice",
        "d02-1-check-1",
        "d02-1-check-2",
    ]


def test_a_decision_has_choices_and_no_answer(module: ModuleFolder) -> None:
    """Nobody marks it: there is no key to give away or to invent."""
    item = by_id(module)["d02-1-decide-now-choice"]

    assert len(item.choices) == 3
    assert item.answer == ""
    assert item.prompt.endswith("Write your choice down {cite:p}`cinti2024`.")
    assert "- nine" not in item.prompt


def test_a_question_from_memory_has_the_lessons_answer(module: ModuleFolder) -> None:
    """Its heading goes, and there is nothing to unfold elsewhere."""
    item = by_id(module)["d02-1-last-time"]

    assert (item.prompt, item.answer) == (
        "*What does a share need?* Answer from memory.",
        "Its denominator.",
    )


def test_a_checkpoint_keeps_the_guided_track_alone(module: ModuleFolder) -> None:
    """The build track asks for code, and its part of the answer goes with it."""
    item = by_id(module)["d02-1-check-2"]

    assert item.prompt == "Two wards report.\n\nWhich ward would you ask first, and what?"
    assert item.answer == "The one with few results."
    assert item.address == "books/second-steps/a-lesson/#check-2"


def test_a_question_that_needs_its_notebook_is_left_out_with_a_reason(module: ModuleFolder) -> None:
    """To set a value is to run the notebook."""
    assert [(x.id, x.why) for x in static_items(module)[1]] == [
        ("d02-1-check-3", "asks for code or a run of the notebook")
    ]


def test_every_written_module_has_questions_and_no_two_have_one_id() -> None:
    """Ids are names of files in a package."""
    for folder in load_tree(REPOSITORY).modules.values():
        items, _ = static_items(folder)

        assert len(items) >= 10, folder.id
        assert len({item.id for item in items}) == len(items), folder.id


def test_answers_come_from_lessons_alone(module: ModuleFolder) -> None:
    """The graded notebook is not opened: only the module's folder is given."""
    assert all(item.address.startswith("books/") for item in by_id(module).values())


@given(st.text(alphabet=":{}- abc\n", max_size=200))
def test_any_text_is_read_and_no_word_is_lost(text: str) -> None:
    """Fences that are never closed, or never opened, change nothing but the depth."""

    def words(block: Block) -> str:
        own = f"{block.name}{block.argument}{''.join(block.options)}{''.join(block.options.values())}"
        return own + "".join(p if isinstance(p, str) else words(p) for p in block.parts)

    assert sorted(c for c in words(read_blocks(text)) if c in "abc") == sorted(c for c in text if c in "abc")
