"""An assessment ready to be handed out and marked."""

import hashlib
from dataclasses import dataclass
from pathlib import Path

import nbformat
from nbformat import NotebookNode

from pmcampus.content import load_form
from pmcampus.coursedir import official_version, release_version
from pmcampus.errors import ContentError
from pmcampus.model.assessment import AssessmentForm, Item, check_cell
from pmcampus.model.notebook import SOLUTION, is_answer, is_graded, mark_of, name_of
from pmcampus.restore import answer_cells


@dataclass(frozen=True)
class Paper:
    """One version of an assessment: its form, and its notebook in the three states it has."""

    id: str
    folder: Path
    form: AssessmentForm
    source: NotebookNode
    official: NotebookNode
    release: NotebookNode

    @property
    def digest(self) -> str:
        """What decides a mark, in one number: form and official notebook."""
        text = self.form.model_dump_json() + nbformat.writes(self.official, 4)
        return hashlib.sha256(text.encode()).hexdigest()

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

    @property
    def data_files(self) -> list[Path]:
        """Files that learners get beside the notebook."""
        data = self.folder / "data"
        return sorted(p for p in data.iterdir() if p.name != "sources.yaml") if data.is_dir() else []

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
    return Paper(assessment, folder, form, source, official_version(source), release)
