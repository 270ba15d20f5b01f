"""What a campus took over from another one: the lock, and the local layer over it."""

from datetime import date
from typing import Annotated, Any, Literal

from pydantic import Field, field_validator

from pmcampus.model.common import Frozen, Slug, Text, Version
from pmcampus.model.release import Pin, Sha256

ADOPTED, OVERLAYS, OVERLAY = "adopted.yaml", "overlays", "overlay.yaml"
# What an overlay may say anew of a module's form: how it speaks and whose law it is, never what it asks.
TEXTS = frozenset(
    {"title", "summary", "keywords", "key_points", "case_studies", "facts_valid_as_of", "clinical_review"}
)


class Adopted(Frozen):
    """One adopted module, assessment or case.

    `files` are the digests of what was laid down, so that a change by hand is noticed before an update;
    `earlier` are the versions before, latest last: a rollback goes back to the last.
    """

    version: Version
    digest: Sha256
    source: Text
    range: str = ""
    adopted: date
    archive: Literal["learner", "educator"]
    overlay: Pin | None = None
    files: dict[str, Sha256] = Field(default_factory=dict)
    earlier: tuple[Pin, ...] = ()


class AdoptedForm(Frozen):
    """`adopted.yaml`: by `modules/<id>`, `assessments/<id>` or `case_studies/<id>`."""

    adopted: dict[str, Adopted] = Field(default_factory=dict)


class LessonTexts(Frozen):
    """A lesson's own words in the form."""

    title: Text | None = None
    summary: Text | None = None
    objectives: Annotated[tuple[Text, ...], Field(min_length=1)] | None = None


class OverlayForm(Frozen):
    """`overlays/modules/<id>/overlay.yaml`; pages and notebooks lie beside it in `files/`.

    `versions` is the range of upstream versions it was made for; `because` says what was adapted and why.
    """

    version: Version
    versions: Text
    because: Text
    language: Text | None = None
    jurisdiction: Text | None = None
    texts: dict[str, Any] = Field(default_factory=dict)
    lessons: dict[Slug, LessonTexts] = Field(default_factory=dict)

    @field_validator("texts")
    @classmethod
    def _only_words(cls, texts: dict[str, Any]) -> dict[str, Any]:
        wrong = sorted(set(texts) - TEXTS)
        if wrong:
            raise ValueError(
                f"an overlay cannot change {wrong[0]}; it may change {', '.join(sorted(TEXTS))}. "
                "For more, make a fork: a copy of the folder under a new id"
            )
        return texts
