"""Grading: every submission of a cohort to one assessment, each on its own."""

import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from time import monotonic

from nbgrader.api import Gradebook

from pmcampus import gradebook
from pmcampus.allowancefile import load_allowances
from pmcampus.claims import Graded, Run
from pmcampus.cohort import role_ids
from pmcampus.cohortdir import database_url, load_cohort, load_roster, read_timestamp, stored_url
from pmcampus.cohortkey import numbers
from pmcampus.content import load_style
from pmcampus.coursedir import checksums, feedback_path, lay_out, marked_path, save_cells, submitted_path
from pmcampus.environment import computing_digest, environment
from pmcampus.errors import CohortError
from pmcampus.feedback import feedback
from pmcampus.files import write_text
from pmcampus.forms import load_form
from pmcampus.kept import keep, write_head
from pmcampus.many import mark_all, mark_all_on_dask
from pmcampus.marking import Marked
from pmcampus.model.cohort import CohortForm, Learner, Record
from pmcampus.model.module import ModuleForm
from pmcampus.paper import Paper
from pmcampus.receive import MAX_BYTES, fingerprint
from pmcampus.regrade import Policy
from pmcampus.releases.pins import cohort_paper, cohort_root, refuse_other_versions
from pmcampus.terms import Terms, terms_of

__all__ = ["Way", "grade", "write_feedback"]

Tell = Callable[[str, int, int], None]


# What one submission may take beyond its cells: starting a kernel, stopping a stubborn one.
SLACK_SECONDS = 300.0


@dataclass(frozen=True)
class Way:
    """How submissions are marked: on so many cores here or on a cluster, and whether a sandbox must hold."""

    workers: int | None = None
    dask: str | None = None
    unsafe: bool = False

    def mark_all(
        self, paper: Paper, todo: Iterator[tuple[str, bytes]], numbers: dict[str, int]
    ) -> Iterator[tuple[str, Marked | str]]:
        """Each learner's marked submission, or why we failed to mark it, as they finish."""
        if self.dask:
            return mark_all_on_dask(paper, todo, address=self.dask, unsafe=self.unsafe, numbers=numbers)
        return mark_all(paper, todo, workers=self.workers, unsafe=self.unsafe, numbers=numbers)


def grade(
    folder: Path,
    assessment: str,
    *,
    root: Path,
    workers: int | None = None,
    dask: str | None = None,
    unsafe: bool = False,
    again: bool = False,
    policy: Policy = Policy.EXACT,
    tell: Tell = lambda learner, done, total: None,
) -> Graded:
    """Every submission marked that is new or changed, with feedback pages written for all.

    Who handed in first is marked first.

    Several runs share the work: each takes what no other is marking. A run that was killed is
    finished by the next one.

    Args:
        workers: submissions at a time; by default two per core.
        dask: the address of a Dask cluster that does the marking instead.
        unsafe: mark where a layer of the sandbox is missing; the ledger says so.
        again: mark unchanged submissions too.
        policy: whether marking the same work again may lower a score.
        tell: called after each submission with the learner's id, how many are done, and of how many.

    Raises:
        CohortError: unknown assessment or cohort, or the database is out of reach; what was
            finished is kept.
    """
    began = monotonic()
    cohort = load_cohort(folder)
    paper = cohort_paper(cohort, assessment, root)
    learners = load_roster(folder, cohort, roles=role_ids(root))
    url = database_url(folder, cohort)
    with gradebook.open_gradebook(url, cohort.course) as book:
        if not again:
            earlier = {id: record.version for id, record in gradebook.records(book, assessment).items()}
            ids = [learner.id for learner in learners]
            refuse_other_versions(folder, cohort, assessment, marked=earlier, learners=ids)
        _prepare(book, folder, url, cohort, paper, learners)
        done = Graded(strangers=_strangers(folder, assessment, {learner.id for learner in learners}))
        if cohort.environment not in (None, computing_digest()):
            done.notes.append(
                "Python or a package that marks are computed with has changed since the cohort pinned it; "
                "marks of before stay, and --again shows whether one would differ."
            )
        done.notes += _odd_dues(cohort, root)
        known = gradebook.marked(book, assessment)
        todo = _first_come(folder, paper, _to_mark(folder, paper, learners, {} if again else known, done))
        granted = load_allowances(folder)
        done.missing = [id for id in done.missing if not terms_of(cohort, granted, id, assessment).excused]
        if todo:
            keep(folder, environment().encode(), "txt")
        seconds = paper.form.limits.cell_seconds * len(paper.official.cells) + SLACK_SECONDS
        with gradebook.at_work(book, folder, seconds=seconds) as holder:
            run = Run(book, folder, paper, holder, known, again, policy, done)
            ours = run.claimed(todo, workers or os.cpu_count() or 1)
            own = numbers(folder, assessment, paper.form, todo)
            outcomes = Way(workers, dask, unsafe).mark_all(paper, ours, own) if todo else iter(())
            for count, (learner_id, marked) in enumerate(outcomes, start=1):
                run.keep(learner_id, marked)
                done.seconds.append(monotonic() - began)
                tell(learner_id, count + len(done.elsewhere), len(todo))
        write_feedback(book, folder, root=root, paper=paper, cohort=cohort, learners=learners)
        head = gradebook.last_row(book)
        if head:
            write_head(folder, head.id, head.digest)
    return done


def _prepare(
    book: Gradebook, folder: Path, url: str, cohort: CohortForm, paper: Paper, learners: list[Learner]
) -> None:
    """Learners and cells in the gradebook, and nbgrader's folders, by one run at a time."""
    with gradebook.exclusive(url, "preparing"):
        gradebook.enrol(book, learners)
        gradebook.open_assessment(book, paper.id, cohort.deadline(paper.id))
        if not gradebook.has_cells(book, paper.id, checksums(paper.official)):
            save_cells(paper.official, database=url, course_id=cohort.course, assessment=paper.id)
        stored = stored_url(folder, cohort)
        lay_out(folder, course_id=cohort.course, database=stored, assessment=paper.id, source=paper.source)


def _odd_dues(cohort: CohortForm, root: Path) -> list[str]:
    """Due moments of what there is not: a slip in the name, by which nobody would be late."""
    return [
        f"cohort.yaml says when {name!r} is due, which is no assessment of this cohort and no case; "
        "nobody is late by it: correct the name."
        for name in sorted(cohort.due.keys() - cohort.assessments.keys())
        if not (root / "case_studies" / name).is_dir()
    ]


def _to_mark(
    folder: Path, paper: Paper, learners: list[Learner], known: dict[str, gradebook.Marking], done: Graded
) -> dict[str, bytes]:
    """What was handed in and is not marked yet, or whose marked notebook is gone."""
    todo: dict[str, bytes] = {}
    for learner in learners:
        try:
            handed_in = _read(folder, submitted_path(folder, learner.id, paper.id))
        except CohortError as problem:
            done.failed[learner.id] = str(problem)
            continue
        if handed_in is None:
            done.missing.append(learner.id)
            continue
        marking = known.get(learner.id)
        is_marked = marking and (marking.paper, marking.submission) == (paper.digest, fingerprint(handed_in))
        if (
            marking
            and is_marked
            and (marking.is_refused or marked_path(folder, learner.id, paper.id).is_file())
        ):
            done.unchanged.append(learner.id)
        else:
            todo[learner.id] = handed_in
    return todo


def _first_come(folder: Path, paper: Paper, todo: dict[str, bytes]) -> dict[str, bytes]:
    """The same in the order of handing in; where nobody noted the moment, the file's own time counts."""

    def moment(learner: str) -> tuple[float, str]:
        place = submitted_path(folder, learner, paper.id)
        noted = read_timestamp(place.parent / "timestamp.txt")
        return (noted.timestamp() if noted else place.stat().st_mtime, learner)

    return {learner: todo[learner] for learner in sorted(todo, key=moment)}


def write_feedback(
    book: Gradebook, folder: Path, *, root: Path, paper: Paper, cohort: CohortForm, learners: list[Learner]
) -> None:
    """One page for each learner who handed in, made anew: a person may have marked meanwhile."""
    style = load_style(root)
    place = cohort_root(cohort, paper.id, root)
    module = load_form(place, place / "modules" / paper.form.module / "module.yaml", ModuleForm).value
    records = gradebook.records(book, paper.id)
    granted = load_allowances(folder)
    for learner in learners:
        record = records.get(learner.id)
        if record is not None:
            terms = terms_of(cohort, granted, learner.id, paper.id)
            page = _page(record, paper, module, cohort, terms, style)
            write_text(feedback_path(folder, learner.id, paper.id), page)


def _page(
    record: Record, paper: Paper, module: ModuleForm, cohort: CohortForm, terms: Terms, style: str
) -> str:
    cells = {item.cell: paper.graded_cell(item) for item in paper.form.items}
    return feedback(
        record,
        form=paper.form,
        graded_cells=cells,
        module=module,
        terms=terms,
        fictitious=cohort.fictitious,
        style=style,
    )


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
