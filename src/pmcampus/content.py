"""Reading the content folders: forms, notebooks and pages, each opened once."""

import base64
import json
import re
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

from pmcampus import bibliography
from pmcampus.errors import ContentError
from pmcampus.files import digest
from pmcampus.forms import load_form
from pmcampus.model.answers import AnswerBank
from pmcampus.model.assessment import AssessmentForm
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
from pmcampus.model.module import ModuleForm, SourcesForm
from pmcampus.model.notebook import Cell, Notebook
from pmcampus.model.tree import AssessmentFolder, CaseFolder, ModuleFolder, Page, StoredFile, Tree

FONT_FACE = re.compile(r"@font-face\s*\{[^}]*\}")
MEGABYTE = 1_000_000
IGNORED_FOLDERS = {"__pycache__", ".ipynb_checkpoints"}


def find_root(start: Path | None = None) -> Path:
    """The content root: the nearest folder upwards which holds `curriculum/curriculum.yaml`.

    Raises:
        ContentError: there is none.
    """
    place = (start or Path.cwd()).resolve()
    for folder in (place, *place.parents):
        if (folder / "curriculum" / "curriculum.yaml").is_file():
            return folder
    raise ContentError(
        f"{place}: no curriculum found here or above; go to a folder that holds "
        "curriculum/curriculum.yaml, or name it with --root."
    )


def load_tree(root: Path) -> Tree:
    """All content under `root`, faults included, so that every rule can speak.

    Raises:
        ContentError: `root` holds no curriculum.
    """
    if not (root / "curriculum" / "curriculum.yaml").is_file():
        raise ContentError(f"{root}: curriculum/curriculum.yaml is missing; is this a content root?")
    forms = root / "curriculum"
    bib = forms / "references.bib"
    return Tree(
        root=root,
        curriculum=load_form(root, forms / "curriculum.yaml", CurriculumForm),
        competencies=load_form(root, forms / "competencies.yaml", CompetencyForm),
        roles=load_form(root, forms / "roles.yaml", RoleForm),
        pathways=load_form(root, forms / "pathways.yaml", PathwayForm),
        planned=load_form(root, forms / "planned.yaml", PlannedForm),
        roadmap=load_form(root, forms / "roadmap.yaml", RoadmapForm),
        glossary=load_form(root, forms / "glossary.yaml", GlossaryForm),
        contributors=load_form(root, forms / "contributors.yaml", ContributorForm),
        bibliography=bibliography.read(bib.read_bytes() if bib.is_file() else b"", _relative(root, bib)),
        modules={p.name: load_module(root, p) for p in _folders(root / "modules")},
        assessments={p.name: load_assessment(root, p) for p in _folders(root / "assessments")},
        cases={p.name: load_case(root, p) for p in _folders(root / "case_studies")},
        pages={
            _relative(root, p): load_page(root, p) for p in sorted((root / "site" / "pages").rglob("*.md"))
        },
    )


def load_module(root: Path, folder: Path) -> ModuleFolder:
    """One module's folder."""
    return ModuleFolder(
        **_folder_facts(root, folder),
        form=load_form(root, folder / "module.yaml", ModuleForm),
        lessons={p.name: load_notebook(root, p) for p in sorted((folder / "lessons").glob("*.ipynb"))},
    )


def load_assessment(root: Path, folder: Path) -> AssessmentFolder:
    """One assessment's folder."""
    source = folder / f"{folder.name}.ipynb"
    return AssessmentFolder(
        **_folder_facts(root, folder),
        form=load_form(root, folder / "assessment.yaml", AssessmentForm),
        notebook=load_notebook(root, source) if source.is_file() else None,
        banks={
            p.stem: load_form(root, p, AnswerBank) for p in sorted((folder / "wrong-answers").glob("*.yaml"))
        },
    )


def load_case(root: Path, folder: Path) -> CaseFolder:
    """One case study's folder."""
    return CaseFolder(
        **_folder_facts(root, folder),
        form=load_form(root, folder / "case.yaml", CaseForm),
        notebooks={
            p.relative_to(folder).as_posix(): load_notebook(root, p)
            for p in sorted(folder.rglob("*.ipynb"))
            if not IGNORED_FOLDERS & set(p.parts)
        },
    )


def load_notebook(root: Path, path: Path) -> Notebook:
    """One notebook as stored; a fault says why it cannot be read."""
    name = _relative(root, path)
    try:
        text = path.read_text("utf-8")
        stored = json.loads(text)
        cells = stored["cells"]
        version = (int(stored["nbformat"]), int(stored["nbformat_minor"]))
        if not isinstance(cells, list) or not all(isinstance(cell, dict) for cell in cells):
            raise TypeError("`cells` is not a list of cells")
    except (ValueError, KeyError, TypeError, OverflowError, RecursionError) as problem:
        fact = f"this is not a notebook ({type(problem).__name__}: {problem})"
        return Notebook(path=name, metadata={}, cells=(), fault=fact)
    starts: list[int] = _cell_lines(text, cells)
    return Notebook(
        path=name,
        metadata=stored.get("metadata") or {},
        cells=tuple(Cell(i, starts[i - 1], cell) for i, cell in enumerate(cells, start=1)),
        nbformat=version,
    )


def load_page(root: Path, path: Path) -> Page:
    """One Markdown file.

    Raises:
        ContentError: the file is not UTF-8 text.
    """
    try:
        return Page(_relative(root, path), path.read_text("utf-8"))
    except UnicodeDecodeError:
        raise ContentError(f"{path}: this file is not UTF-8 text; save it as UTF-8.") from None


def site_folder(root: Path, name: str) -> Path:
    """`site/<name>` of this content root; where it has none, the one PM Campus comes with.

    Raises:
        ContentError: neither is there.
    """
    here = Path(__file__).resolve()
    for site in (root / "site", here.parents[2] / "site", here.parent / "data" / "site"):
        if (site / name).is_dir():
            return site / name
    raise ContentError(f"{root / 'site' / name}: this folder is missing; restore it.")


def load_style(root: Path) -> str:
    """The campus stylesheet with its upright font inside, for pages that must stand alone."""
    theme = site_folder(root, "theme")
    font = base64.b64encode((theme / "fonts" / "atkinson-next-normal.woff2").read_bytes()).decode()
    face = (
        '@font-face{font-family:"Atkinson Next";font-weight:400 700;font-display:swap;'
        f"src:url(data:font/woff2;base64,{font}) format('woff2')}}"
    )
    sheet = (theme / "css" / "campus.css").read_text("utf-8")
    return face + FONT_FACE.sub("", sheet)


def _folders(shelf: Path) -> list[Path]:
    if not shelf.is_dir():
        return []
    return sorted(p for p in shelf.iterdir() if p.is_dir() and p.name not in IGNORED_FOLDERS)


def _folder_facts(root: Path, folder: Path) -> dict[str, Any]:
    files = sorted(p for p in folder.rglob("*") if p.is_file() and not IGNORED_FOLDERS & set(p.parts))
    sources = folder / "data" / "sources.yaml"
    data = [p for p in files if p.parent == folder / "data" and p != sources]
    return {
        "id": folder.name,
        "path": _relative(root, folder),
        "files": tuple(p.relative_to(folder).as_posix() for p in files),
        "pages": {p.relative_to(folder).as_posix(): load_page(root, p) for p in files if p.suffix == ".md"},
        "data": {p.name: _stored(root, p) for p in data},
        "sources": load_form(root, sources, SourcesForm) if sources.is_file() else None,
    }


def _stored(root: Path, path: Path) -> StoredFile:
    size, text = path.stat().st_size, None
    if size <= MEGABYTE:
        with suppress(UnicodeDecodeError):
            text = path.read_text("utf-8")
    return StoredFile(_relative(root, path), size, digest(path), text)


def _relative(root: Path, path: Path) -> str:
    return path.relative_to(root).as_posix()


def _cell_lines(text: str, cells: list[Mapping[str, Any]]) -> list[int]:
    """The line at which each cell's type stands in the file; cells are stored in order."""
    at, line = 0, 1
    found: list[int] = []
    for _ in cells:
        hit = text.find('"cell_type"', at)
        if hit >= 0:
            line += text.count("\n", at, hit)
            at = hit + 1
        found.append(line)
    return found
