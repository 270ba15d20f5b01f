"""Plots as SVG inside a page: dots where people are few, bars where they are many, each with words instead.

Drawn 360 units wide in the page's own colours, so they follow its scheme and print in black.
"""

from collections import Counter
from collections.abc import Sequence

from markupsafe import Markup, escape

from pmcampus.model.tracking import Bin, ItemLine

WIDTH = 360
LEFT, RIGHT = 14, 346  # where 0 and 100 per cent stand
DOT = 4.5
ROW = 38


def dots(shares: Sequence[float], words: str) -> Markup:
    """Every learner's share (0 to 1) as a dot over a line from 0 to 100 per cent.

    Args:
        words: what the plot shows, for whoever does not see it.
    """
    stacks: dict[int, int] = {}
    marks = []
    for share in sorted(shares):
        place = round(_x(share) / (2 * DOT))
        height = stacks.get(place, 0)
        stacks[place] = height + 1
        marks.append((place * 2 * DOT, height))
    tall = max(stacks.values(), default=1)
    floor = 10 + tall * 2 * DOT
    body = "".join(
        f'<circle class="dot" cx="{x:.1f}" cy="{floor - DOT - 2 - 2 * DOT * height:.1f}" r="{DOT - 0.7}"/>'
        for x, height in marks
    )
    return _figure(body + _axis(floor), floor + 22, words)


def bars(bins: Sequence[Bin], words: str) -> Markup:
    """How many lie in each stretch of per cent."""
    floor, tallest = 116.0, max((bin.n for bin in bins), default=0) or 1
    parts = []
    for bin in bins:
        left, right = _x(bin.low / 100), _x(bin.high / 100)
        height = 92 * bin.n / tallest
        parts.append(
            f'<rect class="bar" x="{left + 0.8:.1f}" y="{floor - height:.1f}" '
            f'width="{max(0.5, right - left - 1.6):.1f}" height="{height:.1f}"/>'
        )
        if bin.n:
            middle = (left + right) / 2
            parts.append(
                f'<text x="{middle:.1f}" y="{floor - height - 4:.1f}" text-anchor="middle">{bin.n}</text>'
            )
    return _figure("".join(parts) + _axis(floor), floor + 22, words)


def difficulties(lines: Sequence[ItemLine], words: str) -> Markup:
    """Each item's mean share of points with its interval; few learners as dots, without a mean."""
    parts = []
    for number, line in enumerate(lines):
        y = 20 + number * ROW
        label = escape(_short(f"{number + 1} {line.head.title}", 48))
        parts.append(f'<text x="{LEFT}" y="{y - 6}">{label}</text>')
        parts.append(f'<path class="rule" d="M{LEFT} {y + 8}H{RIGHT}"/>')
        measure = line.difficulty
        if line.shares:
            parts += [_crowd(_x(share), y + 8, n) for share, n in sorted(Counter(line.shares).items())]
        elif measure.value is not None:
            if measure.interval is not None:
                low, high = _x(measure.interval.low), _x(measure.interval.high)
                parts.append(f'<path class="whisker" d="M{low:.1f} {y + 8}H{high:.1f}"/>')
            parts.append(f'<circle class="dot" cx="{_x(measure.value):.1f}" cy="{y + 8}" r="4.4"/>')
    floor = 20 + len(lines) * ROW - 8
    return _figure("".join(parts) + _axis(floor), floor + 22, words)


def spans(rows: Sequence[tuple[str, Sequence[float]]], words: str, ends: tuple[str, str, str]) -> Markup:
    """One line for each row: its values (0 to 1) as dots, the first an open circle, joined by a stroke.

    Args:
        rows: a label, which may be empty, and the values.
        ends: what stands at 0, in the middle and at 1 of the axis.
    """
    parts, y = [], 6.0
    for label, values in rows:
        if label:
            parts.append(f'<text x="{LEFT}" y="{y + 18:.0f}">{escape(_short(label, 48))}</text>')
        y += 28 if label else 12
        places = [_x(value) for value in values]
        parts.append(f'<path class="rule" d="M{LEFT} {y:.0f}H{RIGHT}"/>')
        parts.append(f'<path class="whisker" d="M{min(places):.1f} {y:.0f}H{max(places):.1f}"/>')
        parts += [f'<circle class="dot" cx="{x:.1f}" cy="{y:.0f}" r="3.4"/>' for x in places[1:]]
        parts.append(f'<circle class="dot open" cx="{places[0]:.1f}" cy="{y:.0f}" r="5"/>')
    return _figure("".join(parts) + _axis(y + 12, ends), y + 34, words)


def _crowd(x: float, y: float, n: int) -> str:
    """Learners with the same share: a circle of their number's area, and the number in it."""
    circle = f'<circle class="dot open" cx="{x:.1f}" cy="{y}" r="{min(9.0, 3.6 * n**0.5):.1f}"/>'
    if n == 1:
        return circle
    return f'{circle}<text class="count" x="{x:.1f}" y="{y + 3.2:.1f}" text-anchor="middle">{n}</text>'


def meter(share: float) -> Markup:
    """A bar filled to this share; the number stands beside it, so it is hidden from screen readers."""
    width = 96 * min(1.0, max(0.0, share))
    return Markup(
        '<svg class="gauge" viewBox="0 0 100 14" width="100" height="14" aria-hidden="true">'
        '<rect class="frame" x="0.75" y="0.75" width="98.5" height="12.5" rx="2"/>'
        f'<rect class="fill" x="2" y="2" width="{width:.1f}" height="10"/></svg>'
    )


def _x(share: float) -> float:
    return LEFT + (RIGHT - LEFT) * min(1.0, max(0.0, share))


def _axis(y: float, ends: tuple[str, str, str] = ("0", "50", "100 %")) -> str:
    ticks = "".join(
        f'<path class="tick" d="M{_x(at / 100):.1f} {y:.1f}v4"/>'
        f'<text x="{_x(at / 100):.1f}" y="{y + 16:.1f}" text-anchor="{anchor}">{words}</text>'
        for at, anchor, words in zip((0, 50, 100), ("start", "middle", "end"), ends, strict=True)
    )
    return f'<path class="axis" d="M{LEFT} {y:.1f}H{RIGHT}"/>{ticks}'


def _figure(body: str, height: float, words: str) -> Markup:
    return Markup(
        f'<svg class="plot" role="img" viewBox="0 0 {WIDTH} {height:.0f}" aria-label="{escape(words)}">'
        f"{body}</svg>"
    )


def _short(text: str, most: int) -> str:
    return text if len(text) <= most else text[: most - 1] + "…"
