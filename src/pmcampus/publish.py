"""A module for another system: one file, and in words what is not in it."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from urllib.parse import urlsplit

from pmcampus.archive import pack
from pmcampus.builders.portal import address
from pmcampus.content import load_style, load_tree
from pmcampus.errors import ContentError, SiteError
from pmcampus.files import write_bytes
from pmcampus.model.tree import ModuleFolder, Tree
from pmcampus.releases.shelf import released

FORMS = {
    "common-cartridge": "links and metadata for a learning platform (Common Cartridge 1.3)",
    "common-cartridge-1.1": "the same for Moodle, which imports version 1.1",
    "qti": "the lessons' questions that need no code (QTI 3.0)",
    "qti-2.1": "the same for importers that know version 2.1, such as Canvas",
    "moodle": "the same for Moodle's question bank",
    "jsonld": "what catalogues read (schema.org, Bioschemas); an ID may be a pathway, too",
    "offline": "lessons, notebooks and data for a machine without network",
}
LARGE = 20_000_000  # bytes
PLACEHOLDER = ".example"  # RFC 2606: an address that never answers


@dataclass(frozen=True)
class Published:
    """A file for another system, and what a reader would miss in it."""

    path: Path
    size: int
    notes: tuple[str, ...]


def publish(
    slug: str,
    form: str,
    *,
    root: Path,
    out: Path,
    url: str | None = None,
    wheels: Path | None = None,
    today: date | None = None,
    progress: Callable[[str], None] = lambda line: None,
) -> Published:
    """The module in this form, written to `out`.

    Args:
        slug: the module's id; for `jsonld` a pathway's will do.
        form: one of `FORMS`.
        root: the content root.
        out: the file to write.
        url: the address of the site's first page; by default the one in mkdocs.yml.
        wheels: for `offline`, a folder of wheels whose digests go into the list of what to install.
        today: the day for which it is true; by default this day.
        progress: told what is being built.

    Raises:
        ContentError: there is no such module, or the content cannot be read.
        SiteError: the site has no address yet, or a tool is missing.
    """
    tree = load_tree(root).valid()
    day = today or date.today()
    notes: tuple[str, ...]
    if form == "offline":
        data, notes = _offline(tree, slug, url, wheels, day, progress)
        write_bytes(out, data)
        return Published(out, len(data), notes)
    site = _address(root, url)
    notes = ()
    if form == "jsonld":
        from pmcampus.exporters.jsonld import json_ld

        data = json_ld(tree, slug, site=site, today=day, released=_released(tree))
    elif form.startswith("common-cartridge"):
        from pmcampus.exporters.cartridge import cartridge

        folder = _module(tree, slug)
        data = cartridge(folder, site=site, version="1.1" if form.endswith("1.1") else "1.3")
        notes = (
            "It holds links: learners need the site, and its graded notebook is marked with "
            "`pmcampus grade`, not by the platform.",
        )
    elif form.startswith("qti") or form == "moodle":
        data, notes = _questions(tree, slug, site, form)
    else:
        raise ContentError(f"{form}: this form is not known; choose one of {', '.join(FORMS)}.")
    write_bytes(out, data)
    return Published(out, len(data), notes)


def _questions(tree: Tree, slug: str, site: str, form: str) -> tuple[bytes, tuple[str, ...]]:
    """The package, and what stays out of it."""
    try:
        from pmcampus.exporters.moodle import moodle_xml
        from pmcampus.exporters.qti import qti_package
    except ImportError as missing:
        raise SiteError(
            f"Questions cannot be written: {missing}. Install `pip install pmcampus[grading]`."
        ) from missing
    from pmcampus.exporters.static_items import static_items

    folder = _module(tree, slug)
    items, left = static_items(folder)
    if not items:
        raise ContentError(f"{folder.path}: no question of its lessons can be asked without a notebook.")
    choices = sum(bool(item.choices) for item in items)
    notes = [
        f"{len(items)} questions: {choices} decisions without a right answer, and {len(items) - choices} to "
        "write about, whose public answer is shown afterwards. None carries points.",
        *(f"{count} left out: each {why}." for why, count in sorted(Counter(x.why for x in left).items())),
    ]
    if folder.form.value.assessment:
        notes.append(
            "The graded notebook is not in it: it is marked by running code, and its keys are secret."
        )
    if form == "moodle":
        return moodle_xml(folder, items, site=site), tuple(notes)
    version = "2.1" if form.endswith("2.1") else "3.0"
    return qti_package(folder, items, site=site, version=version), tuple(notes)


def _offline(
    tree: Tree, slug: str, url: str | None, wheels: Path | None, day: date, progress: Callable[[str], None]
) -> tuple[bytes, tuple[str, ...]]:
    """The bundle out of the site in `build/site`, which is brought up to date first."""
    from pmcampus.builders.portal_downloads import contents, requirements
    from pmcampus.exporters.offline import offline_bundle
    from pmcampus.exporters.wheels import pins, wheel_list
    from pmcampus.site import build

    folder = _module(tree, slug)
    if wheels is not None and not wheels.is_dir():
        raise SiteError(f"{wheels}: this folder of wheels does not exist; fill it with `pip download` first.")
    pinned = pins(requirements(folder))
    listed, missing = wheel_list(pinned, wheels)
    built = build(
        tree.root,
        tree.root / "build" / "site",
        site_url=url,
        today=day,
        only=("portal", "books"),
        progress=progress,
    )
    bundle = offline_bundle(
        folder,
        built.out,
        site=_reachable(address(tree.root / "mkdocs.yml", url)),
        notebooks=contents(tree.root, folder),
        wheels=listed,
        style=load_style(tree.root),
    )
    data = pack({f"{bundle.name}/{name}": content for name, content in bundle.files.items()})
    notes = [
        "Unpack it and open index.html. There is no search, and links to other modules need the network.",
        f"To run the notebooks, {len(pinned)} libraries have to be brought along: wheels.txt names them"
        + (" with digests." if wheels and not missing else "."),
    ]
    if missing:
        notes.append(f"No wheel in {wheels} for {len(missing)} of them: {', '.join(missing[:5])}.")
    if len(data) > LARGE:
        notes.append(f"It is larger than {LARGE // 1_000_000} MB, which a slow line will feel.")
    return data, tuple(notes)


def _released(tree: Tree) -> dict[str, date]:
    """The day of release of each module that stands in its released version."""
    return {
        slug: manifest.released
        for slug, folder in tree.modules.items()
        for manifest in released(tree.root, f"modules/{slug}")
        if manifest.version == folder.form.value.version
    }


def _module(tree: Tree, slug: str) -> ModuleFolder:
    """The written module of this id.

    Raises:
        ContentError: there is none; an assessment's id is told apart.
    """
    if slug in tree.modules:
        return tree.modules[slug]
    if slug in tree.planned.value.modules:
        raise ContentError(f"{slug}: this module is planned and not yet written; nothing can be exported.")
    known = ", ".join(sorted(tree.modules))
    raise ContentError(f"{slug}: no module has this id; write one of {known}.")


def _address(root: Path, url: str | None) -> str:
    """The address that links begin with.

    Raises:
        SiteError: it is not an address of the web, or still the placeholder.
    """
    found = address(root / "mkdocs.yml", url)
    if urlsplit(found).scheme not in ("https", "http"):
        raise SiteError(f"{url or 'mkdocs.yml'}: the site's address must begin with https://; correct it.")
    if _reachable(found) is None:
        raise SiteError(
            f"{found}: links to this placeholder would lead nowhere; name the address at which your site "
            "stands with --url, or write it into mkdocs.yml as site_url."
        )
    return found


def _reachable(site: str) -> str | None:
    """The address, unless it is the placeholder that a new site has."""
    return None if (urlsplit(site).hostname or PLACEHOLDER).endswith(PLACEHOLDER) else site
