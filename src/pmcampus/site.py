"""The whole site, as a list of parts; a part whose inputs did not change is left as it is."""

import hashlib
import importlib
import json
import platform
import time
from collections.abc import Callable, Collection, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import date
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from pmcampus import certificates
from pmcampus.builders import portal, redirects, site_map
from pmcampus.builders.portal_releases import Shelf
from pmcampus.content import IGNORED_FOLDERS, load_tree, site_folder
from pmcampus.errors import SiteError
from pmcampus.files import write_text
from pmcampus.model.certificate import Certificate
from pmcampus.model.release import RELEASES
from pmcampus.model.tree import Tree
from pmcampus.paper import load_paper, paper_ids
from pmcampus.proofs import leaks
from pmcampus.public import SITE, TEACHING, built, secrets
from pmcampus.releases import shelf as releases

CODE = Path(__file__).parent
Progress = Callable[[str], None]


@dataclass(frozen=True)
class Site:
    """What every part may read, and where it writes."""

    root: Path
    out: Path
    tree: Tree
    url: str | None
    today: date

    @property
    def theme(self) -> Path:
        """Templates, styles and fonts."""
        return site_folder(self.root, "theme")

    @property
    def work(self) -> Path:
        """Where parts write on the way: `build`, or out of sight beside a site that lies elsewhere."""
        return self.out.parent if self.out.parent == self.root / "build" else self.records

    @property
    def records(self) -> Path:
        """Where parts remember what they were made from."""
        return self.out.parent / f".{self.out.name}"


@dataclass(frozen=True)
class Part:
    """One part: what it is made from, how, and what of the site it owns."""

    name: str
    says: str
    inputs: Callable[[Site], Iterable[Path]]
    make: Callable[[Site], Iterable[Path]]
    code: tuple[str, ...]
    tools: tuple[str, ...] = ()
    facts: Callable[[Site], Iterable[str]] = lambda site: ()
    beside: bool = False  # needs nothing of the others, so it is made while they are


@dataclass(frozen=True)
class Made:
    """What happened to one part."""

    name: str
    fresh: bool
    seconds: float
    files: int


@dataclass(frozen=True)
class Built:
    """A built site."""

    out: Path
    parts: tuple[Made, ...]
    seconds: float

    @property
    def pages(self) -> int:
        """How many pages a reader can open."""
        return sum(1 for _ in self.out.rglob("*.html"))


def build(
    root: Path,
    out: Path,
    *,
    site_url: str | None = None,
    today: date | None = None,
    only: Collection[str] | None = None,
    progress: Progress = lambda line: None,
) -> Built:
    """The site of the content under `root`, in `out`.

    Args:
        root: the content root.
        out: the site's folder; made where it is missing.
        site_url: the address of the first page; by default the one in mkdocs.yml.
        today: the day for which overdue reviews are told; by default this day.
        only: names of the parts to build; by default all.
        progress: told each part's name as it begins.

    Raises:
        ContentError: the content cannot be read.
        SiteError: a part could not be built.
    """
    begun = time.perf_counter()
    site = Site(root, out, load_tree(root).valid(), site_url, today or date.today())
    out.mkdir(parents=True, exist_ok=True)
    wanted = [part for part in PARTS if only is None or part.name in only]
    parts = []
    with ThreadPoolExecutor() as pool:
        begun_beside = {p.name: pool.submit(_bring_up_to_date, site, p) for p in wanted if p.beside}
        for part in wanted:
            progress(part.says)
            waiting = begun_beside.get(part.name)
            parts.append(waiting.result() if waiting else _bring_up_to_date(site, part))
    return Built(out, tuple(parts), time.perf_counter() - begun)


def _bring_up_to_date(site: Site, part: Part) -> Made:
    """Make the part, or leave it when its inputs are the ones it was made from."""
    begun = time.perf_counter()
    record = site.records / f"{part.name}.json"
    inputs = _digest(site, part)
    known = _read_record(record)
    if known.get("inputs") == inputs and all(
        (site.out / name).is_file() and (site.out / name).stat().st_size == size
        for name, size in known["files"].items()
    ):
        return Made(part.name, False, time.perf_counter() - begun, len(known["files"]))
    record.unlink(missing_ok=True)
    files = {p.relative_to(site.out).as_posix(): p.stat().st_size for p in sorted(set(part.make(site)))}
    for name in sorted(set(known.get("files", ())) - set(files)):
        (site.out / name).unlink(missing_ok=True)
    write_text(record, json.dumps({"inputs": inputs, "files": files}, indent=1) + "\n")
    return Made(part.name, True, time.perf_counter() - begun, len(files))


def _read_record(path: Path) -> dict[str, Any]:
    """What a part was made from last time; nothing where that is not known."""
    try:
        found = json.loads(path.read_text("utf-8"))
    except (FileNotFoundError, ValueError):
        return {}
    return found if isinstance(found, dict) and {"inputs", "files"} <= set(found) else {}


def _digest(site: Site, part: Part) -> str:
    """One number for everything that could change what the part makes."""
    found = hashlib.sha256()
    for fact in (platform.python_version(), str(site.url), *map(_version, part.tools), *part.facts(site)):
        found.update(f"{fact}\n".encode())
    code = [p for pattern in part.code for p in sorted(CODE.glob(pattern))]
    for path in (*part.inputs(site), *code):
        name = path.relative_to(site.root) if path.is_relative_to(site.root) else path.name
        found.update(f"{name}\0".encode())
        found.update(hashlib.sha256(path.read_bytes()).digest())
    return found.hexdigest()


def _version(name: str) -> str:
    try:
        return f"{name} {version(name)}"
    except PackageNotFoundError:
        return f"{name} absent"


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
            "releases.py",
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
