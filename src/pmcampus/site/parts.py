"""The parts of the site, in order: what each reads, and which builder makes it."""

import importlib
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from pmcampus import certificates
from pmcampus.builders import portal, redirects, site_map
from pmcampus.builders.portal_releases import Shelf
from pmcampus.content import IGNORED_FOLDERS
from pmcampus.errors import SiteError
from pmcampus.model.certificate import Certificate
from pmcampus.model.release import RELEASES
from pmcampus.paper import load_paper, paper_ids
from pmcampus.proofs import leaks
from pmcampus.public import SITE, TEACHING, built, secrets
from pmcampus.releases import shelf as releases
from pmcampus.site.part import Part, Site


def _files(*places: Path) -> Iterator[Path]:
    """Every file in these places, sorted, without caches."""
    for place in places:
        if place.is_file():
            yield place
        yield from sorted(p for p in place.rglob("*") if p.is_file() and not IGNORED_FOLDERS & set(p.parts))


def _content(site: Site) -> Iterator[Path]:
    names = ("curriculum", "modules", "assessments", "case_studies", "site", "mkdocs.yml", "LICENSE-content")
    return _files(*(site.root / name for name in (*names, RELEASES)))


def _lessons(site: Site) -> Iterator[Path]:
    names = ("curriculum", "modules", "case_studies", "site/books", "mkdocs.yml")
    return _files(*(site.root / name for name in names), site.theme)


def _pages(site: Site) -> Iterator[Path]:
    return iter(
        sorted(p for p in site.out.rglob("*.html") if "pagefind" not in p.relative_to(site.out).parts)
    )


def _searched(site: Site) -> Iterator[Path]:
    """What could give an answer away, and the answers."""
    yield from _files(site.root / "assessments")
    yield from sorted(p for p in site.out.rglob("*") if p.suffix in (".html", ".json", ".zip", ".js", ".xml"))


def _portal(site: Site) -> Iterable[Path]:
    return portal.build(
        site.tree,
        site.out,
        site.theme,
        work=site.work,
        config=site.root / "mkdocs.yml",
        site=site.url,
        today=site.today,
        certificates=_certificates(site),
        releases=released_versions(site),
    )


def released_versions(site: Site) -> Shelf:
    """Every released version."""
    index = releases.index(site.root)
    names = dict.fromkeys(entry.name for entry in index.releases)
    made = (one for name in names for one in releases.released(site.root, name))
    return Shelf(index, {f"{one.name}/{one.version}": one for one in made})


def _certificates(site: Site) -> dict[str, Certificate]:
    """What was proved about the assessments as they now stand."""
    found = {slug: certificates.current(site.root, slug) for slug in site.tree.assessments}
    return {slug: certificate for slug, certificate in found.items() if certificate is not None}


def _leaks(site: Site) -> Iterable[Path]:
    """No file, but a refusal: every text of the site, its search and its archives is searched for answers.

    Raises:
        SiteError: a solution or a hidden test can be read in it.
    """
    known = {slug: leaks.fingerprints(*secrets(load_paper(site.root, slug))) for slug in paper_ids(site.root)}
    every = leaks.together(known.values())
    suspect = [text for text in built(site.out) if every.found_in(text[1], is_teaching=True)]
    for slug, own in known.items():
        claim = leaks.prove(own, {SITE: suspect}, teaching=TEACHING).claims[0]
        if not claim.holds:
            raise SiteError(
                f"assessments/{slug}: the built site gives answers away ({'; '.join(claim.found[:3])}). "
                "Take them out of the page that is named, and build again."
            )
    return ()


def _books(site: Site) -> Iterable[Path]:
    made: Iterable[Path] = _builder("books").build(
        site.tree, site.out, site.theme, work=site.work, site=site.url
    )
    return made


def _api(site: Site) -> Iterable[Path]:
    made: Iterable[Path] = _builder("api").build(site.root, site.out, work=site.work)
    return made


def _search(site: Site) -> Iterable[Path]:
    made: Iterable[Path] = _builder("search").build(site.out)
    return made


def _first(site: Site) -> str:
    """The address of the first page."""
    return portal.address(site.root / "mkdocs.yml", site.url)


def _redirects(site: Site) -> Iterable[Path]:
    return redirects.build(site.out, redirects.load_redirects(site.root), first=_first(site))


def _map(site: Site) -> Iterable[Path]:
    seen = site.records / "seen.json"
    return site_map.build(site.out, _pages(site), first=_first(site), record=seen, today=site.today)


def _addresses(site: Site) -> Iterable[Path]:
    redirects.check(site.root, site.out)
    return ()


def _builder(name: str) -> Any:
    """A builder, imported when it is needed: a portal alone needs neither jupyter-book nor sphinx."""
    try:
        return importlib.import_module(f"pmcampus.builders.{name}")
    except ImportError as missing:
        raise SiteError(
            f"The part `{name}` cannot be built: {missing}. Install the site's tools with "
            "`pip install pmcampus[site]`."
        ) from missing


PARTS = (
    Part(
        "portal",
        "Portal",
        _content,
        _portal,
        code=(
            "builders/*.py",
            "model/*.py",
            "content.py",
            "forms.py",
            "pages.py",
            "lint/*.py",
            "releases/*.py",
            "archive.py",
        ),
        tools=(
            "feedgen",
            "mkdocs",
            "mkdocs-material",
            "pymdown-extensions",
            "Markdown",
            "Jinja2",
            "Pygments",
            "pydantic",
        ),
        facts=lambda site: (
            site.today.isoformat(),
            *sorted(f"{slug} {c.model_dump_json()}" for slug, c in _certificates(site).items()),
        ),
    ),
    Part(
        "books",
        "Lessons",
        _lessons,
        _books,
        code=("builders/*.py", "model/*.py", "content.py", "forms.py", "pages.py"),
        tools=("jupyter-book", "Jinja2", "Pygments"),
    ),
    Part(
        "api",
        "Reference",
        lambda site: _files(site.root / "site" / "api", site.theme),
        _api,
        code=("**/*.py",),
        tools=("Sphinx", "furo"),
        beside=True,
    ),
    Part(
        "redirects",
        "Old addresses",
        lambda site: (*_files(site.root / redirects.FORM), *_pages(site)),
        _redirects,
        code=("builders/redirects.py", "builders/site_map.py", "model/redirects.py"),
    ),
    Part("search", "Search", _pages, _search, code=("builders/search*.py",), tools=("pagefind",)),
    Part("map", "Site map", _pages, _map, code=("builders/site_map.py",)),
    Part(
        "addresses",
        "No address lost",
        lambda site: (*_files(site.root / redirects.ADDRESSES), *_pages(site)),
        _addresses,
        code=("builders/redirects.py", "builders/site_map.py"),
    ),
    Part("leaks", "No answers given away", _searched, _leaks, code=("public.py", "proofs/leaks.py")),
)  # in order: search and the site map read what the others wrote
