"""Cohorts that pin an adopted version: which have begun and keep it, and which move along."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import NamedTuple

from pmcampus.cohortdir import load_cohort, write_cohort
from pmcampus.errors import ReleaseError
from pmcampus.model.cohort import CohortForm
from pmcampus.releases.adopting import load_adopted
from pmcampus.releases.overlays import overlay_pin
from pmcampus.releases.shelf import manifest_digest


class Repinned(NamedTuple):
    """What was said of each cohort: moved, or kept as it is."""

    moved: list[str]
    kept: list[str]


@dataclass(frozen=True)
class Affected:
    """A cohort that pins an adopted version; one that has begun keeps it."""

    folder: Path
    title: str
    pinned: str
    begun: str = ""

    def sentence(self) -> str:
        """What an update would do to it."""
        rest = f"keeps {self.pinned}: {self.begun}" if self.begun else f"would move from {self.pinned}"
        return f"{self.title} ({self.folder.name}) {rest}"


def cohort_folders(places: Iterable[Path]) -> Iterable[Path]:
    """The cohorts' folders: those named, and those that lie in the ones named.

    Raises:
        ReleaseError: no cohort is there.
    """
    for place in places:
        held = (
            [place]
            if (place / "cohort.yaml").is_file()
            else sorted(p.parent for p in place.glob("*/cohort.yaml"))
        )
        if not held:
            raise ReleaseError(f"{place}: no cohort is here or in the folders below; name a cohort's folder.")
        yield from held


def affected(folders: Iterable[Path], name: str, today: date) -> Iterable[Affected]:
    """The cohorts that pin this release."""
    for folder in folders:
        cohort = load_cohort(folder)
        held = _held(cohort, name)
        if held is not None:
            yield Affected(folder, cohort.title, held, _begun(folder, cohort, today))


def _held(cohort: CohortForm, name: str) -> str | None:
    shelf, _, id = name.partition("/")
    return {"modules": cohort.modules, "assessments": cohort.assessments}.get(shelf, {}).get(id)


def _begun(folder: Path, cohort: CohortForm, today: date) -> str:
    """Why its pins must stay; empty while nobody has begun."""
    if cohort.starts <= today:
        return f"it began on {cohort.starts}"
    if any((folder / "submitted").glob("*/*")):
        return "something was handed in"
    return ""


def repin(root: Path, folders: Iterable[Path], name: str, today: date) -> Repinned:
    """Cohorts that have not begun take the campus's version; the others stay as they are."""
    shelf, _, id = name.partition("/")
    version = load_adopted(root).adopted[name].version
    done = Repinned([], [])
    for one in affected(folders, name, today):
        if one.begun:
            done.kept.append(one.sentence())
            continue
        cohort = load_cohort(one.folder)
        overlay = overlay_pin(root, name)
        overlays = {k: v for k, v in cohort.overlays.items() if k != name}
        change = {
            shelf: {**getattr(cohort, shelf), id: version},
            "digests": {**cohort.digests, name: manifest_digest(root, name, version)},
            "overlays": overlays | ({name: overlay} if overlay else {}),
        }
        write_cohort(one.folder, cohort.model_copy(update=change))
        done.moved.append(f"{one.title} ({one.folder.name}) now takes {name} {version}")
    return done
