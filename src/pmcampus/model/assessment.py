"""The form in an assessment's folder. Points stay in the notebook, where nbgrader reads them."""

from datetime import date
from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from pmcampus.model.common import Bloom, CompetencyCode, Frozen, Level, Minutes, Slug, Text, Version

CellName = Annotated[str, StringConstraints(pattern=r"^[a-zA-Z0-9][a-zA-Z0-9_-]*$", max_length=80)]
Percent = Annotated[float, Field(ge=0, le=100)]


class TrackMinutes(Frozen):
    """Minutes for each track."""

    guided: Minutes
    build: Minutes


class Variant(Frozen):
    """What makes one learner's numbers differ from another's."""

    cell: CellName
    name: Text
    first: int
    last: int
    changes: tuple[CellName, ...]


class Hurdle(Frozen):
    """An attempt below this many points in this item does not pass, whatever the sum."""

    cell: CellName
    at_least: Annotated[float, Field(gt=0)]
    because: Text


class Item(Frozen):
    """One graded cell.

    `builds_on` names items whose answers this one may use; `order_matters` says that the order of an
    answer's columns or keys is part of the task.
    """

    cell: CellName
    title: Text
    competency: CompetencyCode
    level: Level
    bloom: Bloom
    outcome: Annotated[int, Field(ge=1)]
    marked: Literal["automatically", "by-rubric"]
    minutes: TrackMinutes
    practise_in: Annotated[tuple[Slug, ...], Field(min_length=1)]
    builds_on: tuple[CellName, ...] = ()
    order_matters: bool = False
    rubric: str | None = None
    markers: Annotated[int, Field(ge=1, le=5)] = 1


class Limits(Frozen):
    """What running a submission may cost."""

    cell_seconds: Annotated[int, Field(gt=0, le=600)] = 30


class AssessmentForm(Frozen):
    """`assessment.yaml`."""

    title: Text
    module: Slug
    version: Version
    kind: Literal["formative", "summative"]
    minutes: TrackMinutes
    attempts: Annotated[int, Field(ge=1)]
    passing_score: Percent
    facts_valid_as_of: date
    review_by: date
    verdict: Literal["isolated", "in-kernel"]
    variant: Variant | None = None
    hurdles: tuple[Hurdle, ...] = ()
    items: Annotated[tuple[Item, ...], Field(min_length=1)]
    limits: Limits = Limits()


def check_cell(answer: str) -> str:
    """The name of the test cell that judges an answer cell."""
    return f"{answer}-check"


def answer_cell(graded: str) -> str:
    """The name of the answer cell that a graded cell judges; a written answer is graded itself."""
    return graded.removesuffix("-check")
