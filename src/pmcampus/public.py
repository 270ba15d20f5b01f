"""Every byte that a learner can get, place by place: what an assessment must not leak into."""

import gzip
import io
import json
import zipfile
from collections.abc import Iterator, Mapping
from contextlib import suppress
from pathlib import Path

import nbformat

from pmcampus.content import IGNORED_FOLDERS
from pmcampus.paper import Paper
from pmcampus.proofs import leaks
from pmcampus.proofs.leaks import readable

TEXTS = (
    ".ipynb",
    ".json",
    ".md",
    ".yaml",
    ".yml",
    ".csv",
    ".txt",
    ".py",
    ".html",
    ".xml",
    ".js",
    ".svg",
    ".bib",
)
INDEXES = (".pf_fragment", ".pf_index", ".pf_meta", ".pagefind")
Texts = Iterator[tuple[str, str]]
LESSONS = "lessons, cases and their data"
SITE = "the site as last built, its search and its archives"
TEACHING = frozenset({LESSONS, SITE})


def secrets(paper: Paper) -> tuple[list[str], list[str]]:
    """What learners must find out by themselves, and what of the same cells they are given."""
    sources = [str(cell.source) for cell in paper.source.cells]
    return leaks.secrets_of(sources), leaks.shown_of(sources)


def places(root: Path, paper: Paper) -> Mapping[str, Texts]:
    """The places of this curriculum, with the name and text of what lies in them."""
    found: dict[str, Texts] = {
        "the released notebook, its metadata and attachments": _release(paper),
        "the files beside it": ((n, readable(n, c)) for n, c in paper.data.items()),
        LESSONS: _folders(root, "modules", "case_studies", without=paper.folder),
        "the curriculum's forms": _folders(root, "curriculum"),
        "the portal's pages": _folders(root, "site/pages", "site/api"),
    }
    site = root / "build" / "site"
    if site.is_dir():
        found[SITE] = built(site)
    return found


def built(site: Path) -> Texts:
    """The texts of a built site: pages, data, the search index unpacked, and what lies in archives."""
    for path in sorted(p for p in site.rglob("*") if p.is_file()):
        with suppress(FileNotFoundError):  # it is being built anew; the build looks for answers at its end
            content = path.read_bytes()
            yield from _texts(path.relative_to(site).as_posix(), content)


def _release(paper: Paper) -> Texts:
    yield paper.id, readable("release.ipynb", nbformat.writes(paper.release, 4).encode())
    for cell in paper.release.cells:
        yield f"cell {cell.id}, metadata", json.dumps(cell.metadata)
        for output in cell.get("outputs", ()):
            yield f"cell {cell.id}, output", json.dumps(output)


def _folders(root: Path, *names: str, without: Path | None = None) -> Texts:
    """All texts of these folders, but of the one in which a case keeps its own solutions."""
    for name in names:
        for path in sorted((root / name).rglob("*")):
            if without is not None and path.is_relative_to(without):
                continue
            if path.is_file() and not IGNORED_FOLDERS & set(path.parts):
                yield from _texts(path.relative_to(root).as_posix(), path.read_bytes())


def _texts(name: str, content: bytes) -> Texts:
    """The texts in one file; archives are opened, index files unpacked, pictures and fonts left out."""
    if name.endswith(".zip"):
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            for entry in archive.namelist():
                yield from _texts(f"{name}/{entry}", archive.read(entry))
    elif name.endswith(INDEXES):
        try:
            content = gzip.decompress(content)
        except (OSError, EOFError):
            return
        yield name, content.decode("utf-8", "replace")
    elif name.endswith(TEXTS):
        yield name, readable(name, content)
