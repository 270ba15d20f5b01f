"""Code cells with their stored outputs."""

import html
import re

import pytest

from pmcampus.builders.lesson_cell import highlighted, pre
from pmcampus.errors import SiteError
from tests.builders.lesson_samples import SVG, TABLE, code_cell, draft, node, prints, shows

PNG = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
SOURCE = (
    'def f(x):\n    """Doc <b>."""\n\n    return x + 1  # CHANGE ME\n\n\nf("a & b") if True and 2.5 else None'
)


def made(*outputs: object, tags: tuple[str, ...] = (), source: str = "x = 1", **metadata: object) -> str:
    """A page with this one cell."""
    cell = code_cell(source, *outputs, tags=tags, **metadata)
    block = node("block", {"type": "code", "value": source}, kind="notebook-code")
    page = draft(block, cells=(cell,))
    return page.make(block)


def test_highlighting_changes_no_letter() -> None:
    """What a learner copies is what runs."""
    assert html.unescape(re.sub(r"<[^>]*>", "", highlighted(SOURCE))) == SOURCE


def test_four_kinds_of_words_and_the_line_to_change_stand_out() -> None:
    """Keywords, text, numbers, names of functions; and CHANGE ME."""
    found = highlighted(SOURCE)

    for part in ('<span class="k">def</span>', '<span class="f">f</span>', '<span class="n">1</span>',
                 '<span class="c ask"># CHANGE ME</span>', '<span class="s">"a &amp; b"</span>'):  # fmt: skip
        assert part in found


def test_only_code_wider_than_a_phone_is_a_stop_for_the_keyboard() -> None:
    """Each stop has a name."""
    assert "tabindex" not in pre("x = 1", "Code of cell 1")
    assert '<pre class="hl" tabindex="0" role="group" aria-label="Code of cell 1">' in pre(
        "x" * 40, "Code of cell 1"
    )


def test_prints_one_after_the_other_are_one_output() -> None:
    """As they look in the notebook; colours of a terminal are taken out."""
    found = made(prints("a < \x1b[31mb\x1b[0m\n"), prints("c\n"))

    assert found.count('class="out"') == 1
    assert "<code>a &lt; b\nc</code>" in found


def test_a_table_scrolls_in_its_own_frame() -> None:
    """With a name, and reachable by keyboard."""
    assert '<div class="out scroll" tabindex="0" role="group" aria-label="Output of cell 1">' in made(
        shows(text_html=TABLE, text_plain="x")
    )


def test_html_without_a_table_falls_back_to_text() -> None:
    """Only tables pass as HTML."""
    found = made(shows(text_html="<script>x</script>", text_plain="plain"))

    assert "script" not in found
    assert "plain" in found


def test_hidden_input_and_output_are_folded_with_a_summary() -> None:
    """The summary says what it holds."""
    assert "<summary>Cell 1: show the code (1 line)</summary>" in made(prints("1"), tags=("hide-input",))
    assert "<summary>Show the result of cell 1</summary>" in made(prints("1"), tags=("hide-output",))
    assert "<summary>Build track: show one solution (1 line)</summary>" in made(
        prints("1"), tags=("build-track", "hide-input")
    )


def test_a_figure_needs_a_text_alternative() -> None:
    """No figure without words."""
    with pytest.raises(SiteError, match="cell a-cell has no text alternative"):
        made(shows(image_svg=SVG))


def test_a_figure_stands_by_itself_with_its_code_below() -> None:
    """Numbered, captioned, its code folded."""
    found = made(shows(image_svg=SVG), tags=("hide-input",), alt="A line.")

    assert found.startswith('<figure class="fig" id="figure-1"><svg role="img" aria-label="A line."')
    assert "<summary>Code of this figure (1 line)</summary>" in found


def test_a_raster_figure_is_a_file_on_a_light_plate() -> None:
    """With its size, so that the page does not jump."""
    cell = code_cell("x", shows(image_png=PNG), alt="A dot.")
    block = node("block", {"type": "code", "value": "x"}, kind="notebook-code")
    page = draft(block, cells=(cell,))
    found = page.make(block)

    assert (
        '<figure class="fig plate" id="figure-1"><img src="figure-1.png" width="1" height="1" alt="A dot."'
        in found
    )
    assert page.files["figure-1.png"].startswith(b"\x89PNG")


def test_two_figures_in_one_cell_are_refused() -> None:
    """One text alternative cannot serve both."""
    with pytest.raises(SiteError, match="draws more than one figure"):
        made(shows(image_svg=SVG), shows(image_svg=SVG), alt="A line.")


def test_a_warning_of_the_code_is_refused() -> None:
    """Lessons are published without them."""
    with pytest.raises(SiteError, match="cell a-cell writes a warning"):
        made(prints("careful", name="stderr"))


def test_an_output_of_another_kind_is_refused_by_name() -> None:
    """Widgets and scripts are not shown."""
    output = shows(text_plain="x")
    output["data"] = {"application/javascript": "x"}
    with pytest.raises(SiteError, match="application/javascript"):
        made(output)


def test_code_that_does_not_belong_to_the_text_is_noticed() -> None:
    """A page never shows one cell's output under another's code."""
    block = node("block", {"type": "code", "value": "y"}, kind="notebook-code")
    with pytest.raises(SiteError, match="do not run in step"):
        draft(block, cells=(code_cell("x"),)).make(block)
