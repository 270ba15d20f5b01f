"""Grading: every submission of a cohort to one assessment, each on its own."""

import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from nbgrader.api import Gradebook

from pmcampus import gradebook
from pmcampus.cohort import role_ids
from pmcampus.cohortdir import alone, database_url, load_cohort, load_roster, read_timestamp, stored_url
from pmcampus.content import load_form, load_style, write_text
from pmcampus.coursedir import feedback_path, lay_out, marked_path, save_cells, submitted_path, write_marked
from pmcampus.errors import CohortError
from pmcampus.feedback import feedback
from pmcampus.many import mark_all, mark_all_on_dask
from pmcampus.marking import Marked
from pmcampus.model.cohort import CohortForm, Learner, Record
from pmcampus.model.module import ModuleForm
from pmcampus.model.verdict import Verdict
from pmcampus.paper import Paper, load_paper
from pmcampus.progress import ItemHead, Progress, progress
from pmcampus.receive import MAX_BYTES, fingerprint
from pmcampus.reports import report

Tell = Callable[[str, int, int], None]


@dataclass
class Graded:
    """What one run of grading did, by learner's id."""

    marked: list[str] = field(default_factory=list)
    refused: dict[str, str] = field(default_factory=dict)
    unchanged: list[str] = field(default_factory=list)
    failed: dict[str, str] = field(default_factory=dict)
    missing: list[str] = field(default_factory=list)
    strangers: list[str] = field(default_factory=list)


def grade(
    folder: Path,
    assessment: str,
    *,
    root: Path,
    workers: int | None = None,
    dask: str | None = None,
    unsafe: bool = False,
    again: bool = False,
    tell: Tell = lambda learner, done, total: None,
) -> Graded:
    """Every submission marked that is new or changed, with feedback pages written for all.

    Args:
        workers: submissions at a time; by default one per core.
        dask: the address of a Dask cluster that does the marking instead.
        unsafe: mark where a layer of the sandbox is missing; the ledger says so.
        again: mark unchanged submissions too.
        tell: called after each submission with the learner's id, how many are done, and of how many.

    Raises:
        CohortError: unknown assessment or cohort, another run is marking this cohort, or the
            database is out of reach; nothing was marked.
    """
    with alone(folder):
        return _grade(folder, assessment, Way(workers, dask, unsafe), root=root, again=again, tell=tell)


@dataclass(frozen=True)
class Way:
    """How submissions are marked: on so many cores here or on a cluster, and whether a sandbox must hold."""

    workers: int | None = None
    dask: str | None = None
    unsafe: bool = False

    def mark_all(self, paper: Paper, todo: dict[str, bytes]) -> Iterator[tuple[str, Marked | str]]:
        """Each learner's marked submission, or why we failed to mark it, as they finish."""
        if self.dask:
            return mark_all_on_dask(paper, todo, address=self.dask, unsafe=self.unsafe)
        return mark_all(paper, todo, workers=self.workers, unsafe=self.unsafe)


def _grade(folder: Path, assessment: str, way: Way, *, root: Path, again: bool, tell: Tell) -> Graded:
    cohort = load_cohort(folder)
    paper = cohort_paper(cohort, assessment, root)
    learners = load_roster(folder, cohort, roles=role_ids(root))
    url = database_url(folder, cohort)
    with gradebook.open_gradebook(url, cohort.course) as book:
        gradebook.enrol(book, learners)
        gradebook.open_assessment(book, assessment, cohort.due.get(assessment))
    save_cells(paper.official, database=url, course_id=cohort.course, assessment=assessment)
    stored = stored_url(folder, cohort)
    lay_out(folder, course_id=cohort.course, database=stored, assessment=assessment, source=paper.source)

    done = Graded(strangers=_strangers(folder, assessment, {learner.id for learner in learners}))
    with gradebook.open_gradebook(url, cohort.course) as book:
        known = {} if again else gradebook.marked_digests(book, assessment)
        todo: dict[str, bytes] = {}
        for learner in learners:
            try:
                handed_in = _read(folder, submitted_path(folder, learner.id, assessment))
            except CohortError as problem:
                done.failed[learner.id] = str(problem)
                continue
            if handed_in is None:
                done.missing.append(learner.id)
            elif known.get(learner.id) == (paper.digest, fingerprint(handed_in)):
                done.unchanged.append(learner.id)
            else:
                todo[learner.id] = handed_in
        for count, (learner_id, marked) in enumerate(way.mark_all(paper, todo), start=1):
            _keep(book, folder, paper, learner_id, marked, done)
            tell(learner_id, count, len(todo))
        write_feedback(book, folder, root=root, paper=paper, cohort=cohort, learners=learners)
    return done


def cohort_paper(cohort: CohortForm, assessment: str, root: Path) -> Paper:
    """The assessment, in the version this cohort pinned.

    Raises:
        CohortError: the cohort does not take it, or this checkout has another version.
    """
    if assessment not in cohort.assessments:
        raise CohortError(
            f"{assessment!r} is not an assessment of this cohort; "
            f"choose one of {', '.join(cohort.assessments) or 'none: cohort.yaml pins no assessment'}."
        )
    paper = load_paper(root, assessment)
    if paper.form.version != cohort.assessments[assessment]:
        raise CohortError(
            f"{assessment}: the cohort pins version {cohort.assessments[assessment]}, this curriculum holds "
            f"{paper.form.version}; check out the pinned version, "
            "or change the pin in cohort.yaml before anybody hands in."
        )
    return paper


def cohort_progress(folder: Path, assessment: str, *, root: Path, as_of: datetime) -> Progress:
    """What the cohort has reached in this assessment.

    Raises:
        CohortError: see `grade`.
    """
    cohort = load_cohort(folder)
    paper = cohort_paper(cohort, assessment, root)
    learners = load_roster(folder, cohort, roles=role_ids(root))
    with gradebook.open_gradebook(database_url(folder, cohort), cohort.course) as book:
        records = gradebook.records(book, assessment)
    points = paper.points()
    unmarked = {
        learner.id
        for learner in learners
        if learner.id not in records and submitted_path(folder, learner.id, assessment).exists()
    }
    return progress(
        learners,
        records,
        items=tuple(
            ItemHead(
                cell=paper.graded_cell(item),
                title=item.title,
                competency=item.competency,
                points=points[paper.graded_cell(item)],
                automatic=item.marked == "automatically",
            )
            for item in paper.form.items
        ),
        hurdles={
            paper.graded_cell(item): (hurdle.at_least, hurdle.because)
            for hurdle in paper.form.hurdles
            for item in paper.form.items
            if item.cell == hurdle.cell
        },
        passing_score=paper.form.passing_score,
        cohort=cohort.title,
        assessment=assessment,
        title=paper.form.title,
        version=paper.form.version,
        unmarked=frozenset(unmarked),
        fictitious=cohort.fictitious,
        as_of=as_of,
        due=cohort.due.get(assessment),
    )


def progress_report(folder: Path, assessment: str | None, kind: str, *, root: Path, as_of: datetime) -> str:
    """The report of this kind; without an assessment, of the cohort's only one.

    Raises:
        CohortError: the cohort takes several assessments and none was named; or see `grade`.
    """
    cohort = load_cohort(folder)
    if assessment is None:
        if len(cohort.assessments) != 1:
            raise CohortError(
                f"{folder}: name one of the assessments {', '.join(cohort.assessments) or '(none pinned)'}."
            )
        assessment = next(iter(cohort.assessments))
    found = cohort_progress(folder, assessment, root=root, as_of=as_of)
    return report(kind, found, style=load_style(root) if kind == "html" else "")


def write_feedback(
    book: Gradebook, folder: Path, *, root: Path, paper: Paper, cohort: CohortForm, learners: list[Learner]
) -> None:
    """One page for each learner who handed in, made anew: a person may have marked meanwhile."""
    style = load_style(root)
    module = load_form(root, root / "modules" / paper.form.module / "module.yaml", ModuleForm).value
    records = gradebook.records(book, paper.id)
    for learner in learners:
        record = records.get(learner.id)
        if record is not None:
            page = _page(record, paper, module, cohort, style)
            write_text(feedback_path(folder, learner.id, paper.id), page)


def _page(record: Record, paper: Paper, module: ModuleForm, cohort: CohortForm, style: str) -> str:
    cells = {item.cell: paper.graded_cell(item) for item in paper.form.items}
    return feedback(
        record,
        form=paper.form,
        graded_cells=cells,
        module=module,
        due=cohort.due.get(paper.id),
        fictitious=cohort.fictitious,
        style=style,
    )


def _keep(
    book: Gradebook, folder: Path, paper: Paper, learner: str, marked: Marked | str, done: Graded
) -> None:
    if isinstance(marked, str):
        done.failed[learner] = marked
        return
    verdict: Verdict = marked.verdict
    try:
        handed_in = read_timestamp(submitted_path(folder, learner, paper.id).parent / "timestamp.txt")
    except CohortError as problem:
        done.failed[learner] = str(problem)
        return
    if marked.notebook is not None:
        write_marked(marked_path(folder, learner, paper.id), marked.notebook)
    gradebook.record(book, learner, verdict, paper=paper.digest, handed_in=handed_in)
    if verdict.refused is None:
        done.marked.append(learner)
    else:
        done.refused[learner] = verdict.refused


def _read(folder: Path, path: Path) -> bytes | None:
    """What was handed in, or one byte more than is allowed of it; None when nothing was.

    Raises:
        CohortError: there is something, but no file of this learner's own that can be read.
    """
    try:
        path.lstat()
        own = Path(os.path.realpath(path)) == os.path.realpath(folder) / path.relative_to(folder)
        if not own or not path.is_file():
            raise CohortError(f"{path}: a link, a folder or a pipe is here; put the notebook itself here.")
        with path.open("rb") as file:
            return file.read(MAX_BYTES + 1)
    except (FileNotFoundError, NotADirectoryError):
        return None
    except OSError as problem:
        raise CohortError(
            f"{path}: the file cannot be read ({problem.strerror}); correct its permissions."
        ) from problem


def _strangers(folder: Path, assessment: str, known: set[str]) -> list[str]:
    """Folders with a submission of somebody who is not on the roster."""
    shelf = folder / "submitted"
    if not shelf.is_dir():
        return []
    return sorted(p.name for p in shelf.iterdir() if (p / assessment).is_dir() and p.name not in known)
