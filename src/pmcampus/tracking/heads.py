"""What a cohort takes, as heads of columns; read again only after its files changed."""

from collections.abc import Mapping
from functools import lru_cache
from math import fsum
from pathlib import Path

import nbformat

from pmcampus.casepaper import load_case_form
from pmcampus.errors import CohortError, ContentError
from pmcampus.forms import load_form
from pmcampus.model.assessment import AssessmentForm, check_cell
from pmcampus.model.cohort import CohortForm
from pmcampus.model.notebook import is_graded, mark_of, name_of
from pmcampus.model.tracking import AssessmentHead, ItemHead
from pmcampus.releases.pins import cohort_root
from pmcampus.teamwork.sheet import parts

KEPT = 256
_PLACES: dict[tuple[object, ...], Path] = {}


def needed(head: AssessmentHead) -> float:
    """The points that pass it."""
    return head.passing_score * head.points / 100


def assessment_head(root: Path, cohort: CohortForm, assessment: str) -> AssessmentHead:
    """The assessment with its items and points, in the version that the cohort pinned.

    Raises:
        CohortError: that version is neither here nor released, and no version whose scores compare.
        ContentError: its form or its notebook cannot be read.
    """
    form, points = form_and_points(root, cohort, assessment)
    cells = {item.cell: _graded(item.cell, points) for item in form.items}
    hurdles = {hurdle.cell: hurdle.at_least for hurdle in form.hurdles}
    items = item_heads(form, points)
    return AssessmentHead(
        id=assessment,
        title=form.title,
        version=form.version,
        kind=form.kind,
        points=sum(item.points for item in items),
        passing_score=form.passing_score,
        due=cohort.due.get(assessment),
        items=items,
        hurdles=tuple((cells[item.cell], hurdles[item.cell]) for item in form.items if item.cell in hurdles),
        module=form.module,
    )


def item_heads(form: AssessmentForm, points: Mapping[str, float]) -> tuple[ItemHead, ...]:
    """The items in the form's order, by the graded cells that carry their points."""
    cells = {item.cell: _graded(item.cell, points) for item in form.items}
    return tuple(
        ItemHead(
            cell=cells[item.cell],
            title=item.title,
            competency=item.competency,
            points=points[cells[item.cell]],
            automatic=item.marked == "automatically",
            level=item.level.value,
        )
        for item in form.items
    )


def case_head(root: Path, cohort: CohortForm, case: str) -> AssessmentHead:
    """A team case with its parts and their points.

    Raises:
        ContentError: its form cannot be read.
    """
    form = load_case_form(root, case)
    own = {f"prework-{item.cell}": item for item in form.marks.prework}
    own |= {f"team-{item.cell}": item for item in form.marks.team_items}
    items = tuple(
        ItemHead(
            cell=part.cell,
            title=part.title,
            competency=part.competency,
            points=part.points,
            automatic=part.automatic,
            level=own[part.cell].level.value if part.cell in own else "",
        )
        for part in parts(form)
    )
    return AssessmentHead(
        id=case,
        title=f"{form.code} {form.title}",
        version=form.version,
        kind="formative",
        points=fsum(item.points for item in items),
        passing_score=form.marks.passing_score,
        due=cohort.due.get(case),
        items=items,
    )


def form_and_points(
    root: Path, cohort: CohortForm, assessment: str
) -> tuple[AssessmentForm, dict[str, float]]:
    """The assessment's form, and the points of its graded cells.

    Raises:
        CohortError, ContentError: see `assessment_head`.
    """
    pin = cohort.pin(f"assessments/{assessment}")
    where = (root, assessment, pin.version, pin.digest, _state(root, assessment))
    place = _PLACES.get(where)
    if place is None:
        place = _PLACES[where] = _place(root, cohort, assessment, pin.version)
    return _read(place, assessment, _state(place, assessment))


def _place(root: Path, cohort: CohortForm, assessment: str, version: str) -> Path:
    """Where the pinned version lies; looking does not need the very one, if only scores compare."""
    try:
        return cohort_root(cohort, assessment, root)
    except CohortError:
        path = root / "assessments" / assessment / "assessment.yaml"
        form = load_form(root, path, AssessmentForm).model if path.is_file() else None
        if form is None or form.version.partition(".")[0] != version.partition(".")[0]:
            raise
        return root


def _state(root: Path, assessment: str) -> tuple[int, ...]:
    folder = root / "assessments" / assessment
    files = (folder / "assessment.yaml", folder / f"{assessment}.ipynb")
    return tuple(path.stat().st_mtime_ns if path.is_file() else 0 for path in files)


@lru_cache(KEPT)
def _read(root: Path, assessment: str, state: tuple[int, ...]) -> tuple[AssessmentForm, dict[str, float]]:
    folder = root / "assessments" / assessment
    form = load_form(root, folder / "assessment.yaml", AssessmentForm).value
    path = folder / f"{assessment}.ipynb"
    try:
        cells = nbformat.reads(path.read_text("utf-8"), 4).cells
        points = {name_of(cell): float(mark_of(cell)["points"]) for cell in cells if is_graded(cell)}
    except Exception as problem:  # nbformat has no error of its own for what is no notebook
        raise ContentError(f"{path}: the notebook cannot be read ({type(problem).__name__}).") from problem
    missing = [item.cell for item in form.items if _graded(item.cell, points) not in points]
    if missing:
        raise ContentError(f"{path}: no graded cell carries the item {missing[0]!r}; add it or take it away.")
    return form, points


def _graded(cell: str, points: Mapping[str, float]) -> str:
    """The name of the cell that carries an item's points."""
    return check_cell(cell) if check_cell(cell) in points else cell
