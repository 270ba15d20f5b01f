"""A notebook of a team case, ready to be handed out and marked like an assessment."""

from collections.abc import Collection
from copy import deepcopy
from datetime import timedelta
from functools import lru_cache
from pathlib import Path

import nbformat
from nbformat import NotebookNode

from pmcampus.coursedir import official_version, release_version
from pmcampus.errors import ContentError
from pmcampus.forms import load_form
from pmcampus.model.assessment import AssessmentForm, Item, TrackMinutes
from pmcampus.model.case import CaseForm, CaseItem
from pmcampus.paper import Paper

TEAM = "team"
REVIEW_AFTER = timedelta(days=365)


def case_ids(root: Path) -> list[str]:
    """Every team case of this curriculum."""
    return sorted(path.parent.name for path in (root / "case_studies").glob("*/case.yaml"))


def load_case_form(root: Path, case: str) -> CaseForm:
    """The form of the case with this id.

    Raises:
        ContentError: there is none, or it has faults.
    """
    shelf = root / "case_studies"
    known = case_ids(root)
    if case not in known:  # a path to the same folder would lead out of the cohort's
        raise ContentError(
            f"case_studies/{case}: there is no such case; choose one of {', '.join(known) or 'none yet'}."
        )
    return load_form(root, shelf / case / "case.yaml", CaseForm).value


def load_case_paper(root: Path, case: str, part: str) -> Paper:
    """The notebook of one role, or of the `team`, in the three states a paper has.

    Raises:
        ContentError: no such case or part, or its notebook cannot be used.
    """
    form = load_case_form(root, case)
    folder = root / "case_studies" / case
    if part == TEAM:
        name, minutes, items = form.decision.notebook, form.decision.minutes, form.marks.team_items
    elif part in form.roles:
        role = form.roles[part]
        name, minutes, items = role.notebook, role.minutes, form.marks.prework
    else:
        raise ContentError(f"case_studies/{case}: {part!r} is no role of this case.")
    path = folder / name
    try:
        source, official, release = map(deepcopy, _states(path.read_text("utf-8")))
    except FileNotFoundError:
        raise ContentError(f"{path}: this notebook is missing; add it under this name.") from None
    except (UnicodeDecodeError, ValueError) as problem:
        raise ContentError(f"{path}: this is not a notebook ({problem}).") from problem
    id = f"{case}--{part}"
    release.metadata["pmcampus"] = {"case": case, "part": part, "version": form.version}
    return Paper(
        id,
        folder,
        _as_assessment(form, id, minutes, items),
        source,
        official,
        release,
        _beside(folder, files_of(form, part)),
    )


def files_of(form: CaseForm, part: str, *, played: Collection[str] | None = None) -> list[str]:
    """Which data files and sheets this role, or the team at the opening, may have.

    Args:
        played: the roles that somebody of the team plays; by default all.
    """
    shared = [*form.shared_files, form.commitment.schema_file]
    if part != TEAM:
        return sorted({*shared, *form.roles[part].files, form.roles[part].briefing})
    joint = {file for id, role in form.roles.items() if played is None or id in played for file in role.files}
    joint |= {form.decision.schema_file, *form.decision.files}
    return sorted({*shared, *joint, *filter(None, [form.commitment.recorded])})


@lru_cache(maxsize=16)
def _states(text: str) -> tuple[NotebookNode, NotebookNode, NotebookNode]:
    """A notebook as written, official and released; nbgrader takes its time, and teams ask for it often."""
    source = nbformat.reads(text, 4)
    return source, official_version(source), release_version(source)


def _beside(folder: Path, names: list[str]) -> dict[str, bytes]:
    """Data files of this role, or of the team, and no others of the folder."""
    data = [folder / name for name in names if name.startswith("data/")]
    missing = next((path for path in data if not path.is_file()), None)
    if missing is not None:
        raise ContentError(f"{missing}: this file is missing; add it or take it out of case.yaml.")
    return {path.name: path.read_bytes() for path in data}


def _as_assessment(form: CaseForm, id: str, minutes: int, items: tuple[CaseItem, ...]) -> AssessmentForm:
    """The items of a case notebook in the words of an assessment, so that one engine marks both."""
    if not items:
        raise ContentError(f"{id}: this notebook has no item that is marked by machine.")
    share = TrackMinutes(guided=minutes, build=minutes)
    return AssessmentForm.model_validate(
        {
            "title": form.title,
            "module": form.modules[0],
            "version": form.version,
            "kind": "formative",
            "minutes": share,
            "attempts": 1,
            "passing_score": 0,
            "facts_valid_as_of": form.facts_valid_as_of,
            "review_by": form.facts_valid_as_of + REVIEW_AFTER,
            "verdict": form.marks.verdict,
            "items": [
                Item(
                    cell=item.cell,
                    title=item.title,
                    competency=item.competency,
                    level=item.level,
                    bloom=item.bloom,
                    outcome=1,
                    marked="automatically",
                    minutes=share,
                    practise_in=item.practise_in,
                )
                for item in items
            ],
        }
    )
