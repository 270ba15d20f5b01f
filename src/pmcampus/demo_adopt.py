"""A second campus at a made-up institution: it adopts a module, adapts its law and words, and updates it."""

import shutil
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

import yaml

from pmcampus.cohort import new
from pmcampus.errors import ReleaseError
from pmcampus.files import write_text
from pmcampus.forms import load_form
from pmcampus.model.adoption import OVERLAY, OVERLAYS
from pmcampus.model.curriculum import CurriculumForm
from pmcampus.releases.adopt import adopt
from pmcampus.releases.shelf import released
from pmcampus.releases.update import apply, plan
from pmcampus.versions import version_key

MODULE = "data-protection"
PATHWAY = "clinician"
LAYER = {
    "version": "1.0.0",
    "versions": "^1.0",
    "because": "Our learners read Italian, and Italian law holds here. The institution is made up.",
    "language": "it",
    "jurisdiction": "IT",
    "texts": {"title": "Protezione dei dati genetici e sanitari"},
    "lessons": {"legal-bases": {"title": "Le basi giuridiche"}},
}
CONTACTS = """# Contatti

Questa istituzione è inventata, per la dimostrazione.

- Responsabile della protezione dei dati: nessuno, l'ospedale non esiste.
- Autorità di controllo: il Garante per la protezione dei dati personali.
"""


@dataclass(frozen=True)
class SecondCampus:
    """Where it lies, and the plan of its update as a page of text."""

    folder: Path
    plan: Path


def second_campus(
    root: Path, folder: Path, *, today: date, progress: Callable[[str], None] = lambda step: None
) -> SecondCampus | None:
    """A module adopted in its first version with a local layer, a plan of its update, and the update.

    Of two cohorts the one that has begun keeps its version. None where the module has only one release.

    Args:
        root: the campus whose releases are adopted.
        folder: a new folder for the second campus and its cohorts.

    Raises:
        CampusError: a step fails.
    """
    versions = [manifest.version for manifest in released(root, f"modules/{MODULE}")]
    if len(versions) < 2:
        return None
    first = min(versions, key=version_key)
    campus, cohorts = folder / "campus", folder / "cohorts"
    _forms(root, campus)
    _layer(campus)
    progress(f"second campus: {MODULE} {first} adopted from this one, with a local layer in Italian")
    adopt(str(root), f"{MODULE}@{first}", root=campus, today=today)
    for name, starts in (("began", today - timedelta(weeks=3)), ("begins", today + timedelta(weeks=6))):
        new(cohorts / name, root=campus, pathway=PATHWAY, title=f"A cohort that {name}", starts=starts)

    progress("second campus: plan of the update, and the update")
    steps = plan([f"modules/{MODULE}"], root=campus, today=today, asked="^1.0", cohorts=[cohorts])
    if not steps:
        raise ReleaseError(f"modules/{MODULE}: no version after {first} is in the range ^1.0; release one.")
    page = folder / "update-plan.txt"
    write_text(page, "\n".join(step.text() for step in steps))
    apply(steps, root=campus, today=today, cohorts=[cohorts])
    return SecondCampus(campus, page)


def _forms(root: Path, campus: Path) -> None:
    """The curriculum's shared forms, and a curriculum of its own without modules."""
    (campus / "curriculum").mkdir(parents=True)
    for path in sorted((root / "curriculum").iterdir()):
        if path.is_file() and path.name != "curriculum.yaml":
            shutil.copy(path, campus / "curriculum" / path.name)
    form = load_form(root, root / "curriculum" / "curriculum.yaml", CurriculumForm).value
    own = form.model_copy(update={"title": "Campus di prova (made up)", "modules": (), "case_studies": ()})
    text = yaml.safe_dump(own.model_dump(mode="json"), sort_keys=False, allow_unicode=True)
    write_text(campus / "curriculum" / "curriculum.yaml", text)


def _layer(campus: Path) -> None:
    shelf = campus / OVERLAYS / "modules" / MODULE
    write_text(shelf / OVERLAY, yaml.safe_dump(LAYER, sort_keys=False, allow_unicode=True))
    write_text(shelf / "files" / "contacts.md", CONTACTS)
