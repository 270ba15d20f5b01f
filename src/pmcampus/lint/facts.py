"""What rules ask of a tree, worked out once.

A shared form that does not validate gives None here: rules that need it stay silent then, because
its own faults are already reported.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from itertools import chain

from pmcampus.lint import markdown, python
from pmcampus.model.assessment import AssessmentForm
from pmcampus.model.case import CaseForm
from pmcampus.model.common import CompetencyAt
from pmcampus.model.module import Lesson, ModuleForm
from pmcampus.model.notebook import Cell, Notebook
from pmcampus.model.tree import AssessmentFolder, CaseFolder, Folder, ModuleFolder, Page, Tree


@dataclass(frozen=True)
class Taught:
    """One lesson of a written module: its folder, its place in the form, its notebook."""

    folder: ModuleFolder
    module: ModuleForm
    place: int
    lesson: Lesson
    notebook: Notebook


@dataclass(frozen=True)
class Facts:
    """A tree and a day, with the questions that several rules ask."""

    tree: Tree
    today: date

    @cached_property
    def modules(self) -> list[tuple[ModuleFolder, ModuleForm]]:
        """Written modules whose form validates."""
        return [(f, f.form.model) for f in self.tree.modules.values() if f.form.model]

    @cached_property
    def assessments(self) -> list[tuple[AssessmentFolder, AssessmentForm]]:
        """Assessments whose form validates."""
        return [(f, f.form.model) for f in self.tree.assessments.values() if f.form.model]

    @cached_property
    def cases(self) -> list[tuple[CaseFolder, CaseForm]]:
        """Written team cases whose form validates."""
        return [(f, f.form.model) for f in self.tree.cases.values() if f.form.model]

    @cached_property
    def reviewed(self) -> list[tuple[ModuleFolder | CaseFolder, ModuleForm | CaseForm]]:
        """What a clinician reads: modules and cases whose form validates."""
        return [*self.modules, *self.cases]

    @cached_property
    def folders(self) -> list[Folder]:
        """All content folders."""
        tree = self.tree
        return [*tree.modules.values(), *tree.assessments.values(), *tree.cases.values()]

    @cached_property
    def notebooks(self) -> list[Notebook]:
        """Notebooks that can be read."""
        return [n for n in self.tree.notebooks() if shape_fault(n) is None]

    @cached_property
    def read_notebooks(self) -> frozenset[str]:
        """Paths of the notebooks that can be read."""
        return frozenset(notebook.path for notebook in self.notebooks)

    @cached_property
    def lesson_notebooks(self) -> list[Notebook]:
        """Readable notebooks of modules, listed in a form or not."""
        lessons = chain.from_iterable(m.lessons.values() for m in self.tree.modules.values())
        return [n for n in lessons if n.path in self.read_notebooks]

    @cached_property
    def stored_with_outputs(self) -> list[Notebook]:
        """Readable notebooks that are published with their outputs: lessons and cases."""
        cases = chain.from_iterable(c.notebooks.values() for c in self.tree.cases.values())
        return self.lesson_notebooks + [n for n in cases if n.path in self.read_notebooks]

    @cached_property
    def lessons(self) -> list[Taught]:
        """Lessons that stand in a valid form and can be read."""
        return [
            Taught(folder, form, place, lesson, folder.lessons[lesson.file])
            for folder, form in self.modules
            for place, lesson in enumerate(form.lessons)
            if lesson.file in folder.lessons and folder.lessons[lesson.file].path in self.read_notebooks
        ]

    @cached_property
    def graded(self) -> list[tuple[AssessmentFolder, Notebook]]:
        """Assessments whose notebook can be read."""
        folders = self.tree.assessments.values()
        return [(f, f.notebook) for f in folders if f.notebook and f.notebook.path in self.read_notebooks]

    @cached_property
    def pages(self) -> list[Page]:
        """All Markdown files."""
        return [*self.tree.pages.values(), *(page for f in self.folders for page in f.pages.values())]

    @cached_property
    def files(self) -> frozenset[str]:
        """The paths of all files in content folders and of all pages."""
        return frozenset(f"{f.path}/{name}" for f in self.folders for name in f.files) | set(self.tree.pages)

    @cached_property
    def competencies(self) -> frozenset[str] | None:
        """Known competency codes."""
        form = self.tree.competencies.model
        return None if form is None else frozenset(form.competencies)

    @cached_property
    def roles(self) -> frozenset[str] | None:
        """Known roles."""
        form = self.tree.roles.model
        return None if form is None else frozenset(form.roles)

    @cached_property
    def clauses(self) -> frozenset[str] | None:
        """Known clauses of the roadmap."""
        form = self.tree.roadmap.model
        return None if form is None else frozenset(form.clauses)

    @cached_property
    def contributors(self) -> frozenset[str] | None:
        """Known contributors."""
        form = self.tree.contributors.model
        return None if form is None else frozenset(form.contributors)

    @cached_property
    def planned_modules(self) -> frozenset[str] | None:
        """Modules that are planned."""
        form = self.tree.planned.model
        return None if form is None else frozenset(form.modules)

    @cached_property
    def planned_cases(self) -> frozenset[str] | None:
        """Team cases that are planned."""
        form = self.tree.planned.model
        return None if form is None else frozenset(form.case_studies)

    @cached_property
    def known_modules(self) -> frozenset[str] | None:
        """Modules that are written or planned."""
        return None if self.planned_modules is None else self.planned_modules | set(self.tree.modules)

    @cached_property
    def known_cases(self) -> frozenset[str] | None:
        """Team cases that are written or planned."""
        return None if self.planned_cases is None else self.planned_cases | set(self.tree.cases)

    @cached_property
    def module_codes(self) -> dict[str, list[str]]:
        """Ids by the map's code, written and planned."""
        codes: dict[str, list[str]] = {}
        planned = self.tree.planned.model
        for id, code in chain(
            ((f.id, form.code) for f, form in self.modules),
            ((id, m.code) for id, m in (planned.modules.items() if planned else ())),
        ):
            codes.setdefault(code, []).append(id)
        return codes

    @cached_property
    def case_codes(self) -> dict[str, list[str]]:
        """Team case ids by code, written and planned."""
        codes: dict[str, list[str]] = {}
        planned = self.tree.planned.model
        for id, code in chain(
            ((f.id, form.code) for f, form in self.cases),
            ((id, c.code) for id, c in (planned.case_studies.items() if planned else ())),
        ):
            codes.setdefault(code, []).append(id)
        return codes

    @cached_property
    def needs(self) -> dict[str, tuple[str, ...]]:
        """Prerequisites of every written and planned module."""
        planned = self.tree.planned.model
        found = {id: m.prerequisites for id, m in (planned.modules.items() if planned else ())}
        return found | {folder.id: form.prerequisites for folder, form in self.modules}

    @cached_property
    def teaches(self) -> dict[str, tuple[CompetencyAt, ...]]:
        """Competencies of every written and planned module."""
        planned = self.tree.planned.model
        found = {id: m.competencies for id, m in (planned.modules.items() if planned else ())}
        return found | {folder.id: form.competencies for folder, form in self.modules}

    def form_of(self, module: str) -> ModuleForm | None:
        """The form of a written module, when it validates."""
        folder = self.tree.modules.get(module)
        return folder.form.model if folder else None

    def prose(self, notebook: Notebook) -> Iterator[tuple[Cell, markdown.Markdown]]:
        """Markdown cells with what stands in them."""
        return ((cell, markdown.read(cell.source)) for cell in notebook.prose())

    def code(self, notebook: Notebook) -> Iterator[tuple[Cell, python.Python]]:
        """Code cells with what stands in them."""
        return ((cell, python.read(cell.source)) for cell in notebook.code())

    def texts(self) -> Iterator[tuple[str, int, markdown.Markdown]]:
        """Every Markdown text: its file, the line before its first, and its parts."""
        for notebook in self.notebooks:
            for cell, text in self.prose(notebook):
                yield notebook.path, cell.line, text
        for page in self.pages:
            yield page.path, 0, markdown.read(page.text)


def where(cell: Cell) -> str:
    """How a cell is named in a message."""
    return f"cell {cell.index} ({cell.id})"


def shape_fault(notebook: Notebook) -> str | None:
    """Why rules cannot look into this notebook, or None when they can."""
    if notebook.fault:
        return notebook.fault
    if not isinstance(notebook.metadata, Mapping):
        return "the notebook's metadata are no mapping"
    for cell in notebook.cells:
        fault = _cell_fault(cell.data)
        if fault:
            return f"cell {cell.index} {fault}"
    return None


def _cell_fault(data: object) -> str | None:
    if not isinstance(data, Mapping):
        return "is not a cell"
    if data.get("cell_type") not in ("markdown", "code", "raw"):
        return f"has the unknown type {data.get('cell_type')!r:.40}"
    if not _is_text(data.get("source", "")):
        return "has a source that is no text"
    metadata = data.get("metadata") or {}
    if not isinstance(metadata, Mapping):
        return "has metadata that are no mapping"
    if not _is_text(metadata.get("tags") or []) or isinstance(metadata.get("tags"), str):
        return "has tags that are no list of words"
    if not isinstance(metadata.get("nbgrader") or {}, Mapping):
        return "has nbgrader settings that are no mapping"
    outputs = data.get("outputs") or []
    if not isinstance(outputs, list):
        return "has outputs that are no list"
    return next((fault for output in outputs if (fault := _output_fault(output))), None)


def _output_fault(output: object) -> str | None:
    if not isinstance(output, Mapping):
        return "has an output that is no mapping"
    if not _is_text(output.get("text") or ""):
        return "has an output whose text is no text"
    data = output.get("data") or {}
    if not isinstance(data, Mapping):
        return "has an output whose data are no mapping"
    return None


def _is_text(value: object) -> bool:
    return isinstance(value, str) or (
        isinstance(value, list) and all(isinstance(part, str) for part in value)
    )
