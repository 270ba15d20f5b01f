"""The form in a case study's folder."""

from typing import Annotated

from pydantic import Field

from pmcampus.model.common import CaseCode, ClinicalReview, Frozen, Minutes, Slug, Status, Text, Version
from pmcampus.model.module import LessonFile


class CasePart(Frozen):
    """One notebook of the case."""

    file: LessonFile
    title: Text
    minutes: Minutes


class Patient(Frozen):
    """Whether the story is of a real person; if so, where their consent is recorded."""

    real: bool
    consent: str | None = None


class CaseForm(Frozen):
    """`case.yaml`."""

    code: CaseCode
    title: Text
    summary: Text
    version: Version
    status: Status
    minutes: Minutes
    team: Annotated[tuple[Slug, ...], Field(min_length=2)]
    modules: tuple[Slug, ...]
    parts: Annotated[tuple[CasePart, ...], Field(min_length=1)]
    patient: Patient
    discussion: Annotated[tuple[Text, ...], Field(min_length=1)]
    clinical_review: ClinicalReview
