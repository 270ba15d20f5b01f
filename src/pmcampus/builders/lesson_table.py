"""Tables in a notebook's stored outputs, rebuilt from their text and spans: no other markup passes."""

import html
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from html.parser import HTMLParser

from pmcampus.errors import SiteError

LAYOUT = {"table", "thead", "tbody", "tfoot", "tr", "th", "td", "caption", "div", "p"}
INLINE = {"b", "strong", "i", "em", "sub", "sup", "code", "br"}
NUMBER = re.compile(r"[-+−]?[\d,  ]*\.?\d+(e[-+]?\d+)?\s*%?|NaN|nan|inf|-?inf|<NA>|–|-", re.IGNORECASE)


@dataclass
class TableCell:
    """One cell; `words` is safe HTML."""

    head: bool
    columns: int = 1
    rows: int = 1
    words: str = ""

    @property
    def text(self) -> str:
        """The cell without markup."""
        return html.unescape(re.sub(r"<[^>]*>", "", self.words)).strip()


@dataclass
class Row:
    """One row, in the table's head or body."""

    in_head: bool
    cells: list[TableCell] = field(default_factory=list)


def table(source: str, where: str) -> str:
    """The tables in a stored HTML output, with scopes on their headers and nothing else.

    Raises:
        SiteError: the output holds markup that is not a table's.
    """
    reader = _TableReader(where)
    reader.feed(source)
    reader.close()
    if not reader.tables:
        raise SiteError(f"{where}: this HTML output has no table. Show a table, text or a figure.")
    return "".join(_written(rows) for rows in reader.tables) + "".join(
        f'<p class="small quiet">{note}</p>' for note in reader.said
    )


class _TableReader(HTMLParser):
    """Collects rows; refuses elements that no table needs."""

    def __init__(self, where: str) -> None:
        super().__init__(convert_charrefs=True)
        self.where = where
        self.tables: list[list[Row]] = []
        self.said: list[str] = []
        self._in_head = False
        self._in_style = False
        self._words: list[str] | None = None
        self._note: list[str] | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Open a part."""
        given = dict(attrs)
        if tag == "style":  # pandas writes one; the page has its own
            self._in_style = True
        elif tag == "table":
            self.tables.append([])
        elif tag in ("thead", "tbody", "tfoot"):
            self._in_head = tag == "thead"
        elif tag == "tr" and self.tables:
            self.tables[-1].append(Row(self._in_head))
        elif tag in ("td", "th") and self.tables and self.tables[-1]:
            self._end_cell()
            self._words = []
            span = TableCell(tag == "th", _span(given.get("colspan")), _span(given.get("rowspan")))
            self.tables[-1][-1].cells.append(span)
        elif tag == "p":
            self._note = []
        elif tag in INLINE and self._words is not None:
            self._words.append(f"<{tag}>")
        elif tag not in LAYOUT | INLINE:
            raise SiteError(
                f"{self.where}: the output holds `<{tag}>`, and only a table's markup is shown. "
                "Show a table, text or a figure."
            )

    def handle_endtag(self, tag: str) -> None:
        """Close a part."""
        if tag == "style":
            self._in_style = False
        elif tag in ("td", "th", "tr", "table"):
            self._end_cell()
        elif tag == "p" and self._note is not None:
            self.said.append("".join(self._note).strip())
            self._note = None
        elif tag in INLINE - {"br"} and self._words is not None:
            self._words.append(f"</{tag}>")

    def handle_data(self, data: str) -> None:
        """Text, escaped again."""
        if self._in_style:
            return
        place = self._words if self._words is not None else self._note
        if place is not None:
            place.append(html.escape(data, quote=False))

    def _end_cell(self) -> None:
        if self._words is not None:
            self.tables[-1][-1].cells[-1].words = "".join(self._words).strip()
            self._words = None


def _span(value: str | None) -> int:
    return min(int(value), 1000) if value and value.isdecimal() and int(value) else 1


def _written(rows: Sequence[Row]) -> str:
    """A table as HTML; columns of numbers stand to the right."""
    rows = _named_in_place(rows)
    right = _number_columns(rows)
    head = "".join(_row(row, at, right) for row, at in _placed(rows) if row.in_head)
    body = "".join(_row(row, at, right) for row, at in _placed(rows) if not row.in_head)
    return f"<table>{f'<thead>{head}</thead>' if head else ''}<tbody>{body}</tbody></table>"


def _named_in_place(rows: Sequence[Row]) -> Sequence[Row]:
    """pandas gives index names a row of their own; they fit the empty corner of the row above."""
    head = [row for row in rows if row.in_head]
    if len(head) < 2:
        return rows
    above, names = head[-2], head[-1]
    count = next((n for n, cell in enumerate(names.cells) if not cell.words), len(names.cells))
    free = all(not cell.words and cell.columns == 1 for cell in above.cells[:count])
    if not count or any(cell.words for cell in names.cells[count:]) or not free or len(above.cells) < count:
        return rows
    for corner, name in zip(above.cells, names.cells[:count], strict=False):
        corner.words = name.words
    return [row for row in rows if row is not names]


def _placed(rows: Sequence[Row]) -> list[tuple[Row, list[int]]]:
    """Each row with the column at which each of its cells begins, spans counted."""
    found: list[tuple[Row, list[int]]] = []
    busy: dict[int, int] = {}
    for row in rows:
        column, places = 0, []
        for cell in row.cells:
            while busy.get(column, 0):
                column += 1
            places.append(column)
            for covered in range(column, column + cell.columns):
                busy[covered] = cell.rows
            column += cell.columns
        busy = {column: left - 1 for column, left in busy.items() if left > 1}
        found.append((row, places))
    return found


def _number_columns(rows: Sequence[Row]) -> set[int]:
    """Columns whose every body cell is a number or empty."""
    texts: dict[int, list[str]] = {}
    for row, places in _placed(rows):
        for cell, column in zip(row.cells, places, strict=True):
            if not row.in_head and not cell.head:
                texts.setdefault(column, []).append(cell.text)
    return {
        column
        for column, found in texts.items()
        if any(found) and all(not text or NUMBER.fullmatch(text) for text in found)
    }


def _row(row: Row, places: Sequence[int], right: set[int]) -> str:
    return (
        f"<tr>{''.join(_cell(cell, row, at, right) for cell, at in zip(row.cells, places, strict=True))}</tr>"
    )


def _cell(cell: TableCell, row: Row, column: int, right: set[int]) -> str:
    spans = (f' colspan="{cell.columns}"' if cell.columns > 1 else "") + (
        f' rowspan="{cell.rows}"' if cell.rows > 1 else ""
    )
    side = ' class="n"' if column in right and (not cell.head or row.in_head) else ""
    if not cell.head or not cell.words:  # an empty header would announce nothing
        return f"<td{spans}{side}>{cell.words}</td>"
    if row.in_head:
        scope = "colgroup" if cell.columns > 1 else "col"
    else:
        scope = "rowgroup" if cell.rows > 1 else "row"
    return f'<th scope="{scope}"{spans}{side}>{cell.words}</th>'
