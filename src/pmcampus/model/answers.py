"""The forms of ready-made answers: an item's bank, which its check must tell apart, and the demo's."""

from collections.abc import Mapping
from typing import Annotated, Literal

from pydantic import AfterValidator, Field, StringConstraints, model_validator

from pmcampus.model.assessment import CellName
from pmcampus.model.common import Frozen, Slug, Text

Code = Annotated[str, StringConstraints(min_length=1)]
Points = Annotated[float, Field(ge=0)]


def _in_order(points: float | tuple[float, float]) -> float | tuple[float, float]:
    if isinstance(points, tuple) and points[0] > points[1]:
        raise ValueError(
            f"[{points[0]:g}, {points[1]:g}] is the wrong way round; write the lower points first"
        )
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


class Waiver(Frozen):
    """A change of the reference that the check may accept, and why: shown on the certificate.

    `was` and `becomes` are the two lines as the certificate prints them.
    """

    was: Text
    becomes: Text
    because: Annotated[Text, Field(min_length=20)]


class AnswerBank(Frozen):
    """`wrong-answers/<cell>.yaml`, one for each item that is marked automatically."""

    wrong: Annotated[tuple[WrongAnswer, ...], Field(min_length=4)]
    right: Annotated[tuple[RightAnswer, ...], Field(min_length=3)]
    waivers: tuple[Waiver, ...] = ()

    @model_validator(mode="after")
    def _names_differ(self) -> "AnswerBank":
        names = [answer.name for answer in self.answers]
        twice = sorted({name for name in names if names.count(name) > 1})
        if twice:
            raise ValueError(f"the name {twice[0]} stands twice; give each answer its own")
        return self

    @property
    def answers(self) -> tuple[WrongAnswer | RightAnswer, ...]:
        """All answers, the wrong ones first."""
        return (*self.wrong, *self.right)

    @property
    def codes(self) -> dict[str, str]:
        """The code of each answer, by its name."""
        return {answer.name: answer.code for answer in self.answers}


class Chosen(Frozen):
    """One answer of a demo learner, by name: from the item's bank, or a text for people to mark."""

    wrong: Slug | None = None
    right: Slug | None = None
    written: Slug | None = None

    @model_validator(mode="after")
    def _one_only(self) -> "Chosen":
        if sum(name is not None for name in (self.wrong, self.right, self.written)) != 1:
            raise ValueError("name exactly one of wrong, right and written")
        return self


class Profile(Frozen):
    """A kind of demo learner; `otherwise` answers the items that are not named."""

    about: Text
    otherwise: Literal["reference", "untouched"]
    course_number: Annotated[int, Field(ge=1)] | None = None
    answers: dict[CellName, Chosen]


class DemoAnswers(Frozen):
    """`data/demo/answers.yaml`: ready-made submissions to one assessment."""

    assessment: Slug
    profiles: Annotated[dict[Slug, Profile], Field(min_length=1)]
    written: dict[Slug, Text]

    @model_validator(mode="after")
    def _texts_exist(self) -> "DemoAnswers":
        named = {c.written for p in self.profiles.values() for c in p.answers.values() if c.written}
        missing = sorted(named - set(self.written))
        if missing:
            raise ValueError(f"the text {missing[0]} is named by a profile but does not stand under written")
        return self

    def work(
        self, profile: str, *, banks: Mapping[str, AnswerBank], references: Mapping[str, str]
    ) -> dict[str, str]:
        """What a learner of this profile writes below each starter, by answer cell.

        Args:
            profile: one of `profiles`.
            banks: the answer bank of each item that is marked automatically.
            references: the reference solution of every item, by answer cell.
        """
        chosen = self.profiles[profile]
        texts = dict(references) if chosen.otherwise == "reference" else {}
        for cell, answer in chosen.answers.items():
            if answer.written:
                texts[cell] = self.written[answer.written]
            else:
                texts[cell] = banks[cell].codes[str(answer.wrong or answer.right)]
        return texts
