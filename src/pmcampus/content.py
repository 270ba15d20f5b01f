"""Reading the content folders: forms, notebooks and pages, each opened once."""

import base64
import difflib
import hashlib
import json
import os
import re
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any, TypeVar

import yaml
from pydantic import BaseModel, ValidationError
from yaml.error import MarkedYAMLError

from pmcampus import bibliography
from pmcampus.errors import ContentError
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
from pmcampus.model.tree import (
    AssessmentFolder,
    CaseFolder,
    Fault,
    Form,
    ModuleFolder,
    Page,
    Place,
    StoredFile,
    Tree,
)

M = TypeVar("M", bound=BaseModel)
LOADER: type = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
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


def load_form(root: Path, path: Path, model: type[M]) -> Form[M]:
    """One YAML form; what is wrong with it is in `faults`, never raised."""
    name = _relative(root, path)
    try:
        text = path.read_text("utf-8")
    except FileNotFoundError:
        return _faulty(name, "file_missing", 1, "this form is missing; add it (see the form's template).")
    except UnicodeDecodeError:
        return _faulty(name, "encoding", 1, "this file is not UTF-8 text; save it as UTF-8.")
    try:
        loader = LOADER(text)
        node = loader.get_single_node()
        lines: dict[Place, int] = {}
        _note_lines(node, (), lines)
        data = loader.construct_document(node) if node is not None else None
    except (RecursionError, ValueError) as problem:
        return _faulty(name, "yaml", 1, f"a value cannot be read ({problem}); write it as plain text.")
    except yaml.YAMLError as problem:
        mark = getattr(problem, "problem_mark", None)
        line = mark.line + 1 if mark else 1
        fact = getattr(problem, "problem", None) or "the YAML cannot be read"
        return _faulty(name, "yaml", line, f"{fact}; check the indentation and the quotation marks.")
    try:
        return Form(path=name, data=data, lines=lines, model=model.model_validate(data))
    except ValidationError as problem:
        found: Form[M] = Form(path=name, data=data, lines=lines, model=None)
        faults = tuple(
            Fault(e["type"], e["loc"], found.line(*e["loc"]), _plain(e, model, data))
            for e in problem.errors(include_url=False)
        )
        return Form(path=name, data=data, lines=lines, model=None, faults=faults)


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


def write_text(path: Path, text: str) -> None:
    """Put `text` into `path` as UTF-8, in one step: a reader sees the old file or the new one."""
    write_bytes(path, text.encode())


def write_bytes(path: Path, data: bytes, *, durable: bool = False) -> None:
    """The same for bytes; a `durable` file outlives a power cut, which costs milliseconds."""
    new_folders = _missing_folders(path.parent) if durable else []
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        with temporary.open("wb") as file:
            file.write(data)
            if durable:
                file.flush()
                os.fsync(file.fileno())
        temporary.replace(path)
    except OSError as problem:  # a full disk names no file by itself
        if problem.filename is None:
            problem.filename = str(path)
        raise
    finally:
        temporary.unlink(missing_ok=True)
    if durable:  # a name lasts when the folder that holds it was written
        for folder in (path.parent, *(new.parent for new in new_folders)):
            _write_folder_down(folder)


def _missing_folders(folder: Path) -> list[Path]:
    return [place for place in (folder, *folder.parents) if not place.exists()]


def _write_folder_down(folder: Path) -> None:
    if os.name == "nt":  # Windows opens no folders
        return
    opened = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(opened)
    finally:
        os.close(opened)


def digest(path: Path) -> str:
    """The file's SHA-256 in hexadecimal."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


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


def _faulty(path: str, kind: str, line: int, message: str) -> Form[Any]:
    return Form(path=path, data=None, lines={}, model=None, faults=(Fault(kind, (), line, message),))


def _note_lines(node: yaml.Node | None, place: Place, lines: dict[Place, int]) -> None:
    if node is None:
        return
    lines.setdefault(place, node.start_mark.line + 1)
    if isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            if not isinstance(key, yaml.ScalarNode):
                raise MarkedYAMLError(problem="a field's name must be a word", problem_mark=key.start_mark)
            if (*place, key.value) in lines:
                fact = f"the field `{key.value}` stands twice"
                raise MarkedYAMLError(problem=fact, problem_mark=key.start_mark)
            lines[(*place, key.value)] = key.start_mark.line + 1
            _note_lines(value, (*place, key.value), lines)
    elif isinstance(node, yaml.SequenceNode):
        for number, value in enumerate(node.value):
            _note_lines(value, (*place, number), lines)


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


def _plain(error: Mapping[str, Any], model: type[BaseModel], data: Any) -> str:
    """pydantic's finding as one sentence of fact and one of remedy."""
    field = ".".join(str(part) for part in error["loc"]) or "the form"
    match error["type"]:
        case "missing":
            return f"the field `{field}` is missing. Add it; the form's template shows an example."
        case "extra_forbidden":
            known = _known_fields(model, error["loc"])
            near = difflib.get_close_matches(str(error["loc"][-1]), known, n=1)
            hint = (
                f"Did you mean `{near[0]}`?" if near else "Remove it, or check its spelling and indentation."
            )
            return f"the field `{field}` is not known here. {hint}"
        case "model_type" | "dict_type" if data is None:
            return "the form is empty. Fill it in from its template."
        case "string_pattern_mismatch":
            pattern = error["ctx"]["pattern"]
            return f"`{field}` is {error['input']!r}, which does not fit the pattern {pattern}. Rewrite it."
        case "string_too_short":
            return f"`{field}` is empty. Fill it in."
        case "too_short":
            return f"`{field}` needs at least {error['ctx']['min_length']} entries. Add them."
        case "literal_error" | "enum":
            return f"`{field}` is {error['input']!r}; write {error['ctx']['expected']}."
        case _:
            fact = error["msg"][0].lower() + error["msg"][1:]
            return f"`{field}`: {fact} (found {error['input']!r:.60}). Correct it."


def _known_fields(model: type[BaseModel], place: Place) -> list[str]:
    """Field names of the model that stands at the parent of `place`."""
    schema = model.model_json_schema()
    node: Mapping[str, Any] = schema
    for part in place[:-1]:
        node = _resolve(schema, node)
        if isinstance(part, int):
            node = node.get("items", {})
        else:
            keyed: Any = node.get("additionalProperties") or next(
                iter(node.get("patternProperties", {}).values()), {}
            )
            node = node.get("properties", {}).get(part) or keyed
        if not isinstance(node, Mapping):
            return []
    return sorted(_resolve(schema, node).get("properties", {}))


def _resolve(schema: Mapping[str, Any], node: Mapping[str, Any]) -> Mapping[str, Any]:
    for option in node.get("anyOf", ()):
        if "$ref" in option:
            node = option
    if "$ref" in node:
        found: Mapping[str, Any] = schema["$defs"][node["$ref"].rsplit("/", 1)[-1]]
        return found
    return node
