"""The form of an item's answer bank: what its check must tell apart."""

from typing import Annotated

from pydantic import AfterValidator, Field, StringConstraints, model_validator

from pmcampus.model.common import Frozen, Slug, Text

Code = Annotated[str, StringConstraints(min_length=1)]
Points = Annotated[float, Field(ge=0)]


def _in_order(points: float | tuple[float, float]) -> float | tuple[float, float]:
    if isinstance(points, tuple) and points[0] > points[1]:
        raise ValueError(f"[{points[0]:g}, {points[1]:g}] is the wrong way round; write the lower points first")
    return points


Deserved = Annotated[Points | tuple[Points, Points], AfterValidator(_in_order)]


class WrongAnswer(Frozen):
    """An answer with a named misconception, and the points it deserves."""

    name: Slug
    misconception: Text
    code: Code
    deserves: Deserved
    message_contains: Text | None = None

    @property
    def lowest(self) -> float:
        """The fewest points it may earn."""
        return self.deserves[0] if isinstance(self.deserves, tuple) else self.deserves

    @property
    def highest(self) -> float:
        """The most points it may earn."""
        return self.deserves[1] if isinstance(self.deserves, tuple) else self.deserves


class RightAnswer(Frozen):
    """A sound answer by another route than the reference; it earns full points."""

    name: Slug
    code: Code


class AnswerBank(Frozen):
    """`wrong-answers/<cell>.yaml`, one for each item that is marked automatically."""

    wrong: Annotated[tuple[WrongAnswer, ...], Field(min_length=3)]
    right: Annotated[tuple[RightAnswer, ...], Field(min_length=1)]

    @model_validator(mode="after")
    def _names_differ(self) -> "AnswerBank":
        names = [answer.name for answer in (*self.wrong, *self.right)]
        twice = sorted({name for name in names if names.count(name) > 1})
        if twice:
            raise ValueError(f"the name {twice[0]} stands twice; give each answer its own")
        return self

    @property
    def codes(self) -> dict[str, str]:
        """The code of each answer, by its name."""
        return {answer.name: answer.code for answer in (*self.wrong, *self.right)}
