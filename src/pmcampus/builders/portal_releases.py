"""Released versions on the site: on the page of what was released, in a list, as files to fetch.

The site carries manifests and learners' archives, each checked against its digest. What educators get
beyond that is never copied.
"""

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from pmcampus.archive import sha256, verified
from pmcampus.builders.portal_links import Meta
from pmcampus.errors import ReleaseError
from pmcampus.model.release import LEARNER, MANIFEST, RELEASES, Index, IndexEntry, Kind, Manifest, Step
from pmcampus.pages import plain_date
from pmcampus.versions import version_key

STEPS = {
    Step.FIRST: "First release.",
    Step.PATCH: "Patch: contract and every verdict are as before.",
    Step.MINOR: "Minor: every verdict, point and rule is as before; something was added, or data or a "
    "package changed.",
    Step.MAJOR: "Major: a verdict, a point, a weight, an objective or a rule changed; new scores do not "
    "compare with old.",
}
WORDS = {Kind.MODULE: "module", Kind.ASSESSMENT: "assessment", Kind.CASE: "team case"}
PAGES = {Kind.MODULE: "modules", Kind.ASSESSMENT: "proofs", Kind.CASE: "cases"}
HEADING = re.compile(r"^#+\s+(.*?)\s*#*$")
BULLET = re.compile(r"^\s*[-*+]\s+(.*)$")
LINK = re.compile(r"!?\[([^\]]*)\]\([^)]*\)")
SIGNS = re.compile(r"(\*\*|__|`)(.+?)\1")
BIBTEX = {c: f"\\{c}" for c in "&%$#_{}"} | {
    "\\": r"\textbackslash{}",
    "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}",
}


@dataclass(frozen=True)
class Shelf:
    """Every release of a curriculum: the index, and each manifest by shelf, id and version."""

    index: Index
    manifests: Mapping[str, Manifest] = field(default_factory=dict)

    def by_day(self) -> list[IndexEntry]:
        """All releases, oldest first; those of one day by name and version."""
        return sorted(self.index.releases, key=lambda e: (e.released, e.name, version_key(e.version)))

    def days(self, versions: Mapping[str, str]) -> dict[str, date]:
        """The day of release of each module, of these by id, that stands in its released version."""
        found = {id: self.manifests.get(f"modules/{id}/{version}") for id, version in versions.items()}
        return {id: manifest.released for id, manifest in found.items() if manifest is not None}

    def of(self, name: str) -> Iterator[tuple[IndexEntry, Manifest]]:
        """The releases of one module, assessment or case, newest first."""
        for entry in reversed(self.index.releases):
            if entry.name == name:
                yield entry, self.manifests[f"{name}/{entry.version}"]


def versions(shelf: Shelf, kind: Kind, slug: str, version: str, *, site: str) -> Meta:
    """What a page says about the versions of its module, assessment or case."""
    released = [_release(entry, made, site) for entry, made in shelf.of(f"{kind.shelf}/{slug}")]
    return {
        "what": WORDS[kind],
        "version": version,
        "is_released": any(one["version"] == version for one in released),
        "released": released,
    }


def page_of(manifest: Manifest) -> str:
    """The page of what was released, below the site's first page."""
    return f"{PAGES[manifest.kind]}/{manifest.id}/"


def _release(entry: IndexEntry, made: Manifest, site: str) -> Meta:
    place = f"{RELEASES}/{made.place}"
    return {
        "version": made.version,
        "date": plain_date(made.released),
        "step": STEPS[made.decision.step],
        "withdrawn": entry.withdrawn,
        "changes": changes(made.changelog),
        "digest": entry.sha256,
        "manifest": f"{place}/{MANIFEST}",
        "archive": f"{place}/{LEARNER}",
        "size": f"{max(1, round(made.learner.size / 1000)):,} kB",
        "archive_digest": made.learner.sha256,
        "cite": made.citation,
        "bibtex": bibtex(made, f"{site}{page_of(made)}"),
    }


def changes(changelog: str) -> list[Meta]:
    """A changelog's entry as headings with lines of plain words: it may come from another campus."""
    found: list[Meta] = []
    for line in changelog.splitlines():
        if heading := HEADING.match(line):
            found.append({"heading": _plain(heading[1]), "lines": []})
            continue
        bullet = BULLET.match(line)
        words = _plain(bullet[1] if bullet else line)
        if not words:
            continue
        if not found:
            found.append({"heading": "", "lines": []})
        lines: list[str] = found[-1]["lines"]
        if bullet or not lines:
            lines.append(words)
        else:
            lines[-1] = f"{lines[-1]} {words}"
    return found


def _plain(text: str) -> str:
    return SIGNS.sub(r"\2", LINK.sub(r"\1", text)).strip()


def bibtex(manifest: Manifest, url: str) -> str:
    """A release for a list of references in LaTeX."""
    fields = {
        "author": " and ".join(f"{{{_tex(author)}}}" for author in manifest.authors),
        "title": f"{{{_tex(manifest.title)}}}",
        "version": _tex(manifest.version),
        "year": str(manifest.released.year),
        "note": _tex(f"{WORDS[manifest.kind]}, {manifest.licence}"),
        "url": url,
    }
    lines = ",\n".join(f"  {name} = {{{value}}}" for name, value in fields.items())
    return f"@misc{{{manifest.id}-{manifest.version},\n{lines}\n}}"


def _tex(text: str) -> str:
    return "".join(BIBTEX.get(sign, sign) for sign in " ".join(text.split()))


def releases_page(shelf: Shelf, pages: Collection[str]) -> tuple[str, Meta, str]:
    """All releases in one table; `pages` are those of the site, for what was released may be gone."""
    meta = {
        "title": "Releases",
        "description": "Every released version of a module, an assessment or a team case, with its digest.",
        "section": "modules",
        "crumbs": [["Modules", "modules/"], ["Releases", ""]],
    }
    if not shelf.index.releases:
        return (
            f"{RELEASES}/index.md",
            meta,
            "# Releases\n\n**Nothing is released yet.** What you read on this site stands in the repository "
            "and can still change. A release never does: it has a number that says what changed, and a "
            "digest by which anybody can tell that nothing was touched.\n\n"
            "The list for programs is [index.json](index.json), the feed is [feed.xml](feed.xml). Both are "
            "empty.\n",
        )
    rows = []
    for entry in reversed(shelf.by_day()):
        made = shelf.manifests[f"{entry.name}/{entry.version}"]
        said = f" **Withdrawn:** {_cell(entry.withdrawn)}" if entry.withdrawn else ""
        rows.append(
            f"| {_linked(entry, pages)}{said} | {WORDS[entry.kind]} "
            f"| {entry.version} | {plain_date(entry.released)} "
            f"| [`{entry.sha256[:12]}`]({entry.manifest}) "
            f"| [.zip]({made.place}/{LEARNER}) |\n"
        )
    return (
        f"{RELEASES}/index.md",
        meta,
        "# Releases\n\nA released version never changes. Its manifest lists every file with its SHA-256; "
        "the digest here is the manifest's own, and pins all of it. The archives hold what learners get; "
        "educators adopt with `pmcampus adopt`. Programs read [index.json](index.json), and "
        "[feed.xml](feed.xml) tells of new releases.\n\n"
        "| what | kind | version | released | digest | archive |\n|---|---|---|---|---|---|\n"
        + "".join(rows),
    )


def _linked(entry: IndexEntry, pages: Collection[str]) -> str:
    """The title, with a link to the page where there is one."""
    page = f"{PAGES[entry.kind]}/{entry.id}.md"
    title = _cell(entry.title)
    return f"[{title}](../{page}#versions)" if page in pages else title


def _cell(text: str) -> str:
    """A text that keeps its table whole and is no markup."""
    escaped = text.replace("&", "&amp;").replace("<", "&lt;").replace("|", "\\|")
    return re.sub(r"([\[\]*_`])", r"\\\1", " ".join(escaped.split()))


def release_files(root: Path, shelf: Shelf) -> Iterator[tuple[str, bytes]]:
    """Manifests and learners' archives by name below `releases/`, each what its digest says.

    Raises:
        ReleaseError: one is missing or differs.
    """
    for entry in shelf.index.releases:
        made = shelf.manifests[f"{entry.name}/{entry.version}"]
        place = root / RELEASES / made.place
        manifest = _read(place / MANIFEST)
        if sha256(manifest) != entry.sha256:
            raise ReleaseError(f"{place / MANIFEST}: it changed while the site was built; build it again.")
        archive = _read(place / LEARNER)
        verified(archive, made.learner, made, str(place))
        yield f"{made.place}/{MANIFEST}", manifest
        yield f"{made.place}/{LEARNER}", archive


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except FileNotFoundError:
        raise ReleaseError(f"{path}: this file of a release is missing; restore it from git.") from None
