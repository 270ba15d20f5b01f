"""Pages that stand alone: how numbers and bands read, and the templates they share."""

from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined


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


def plain_date(day: date) -> str:
    """24 November 2026."""
    return f"{day.day} {day:%B %Y}"


def words(slug: str) -> str:
    """An id as it reads in a sentence."""
    return slug.replace("-", " ")


def render(template: str, **values: Any) -> str:
    """The page of this template; every value is escaped."""
    environment = _environment()
    macros = environment.get_template("macros.html").module
    return environment.get_template(template).render(
        macros=macros, band=band, number=number, percent=percent, words=words, **values
    )


@cache
def _environment() -> Environment:
    return Environment(
        loader=PackageLoader("pmcampus", "data/pages"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
