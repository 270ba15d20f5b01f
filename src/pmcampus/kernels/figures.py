"""A matplotlib figure as a description: what its axes say and the data they draw, without the figure."""

from dataclasses import asdict, dataclass, fields
from typing import Any

from pmcampus.errors import ValueRefused

MOST_POINTS = 200_000


@dataclass(frozen=True)
class Curve:
    """One line: its label and its points."""

    label: str
    x: list[Any]
    y: list[Any]


@dataclass(frozen=True)
class Bar:
    """One bar or rectangle, in units of the data."""

    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True)
class Axes:
    """One drawing: its words, limits and what is drawn; `points` are scattered ones, `texts` words on it."""

    title: str
    xlabel: str
    ylabel: str
    xlim: tuple[float, float]
    ylim: tuple[float, float]
    xticklabels: list[str]
    yticklabels: list[str]
    legend: list[str]
    texts: list[str]
    lines: list[Curve]
    bars: list[Bar]
    points: list[list[float]]


@dataclass(frozen=True)
class Figure:
    """A whole figure: the title above all drawings, and the drawings."""

    suptitle: str
    axes: list[Axes]


def describe(value: Any) -> Any:
    """The description of a figure or of axes, as plain values.

    Raises:
        ValueRefused: it is another matplotlib object.
    """
    from matplotlib.axes import Axes as RealAxes
    from matplotlib.figure import Figure as RealFigure

    if isinstance(value, RealAxes):
        value = value.get_figure()
    if not isinstance(value, RealFigure):
        raise ValueRefused(f"it is a matplotlib object of type {type(value).__name__}; hand over the figure")
    title = getattr(value, "_suptitle", None)
    return asdict(Figure(title.get_text() if title else "", [_axes(axes) for axes in value.get_axes()]))


def read(plain: Any) -> Figure:
    """The description that these plain values hold.

    Raises:
        TypeError, KeyError: they hold none.
    """
    axes = []
    for one in plain["axes"]:
        values = {field.name: one[field.name] for field in fields(Axes)}
        values["lines"] = [Curve(str(c["label"]), list(c["x"]), list(c["y"])) for c in one["lines"]]
        values["bars"] = [
            Bar(*(float(b[name]) for name in ("x", "y", "width", "height"))) for b in one["bars"]
        ]
        axes.append(Axes(**values))
    return Figure(str(plain["suptitle"]), axes)


def _axes(axes: Any) -> Axes:
    legend = axes.get_legend()
    points = [offset for drawn in axes.collections for offset in drawn.get_offsets().tolist()]
    return Axes(
        title=next(filter(None, map(axes.get_title, ("center", "left", "right"))), ""),
        xlabel=axes.get_xlabel(),
        ylabel=axes.get_ylabel(),
        xlim=_range(axes.get_xlim()),
        ylim=_range(axes.get_ylim()),
        xticklabels=[label.get_text() for label in axes.get_xticklabels()],
        yticklabels=[label.get_text() for label in axes.get_yticklabels()],
        legend=[text.get_text() for text in legend.get_texts()] if legend else [],
        texts=[text.get_text() for text in axes.texts],
        lines=[_curve(line) for line in axes.get_lines()],
        bars=[
            Bar(float(b.get_x()), float(b.get_y()), float(b.get_width()), float(b.get_height()))
            for b in axes.patches
            if hasattr(b, "get_width")
        ],
        points=points[:MOST_POINTS],
    )


def _range(limits: Any) -> tuple[float, float]:
    first, last = limits
    return float(first), float(last)


def _curve(line: Any) -> Curve:
    x, y = line.get_xdata(), line.get_ydata()
    return Curve(str(line.get_label()), _plain(x), _plain(y))


def _plain(data: Any) -> list[Any]:
    return list(getattr(data, "tolist", lambda: data)())[:MOST_POINTS]
