"""The portal: Markdown written from the content, built by mkdocs in our own look.

Authored pages keep their words and get what is computed as front matter; see `portal_pages`.
"""

import logging
import os
import shutil
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from pathlib import Path
from types import MappingProxyType
from typing import Any

import yaml

from pmcampus.builders import schemas
from pmcampus.builders.feed import feed
from pmcampus.builders.portal_downloads import archive, archive_name
from pmcampus.builders.portal_facts import Facts
from pmcampus.builders.portal_figures import figure_pages
from pmcampus.builders.portal_links import Meta
from pmcampus.builders.portal_pages import generated
from pmcampus.builders.portal_proofs import proof_pages
from pmcampus.builders.portal_releases import PAGES, Shelf, release_files, releases_page, versions
from pmcampus.builders.portal_rules import rule_pages
from pmcampus.errors import SiteError
from pmcampus.files import write_bytes, write_text
from pmcampus.forms import LOADER
from pmcampus.model.certificate import Certificate
from pmcampus.model.release import INDEX, RELEASES, Index, Kind
from pmcampus.model.tree import Tree

# The theme's own styles, scripts and map files: our templates load none of them.
UNUSED = ("assets", "sitemap.xml", "sitemap.xml.gz")
DUMPER: type = getattr(yaml, "CSafeDumper", yaml.SafeDumper)


def build(
    tree: Tree,
    out: Path,
    theme: Path,
    *,
    work: Path,
    config: Path,
    site: str | None = None,
    today: date | None = None,
    certificates: Mapping[str, Certificate] = MappingProxyType({}),
    releases: Shelf | None = None,
) -> list[Path]:
    """The portal's pages and files, put into `out`; gives every file written.

    Args:
        tree: the content.
        out: the site's folder; what other parts put there stays.
        theme: our templates, styles and fonts.
        work: a folder for what is written on the way; its own, emptied first.
        config: mkdocs.yml.
        site: the address of the first page; by default the one in `config`.
        today: the day for which overdue reviews are told; by default this day.
        certificates: what was proved about assessments, by id.
        releases: every released version; by default none.

    Raises:
        ContentError: a form has faults.
        ReleaseError: a release is not what its digests say.
        SiteError: mkdocs refused; its reasons are in the message.
    """
    site = address(config, site)
    source, built = work / "portal-src", work / "portal"
    for folder in (source, built):
        shutil.rmtree(folder, ignore_errors=True)
    known = {id: folder.form.value.version for id, folder in tree.valid().modules.items()}
    facts = Facts(tree, today or date.today(), releases.days(known) if releases else {})
    pages = write_sources(facts, source, site=site, certificates=certificates, releases=releases)
    _mkdocs(config, source=source, built=built, theme=theme, nav=pages, site=site)
    for name in UNUSED:
        shutil.rmtree(built / name, ignore_errors=True)
        (built / name).unlink(missing_ok=True)
    return _place(built, out)


def write_sources(
    facts: Facts,
    source: Path,
    *,
    site: str,
    certificates: Mapping[str, Certificate] = MappingProxyType({}),
    releases: Shelf | None = None,
) -> list[str]:
    """Everything mkdocs reads, written into `source`; gives the Markdown pages, sorted for the menu."""
    pages: dict[str, tuple[Meta, str]] = {}
    for path, page in facts.tree.pages.items():
        pages[path.removeprefix("site/pages/")] = split_front_matter(page.text)
    shelf = releases or Shelf(Index(campus=facts.tree.curriculum.value.title))
    computed = (
        *generated(facts, site=site),
        *rule_pages(),
        *figure_pages(facts.tree.root),
        *proof_pages(facts, certificates),
    )
    told = dict(_versions(facts, shelf, site))
    computed = (*computed, releases_page(shelf, told))
    for path, meta, body in computed:
        meta |= {"versions": told[path]} if path in told else {}
        words, text = pages.get(path, ({}, ""))
        pages[path] = (meta | words, text or body)
    for path, (meta, body) in pages.items():
        write_text(source / path, join_front_matter(meta, body))
    schemas.build(source / "schemas", site=site)
    for folder in facts.tree.modules.values():
        write_bytes(source / "downloads" / archive_name(folder), archive(facts.tree.root, folder))
    for name, content in release_files(facts.tree.root, shelf):
        write_bytes(source / RELEASES / name, content)
    write_text(source / RELEASES / INDEX, shelf.index.model_dump_json(indent=1) + "\n")
    write_bytes(source / RELEASES / "feed.xml", feed(shelf, site=site))
    for slug, certificate in certificates.items():
        text = certificate.public().model_dump_json(indent=1) + "\n"
        write_text(source / "proofs" / "certificates" / f"{slug}.json", text)
    return sorted(pages, key=lambda path: (path != "index.md", path))


def _versions(facts: Facts, shelf: Shelf, site: str) -> Iterator[tuple[str, Meta]]:
    """For each page of something that can be released, what it says about versions."""
    for kind, folders in (
        (Kind.MODULE, facts.tree.modules),
        (Kind.ASSESSMENT, facts.tree.assessments),
        (Kind.CASE, facts.tree.cases),
    ):
        for slug, folder in folders.items():
            version = folder.form.value.version
            yield f"{PAGES[kind]}/{slug}.md", versions(shelf, kind, slug, version, site=site)


def split_front_matter(text: str) -> tuple[Meta, str]:
    """A page's front matter and its Markdown."""
    if not text.startswith("---\n"):
        return {}, text
    head, _, body = text[4:].partition("\n---\n")
    return yaml.load(head, LOADER) or {}, body.lstrip("\n")


def join_front_matter(meta: Meta, body: str) -> str:
    """A page as mkdocs reads it."""
    head = yaml.dump(meta, Dumper=DUMPER, sort_keys=False, allow_unicode=True, width=1_000_000)
    return f"---\n{head}---\n\n{body}"


def address(config: Path, site: str | None) -> str:
    """The address of the first page: the one given, or the one in `config`; ends with a slash."""
    return (site or str(_read_config(config).get("site_url") or "")).rstrip("/") + "/"


def _read_config(config: Path) -> dict[str, Any]:
    return dict(yaml.load(config.read_text("utf-8"), LOADER))


def _mkdocs(config: Path, *, source: Path, built: Path, theme: Path, nav: Iterable[str], site: str) -> None:
    """One strict build; what mkdocs complains about becomes our error."""
    # mkdocs-material prints advice about another generator when it is imported.
    os.environ.setdefault("NO_MKDOCS_2_WARNING", "1")
    os.environ.setdefault("DISABLE_MKDOCS_2_WARNING", "true")
    from mkdocs.commands import build as mkdocs_build
    from mkdocs.config import load_config
    from mkdocs.exceptions import MkDocsException

    heard = _Complaints()
    log = logging.getLogger("mkdocs")
    log.addHandler(heard)
    try:
        read = load_config(
            str(config),
            docs_dir=str(source),
            site_dir=str(built),
            site_url=site,
            nav=list(nav),
            strict=True,
            theme=_read_config(config)["theme"] | {"custom_dir": str(theme)},
        )
        mkdocs_build.build(read)
    except (MkDocsException, SystemExit) as problem:
        reasons = "; ".join(heard.messages) or str(problem)
        raise SiteError(f"The portal cannot be built: {reasons}. Correct the page it names.") from None
    finally:
        log.removeHandler(heard)


class _Complaints(logging.Handler):
    """What mkdocs says at warning level or above."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.messages: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        """Keep one message."""
        self.messages.append(record.getMessage().splitlines()[0])


def _place(built: Path, out: Path) -> list[Path]:
    """Copy what was built; a file that is already the same is left alone."""
    placed = []
    for path in sorted(p for p in built.rglob("*") if p.is_file()):
        target = out / path.relative_to(built)
        data = path.read_bytes()
        if not (target.is_file() and target.read_bytes() == data):
            write_bytes(target, data)
        placed.append(target)
    return placed
