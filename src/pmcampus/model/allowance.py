"""What a cohort says about lateness, and what one learner was granted."""

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Literal

from pydantic import Field, model_validator

from pmcampus.model.common import Frozen

Share = Annotated[float, Field(ge=0, le=100)]


class LateRule(Frozen):
    """`late` in `cohort.yaml`: what late work costs, in per cent of the points that can be reached.

    `none`: nothing. `per-day`: for every day begun after the due moment, up to `at_most_percent`.
    `zero`: everything.
    """

    rule: Literal["none", "per-day", "zero"] = "none"
    percent_per_day: Share = 0
    at_most_percent: Share = 100

    @model_validator(mode="after")
    def _is_whole(self) -> "LateRule":
        if (self.rule == "per-day") != (self.percent_per_day > 0):
            raise ValueError("`percent_per_day` belongs to `rule: per-day`; write both or neither")
        return self


@dataclass(frozen=True)
class Allowance:
    """One line of `allowances.csv`: what this learner was granted in this assessment, and why.

    Attributes:
        until: a later due moment.
        excused: whether the assessment is not asked of them; None says nothing about it.
        attempts: how often they may hand in, in all.
        given: when it was granted.
    """

    learner: str
    assessment: str
    until: datetime | None
    excused: bool | None
    attempts: int | None
    because: str
    given: datetime
