"""Stored HTML tables reach the page as tables and as nothing else."""

# ruff: noqa: E501  # stored markup is one element a line

import pytest

from pmcampus.builders.lesson_table import table
from pmcampus.errors import SiteError
from tests.builders.lesson_samples import TABLE

GROUPED = """<table><thead><tr><th></th><th colspan="2">n</th></tr><tr><th></th><th>mean</th><th>sd</th></tr></thead>
<tbody><tr><th rowspan="2">a</th><td>1</td><td>x</td></tr><tr><td>-2.5</td><td></td></tr></tbody></table>"""
NAMED = """<table><thead><tr><th></th><th>n</th></tr><tr><th>star</th><th></th></tr></thead>
<tbody><tr><th>*1</th><td>7</td></tr></tbody></table>"""


def test_headers_say_what_they_head() -> None:
    """Columns and rows have scopes; an empty corner is no header."""
    found = table(TABLE, "here")

    assert found.startswith(
        '<table><thead><tr><td></td><th scope="col">star</th><th scope="col" class="n">n</th>'
    )
    assert '<th scope="row">0</th>' in found


def test_styles_classes_and_frames_are_left_out() -> None:
    """pandas writes them; the page has its own."""
    assert not [word for word in ("style", "border", "dataframe", "div") if word in table(TABLE, "here")]


def test_spans_are_kept_and_numbers_stand_right() -> None:
    """Groups of columns and rows; a column with words is no column of numbers."""
    found = table(GROUPED, "here")

    assert '<th scope="colgroup" colspan="2" class="n">n</th>' in found
    assert '<th scope="rowgroup" rowspan="2">a</th><td class="n">1</td><td>x</td>' in found
    assert '<td class="n">-2.5</td><td></td>' in found


def test_the_name_of_an_index_takes_the_empty_corner() -> None:
    """Not a header row of its own."""
    assert '<thead><tr><th scope="col">star</th><th scope="col" class="n">n</th></tr></thead>' in table(
        NAMED, "here"
    )


def test_text_in_cells_is_escaped() -> None:
    """A star allele may be compared."""
    assert "<td>a &lt;b&gt; &amp; c</td>" in table(
        "<table><tr><td>a &lt;b&gt; &amp; c</td></tr></table>", "here"
    )


@pytest.mark.parametrize(
    "markup", ["<script>x</script>", "<img src=x>", "<a href='x'>y</a>", "<iframe></iframe>"]
)
def test_other_markup_is_refused_by_name(markup: str) -> None:
    """Outputs are not trusted."""
    with pytest.raises(SiteError, match=r"here: the output holds `<(script|img|a|iframe)>`"):
        table(f"<table><tr><td>{markup}</td></tr></table>", "here")


def test_attributes_never_pass() -> None:
    """Only spans are read."""
    assert "<td>1</td>" in table(
        '<table><tr><td onclick="x()" style="y" id="z">a</td><td>1</td></tr></table>', ""
    ).replace(' class="n"', "")


def test_an_output_without_a_table_is_refused() -> None:
    """Text belongs in text."""
    with pytest.raises(SiteError, match="no table"):
        table("<div>hello</div>", "here")
