"""What a cohort takes, as heads of columns; read once for each state of its files."""

from functools import lru_cache
from pathlib import Path

from pmcampus.model.cohort import CohortForm
from pmcampus.model.tracking import AssessmentHead, ItemHead
from pmcampus.paper import Paper, load_paper

KEPT = 256


def assessment_head(root: Path, cohort: CohortForm, assessment: str) -> AssessmentHead:
    """The assessment with its items and points, in the version this curriculum holds.

    Raises:
        ContentError: its form or its notebook cannot be read.
    """
    paper = cached_paper(root, assessment)
    points = paper.points()
    items = tuple(
        ItemHead(
            cell=paper.graded_cell(item),
            title=item.title,
            competency=item.competency,
            points=points[paper.graded_cell(item)],
            automatic=item.marked == "automatically",
            level=item.level.value,
        )
        for item in paper.form.items
    )
    return AssessmentHead(
        id=assessment,
        title=paper.form.title,
        version=paper.form.version,
        kind=paper.form.kind,
        points=sum(item.points for item in items),
        passing_score=paper.form.passing_score,
        due=cohort.due.get(assessment),
        items=items,
    )


def cached_paper(root: Path, assessment: str) -> Paper:
    """The assessment, read again only after its folder's files changed."""
    folder = root / "assessments" / assessment
    files = (folder / "assessment.yaml", folder / f"{assessment}.ipynb")
    state = tuple(path.stat().st_mtime_ns if path.is_file() else 0 for path in files)
    return _paper(root, assessment, state)


@lru_cache(KEPT)
def _paper(root: Path, assessment: str, state: tuple[int, ...]) -> Paper:
    return load_paper(root, assessment)
