"""Updating what was adopted: first a plan that anybody can read, then a change, and a way back."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from pmcampus.errors import ReleaseError
from pmcampus.model.adoption import Adopted, AdoptedForm
from pmcampus.model.release import VERDICTS, Index, Manifest, Pin, VerdictMatrix
from pmcampus.releases.adopt import lay_offer
from pmcampus.releases.adopting import (
    Offer,
    fetch,
    keep_release,
    lay_down,
    load_adopted,
    refuse_changed,
    write_adopted,
)
from pmcampus.releases.difference import Difference, Side, compare
from pmcampus.releases.gathering import Gathered, gather
from pmcampus.releases.merging import merge
from pmcampus.releases.overlays import adapted, overlay_pin
from pmcampus.releases.repinning import Affected, Repinned, affected, cohort_folders, repin
from pmcampus.releases.shelf import manifest_digest, released
from pmcampus.releases.sources import Source, source
from pmcampus.releases.unpacked import pinned, read_archive
from pmcampus.versions import newest, version_key


@dataclass(frozen=True)
class Step:
    """One planned update; `gathered` is what would be laid down, with new prerequisites."""

    name: str
    difference: Difference
    gathered: Gathered
    source: str
    asked: str
    cohorts: tuple[Affected, ...] = ()

    def text(self, *, brief: bool = False) -> str:
        """As a terminal shows it."""
        lines = [self.difference.text(brief=brief), "Cohorts:"]
        lines += [f"    {one.sentence()}" for one in self.cohorts] or ["    none of those named"]
        return "\n".join(lines) + "\n"


@dataclass
class Updated:
    """What was changed."""

    versions: dict[str, str] = field(default_factory=dict)
    moved: list[str] = field(default_factory=list)
    kept: list[str] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)

    def note(self, cohorts: Repinned) -> None:
        """Which cohorts moved, and which stayed."""
        self.moved += cohorts.moved
        self.kept += cohorts.kept


def plan(
    names: Sequence[str] = (),
    *,
    root: Path,
    today: date,
    place: str | None = None,
    asked: str | None = None,
    cohorts: Iterable[Path] = (),
) -> list[Step]:
    """What would change for each adopted release that its source has a newer version of; nothing is written.

    Args:
        names: adopted ids or `modules/ID`; none means all.
        place: another source than the one it was adopted from.
        asked: another range than the one it was adopted with.
        cohorts: folders of cohorts, or folders that hold several.

    Raises:
        ReleaseError: unknown name, or the source cannot be read or trusted.
    """
    folders = list(cohort_folders(cohorts))
    found = []
    sources: dict[str, tuple[Source, Index]] = {}
    for name, known in _chosen(root, names):
        here = place or known.source
        if here not in sources:
            offering = source(here)
            sources[here] = offering, offering.index()
        offering, index = sources[here]
        versions = [e.version for e in index.releases if e.name == name and not e.withdrawn]
        target = newest(versions, known.range if asked is None else asked)
        if target is None or version_key(target) <= version_key(known.version):
            continue
        gathered = gather(offering, index, name, f"=={target}", root=root)
        offer = next(o for o in gathered.offers if o.manifest.name == name)
        old = side(root, name, Pin(version=known.version, digest=known.digest))
        between = _between(offering, index, name, known.version, offer)
        found.append(
            Step(
                name=name,
                difference=compare(old, _side(offer, old), between=between),
                gathered=gathered,
                source=offering.name,
                asked=known.range if asked is None else asked,
                cohorts=tuple(affected(folders, name, today)),
            )
        )
    return found


def apply(steps: Sequence[Step], *, root: Path, today: date, cohorts: Iterable[Path] = ()) -> Updated:
    """The plan carried out: content, lock, and the pins of cohorts that have not begun.

    Raises:
        ReleaseError: an adopted file was changed here, or the campus's own layer does not fit the new
            version; nothing of that step was written then.
    """
    done = Updated()
    folders = list(cohort_folders(cohorts))
    known = load_adopted(root).adopted
    prepared = []
    for step in steps:
        refuse_changed(root, step.name, known[step.name])
        _refuse_less(step, known[step.name])
        prepared.append((step, [(o, adapted(root, o.manifest, o.content)) for o in step.gathered.offers]))
    for step, offers in prepared:
        for kept in step.gathered.kept:
            keep_release(root, kept)
        for offer, files in offers:
            asked = step.asked if offer.manifest.name == step.name else ""
            lay_offer(root, offer, files, source_name=step.source, asked=asked, today=today)
            done.remarks += merge(root, offer.files)
            done.versions[offer.manifest.name] = offer.manifest.version
        done.note(repin(root, folders, step.name, today))
    return done


def rollback(name: str, *, root: Path, today: date, cohorts: Iterable[Path] = ()) -> Updated:
    """The version before the last update laid down again; cohorts that have not begun move back, too.

    Raises:
        ReleaseError: there was no update, its release is gone, or an adopted file was changed here.
    """
    chosen = [(full, known) for full, known in _chosen(root, [name]) if known.earlier]
    if not chosen:
        raise ReleaseError(f"{name}: not updated since it was adopted; there is nothing to go back to.")
    prepared = []
    for full, known in chosen:
        refuse_changed(root, full, known)
        manifest = pinned(root, full, known.earlier[-1])
        learner = read_archive(root, manifest, manifest.learner)
        educator = read_archive(root, manifest, manifest.educator) if known.archive == "educator" else None
        files = Offer(manifest, {}, learner, educator).content
        prepared.append((full, known, adapted(root, manifest, files) if known.files else {}))
    done = Updated()
    folders = list(cohort_folders(cohorts))
    for full, known, files in prepared:
        pin = known.earlier[-1]
        change = {
            "version": pin.version,
            "digest": manifest_digest(root, full, pin.version),
            "adopted": today,
            "overlay": overlay_pin(root, full),
            "files": lay_down(root, full, files) if files else {},
            "earlier": known.earlier[:-1],
        }
        entry = known.model_copy(update=change)
        write_adopted(root, AdoptedForm(adopted={**load_adopted(root).adopted, full: entry}))
        done.versions[full] = pin.version
        done.note(repin(root, folders, full, today))
    return done


def diff(name: str, before: str, after: str, *, root: Path) -> Difference:
    """Two versions among the releases of this campus.

    Raises:
        ReleaseError: one of them is not there.
    """
    old, new = (side(root, name, Pin(version=version)) for version in (before, after))
    low, high = sorted((version_key(before), version_key(after)))
    between = [m for m in released(root, name) if low < version_key(m.version) <= high]
    return compare(old, new, between=between if version_key(before) < version_key(after) else ())


def side(root: Path, name: str, pin: Pin) -> Side:
    """A release of this campus, with the educators' files where they are here."""
    manifest = pinned(root, name, pin)
    try:
        files = read_archive(root, manifest, manifest.educator)
    except ReleaseError:
        files = read_archive(root, manifest, manifest.learner)
    return Side(manifest, files, _verdicts(files))


def _side(offer: Offer, old: Side) -> Side:
    """An offer, seen by the same eyes as the version before: learners' files with learners' files."""
    has_learners = {file.path for file in old.manifest.learner.files} == set(old.files)
    files = offer.learner if has_learners or offer.educator is None else offer.educator
    return Side(offer.manifest, files, _verdicts(files))


def _verdicts(files: Mapping[str, bytes]) -> VerdictMatrix | None:
    found = files.get(VERDICTS)
    return VerdictMatrix.model_validate_json(found) if found else None


def _between(offering: Source, index: Index, name: str, version: str, offer: Offer) -> list[Manifest]:
    """The manifests after what is here, up to the offer."""
    low, high = version_key(version), version_key(offer.manifest.version)
    entries = [e for e in index.releases if e.name == name and low < version_key(e.version) < high]
    return [*(fetch(offering, entry).manifest for entry in entries), offer.manifest]


def _chosen(root: Path, names: Sequence[str]) -> Iterable[tuple[str, Adopted]]:
    known = load_adopted(root).adopted
    if not known:
        raise ReleaseError(f"{root}: nothing was adopted here; begin with `pmcampus adopt SOURCE ID@RANGE`.")
    for name in names:
        if not any(name in (full, full.partition("/")[2]) for full in known):
            raise ReleaseError(f"{name}: this was not adopted here; there is {', '.join(sorted(known))}.")
    wanted = [f for f in known if not names or f in names or f.partition("/")[2] in names]
    return [(full, known[full]) for full in sorted(wanted, key=lambda f: (f.split("/")[0] != "modules", f))]


def _refuse_less(step: Step, known: Adopted) -> None:
    """Nothing, when what educators have here comes along in the new version, too.

    Raises:
        ReleaseError: it does not; solutions and notes would be of one version and lessons of another.
    """
    offer = next(one for one in step.gathered.offers if one.manifest.name == step.name)
    if known.archive == "educator" and offer.educator is None:
        raise ReleaseError(
            f"{step.source}: only the learners' archive of {step.name} {offer.manifest.version} is given "
            "away there, and this campus has the educators'; ask its authors and name their "
            "folder with --from."
        )
