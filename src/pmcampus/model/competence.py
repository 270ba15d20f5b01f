"""Which competencies are held, by whom, on what evidence, and what a team still needs."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from pmcampus.model.measure import Measure


class Held(StrEnum):
    """Whether a competency is held at a level."""

    MASTERED = "mastered"
    NOT_YET = "not yet"
    INSUFFICIENT = "insufficient evidence"


@dataclass(frozen=True)
class Evidence:
    """One item's evidence: points reached of points, at the item's level."""

    assessment: str
    cell: str
    level: str
    score: float
    points: float


@dataclass(frozen=True)
class Mastery:
    """One learner, one competency, one level: `share` carries Wilson's interval, `items` are distinct."""

    learner: str
    competency: str
    level: str
    held: Held
    share: Measure
    items: int
    evidence: tuple[Evidence, ...] = ()


@dataclass(frozen=True)
class MasteryPage:
    """Mastery of one learner or of a page of all `total`, with the rule that was applied."""

    learners: tuple[str, ...]
    competencies: tuple[str, ...]
    rows: tuple[Mastery, ...]
    threshold: float
    least_items: int
    total: int = 0


@dataclass(frozen=True)
class CompetencyLine:
    """One competency at one level, and which learners stand how with it there."""

    competency: str
    level: str
    learners: Mapping[Held, tuple[str, ...]]

    def count(self, held: Held) -> int:
        """How many stand so."""
        return len(self.learners.get(held, ()))


@dataclass(frozen=True)
class CompetencyMap:
    """All competencies over a page of learners, out of `total`, with the rule that was applied."""

    learners: tuple[str, ...]
    lines: tuple[CompetencyLine, ...]
    threshold: float
    least_items: int
    total: int


class Cover(StrEnum):
    """How a team stands with a competency it needs."""

    COVERED = "covered"
    NOBODY = "nobody yet"
    UNKNOWN = "insufficient evidence"


@dataclass(frozen=True)
class CoverLine:
    """One competency that the team needs, at the level it needs, and who holds it there."""

    competency: str
    statement: str
    level: str
    needed_by: tuple[str, ...]
    cover: Cover
    members: tuple[str, ...]
    nearest: str = ""


@dataclass(frozen=True)
class ModuleAdvice:
    """A module that would close gaps: which, for whom it is in the pathway, and whether it is written."""

    module: str
    title: str
    hours: float
    closes: tuple[str, ...]
    written: bool


@dataclass(frozen=True)
class Readiness:
    """Which competencies a personalised-medicine team needs are covered, and the shortest way to the rest.

    Attributes:
        out_of_reach: competencies that no module teaches at the needed level.
        exact: whether the list of modules is proved shortest.
    """

    team: str
    members: tuple[str, ...]
    lines: tuple[CoverLine, ...]
    modules: tuple[ModuleAdvice, ...]
    out_of_reach: tuple[str, ...]
    exact: bool = True

    def count(self, cover: Cover) -> int:
        """Competencies that stand so."""
        return sum(line.cover is cover for line in self.lines)
