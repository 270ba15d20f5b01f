"""A module's copy for a machine without network, opened from disk in a real browser."""

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

import pytest

from pmcampus.builders import books, portal
from pmcampus.builders.portal_downloads import contents
from pmcampus.content import load_style, load_tree
from pmcampus.exporters.offline import Bundle, offline_bundle
from tests.conftest import REPOSITORY, TWO_MODULES, barriers

WEB = "https://learn.example.org/"


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The tiny curriculum with the repository's look."""
    place = tmp_path_factory.mktemp("offline") / "curriculum"
    shutil.copytree(TWO_MODULES, place)
    shutil.copytree(REPOSITORY / "site", place / "site")
    shutil.copy(REPOSITORY / "mkdocs.yml", place)
    return place


@pytest.fixture(scope="module")
def built(root: Path) -> Path:
    """Its portal and lessons."""
    tree, out, theme = load_tree(root).valid(), root / "build" / "site", root / "site" / "theme"
    portal.build(tree, out, theme, work=root / "build", config=root / "mkdocs.yml", site=WEB)
    books.build(tree, out, theme, work=root / "build", site=WEB)
    return out


def bundle(root: Path, built: Path, site: str | None) -> Bundle:
    """The second module's copy."""
    folder = load_tree(root).modules["second-steps"]
    return offline_bundle(
        folder, built, site=site, notebooks=contents(root, folder), wheels="a==1\n", style=load_style(root)
    )


@pytest.fixture(scope="module", params=[WEB, None], ids=["with an address", "without"])
def unpacked(root: Path, built: Path, tmp_path_factory: pytest.TempPathFactory, request: Any) -> Path:
    """It, in a folder whose name has a blank; the site it came from is out of reach."""
    made = bundle(root, built, request.param)
    place = tmp_path_factory.mktemp("a stick") / made.name
    for name, content in made.files.items():
        (place / name).parent.mkdir(parents=True, exist_ok=True)
        (place / name).write_bytes(content)
    return place


def pages(place: Path) -> Iterator[Path]:
    """Every page of the copy."""
    yield from sorted(place.rglob("*.html"))


@pytest.mark.site
@pytest.mark.browser
def test_every_page_opens_from_disk_and_every_link_leads_to_a_file(browser: Any, unpacked: Path) -> None:
    """No request fails, none leaves the disk, anchors exist, nothing is said on the console."""
    context = browser.new_context(offline=True)
    page, said, asked = context.new_page(), [], []
    page.on("console", lambda message: said.append(message.text))
    page.on("pageerror", lambda error: said.append(str(error)))
    page.on("requestfailed", lambda request: said.append(f"failed: {request.url}"))
    page.on("request", lambda request: asked.append(request.url))
    links: set[str] = set()
    anchors: dict[str, set[str]] = {}
    for path in pages(unpacked):
        page.goto(path.as_uri())
        assert page.locator("h1").count() == 1, path
        assert page.evaluate("[...document.styleSheets].length") >= 1, path
        anchors[path.as_uri()] = set(page.evaluate("[...document.querySelectorAll('[id]')].map(e => e.id)"))
        links |= set(page.evaluate("[...document.querySelectorAll('a[href]')].map(a => a.href)"))
    context.close()

    assert said == []
    assert [url for url in asked if not url.startswith(("file:", "data:"))] == []
    local = {urlsplit(url) for url in links if url.startswith("file:")}
    assert [p.path for p in local if not Path(unquote(p.path)).is_file()] == []
    wrong = [
        p.geturl()
        for p in local
        if p.fragment and p.fragment not in anchors[p._replace(fragment="").geturl()] | {"main"}
    ]
    assert wrong == []
    assert any("/books/second-steps/a-lesson/" in p.path for p in local)


@pytest.mark.site
@pytest.mark.browser
def test_a_reader_walks_from_the_first_page_to_a_lesson_and_its_notebook(
    browser: Any, unpacked: Path
) -> None:
    """With clicks, as on the site."""
    page = browser.new_page()
    page.goto((unpacked / "index.html").as_uri())
    assert barriers(page) == []
    page.get_by_role("link", name="About this module").click()
    page.locator("ol.lessons a").first.click()

    assert page.url.endswith("/site/books/second-steps/a-lesson/index.html")
    assert page.get_by_role("searchbox").count() == 0
    assert "no search" in page.locator("header.top").inner_text()
    page.close()


@pytest.mark.site
def test_links_out_of_the_copy_lead_to_the_site_or_nowhere(root: Path, built: Path) -> None:
    """A link that cannot work is not one."""
    with_site, without = (bundle(root, built, site).files for site in (WEB, None))
    name = "site/modules/second-steps/index.html"

    assert f'href="{WEB}modules/"'.encode() in with_site[name]
    assert f'href="{WEB}competencies/#D3"'.encode() in with_site[name]
    assert WEB.encode() not in without[name].split(b"<body>")[1]


@pytest.mark.site
def test_the_copy_holds_notebooks_data_and_what_to_install(root: Path, built: Path) -> None:
    """And neither another module's lessons nor a search index."""
    names = set(bundle(root, built, WEB).files)

    assert {"index.html", "wheels.txt", "notebooks/README.md", "notebooks/lessons/01-a-lesson.ipynb"} <= names
    assert not any("first-steps" in name or "pagefind" in name or "search.js" in name for name in names)


@pytest.mark.site
def test_the_download_of_the_site_is_here_already(root: Path, built: Path) -> None:
    """Its link leads to the notebooks of the copy."""
    page = bundle(root, built, WEB).files["site/modules/second-steps/index.html"].decode()

    assert 'href="../../../index.html#notebooks"' in page
    assert "downloads/" not in page
