"""What a trainee does with an assessment: get it, and check it before handing it in."""

from dataclasses import dataclass
from pathlib import Path

from pmcampus.cohort import role_ids
from pmcampus.cohortdir import load_cohort, load_roster
from pmcampus.cohortkey import numbers
from pmcampus.coursedir import write_notebook
from pmcampus.errors import CampusError, SubmissionRefused
from pmcampus.files import write_bytes
from pmcampus.marking import mark_visible
from pmcampus.model.verdict import ItemVerdict, Mark
from pmcampus.paper import load_paper, paper_ids
from pmcampus.receive import MAX_BYTES
from pmcampus.releases.pins import cohort_root
from pmcampus.variants import personal


@dataclass(frozen=True)
class Checked:
    """What the visible checks say: form only, no marks."""

    assessment: str
    items: tuple[tuple[str, ItemVerdict], ...]
    notes: tuple[str, ...]

    @property
    def all_ready(self) -> bool:
        """Whether every item has an answer that its visible check accepts."""
        return all(
            verdict.mark is not Mark.ZERO and verdict.mark is not Mark.ERROR for _, verdict in self.items
        )


def start(assessment: str, folder: Path, *, root: Path, number: int | None = None) -> Path:
    """The notebook to work in, put into `folder` with its data.

    Args:
        number: the learner's course number, to be filled in.

    Raises:
        CampusError: unknown assessment, or the folder holds work on it already.
    """
    paper = load_paper(root, assessment)
    notebook = folder / f"{assessment}.ipynb"
    if notebook.exists():
        raise CampusError(
            f"{notebook}: your work is there already and stays; name another folder to begin again."
        )
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in paper.data.items():
        write_bytes(folder / name, content)
    variant = paper.form.variant
    own = personal(paper.release, variant, number) if variant and number is not None else paper.release
    write_notebook(notebook, own)
    return notebook


def start_for_cohort(assessment: str, folder: Path, *, root: Path, cohort: Path) -> dict[str, Path]:
    """Every learner's own notebook, with their course number filled in, each in a folder named after them.

    Raises:
        CampusError: unknown assessment or cohort, nobody is enrolled, or somebody's work is there already.
    """
    form = load_cohort(cohort)
    learners = [learner.id for learner in load_roster(cohort, form, roles=role_ids(root))]
    root = cohort_root(form, assessment, root)
    paper = load_paper(root, assessment)
    own = numbers(cohort, assessment, paper.form, learners)
    if paper.form.variant and not own:
        raise CampusError(
            f"{cohort}: this cohort has no key, so its learners write the numbers of their course cards; "
            "hand out the notebook of `pmcampus start` without --cohort."
        )
    return {
        learner: start(assessment, folder / learner, root=root, number=own.get(learner))
        for learner in learners
    }


def same_number(assessment: str, *, root: Path, cohort: Path) -> list[tuple[str, ...]]:
    """Learners who drew one course number and so have the same work, as groups of ids.

    Raises:
        CampusError: see `start_for_cohort`.
    """
    form = load_cohort(cohort)
    learners = [learner.id for learner in load_roster(cohort, form, roles=role_ids(root))]
    paper = load_paper(cohort_root(form, assessment, root), assessment)
    groups: dict[int, list[str]] = {}
    for learner, number in numbers(cohort, assessment, paper.form, learners).items():
        groups.setdefault(number, []).append(learner)
    return sorted(tuple(sorted(group)) for group in groups.values() if len(group) > 1)


def check(file: Path, *, root: Path) -> Checked:
    """The visible checks of an assessment, run on this notebook as the grader would.

    Raises:
        SubmissionRefused: the file cannot be marked, with the reason.
        CampusError: the file's name says no assessment, or it cannot be read.
    """
    if file.stem not in paper_ids(root):
        raise CampusError(
            f"{file}: the file's name says no assessment; keep the name that `pmcampus start` gave it "
            f"({', '.join(paper_ids(root))})."
        )
    paper = load_paper(root, file.stem)
    try:
        with file.open("rb") as handed_in:
            content = handed_in.read(MAX_BYTES + 1)
    except OSError as problem:
        raise CampusError(f"{file}: the file cannot be read ({problem.strerror}).") from problem
    verdict = mark_visible(paper, content).verdict
    if verdict.refused:
        raise SubmissionRefused(f"{file}: {verdict.refused}")
    titles = {paper.graded_cell(item): item.title for item in paper.form.items}
    return Checked(paper.id, tuple((titles.get(v.cell, v.cell), v) for v in verdict.items), verdict.notes)
