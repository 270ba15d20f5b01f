"""Tables as spreadsheets write and read them: bytes to rows, and rows to text without formulas."""

import codecs
import csv
import io
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from pmcampus.errors import CohortError

SEPARATORS = (",", ";", "\t", "|")
# Control characters, and those that turn the direction of what follows; joiners stay, names need them.
UNSEEN = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]")
BYTE_ORDER_MARKS = (
    (codecs.BOM_UTF32_LE, "utf-32"),  # it begins with UTF-16's, so it is looked for first
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
# What a spreadsheet takes for a formula (CWE-1236), at a cell's start or, where the reader splits at another
# separator than the writer, after one; the wide signs are taken for the narrow ones. A lone sign is none.
_FORMULA = re.compile("(^|[,;\t|\"\r\n])('*)(?=[\\s']*[=+\\-@\uff1d\uff0b\uff0d\uff20](?s:.))")
WORKBOOKS = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")  # how .xlsx, .ods and archives begin, and .xls
Note = Callable[[str], None]


def silent(note: str) -> None:
    """Nothing: for who does not want to hear notes."""


@dataclass(frozen=True)
class Line:
    """One line of a table: its number in the file, and its fields by column, as they were written."""

    number: int
    fields: Mapping[str, str]


@dataclass(frozen=True)
class Table:
    """The columns, in order, and the lines."""

    columns: tuple[str, ...]
    lines: tuple[Line, ...]


def read_table(
    content: bytes,
    *,
    source: str,
    required: Sequence[str] = (),
    encoding: str | None = None,
    may_name: bool = False,
    note: Note = silent,
) -> Table:
    """The table in these bytes; the separator is the one that gives the required columns.

    Column names are compared without blanks around them and in any case; those that are required come
    back as they are written in `required`. Empty lines are passed over, and a line `sep=;` before the first.
    Where the last columns of a line are empty, their separators may be missing, or be too many: Excel
    leaves such lines.

    Args:
        encoding: how the file was saved; by default UTF-8, or what its first bytes say.
        may_name: whether who reads the sentence can name the encoding, with --encoding.
        note: hears, in sentences, what was read in another way than it stands.

    Raises:
        CohortError: the encoding, a missing or repeated column, or a line that is no CSV.
    """
    text = decoded(content, source=source, encoding=encoding, may_name=may_name)
    if not text.strip():
        raise CohortError(f"{source}: the file is empty; see that the right one was saved.")
    skipped, text = _body(text)
    separator = _separator(text, required)
    if separator != ",":
        note(f"{source}: read with {_named(separator)} between the columns.")
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator)
    rows = _rows(reader, source, skipped)
    heads = [_head(name, required) for name in next(rows, [])]
    for name in required:
        if heads.count(name) != 1:
            raise CohortError(
                f"{source}:{1 + skipped}: the column {name!r} is missing or there twice; "
                f"the first line must be {','.join(required)}."
            )
    lines = []
    for row in rows:
        if not any(field.strip() for field in row):
            continue
        row = _fitted(row, heads, required)
        if len(row) != len(heads):
            raise CohortError(
                f"{source}:{reader.line_num + skipped}: this line has not {_count(len(heads))} fields; "
                "put quotation marks round a field that holds the separator."
            )
        lines.append(Line(reader.line_num + skipped, dict(zip(heads, row, strict=True))))
    return Table(tuple(heads), tuple(lines))


def decoded(content: bytes, *, source: str, encoding: str | None = None, may_name: bool = False) -> str:
    """The text of a file that a spreadsheet saved.

    Raises:
        CohortError: it is not in this encoding; the sentence shows how it would read in Windows-1252.
    """
    if content.startswith(WORKBOOKS):
        raise CohortError(
            f"{source}: this is a workbook or an archive and no table; save its sheet as CSV in UTF-8."
        )
    marked = next((name for mark, name in BYTE_ORDER_MARKS if content.startswith(mark)), None)
    chosen = encoding or marked or "utf-8-sig"
    if not encoding and not marked and b"\0" in content:
        named = ", or name its encoding with --encoding utf-16-le" if may_name else ""
        raise CohortError(
            f"{source}: the file holds bytes of value 0, as UTF-16 without its mark does; "
            f"save it as CSV in UTF-8{named}."
        )
    try:
        text = content.decode(chosen)
    except LookupError:
        raise CohortError(
            f"{source}: {chosen!r} is no encoding; name utf-8, utf-16 or windows-1252."
        ) from None
    except UnicodeError as problem:
        where = f"byte {problem.start + 1} " if isinstance(problem, UnicodeDecodeError) else "the file "
        if encoding or marked:
            raise CohortError(
                f"{source}: {where}is not {chosen}; name the encoding in which the file was saved."
            ) from None
        raise CohortError(f"{source}: {where}is not UTF-8; {_guess(content, may_name=may_name)}") from None
    if "\0" in text:
        raise CohortError(f"{source}: the file holds a sign of value 0; save it as CSV in UTF-8.")
    return text


def inert(text: str) -> str:
    """The same text with an apostrophe wherever a spreadsheet would begin a formula; `live` undoes it."""
    return _FORMULA.sub(r"\1'\2", text)


def live(text: str) -> str:
    """What `inert` was given."""
    return _FORMULA.sub(lambda found: found[1] + found[2][1:], text)


def table_text(columns: Sequence[str], rows: Iterable[Iterable[object]], *, end: str = "\n") -> str:
    """A table as CSV; texts are inert, numbers are written so that they read back equal."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator=end)
    writer.writerow(map(_cell, columns))
    writer.writerows(map(_cell, row) for row in rows)
    return out.getvalue()


def _cell(value: object) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        return f"{value:.12g}"
    return "" if value is None else inert(str(value))


def _separator(text: str, required: Sequence[str]) -> str:
    first = text.partition("\n")[0].rstrip("\r")

    def fitting(separator: str) -> tuple[int, int]:
        names = {_head(name, required) for name in first.split(separator)}
        return len(names & set(required)), len(names)

    return max(SEPARATORS, key=fitting)  # of equals the first: the comma


def _body(text: str) -> tuple[int, str]:
    """How many lines stand before the table, and the table: empty ones, and Excel's own `sep=;`."""
    before = re.match(r"(?:[ ,;\t|]*(?:\r\n|\r|\n))*(?:sep=[,;\t|]\r?\n)?", text, re.IGNORECASE)
    assert before  # it fits the empty text too
    return len(re.findall(r"\r\n|\r|\n", before[0])), text[before.end() :]


def _fitted(row: list[str], heads: Sequence[str], required: Sequence[str]) -> list[str]:
    """The line without empty fields too many, and with those at its end that nobody asks for."""
    while len(row) > len(heads) and not row[-1].strip():
        row = row[:-1]
    missing = heads[len(row) :]
    return [*row, *("" for _ in missing)] if required and not {*missing} & {*required} else row


def _head(name: str, required: Sequence[str]) -> str:
    plain = name.strip().strip('"').strip()
    return next((known for known in required if known.casefold() == plain.casefold()), plain)


def _rows(reader: "Iterator[list[str]]", source: str, skipped: int) -> Iterator[list[str]]:
    try:
        yield from reader
    except csv.Error as problem:
        number = getattr(reader, "line_num", 1) + skipped
        raise CohortError(
            f"{source}:{number}: this line cannot be read as CSV ({problem}); correct it."
        ) from problem


def _guess(content: bytes, *, may_name: bool) -> str:
    """What to do about bytes that are not UTF-8, with the first word that shows whether a guess is right."""
    try:
        text = content.decode("windows-1252")
    except UnicodeDecodeError:
        return "save the file as CSV in UTF-8."
    if not may_name:
        return "save the file as CSV in UTF-8."
    word = next((word for word in re.findall(r"[^\W\d_]+", text) if not word.isascii()), "")
    shown = f", in which a word reads {word[:40]!r}" if word else ""
    return (
        f"save the file as CSV in UTF-8, or add --encoding windows-1252{shown}, if that is how it was saved."
    )


def _named(separator: str) -> str:
    return {"\t": "tabs", ";": "semicolons", "|": "bars"}[separator]


def _count(number: int) -> str:
    return "four" if number == 4 else str(number)
