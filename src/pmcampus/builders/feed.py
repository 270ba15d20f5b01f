"""`/releases/feed.xml`: an Atom feed of releases (RFC 4287), for people and programs that wait for one."""

from datetime import UTC, date, datetime, time

from pmcampus.builders.portal_releases import STEPS, WORDS, Shelf, changes, page_of
from pmcampus.errors import SiteError
from pmcampus.model.release import RELEASES, Manifest

BEGINNING = datetime(2026, 1, 1, tzinfo=UTC)  # the feed's date while it is empty


def feed(shelf: Shelf, *, site: str) -> bytes:
    """The feed, newest first; the same releases give the same bytes.

    Args:
        shelf: every release.
        site: the address of the site's first page.

    Raises:
        SiteError: feedgen is not installed.
    """
    try:
        from feedgen.feed import FeedGenerator  # type: ignore[import-untyped]
    except ImportError as missing:
        raise SiteError(
            f"The feed of releases cannot be written: {missing}. Install `pip install pmcampus[release]`."
        ) from missing
    made = FeedGenerator()
    made.id(f"{site}{RELEASES}/")
    made.title(f"{shelf.index.campus}: releases")
    made.author({"name": shelf.index.campus})
    made.link(href=f"{site}{RELEASES}/feed.xml", rel="self", type="application/atom+xml")
    made.link(href=f"{site}{RELEASES}/", rel="alternate", type="text/html")
    made.generator("PM Campus")
    entries = shelf.by_day()
    made.updated(_moment(entries[-1].released) if entries else BEGINNING)
    for entry in entries:  # feedgen puts the last one first
        manifest = shelf.manifests[f"{entry.name}/{entry.version}"]
        one = made.add_entry()
        one.id(f"{site}{RELEASES}/{manifest.place}/")
        one.title(f"{manifest.title} {manifest.version} ({WORDS[manifest.kind]})")
        one.link(href=f"{site}{page_of(manifest)}#versions", rel="alternate", type="text/html")
        one.updated(_moment(manifest.released))
        one.published(_moment(manifest.released))
        for author in manifest.authors:
            one.author({"name": author})
        one.summary(_summary(manifest, entry.withdrawn))
        one.rights(manifest.licence)
    text: bytes = made.atom_str(pretty=True)
    return text


def _moment(day: date) -> datetime:
    return datetime.combine(day, time(), UTC)


def _summary(manifest: Manifest, withdrawn: str) -> str:
    """What changed, in plain words."""
    parts = [f"Withdrawn: {withdrawn}"] if withdrawn else []
    parts.append(STEPS[manifest.decision.step])
    for change in changes(manifest.changelog):
        head = f"{change['heading']}: " if change["heading"] else ""
        parts.append(head + " ".join(change["lines"]))
    return " ".join(parts)
