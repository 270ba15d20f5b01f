"""Tables that spreadsheets wrote, and texts that spreadsheets must not take for formulas."""

import csv
import io

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from pmcampus.errors import CohortError
from pmcampus.spreadsheets import inert, live, read_table, table_text

HEADS = ("learner", "name")
NAMES = "learner{0}name\nl1{0}Zoë Müller\n"
STARTS = tuple("=+-@＝＋－＠")


def fields(content: bytes, **options: str) -> list[dict[str, str]]:
    """The lines of a table."""
    table = read_table(content, source="t.csv", required=HEADS, may_name=True, **options)
    return [dict(line.fields) for line in table.lines]


@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-32"])
def test_separator_and_marked_encoding_are_seen(separator: str, encoding: str) -> None:
    """Whatever a spreadsheet's "save as" wrote."""
    assert [{"learner": "l1", "name": "Zoë Müller"}] == fields(NAMES.format(separator).encode(encoding))


def test_other_separators_are_told() -> None:
    """The person hears how their file was read."""
    notes: list[str] = []

    read_table(NAMES.format(";").encode(), source="t.csv", required=HEADS, note=notes.append)

    assert ["t.csv: read with semicolons between the columns."] == notes


def test_column_names_may_be_padded_and_in_capitals() -> None:
    """They come back as they are asked for."""
    assert [{"learner": "l1", "name": "A"}] == fields(b" Learner ,NAME\nl1,A\n")


def test_windows_1252_is_never_guessed_and_the_sentence_shows_how_it_would_read() -> None:
    """A wrong guess would put a wrong name on a certificate."""
    content = NAMES.format(",").encode("windows-1252")

    with pytest.raises(CohortError, match="--encoding windows-1252, in which a word reads 'Zoë'"):
        fields(content)

    assert [{"learner": "l1", "name": "Zoë Müller"}] == fields(content, encoding="windows-1252")


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (NAMES.format(",").encode("utf-16-le"), "name its encoding with --encoding utf-16-le"),
        (b"\xff\xfea", "is not utf-16; name the encoding"),
        (b"learner,name\nl1,\x81\n", "save the file as CSV in UTF-8"),
        (b"learner,name\nl1,A,B\n", "t.csv:2: this line has not 2 fields"),
        (b"learner,learner\nl1,A\n", "'learner' is missing or there twice"),
        (b"", "t.csv: the file is empty"),
        (b"\xef\xbb\xbf\r\n", "t.csv: the file is empty"),
        (b"PK\x03\x04\x14\0", "this is a workbook or an archive and no table; save its sheet as CSV"),
        (b"\n\nlearner,name\nl1\n", "t.csv:4: this line has not 2 fields"),
        (b"\n\nid,name\nl1,A\n", "t.csv:3: the column 'learner' is missing"),
    ],
)
def test_what_cannot_be_read_is_said_in_one_sentence(content: bytes, sentence: str) -> None:
    """With the place and the remedy."""
    with pytest.raises(CohortError, match=r"^t\.csv") as refusal:
        fields(content)

    assert sentence in str(refusal.value)


@pytest.mark.parametrize(
    "content",
    [
        "sep=;\r\nlearner;name\r\nl1;A\r\n",
        "\r\n;\r\nlearner;name\r\n\r\nl1;A\r\n;\r\n",
        "learner,name,,\nl1,A,,\n",
        "learner,name\nl1,A,, \n",
    ],
)
def test_lines_and_fields_that_hold_nothing_do_no_harm(content: str) -> None:
    """Excel leaves them before, between and after what was typed."""
    (line,) = fields(content.encode())

    assert ("l1", "A") == (line["learner"], line["name"])


def test_columns_that_nobody_asks_for_may_end_early() -> None:
    """Excel writes no separators for empty cells at the end of later lines."""
    assert [{"learner": "l1", "name": "A", "email": ""}] == fields(b"learner,name,email\nl1,A\n")


def test_no_option_is_named_where_there_is_none() -> None:
    """A map has no --encoding."""
    with pytest.raises(CohortError) as refusal:
        read_table("name\nZoë\n".encode("windows-1252"), source="map.csv")

    assert "map.csv: byte 8 is not UTF-8; save the file as CSV in UTF-8." == str(refusal.value)


def test_an_encoding_that_does_not_exist_is_refused() -> None:
    """By its name."""
    with pytest.raises(CohortError, match="'klingon' is no encoding"):
        fields(b"learner,name\n", encoding="klingon")


@pytest.mark.parametrize(
    "evil",
    [
        '=HYPERLINK("https://example.org","x")',
        "+1+1",
        "-2+3+cmd|' /C calc'!A0",
        "@SUM(A1)",
        " =1+1",
        "\t=1",
        "＝1+1",
        'a";=1+1;"',
        "a;=1+1",
        "a,@x",
        "a\n=1",
    ],
)
def test_no_cell_begins_a_formula_in_any_reader(evil: str) -> None:
    """Neither where columns are split at commas, nor where they are split at semicolons or tabs."""
    text = table_text(["name", "note"], [["plain", evil]])

    for separator in ",;\t":
        for row in csv.reader(io.StringIO(text), delimiter=separator):
            assert not any(cell.strip().strip('"').strip().startswith(STARTS) for cell in row), row


@given(st.text() | st.text(alphabet="='+-@;, \t\"a"))
@example("'=1")
@example("\n@")
def test_inert_texts_read_back_as_they_were(text: str) -> None:
    """Nothing is lost, whatever stands there already."""
    assert text == live(inert(text))


@given(st.floats(allow_nan=False, allow_infinity=False, width=32) | st.integers(-(10**9), 10**9))
def test_numbers_stay_numbers(number: float) -> None:
    """A negative number is no formula, and no figure that matters is lost."""
    assert float(table_text(["n"], [[number]]).splitlines()[1]) == pytest.approx(number, rel=1e-11)
