"""Decisions, data cards, checkpoints and tracks."""

from typing import Any

import pytest

from pmcampus.errors import SiteError
from tests.builders.lesson_samples import draft, node


def paragraph(*words: Any) -> dict[str, Any]:
    """A paragraph."""
    return node("paragraph", *words)


def bullets(*items: str) -> dict[str, Any]:
    """A bullet list."""
    return node("list", *(node("listItem", paragraph(item)) for item in items), ordered=False)


def card(*parts: Any) -> str:
    """A data card."""
    box = node("admonition", node("admonitionTitle", "Data card: x"), *parts, **{"class": "datacard"})
    return draft(box).make(box)


def exercise(label: str, *words: Any) -> dict[str, Any]:
    """A checkpoint."""
    return node("exercise", paragraph(*words), label=label, identifier=label)


def solution(label: str, words: str) -> dict[str, Any]:
    """Its answer."""
    title = node(
        "admonitionTitle", node("crossReference", "Exercise 1", kind="exercise", label=label, resolved=True)
    )
    return node("solution", title, paragraph(words), **{"class": "dropdown"})


def test_choices_of_a_decision_are_a_group_of_their_own() -> None:
    """Two decisions on a page do not share radio buttons."""
    box = node("admonition", node("admonitionTitle", "Decide"), bullets("a", "b"), **{"class": "decide"})
    page = draft(box)
    first, second = page.make(box), page.make(box)

    assert first.count('name="decide-1"') == 2
    assert second.count('name="decide-2"') == 2
    assert '<div class="after"><p>Keep your choice in mind, and read on.</p></div>' in first


@pytest.mark.parametrize(
    ("words", "mark"),
    [("REAL.", "REAL DATA"), ("SIMULATED", "SIMULATED"), ("PUBLISHED FIGURES", "Published figures")],
)
def test_a_data_card_shows_its_kind(words: str, mark: str) -> None:
    """As a mark with shape and word."""
    assert mark in card(paragraph(node("strong", words)), bullets("Licence: CC0"))


def test_labelled_lines_of_a_data_card_become_rows() -> None:
    """From a list, or from one paragraph with labels in italics."""
    rows = "<dt>Made by</dt><dd>us</dd><dt>Licence</dt><dd>CC0</dd>"
    real = node("strong", "REAL.")
    labels = paragraph(real, " ", node("emphasis", "Made by:"), " us ", node("emphasis", "Licence:"), " CC0")

    assert rows in card(paragraph(real), bullets("Made by: us", "Licence: CC0"))
    assert rows in card(labels).replace(" us ", "us").replace(" CC0", "CC0")


def test_a_mark_inside_a_sentence_stays_a_word() -> None:
    """ "**REAL** table and **PUBLISHED FIGURES**; no data" must still read."""
    found = card(
        paragraph(
            node("strong", "REAL"), " table and ", node("strong", "PUBLISHED FIGURES"), "; no patients."
        )
    )

    assert "<p>Real table and published figures; no patients.</p>" in found


def test_a_data_card_without_a_kind_is_refused() -> None:
    """Real or simulated: it has to say."""
    with pytest.raises(SiteError, match="does not say what kind of data"):
        card(bullets("Licence: CC0"))


def test_an_answer_is_folded_into_its_checkpoint() -> None:
    """In the same cell, or at the head of the next; nothing is shown twice."""
    one, two = exercise("a", node("strong", "Checkpoint 1."), " Which?"), solution("a", "This.")
    for blocks in ([node("block", one, two)], [node("block", one), node("block", two)]):
        page = draft(*blocks)
        found = "".join(page.make(block) for block in blocks)

        assert found.count("This.") == 1
        assert '<h2 id="check-1">' in found
        assert "<p>Which?</p>" in found


def test_an_answer_further_on_names_its_checkpoint() -> None:
    """With a fold of its own."""
    parts = [exercise("a", "Which?"), paragraph("Think."), solution("a", "This.")]
    block = node("block", *parts)

    assert "Show the answer to checkpoint 1" in draft(block).make(block)


def test_an_answer_to_nothing_is_refused() -> None:
    """A label was misspelt."""
    lonely = solution("b", "This.")
    with pytest.raises(SiteError, match="belongs to no exercise"):
        draft(lonely).make(lonely)


def test_tracks_are_radio_buttons_and_the_first_is_chosen() -> None:
    """Each track names itself where both are shown."""
    box = node(
        "tabSet",
        node("tabItem", paragraph("x"), title="Guided"),
        node("tabItem", paragraph("y"), title="Build"),
    )
    found = draft(box).make(box)

    assert "<legend>Choose your track</legend>" in found
    assert found.count(" checked") == 1
    assert '<div class="pane pb flow"><p class="which"><b>Build</b></p><p>y</p>\n</div>' in found


def test_more_tabs_than_fit_are_refused() -> None:
    """With the number that fits."""
    box = node("tabSet", *(node("tabItem", title=str(n)) for n in range(5)))
    with pytest.raises(SiteError, match="Use at most 4"):
        draft(box).make(box)


def test_headings_of_boxes_go_one_step_below_their_part() -> None:
    """No level is skipped."""
    page = draft()
    box = node("admonition", node("admonitionTitle", "Decide"), bullets("a"), **{"class": "decide"})
    page.make(node("heading", "Part", depth=3, html_id="part"))

    assert "<h4>" in page.make(box)
