"""What has to come along with an adopted release: prerequisites, a module's assessment, pinned versions."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import yaml

from pmcampus.errors import ReleaseError
from pmcampus.model.release import Index, IndexEntry, Kind, Pin
from pmcampus.releases.adopting import Offer, fetch
from pmcampus.releases.shelf import manifest_path, parse_manifest
from pmcampus.releases.sources import MOST_INDEX, Source
from pmcampus.versions import newest, version_key


@dataclass
class Gathered:
    """Offers to lay down, prerequisites first; releases to keep only; and what people should know."""

    offers: list[Offer] = field(default_factory=list)
    kept: list[Offer] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)


def gather(
    offering: Source, index: Index, name: str, asked: str, *, root: Path, digest: str | None = None
) -> Gathered:
    """The newest release in this range with all it needs, each fetched and verified, nothing written.

    Args:
        name: an id, or shelf and id; an id alone means a module, if there is one, and its assessment with it.
        digest: the SHA-256 that the first manifest must have.

    Raises:
        ReleaseError: nothing fits, or something is not what was promised.
    """
    wanted = _wanted(index, name, asked, offering.name)
    made = Gathered()
    taken: set[str] = set()

    def take(entry: IndexEntry, digest: str | None) -> None:
        taken.add(entry.name)
        offer = fetch(offering, entry, digest=digest)
        for needed, pin in _needed(offer):
            if needed in taken or (root / needed).is_dir():
                continue
            is_assessment = needed.startswith(f"{Kind.ASSESSMENT.shelf}/")
            found = (
                _for_module(offering, index, needed, offer)
                if is_assessment
                else _compatible(index, needed, pin)
            )
            if found is None and is_assessment:
                made.remarks.append(
                    f"{needed}: {offering.name} offers no version for {offer.manifest.name} "
                    f"{offer.manifest.version}; the module is here without it."
                )
            elif found is None:
                made.remarks.append(
                    f"{offer.manifest.name} builds on {needed}, which neither this campus nor "
                    f"{offering.name} has; tell learners where else they can take it."
                )
            else:
                take(found, None)
        made.offers.append(offer)

    take(wanted, digest)
    made.kept += _pinned(offering, index, made, root)
    return made


def _pinned(offering: Source, index: Index, made: Gathered, root: Path) -> Iterator[Offer]:
    """The very versions of modules that assessments were proved with, where they are not here yet."""
    coming = {(offer.manifest.name, offer.digest) for offer in made.offers}
    for offer in made.offers:
        if offer.manifest.kind is not Kind.ASSESSMENT:
            continue
        for name, pin in offer.manifest.pins.items():
            if (name, pin.digest) in coming or manifest_path(root, name, pin.version).is_file():
                continue
            entry = _entry(index, name, pin.version)
            if entry is None:
                raise ReleaseError(
                    f"{offering.name}: {offer.manifest.name} {offer.manifest.version} was proved with {name} "
                    f"{pin.version}, which is not offered; ask its authors for it."
                )
            yield fetch(offering, entry, digest=pin.digest)


def _wanted(index: Index, name: str, asked: str, place: str) -> IndexEntry:
    """What a name means in an index; an id alone means a module before an assessment or a case."""
    entries = [e for e in index.releases if not e.withdrawn and name in (e.id, e.name)]
    if not entries:
        known = ", ".join(sorted({entry.name for entry in index.releases})) or "nothing"
        raise ReleaseError(f"{place}: {name} is not offered; there is {known}.")
    version = newest(_versions(index, entries[0].name), asked)
    found = _entry(index, entries[0].name, version) if version else None
    if found is None:
        offered = ", ".join(f"{e.name} {e.version}" for e in entries)
        raise ReleaseError(f"{place}: no version of {name} is in the range {asked}; there is {offered}.")
    return found


def _needed(offer: Offer) -> list[tuple[str, Pin | None]]:
    """What must be there first, and a module's assessment beside it."""
    pins = offer.manifest.pins
    names = [f"modules/{id}" for id in offer.manifest.contract.requires]
    if offer.manifest.kind is Kind.MODULE:
        form = yaml.safe_load(offer.files[f"{offer.manifest.name}/module.yaml"])
        if form.get("assessment"):
            names.append(f"assessments/{form['assessment']}")
    return [(name, pins.get(name)) for name in names]


def _for_module(offering: Source, index: Index, name: str, module: Offer) -> IndexEntry | None:
    """The newest version of an assessment that was proved with this module, up to a new major version."""
    own, version = module.manifest.name, module.manifest.version
    versions = sorted(_versions(index, name), key=version_key, reverse=True)
    for entry in filter(None, (_entry(index, name, found) for found in versions)):
        content = offering.read(entry.manifest, MOST_INDEX) or b""
        pin = parse_manifest(content, f"{offering.name}: {entry.manifest}").pins.get(own)
        if pin is not None and version_key(pin.version)[0] == version_key(version)[0]:
            return entry
    return None


def _compatible(index: Index, name: str, pin: Pin | None) -> IndexEntry | None:
    """The newest version without a new major one after the pinned one."""
    version = newest(_versions(index, name), f"^{pin.version}" if pin else "")
    return _entry(index, name, version) if version else None


def _versions(index: Index, name: str) -> list[str]:
    return [entry.version for entry in index.releases if entry.name == name and not entry.withdrawn]


def _entry(index: Index, name: str, version: str) -> IndexEntry | None:
    return next((e for e in index.releases if (e.name, e.version) == (name, version)), None)
