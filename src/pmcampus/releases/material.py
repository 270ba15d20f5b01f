"""What is released of a module, an assessment or a case: its files, the learners' share, its contract."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import nbformat
from pydantic import BaseModel

from pmcampus import contract
from pmcampus.archive import sha256
from pmcampus.casepaper import TEAM, load_case_paper
from pmcampus.content import IGNORED_FOLDERS
from pmcampus.environment import computing, computing_digest
from pmcampus.errors import ReleaseError
from pmcampus.forms import load_form
from pmcampus.model.assessment import AssessmentForm, check_cell
from pmcampus.model.case import BRIEFING, CaseForm
from pmcampus.model.module import ModuleForm, SourcesForm
from pmcampus.model.notebook import is_graded
from pmcampus.model.release import Contract, Kind
from pmcampus.paper import Paper, load_paper

FORMS: Mapping[Kind, type[BaseModel]] = {
    Kind.MODULE: ModuleForm,
    Kind.ASSESSMENT: AssessmentForm,
    Kind.CASE: CaseForm,
}
# What learners get of a module's folder; everything else in it is for educators until it stands here.
FOR_LEARNERS = ("lessons/", "data/", "local/", "CHANGELOG.md", "module.yaml", "contacts.md")
ENTRY = re.compile(r"^## \[?(\d+\.\d+\.\d+)\]?[^\n]*\n(.*?)(?=^## |\Z)", re.MULTILINE | re.DOTALL)
WORD = re.compile(r"\w+")


@dataclass(frozen=True)
class Material:
    """One module, assessment or case as it stands in a tree; paths of files are those in a curriculum."""

    kind: Kind
    id: str
    form: Any
    files: Mapping[str, bytes]
    for_learners: Mapping[str, bytes]
    contract: Contract

    @property
    def name(self) -> str:
        """Shelf and id."""
        return f"{self.kind.shelf}/{self.id}"

    def changelog(self) -> str:
        """What the changelog says of this version.

        Raises:
            ReleaseError: nothing.
        """
        path = f"{self.name}/CHANGELOG.md"
        text = self.files.get(path, b"").decode("utf-8", "replace")
        for version, entry in ENTRY.findall(text):
            if version == self.form.version and entry.strip():
                return str(entry).strip()
        raise ReleaseError(
            f"{path}: nothing is said about version {self.form.version}; "
            f"add a heading `## {self.form.version}` and, below it, what changed."
        )


def resolve(root: Path, name: str) -> list[tuple[Kind, str]]:
    """What a name means in this tree: `modules/ID`, `assessments/ID`, `case_studies/ID`, or an id alone.

    An id alone means all that carry it, a module before its assessment.

    Raises:
        ReleaseError: nothing carries it.
    """
    shelf, _, id = name.rpartition("/")
    found = [
        (kind, id)
        for kind in Kind
        if (not shelf or shelf == kind.shelf) and (root / kind.shelf / id / kind.form).is_file()
    ]
    if not found:
        known = sorted({p.parent.name for kind in Kind for p in (root / kind.shelf).glob(f"*/{kind.form}")})
        raise ReleaseError(f"{name!r} is nothing that can be released; choose one of {', '.join(known)}.")
    return found


def material(root: Path, kind: Kind, id: str) -> Material:
    """The module, assessment or case in this tree.

    Raises:
        ContentError: a form or notebook cannot be used.
    """
    folder = root / kind.shelf / id
    form: Any = load_form(root, folder / kind.form, FORMS[kind]).value
    files = {
        path.relative_to(root).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and not _is_private(path.relative_to(root))
    }
    if kind is Kind.ASSESSMENT:
        return _assessment(root, id, form, files)
    own = f"{kind.shelf}/{id}/"
    if kind is Kind.MODULE:
        learners = {p: c for p, c in files.items() if p.removeprefix(own).startswith(FOR_LEARNERS)}
        made = contract.of_module(form, data=_data(root, folder, files), **_environment())
    else:
        open_files = {f"{own}{name}" for name in (BRIEFING, "CHANGELOG.md", *form.shared_files)}
        learners = {p: c for p, c in files.items() if p in open_files}
        made = contract.of_case(form, data=_data(root, folder, files), **_environment())
        made = made.model_copy(update={"rules": {**made.rules, **_case_checks(root, id, form)}})
    return Material(kind, id, form, files, learners, made)


def of_paper(root: Path, paper: Paper) -> Contract:
    """The contract of an assessment, wherever it lies."""
    points = paper.points()
    by_item = {
        item.cell: points[check_cell(item.cell) if check_cell(item.cell) in points else item.cell]
        for item in paper.form.items
    }
    files = {
        p.relative_to(root).as_posix(): p.read_bytes() for p in sorted((paper.folder / "data").glob("*"))
    }
    made = contract.of_assessment(
        paper.form, points=by_item, data=_data(root, paper.folder, files), **_environment()
    )
    rules = dict(made.rules)
    for name in sorted({item.rubric for item in paper.form.items if item.rubric}):
        path = paper.folder / name
        if path.is_file():  # people mark by it, and no bank can show that they would mark alike
            words = " ".join(WORD.findall(path.read_text("utf-8").lower()))
            rules[f"wording of {name}"] = sha256(words.encode())[:12]
    return made.model_copy(update={"rules": rules})


def _assessment(root: Path, id: str, form: AssessmentForm, files: dict[str, bytes]) -> Material:
    paper = load_paper(root, id)
    own = f"assessments/{id}/"
    release = nbformat.writes(paper.release, 4).encode() + b"\n"
    learners = {f"{own}{id}.ipynb": release}
    learners |= {
        path: content
        for path, content in files.items()
        if path.startswith(f"{own}data/") or path == f"{own}CHANGELOG.md"
    }
    return Material(Kind.ASSESSMENT, id, form, files, learners, of_paper(root, paper))


def _case_checks(root: Path, id: str, form: CaseForm) -> dict[str, str]:
    """The checks of a case as rules: no bank is judged by them, so any change of one is a new promise."""
    found = {}
    for part in (*form.roles, TEAM):
        items = form.marks.team_items if part == TEAM else form.marks.prework
        if items:
            paper = load_case_paper(root, id, part)
            checks = "\n".join(cell.source for cell in paper.official.cells if is_graded(cell))
            found[f"checks of {part}"] = sha256(checks.encode())[:12]
    return found


def _data(root: Path, folder: Path, files: Mapping[str, bytes]) -> dict[str, str]:
    """Digests of data files, and of the versions of data that come with packages."""
    own = folder.relative_to(root).as_posix() + "/data/"
    sources = folder / "data" / "sources.yaml"
    found = {
        f"data/{path.removeprefix(own)}": sha256(content)
        for path, content in files.items()
        if path.startswith(own) and path != f"{own}sources.yaml"
    }
    if sources.is_file():
        packages = load_form(root, sources, SourcesForm).value.packages
        found |= {f"package {name}": sha256(held.version.encode()) for name, held in packages.items()}
    return found


def _environment() -> dict[str, Any]:
    return {"packages": computing(), "environment": computing_digest()}


def _is_private(path: Path) -> bool:
    return bool(IGNORED_FOLDERS & set(path.parts)) or any(part.startswith(".") for part in path.parts)
