"""Pages that stand alone: how numbers and bands read, and the templates they share."""

from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import cache
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined

from pmcampus import plots
from pmcampus.plurals import counted


@dataclass(frozen=True)
class Band:
    """How a share of points is shown: in words, with a sign, and as the matrix's shade 1 to 3."""

    number: int
    word: str
    sign: str


SECURE, NEARLY, LOOK_AGAIN = Band(3, "secure", "✓"), Band(2, "nearly", "–"), Band(1, "look again", "⚑")


def band(share: float) -> Band:
    """Secure from 85 per cent, nearly from 60, otherwise look again."""
    return SECURE if share >= 0.85 else NEARLY if share >= 0.6 else LOOK_AGAIN


def number(value: float) -> str:
    """Points without a needless decimal."""
    return f"{value:g}"


def percent(share: float) -> str:
    """A share (0 to 1) as whole per cent."""
    return f"{100 * share:.0f} %"


def amount(value: float, kind: str = "share") -> str:
    """A measure as it reads: per cent of a `share`, one decimal of `points`, two of a `ratio`."""
    if kind == "share":
        return percent(value)
    if kind == "per cent":
        return percent(value / 100)
    if kind == "small":
        return "under 0.001" if value < 0.001 else f"{value:.3f}"
    return (f"{value:.1f}" if kind == "points" else f"{value:.2f}").replace("-", "−")


def short(text: str, most: int = 60) -> str:
    """The text, cut where it would burst a table."""
    return text if len(text) <= most else f"{text[: most - 1]}…"


def moment(at: datetime | None) -> str:
    """24 November 2026, 17:05 UTC; a dash for none."""
    if at is None:
        return "–"
    at = at.astimezone(UTC)
    return f"{plain_date(at)}, {at:%H:%M} UTC"


def plain_date(day: date) -> str:
    """24 November 2026."""
    return f"{day.day} {day:%B %Y}"


def words(slug: str) -> str:
    """An id as it reads in a sentence."""
    return slug.replace("-", " ")


def no_links(*parts: str, **query: object) -> str:
    """No address, whatever the page."""
    return ""


def render(template: str, **values: Any) -> str:
    """The page of this template; every value is escaped.

    A page of a cohort gives `url`, which makes addresses of other pages. Where its tables must not link
    there, as in a report or on a learner's page, it gives `links` as well, which makes none.
    """
    environment = _environment()
    macros = environment.get_template("macros.html").module
    if "url" in values:
        shared = {"url": values.get("links", values["url"]), "macros": macros}
        values["parts"] = environment.get_template("cohort/parts.html").make_module(shared)
    return environment.get_template(template).render(macros=macros, **values)


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader("pmcampus", "data/pages"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.globals |= {
        "amount": amount,
        "band": band,
        "counted": counted,
        "levels_of": lambda rows, highest: [(name, [one / highest for one in row]) for name, row in rows],
        "moment": moment,
        "number": number,
        "percent": percent,
        "plain_date": plain_date,
        "plots": plots,
        "shares_of": lambda pairs: [("", [one / 100 for one in pair]) for pair in pairs],
        "short": short,
        "words": words,
    }
    return environment
