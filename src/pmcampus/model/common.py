"""Words and types that every form shares."""

import re
from datetime import date
from enum import StrEnum
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

SLUG = r"^[a-z][a-z0-9]*(-[a-z0-9]+)*$"
LONGEST_SLUG = 60
Slug = Annotated[str, StringConstraints(pattern=SLUG, max_length=LONGEST_SLUG)]
Code = Annotated[str, StringConstraints(pattern=r"^[GDERT][0-9]{2}$")]
CaseCode = Annotated[str, StringConstraints(pattern=r"^C[0-9]{1,2}$")]
CompetencyCode = Annotated[str, StringConstraints(pattern=r"^[GDERT][0-9]{1,2}$")]
Version = Annotated[str, StringConstraints(pattern=r"^(0|[1-9]\d*)\.(0|[1-9]\d*)\.(0|[1-9]\d*)$")]
Text = Annotated[str, StringConstraints(min_length=1, strip_whitespace=True)]
Minutes = Annotated[int, Field(gt=0, le=600)]


def is_slug(text: str) -> bool:
    """Whether this text can be an id."""
    return re.fullmatch(SLUG, text) is not None and len(text) <= LONGEST_SLUG


class Frozen(BaseModel):
    """A form's part: unknown fields are an error, nothing changes after reading."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Level(StrEnum):
    """How far a competency is held."""

    AWARE = "aware"
    APPLY = "apply"
    LEAD = "lead"

    @property
    def number(self) -> int:
        """1, 2 or 3, as the stitches show it."""
        return list(Level).index(self) + 1


class Bloom(StrEnum):
    """The revised taxonomy, lowest first."""

    REMEMBER = "remember"
    UNDERSTAND = "understand"
    APPLY = "apply"
    ANALYSE = "analyse"
    EVALUATE = "evaluate"
    CREATE = "create"

    @property
    def number(self) -> int:
        """1 to 6."""
        return list(Bloom).index(self) + 1


class Status(StrEnum):
    """Where a module or case stands in its life; `planned` has no folder yet."""

    PLANNED = "planned"
    DRAFT = "draft"
    PILOT = "pilot"
    STABLE = "stable"
    RETIRED = "retired"


class CompetencyAt(Frozen):
    """A competency with the level it is taught or asked for."""

    id: CompetencyCode
    level: Level


class Hours(Frozen):
    """A module's workload in hours."""

    teaching: Annotated[float, Field(ge=0)]
    exercise: Annotated[float, Field(ge=0)]
    assessment: Annotated[float, Field(ge=0)]

    @property
    def total(self) -> float:
        """All three together."""
        return self.teaching + self.exercise + self.assessment


class Guideline(Frozen):
    """A guideline the content follows."""

    name: Text
    year: Annotated[int, Field(ge=1950, le=2100)]
    cite: str | None = None


class ClinicalReview(Frozen):
    """Who has read the content as a clinician, and when it is due again."""

    reviewed_by: str | None = None
    reviewed_on: date | None = None
    next_review: date
    guidelines: tuple[Guideline, ...] = ()
