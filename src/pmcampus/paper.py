"""An assessment ready to be handed out and marked."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import nbformat
from nbformat import NotebookNode

from pmcampus.coursedir import official_version, release_version
from pmcampus.errors import ContentError
from pmcampus.forms import load_form
from pmcampus.model.assessment import AssessmentForm, Item, check_cell
from pmcampus.model.notebook import SOLUTION, is_answer, is_graded, mark_of, name_of
from pmcampus.names import defined
from pmcampus.restore import answer_cells


@dataclass(frozen=True)
class Paper:
    """One version of an assessment: its form, its notebook in the three states it has, and its data files.

    It is all that marking needs, so it can be sent to a machine that holds neither content nor cohort.
    """

    id: str
    folder: Path
    form: AssessmentForm
    source: NotebookNode
    official: NotebookNode
    release: NotebookNode
    data: Mapping[str, bytes]

    @cached_property
    def digest(self) -> str:
        """What decides a mark, in one number: form, official notebook, and data."""
        found = hashlib.sha256((self.form.model_dump_json() + nbformat.writes(self.official, 4)).encode())
        for name, content in sorted(self.data.items()):
            found.update(name.encode() + hashlib.sha256(content).digest())
        return found.hexdigest()

    @cached_property
    def answer_names(self) -> Mapping[str, frozenset[str]]:
        """The names that each answer cell defines, in its starter or in its reference solution."""
        answers = (cell for cell in self.source.cells if cell.cell_type == "code" and is_answer(cell))
        return {name_of(cell): defined(cell.source) for cell in answers}

    @property
    def answers(self) -> frozenset[str]:
        """Names of the cells in which learners write."""
        return answer_cells(self.official)

    @property
    def starters(self) -> dict[str, str]:
        """The text of each answer cell as learners get it."""
        return {name_of(cell): cell.source for cell in self.release.cells if is_answer(cell)}

    @property
    def references(self) -> dict[str, str]:
        """The reference solution of each answer cell, without its starter."""
        answers = filter(is_answer, self.source.cells)
        return {name_of(cell): "\n".join(SOLUTION.findall(cell.source)) for cell in answers}

    def graded_cell(self, item: Item) -> str:
        """The name of the cell that carries this item's points."""
        return check_cell(item.cell) if check_cell(item.cell) in self.points() else item.cell

    def points(self) -> dict[str, float]:
        """Points by graded cell, in the notebook's order."""
        return {
            name_of(cell): float(mark_of(cell)["points"]) for cell in self.official.cells if is_graded(cell)
        }


def paper_ids(root: Path) -> list[str]:
    """Every assessment of this curriculum."""
    shelf = root / "assessments"
    return (
        sorted(p.name for p in shelf.iterdir() if (p / "assessment.yaml").is_file()) if shelf.is_dir() else []
    )


def load_paper(root: Path, assessment: str) -> Paper:
    """The assessment with this id.

    Raises:
        ContentError: there is none, or its form or notebook cannot be used.
    """
    known = paper_ids(root)
    if assessment not in known:
        raise ContentError(
            f"assessments/{assessment}: there is no such assessment; "
            f"choose one of {', '.join(known) or 'none yet (make one with `pmcampus new assessment`)'}."
        )
    folder = root / "assessments" / assessment
    path = folder / f"{assessment}.ipynb"
    try:
        source = nbformat.read(path, as_version=4)
    except FileNotFoundError:
        raise ContentError(f"{path}: the assessment's notebook is missing; add it under this name.") from None
    except (UnicodeDecodeError, ValueError) as problem:
        raise ContentError(
            f"{path}: this is not a notebook ({problem}); open it in Jupyter and save it."
        ) from problem
    form = load_form(root, folder / "assessment.yaml", AssessmentForm).value
    release = release_version(source)
    release.metadata["pmcampus"] = {"assessment": assessment, "version": form.version}
    return Paper(assessment, folder, form, source, official_version(source), release, _data(folder / "data"))


def _data(folder: Path) -> dict[str, bytes]:
    """Files that learners get beside the notebook."""
    files = sorted(folder.iterdir()) if folder.is_dir() else []
    return {path.name: path.read_bytes() for path in files if path.is_file() and path.name != "sources.yaml"}
