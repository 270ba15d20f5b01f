"""The search index, made by the real pagefind."""

import json
from pathlib import Path

import pytest

from pmcampus.builders import search
from pmcampus.errors import SiteError

PAGE = (
    '<!doctype html><html lang="en"><head><title>{0}</title></head>'
    "<body><main data-pagefind-body><h1>{0}</h1><p>{1}</p></main></body></html>"
)


@pytest.fixture
def site(tmp_path: Path) -> Path:
    """Three small pages, of portal, books and reference."""
    pages = (("", "Portal", "paths"), ("books/m/l", "Lesson", "the *17 allele"), ("api", "Reference", "load"))
    for place, title, words in pages:
        folder = tmp_path / "site" / place
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "index.html").write_text(PAGE.format(title, words), "utf-8")
    return tmp_path / "site"


def test_one_index_holds_portal_books_and_reference(site: Path) -> None:
    """And no ready-made search box."""
    made = search.build(site)

    entry = json.loads((site / "pagefind" / "pagefind-entry.json").read_text("utf-8"))
    assert 3 == entry["languages"]["en"]["page_count"]
    assert {"pagefind.js", "pagefind-worker.js"} <= {p.name for p in made}
    assert not [p.name for p in made if "ui" in p.name]


def test_the_same_pages_give_the_same_index(site: Path) -> None:
    """Byte by byte; an old index is replaced."""
    first = {p.relative_to(site): p.read_bytes() for p in search.build(site)}
    (site / "pagefind" / "left-over").write_text("old")
    second = {p.relative_to(site): p.read_bytes() for p in search.build(site)}

    assert first == second
    assert not (site / "pagefind" / "left-over").exists()


def test_a_site_without_pages_is_refused(tmp_path: Path) -> None:
    """There is nothing to search."""
    with pytest.raises(SiteError, match="Build the portal first"):
        search.build(tmp_path)
