"""Stored figures follow the page's colours and bring nothing but drawing."""

import xml.etree.ElementTree as ET

import pytest

from pmcampus.builders.lesson_figure import figure
from pmcampus.errors import SiteError
from tests.builders.lesson_samples import SVG


def drawn(source: str = SVG) -> str:
    """The sample's markup."""
    return figure(source, name="f1", alt='A "thin" line.', where="here").markup


def test_it_is_an_image_with_a_text_alternative() -> None:
    """Said once, from the cell's metadata."""
    assert drawn().startswith('<svg role="img" aria-label="A &quot;thin&quot; line." viewBox="0 0 356 234">')


def test_it_is_well_formed() -> None:
    """And keeps its text as text."""
    found = ET.fromstring(drawn())

    assert ["a < b"] == [element.text for element in found.iter("text")]


def test_colours_of_the_palette_become_custom_properties() -> None:
    """So that the figure follows the reader's scheme."""
    found = drawn()

    assert "stroke:var(--dt)" in found
    assert "fill:var(--ink2)" in found
    assert "#3a7cc4" not in found


def test_a_foreign_colour_puts_it_on_a_light_plate() -> None:
    """Then no colour is changed: contrast stays as drawn."""
    found = figure(SVG.replace("#1f1923", "#123456"), name="f1", alt="x", where="here")

    assert found.plate
    assert "#3a7cc4" in found.markup


def test_ids_are_prefixed_with_what_refers_to_them() -> None:
    """Two figures share a page; ids that nobody uses are dropped."""
    found = drawn()

    assert 'id="f1-used"' in found
    assert 'href="#f1-used"' in found
    assert 'clip-path="url(#f1-clip)"' in found
    assert "figure_1" not in found


def test_styles_metadata_and_handlers_are_dropped() -> None:
    """Nothing that reaches beyond the figure."""
    assert not [word for word in ("metadata", "<style", "onclick", "Atkinson", "DOCTYPE") if word in drawn()]


def test_numbers_are_as_fine_as_a_screen() -> None:
    """Two decimals; lighter pages."""
    assert 'd="M1.23 2L3 4"' in drawn()


@pytest.mark.parametrize("inside", ["<script>x</script>", "<foreignObject/>", "<a><path/></a>", "<animate/>"])
def test_what_is_not_drawing_is_refused_by_name(inside: str) -> None:
    """Scripts, documents in documents, links, movement."""
    source = f'<svg xmlns="http://www.w3.org/2000/svg">{inside}</svg>'
    with pytest.raises(SiteError, match=r"here: the figure holds <"):
        drawn(source)


def test_pictures_from_elsewhere_are_not_fetched() -> None:
    """Only a picture inside the file is kept."""
    head = '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink">'
    near, far = "data:image/png;base64,AA", "https://x.test/a.png"
    found = drawn(f'{head}<image xlink:href="{far}"/><image xlink:href="{near}"/></svg>')

    assert "x.test" not in found
    assert 'href="data:image/png;base64,AA"' in found


def test_what_is_not_svg_is_refused() -> None:
    """With the remedy."""
    with pytest.raises(SiteError, match="Run the lesson again"):
        drawn("<svg")
