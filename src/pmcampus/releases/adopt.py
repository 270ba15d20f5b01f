"""Adopting: a released module, assessment or case of another campus, with all it needs."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from pmcampus.content import find_root
from pmcampus.errors import ReleaseError
from pmcampus.forms import load_form
from pmcampus.model.adoption import ADOPTED, Adopted, AdoptedForm
from pmcampus.model.curriculum import CurriculumForm
from pmcampus.model.release import MANIFEST, Kind, Pin
from pmcampus.releases.adopting import (
    Offer,
    is_laid,
    keep_release,
    lay_down,
    load_adopted,
    refuse_changed,
    write_adopted,
)
from pmcampus.releases.gathering import gather
from pmcampus.releases.merging import list_in_curriculum, merge
from pmcampus.releases.overlays import adapted, overlay_pin
from pmcampus.releases.shelf import manifest_path
from pmcampus.releases.sources import source
from pmcampus.versions import parse_wish


@dataclass
class Adoption:
    """What was adopted, and what people should know or do."""

    taken: list[Offer] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)


def adopt(place: str, wish: str, *, root: Path, today: date, digest: str | None = None) -> Adoption:
    """The newest release in the asked range, its prerequisites, and a module's assessment with it.

    Everything is fetched and verified before anything is written.

    Args:
        place: a checkout, a folder, a zip file, or an address.
        wish: `ID@RANGE`, such as `data-protection@^1.0`.
        digest: the SHA-256 that the manifest must have.

    Raises:
        ReleaseError: nothing fits, anything is not what was promised, or it clashes with the campus's own
            content; nothing was written then.
    """
    find_root(root)
    name, asked = parse_wish(wish)
    offering = source(place)
    found = gather(offering, offering.index(), name, asked, root=root, digest=digest)
    offers = found.offers
    made = {offer.manifest.name: adapted(root, offer.manifest, offer.content) for offer in offers}
    known = load_adopted(root).adopted
    for offer in offers:
        refuse_clash(root, offer, made[offer.manifest.name], known.get(offer.manifest.name))
    done = Adoption(offers, [*found.remarks, *_licences(root, offers)])
    for offer in found.kept:
        keep_release(root, offer)
    for offer in offers:
        lay_offer(
            root,
            offer,
            made[offer.manifest.name],
            source_name=offering.name,
            asked=asked if offer is offers[-1] else "",
            today=today,
        )
        done.remarks += merge(root, offer.files)
        if offer.manifest.kind is not Kind.ASSESSMENT:
            listed = list_in_curriculum(root, offer.manifest.kind.shelf, offer.manifest.id)
            done.remarks += [listed] if listed else []
        if offer.educator is None:
            done.remarks.append(_learners_only(offer))
    return done


def lay_offer(
    root: Path, offer: Offer, files: dict[str, bytes], *, source_name: str, asked: str, today: date
) -> None:
    """The release kept, the content laid down, the lock written; in this order, so that a crash is healed
    by running the command again.

    Args:
        asked: the range for later updates; empty means without a new major version.
    """
    manifest = offer.manifest
    known = load_adopted(root).adopted
    before = known.get(manifest.name)
    keep_release(root, offer)
    laid = {}
    if offer.educator is not None or manifest.kind is Kind.MODULE:
        laid = lay_down(root, manifest.name, files)
    earlier = before.earlier if before else ()
    if before and before.digest != offer.digest:
        earlier = (*earlier, Pin(version=before.version, digest=before.digest))
    entry = Adopted(
        version=manifest.version,
        digest=offer.digest,
        source=source_name,
        range=asked or f"^{manifest.version}",
        adopted=today,
        archive="learner" if offer.educator is None else "educator",
        overlay=overlay_pin(root, manifest.name),
        files=laid,
        earlier=earlier,
    )
    write_adopted(root, AdoptedForm(adopted={**load_adopted(root).adopted, manifest.name: entry}))


def refuse_clash(root: Path, offer: Offer, files: dict[str, bytes], before: Adopted | None) -> None:
    """Nothing, when this may be laid down here.

    Raises:
        ReleaseError: the campus has content of its own under this id, or changed what it adopted.
    """
    name, version = offer.manifest.name, offer.manifest.version
    kept = manifest_path(root, name, version)
    if kept.is_file() and kept.read_bytes() != offer.packed[MANIFEST]:
        raise ReleaseError(
            f"{kept}: another {name} {version} was released or adopted here; two campuses use the same id, "
            "so one of them has to fork under an id of its own."
        )
    if before is not None:
        refuse_changed(root, name, before)
    elif (root / name).exists() and not is_laid(root, name, files):  # else a crash ended it
        raise ReleaseError(
            f"{name}: this campus has content of its own under this id, and {ADOPTED} does not name it; "
            "rename yours before it is released, or adopt into another campus."
        )


def _licences(root: Path, offers: Sequence[Offer]) -> Iterator[str]:
    """Where what came is under another licence than the campus's own content."""
    own = load_form(root, root / "curriculum" / "curriculum.yaml", CurriculumForm).value.licence
    for offer in offers:
        if offer.manifest.licence != own:
            yield (
                f"{offer.manifest.name} is under {offer.manifest.licence}, your own content under {own}: "
                "look whether they go together; its licence stays with it."
            )


def _learners_only(offer: Offer) -> str:
    manifest = offer.manifest
    what = {
        Kind.MODULE: "its lessons are here, its instructor notes are not",
        Kind.ASSESSMENT: "it can be handed out and not marked "
        f"(its notebook is in releases/{manifest.place}/learner.zip)",
        Kind.CASE: "its briefing is here, its roles and notebooks are not",
    }[manifest.kind]
    return (
        f"{manifest.name}: the source gives away the learners' archive only, so {what}. Ask its authors for "
        f"educator.zip (SHA-256 {manifest.educator.sha256[:16]}...) and adopt the folder it lies in."
    )
