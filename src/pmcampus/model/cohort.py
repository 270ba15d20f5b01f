"""A cohort's nouns: who learns together, and what each has reached.

Names of people appear in `Learner` alone; everything else goes by the learner's id.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from math import fsum
from typing import Annotated

from pydantic import AwareDatetime, Field, StringConstraints, model_validator

from pmcampus.model.allowance import LateRule
from pmcampus.model.common import Frozen, Slug, Text, Version
from pmcampus.model.issuer import Issuer
from pmcampus.model.release import Pin, Sha256
from pmcampus.model.verdict import Mark

# Where a cohort's folder notes the last row of its ledger, outside the database.
LEDGER_HEAD = "kept/ledger-head.json"
LearnerId = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$")]


class CohortForm(Frozen):
    """`cohort.yaml`: what a cohort takes, when, and where its marks are kept.

    `digests` pins each released version by the SHA-256 of its manifest (`modules/<id>`,
    `assessments/<id>`), `overlays` the local layer over a module (its version and digest), `environment`
    what its marks are computed with. Forms that were written before there were releases have none.
    `access_log_months` is how long lines about who saw what are kept.
    """

    title: Text
    course: Slug
    pathway: Slug
    starts: date
    ends: date
    modules: dict[Slug, Version]
    assessments: dict[Slug, Version]
    digests: dict[str, Sha256] = Field(default_factory=dict)
    overlays: dict[str, Pin] = Field(default_factory=dict)
    environment: Sha256 | None = None
    due: dict[Slug, AwareDatetime] = Field(default_factory=dict)
    grace_minutes: int = Field(default=0, ge=0, le=7 * 24 * 60)
    late: LateRule = LateRule()
    roster: str = "roster.csv"
    gradebook: str = "sqlite:///gradebook.db"
    fictitious: bool = False
    issuer: Issuer | None = None
    access_log_months: int = Field(default=12, ge=1, le=120)

    @model_validator(mode="after")
    def _ends_after_start(self) -> "CohortForm":
        if self.ends < self.starts:
            raise ValueError("the cohort ends before it starts; correct `starts` or `ends`")
        return self

    def pin(self, name: str) -> Pin:
        """What is pinned of `modules/<id>` or `assessments/<id>`."""
        shelf, _, id = name.partition("/")
        held = self.modules if shelf == "modules" else self.assessments
        return Pin(version=held[id], digest=self.digests.get(name))

    def deadline(self, assessment: str) -> datetime | None:
        """The last moment, in UTC, that is not late: the due moment and the stated grace."""
        due = self.due.get(assessment)
        return due.astimezone(UTC) + timedelta(minutes=self.grace_minutes) if due else None


@dataclass(frozen=True, order=True)
class Learner:
    """One line of the roster."""

    id: str
    name: str
    role: str
    team: str


@dataclass(frozen=True)
class ItemRecord:
    """One learner's item as the gradebook has it; `score` is None until somebody marks it."""

    cell: str
    points: float
    score: float | None
    mark: Mark
    message: str = ""
    comment: str = ""
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Record:
    """What the gradebook knows about one learner's submission to one assessment."""

    learner: str
    handed_in: datetime | None
    version: str
    items: tuple[ItemRecord, ...] = ()
    notes: tuple[str, ...] = ()
    refused: str | None = None

    def late(self, deadline: datetime | None) -> bool:
        """Whether it came after this moment; False when either is unknown."""
        return bool(deadline and self.handed_in and self.handed_in.astimezone(UTC) > deadline.astimezone(UTC))

    @property
    def score(self) -> float:
        """Points so far."""
        return fsum(item.score or 0.0 for item in self.items)

    @property
    def points(self) -> float:
        """Points that can be reached."""
        return fsum(item.points for item in self.items)

    @property
    def is_final(self) -> bool:
        """Whether nobody has anything left to mark."""
        return bool(self.items) and all(item.score is not None for item in self.items)
