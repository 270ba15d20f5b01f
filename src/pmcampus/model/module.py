"""The forms in a module's folder."""

from datetime import date
from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from pmcampus.model.common import (
    Bloom,
    ClinicalReview,
    Code,
    CompetencyAt,
    CompetencyCode,
    Frozen,
    Hours,
    Minutes,
    Slug,
    Status,
    Text,
    Version,
)

LessonFile = Annotated[str, StringConstraints(pattern=r"^[0-9]{2}-[a-z0-9]+(-[a-z0-9]+)*\.ipynb$")]
Tier = Literal["core", "genomics", "ml", "interop"]


class Lesson(Frozen):
    """One notebook: its id is the file name without the number."""

    file: LessonFile
    title: Text
    summary: Text
    minutes: Minutes
    data: Literal["real", "simulated", "published", "mixed", "none"]
    objectives: Annotated[tuple[Text, ...], Field(min_length=1)]

    @property
    def id(self) -> str:
        """The name that never changes when the lesson moves."""
        return self.file[3:].removesuffix(".ipynb")

    @property
    def number(self) -> int:
        """Its place in the module."""
        return int(self.file[:2])


class Outcome(Frozen):
    """What a learner can do at the end; its place in the list is its number."""

    verb: Text
    text: Text
    bloom: Bloom
    practised_in: Annotated[tuple[Slug, ...], Field(min_length=1)]
    evidence_for: CompetencyAt


class PartLesson(Frozen):
    """A lesson in a part of a module, without the cells that the part leaves out."""

    lesson: Slug
    minutes: Minutes
    leave_out: tuple[Slug, ...] = ()


class Part(Frozen):
    """A marked subset of a module, such as a short form; its name is the one that pathways use."""

    summary: Text
    hours: Annotated[float, Field(gt=0)]
    lessons: Annotated[tuple[PartLesson, ...], Field(min_length=1)]


class ModuleForm(Frozen):
    """`module.yaml`."""

    code: Code
    title: Text
    summary: Text
    version: Version
    status: Status
    level: Literal["introductory", "intermediate", "advanced"]
    language: Text
    licence: Text
    keywords: Annotated[tuple[Text, ...], Field(min_length=3)]
    hours: Hours
    prerequisites: tuple[Slug, ...] = ()
    prior_competencies: tuple[CompetencyAt, ...] = ()
    environment: Annotated[tuple[Tier, ...], Field(min_length=1)]
    facts_valid_as_of: date
    jurisdiction: str | None = None
    competencies: Annotated[tuple[CompetencyAt, ...], Field(min_length=1)]
    outcomes: Annotated[tuple[Outcome, ...], Field(min_length=1)]
    lessons: Annotated[tuple[Lesson, ...], Field(min_length=1)]
    parts: dict[Text, Part] = Field(default_factory=dict)
    key_points: Annotated[tuple[Text, ...], Field(min_length=1)]
    assessment: Slug | None = None
    case_studies: tuple[Slug, ...] = ()
    roadmap: tuple[Slug, ...] = ()
    contributors: Annotated[tuple[Slug, ...], Field(min_length=1)]
    clinical_review: ClinicalReview

    @property
    def area(self) -> str:
        """G, D, E, R or T."""
        return self.code[0]

    def competency_levels(self) -> dict[CompetencyCode, int]:
        """Competency code to level number, as taught here."""
        return {c.id: c.level.number for c in self.competencies}


class DataFile(Frozen):
    """A data file beside a lesson."""

    origin: Literal["synthetic", "public", "consented"]
    made_by: Text
    licence: Text
    sha256: Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]


class DataPackage(Frozen):
    """Data that a lesson loads through an installed package, never copied here."""

    version: Text
    origin: Literal["synthetic", "public", "consented"]
    made_by: Text
    licence: Text


class SourcesForm(Frozen):
    """`data/sources.yaml`."""

    files: dict[str, DataFile] = Field(default_factory=dict)
    packages: dict[str, DataPackage] = Field(default_factory=dict)
