"""A number as it may be shown: with its metric, its n, its interval, and the reason when there is none."""

from dataclasses import dataclass

SMALL = 30  # under so many learners a number is shown with a warning, and better as dots
TINY = 5  # a cell of fewer people is left out of anything that leaves the team


@dataclass(frozen=True)
class Interval:
    """From where to where, at which level (0 to 1), and how it was made."""

    low: float
    high: float
    level: float = 0.95
    method: str = ""


@dataclass(frozen=True)
class Exclusion:
    """How many were left out of a number, and why.

    Attributes:
        why: what is said of them, in words that are right for one and for many: "waiting for a person".
        what: what was left out, as one: "answer".
    """

    why: str
    n: int
    what: str = "learner"

    @property
    def kind(self) -> str:
        """What was left out, without how many: "answers waiting for a person"."""
        return f"{self.what}s {self.why}"

    @property
    def text(self) -> str:
        """The same with how many: "1 answer waiting for a person"."""
        return f"{self.n} {self.what}{'' if self.n == 1 else 's'} {self.why}"


@dataclass(frozen=True)
class Measure:
    """One value of a metric.

    Attributes:
        metric: its key in `pmcampus.statistics.METRICS`, where unit, formula and source stand.
        value: None when it cannot be given; `reason` then says why, in words.
        n: how many learners (or pairs, or rated pieces of work) it was made from.
    """

    metric: str
    value: float | None
    n: int
    interval: Interval | None = None
    reason: str = ""

    @property
    def is_enough(self) -> bool:
        """Whether so many are behind it that it says anything; otherwise the evidence is insufficient."""
        return self.n >= TINY

    @property
    def is_small(self) -> bool:
        """Whether so few are behind it that a reader must be warned."""
        return self.n < SMALL

    @property
    def warning(self) -> str:
        """What to say beside it; empty when nothing."""
        return f"only {self.n}: read it as a hint" if self.value is not None and self.is_small else ""
