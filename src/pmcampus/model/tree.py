"""Everything educators wrote, read once: what rules check and what the site shows.

Paths are relative to the content root, with forward slashes. Nothing here opens a file.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Generic, TypeVar

from pydantic import BaseModel

from pmcampus.errors import ContentError
from pmcampus.model.answers import AnswerBank
from pmcampus.model.assessment import AssessmentForm
from pmcampus.model.bibliography import Bibliography
from pmcampus.model.case import CaseForm
from pmcampus.model.curriculum import (
    CompetencyForm,
    ContributorForm,
    CurriculumForm,
    GlossaryForm,
    PathwayForm,
    PlannedForm,
    RoadmapForm,
    RoleForm,
)
from pmcampus.model.module import Lesson, ModuleForm, SourcesForm
from pmcampus.model.notebook import Notebook

M = TypeVar("M", bound=BaseModel)
Place = tuple[str | int, ...]


@dataclass(frozen=True)
class Fault:
    """Why a form does not validate: pydantic's kind of error, at one field."""

    kind: str
    place: Place
    line: int
    message: str


@dataclass(frozen=True)
class Form(Generic[M]):
    """One YAML form: its data as read, the line of each field, and its model when valid."""

    path: str
    data: Any
    lines: Mapping[Place, int]
    model: M | None
    faults: tuple[Fault, ...] = ()

    @property
    def value(self) -> M:
        """The validated form.

        Raises:
            ContentError: the form has faults; the first is in the message.
        """
        if self.model is None:
            fault = self.faults[0]
            raise ContentError(f"{self.path}:{fault.line}: {fault.message}")
        return self.model

    def line(self, *place: str | int) -> int:
        """The line of a field, or of the nearest field around it."""
        while place and place not in self.lines:
            place = place[:-1]
        return self.lines.get(place, 1)


@dataclass(frozen=True)
class Page:
    """A Markdown file."""

    path: str
    text: str


@dataclass(frozen=True)
class StoredFile:
    """A data file's facts; `text` is its content where that is text of at most a megabyte."""

    path: str
    size: int
    sha256: str
    text: str | None = None


@dataclass(frozen=True)
class Folder:
    """What every content folder has; `files` lists all names in it, relative to the folder."""

    id: str
    path: str
    files: tuple[str, ...]
    pages: Mapping[str, Page]
    data: Mapping[str, StoredFile]
    sources: Form[SourcesForm] | None


@dataclass(frozen=True)
class ModuleFolder(Folder):
    """`modules/<id>/`."""

    form: Form[ModuleForm]
    lessons: Mapping[str, Notebook]

    def in_order(self) -> Iterator[tuple[Lesson, Notebook]]:
        """Lessons with their notebooks, as the form lists them."""
        for lesson in self.form.value.lessons:
            if lesson.file not in self.lessons:
                raise ContentError(
                    f"{self.form.path}: the lesson {lesson.file} is listed, but "
                    f"{self.path}/lessons/{lesson.file} does not exist. "
                    "Add the notebook or take it off the list."
                )
            yield lesson, self.lessons[lesson.file]


@dataclass(frozen=True)
class AssessmentFolder(Folder):
    """`assessments/<id>/`; `notebook` is nbgrader's source, with solutions and hidden tests.

    `banks` holds the forms in `wrong-answers/`, by the name of the cell they are for.
    """

    form: Form[AssessmentForm]
    notebook: Notebook | None
    banks: Mapping[str, Form[AnswerBank]] = field(default_factory=dict)


@dataclass(frozen=True)
class CaseFolder(Folder):
    """`case_studies/<id>/`."""

    form: Form[CaseForm]
    notebooks: Mapping[str, Notebook]


@dataclass(frozen=True)
class Tree:
    """The whole content."""

    root: Path
    curriculum: Form[CurriculumForm]
    competencies: Form[CompetencyForm]
    roles: Form[RoleForm]
    pathways: Form[PathwayForm]
    planned: Form[PlannedForm]
    roadmap: Form[RoadmapForm]
    glossary: Form[GlossaryForm]
    contributors: Form[ContributorForm]
    bibliography: Bibliography
    modules: Mapping[str, ModuleFolder]
    assessments: Mapping[str, AssessmentFolder]
    cases: Mapping[str, CaseFolder]
    pages: Mapping[str, Page] = field(default_factory=dict)

    @property
    def citation_keys(self) -> frozenset[str]:
        """What texts can cite."""
        return self.bibliography.keys

    def forms(self) -> Iterator[Form[Any]]:
        """Every form that was read, curriculum first."""
        yield from (self.curriculum, self.competencies, self.roles, self.pathways)
        yield from (self.planned, self.roadmap, self.glossary, self.contributors)
        folders: list[ModuleFolder | AssessmentFolder | CaseFolder] = [
            *self.modules.values(),
            *self.assessments.values(),
            *self.cases.values(),
        ]
        for folder in folders:
            yield folder.form
            if folder.sources is not None:
                yield folder.sources
        for assessment in self.assessments.values():
            yield from assessment.banks.values()

    def notebooks(self) -> Iterator[Notebook]:
        """Every notebook that was read."""
        for module in self.modules.values():
            yield from module.lessons.values()
        for assessment in self.assessments.values():
            if assessment.notebook is not None:
                yield assessment.notebook
        for case in self.cases.values():
            yield from case.notebooks.values()

    def valid(self) -> "Tree":
        """This tree, when every form validates.

        Raises:
            ContentError: a form has faults; the first is in the message.
        """
        for form in self.forms():
            form.value  # noqa: B018  (raises for a form with faults)
        return self
