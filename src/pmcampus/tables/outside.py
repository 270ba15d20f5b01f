"""Pages for people outside the team: no single learner, and nothing that fewer than five are behind."""

from collections.abc import Iterable, Sequence
from dataclasses import replace

from pmcampus.errors import CohortError
from pmcampus.model.measure import TINY, Measure
from pmcampus.model.tracking import Gain, ItemAnalysis, Overview, TestQuality, VariantFairness
from pmcampus.suppression import suppressed
from pmcampus.tables.pages import tables_of
from pmcampus.tables.table import Table, Value

HIDDEN = "hidden"
FEW = f"fewer than {TINY} people are behind it"
NOTE = f"Cells of fewer than {TINY} people are hidden, and others with which they could be worked out."
ALLOWED = (Overview, ItemAnalysis, TestQuality, Gain, VariantFairness)
STATES = slice(2, 9)  # the columns of the overview's table that add up to everybody


def outside_tables(page: object) -> tuple[Table, ...]:
    """The page's tables as they may leave the team.

    Raises:
        CohortError: the page shows single learners, whatever is hidden.
    """
    if not isinstance(page, ALLOWED):
        raise CohortError(
            "this view shows single learners and cannot leave the team; "
            "overview, items, quality, gain and variants can."
        )
    tables = tables_of(_without_dots(page))
    if isinstance(page, Overview):
        whole, lines, *groups = tables
        tables = (
            _measures(replace(whole, rows=[_small(row, page.enrolled) for row in whole.rows])),
            _measures(replace(lines, rows=[_states(row) for row in lines.rows])),
            *(_groups(table) for table in groups),
        )
    elif isinstance(page, TestQuality):
        whole, bins = tables
        counts = _hidden_in([one.n for one in page.distribution])
        rows: list[tuple[Value, ...]] = [
            (row[0], HIDDEN if n is None else n) for row, n in zip(bins.rows, counts, strict=True)
        ]
        tables = (_measures(whole), replace(bins, rows=rows))
    elif isinstance(page, VariantFairness):
        tables = tuple(
            _measures(replace(table, rows=[_variants(page, i) for i in range(len(page.items))]))
            for table in tables
        )
    else:
        tables = tuple(map(_measures, tables))
    return tuple(
        replace(table, title=_vague_title(table.title, page), notes=(*_vague(table.notes), NOTE))
        for table in tables
    )


def _without_dots(page: object) -> object:
    if isinstance(page, ItemAnalysis):
        return replace(
            page,
            items=tuple(
                replace(line, shares=(), flags=() if _is_few(line.difficulty, line.item_rest) else line.flags)
                for line in page.items
            ),
        )
    return page


def _is_few(*measures: Measure) -> bool:
    """Whether words about these, such as "very easy", would tell what one of few people did."""
    return any(one.value is not None and one.n < TINY for one in measures)


def _vague_title(title: str, page: object) -> str:
    """The title, without how many when they are few."""
    n = page.n if isinstance(page, ItemAnalysis | TestQuality | Gain) else 0
    return title.replace(f", {n} ", f", fewer than {TINY} ", 1) if 0 < n < TINY else title


def _measures(table: Table) -> Table:
    return replace(table, rows=[tuple(map(_measure, row)) for row in table.rows])


def _measure(value: Value) -> Value:
    if not isinstance(value, Measure):
        return value
    few = 0 < value.n < TINY
    if value.metric == "blank" and value.value is not None:  # a share of so many is a count
        few = few or None in _hidden_in([round(value.value * value.n), round((1 - value.value) * value.n)])
    return Measure(value.metric, None, 0, reason=FEW) if few else value


def _small(row: tuple[Value, ...], everybody: int) -> tuple[Value, ...]:
    """A count is hidden when it is small, or when those whom it leaves out are few."""
    return tuple(
        HIDDEN if isinstance(value, int) and None in _hidden_in([value, everybody - value]) else value
        for value in row
    )


def _states(row: tuple[Value, ...]) -> tuple[Value, ...]:
    """One assessment: handed in is the sum of three states, so it goes when one of them does."""
    counts = [value for value in row[STATES] if isinstance(value, int)]
    hidden = _hidden_in(counts)
    cells: list[Value] = [HIDDEN if n is None else n for n in hidden]
    handed_in: Value = HIDDEN if None in hidden[:3] else row[1]
    return (row[0], handed_in, *cells, *row[STATES.stop :])


def _groups(table: Table) -> Table:
    sizes = _hidden_in([row[1] for row in table.rows if isinstance(row[1], int)])
    rows: list[tuple[Value, ...]] = []
    for row, size in zip(table.rows, sizes, strict=True):
        split = [row[2], row[1] - row[2]] if isinstance(row[1], int) and isinstance(row[2], int) else []
        if size is None:
            rows.append((row[0], HIDDEN, HIDDEN, None))
        elif None in _hidden_in(split):
            rows.append((row[0], size, HIDDEN, row[3]))
        else:
            rows.append(row)
    return replace(table, rows=rows)


def _variants(page: VariantFairness, place: int) -> tuple[Value, ...]:
    line = page.items[place]
    parts = []
    for one in line.groups:
        seen = _hidden_in([one.full, one.n - one.full])
        parts.append(f"{one.name}: {HIDDEN if None in seen else f'{one.full} of {one.n}'}")
    return (line.head.cell, "; ".join(parts), line.chi2, line.p, line.q, line.flagged)


def _vague(notes: Sequence[str]) -> Iterable[str]:
    """What was left out, without small numbers."""
    for note in notes:
        head, mark, rest = note.partition("): ")
        n = head.removeprefix("Left out (")
        small = mark and n != head and n.isdigit() and int(n) < TINY
        yield f"Left out (<{TINY}): {rest}" if small else note


def _hidden_in(counts: Sequence[int]) -> list[int | None]:
    """One row of counts whose sum is known, with None for what is hidden."""
    return suppressed([list(counts)])[0]
