"""The one search, in a real browser, over the portal and the lessons, and the keyboard's first steps."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.error import HTTPError
from urllib.request import urlopen

import pytest

from pmcampus.builders.redirects import check, published
from pmcampus.site import build
from tests.conftest import REPOSITORY, served

pytestmark = [pytest.mark.browser, pytest.mark.site]


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Portal, lessons and their index."""
    out = tmp_path_factory.mktemp("site") / "site"
    build(REPOSITORY, out, site_url="http://127.0.0.1/", only=("portal", "books", "redirects", "search"))
    return out


@pytest.fixture(scope="module")
def address(browser: Any, site: Path) -> Iterator[str]:
    """Where they answer."""
    with served(site) as place:
        yield place


def test_a_search_finds_lessons_and_opens_them(browser: Any, address: str) -> None:
    """From the header's box to the lesson, asking nobody else."""
    page, asked = browser.new_page(), []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(address)
    page.get_by_role("searchbox").first.fill("clopidogrel")
    page.keyboard.press("Enter")
    page.locator("#hits a").first.wait_for()
    links = page.locator("#hits a").evaluate_all("found => found.map(link => link.href)")

    assert any("/books/pharmacogenomics-in-prescribing/" in link for link in links)
    assert [url for url in asked if not url.startswith(address)] == []
    page.goto(next(link for link in links if "/books/" in link))
    assert page.locator("h1").count() == 1
    page.close()


def test_every_address_ever_published_answers(address: str) -> None:
    """Each page, file and archive on the list, over HTTP; old addresses by a page that leads on."""
    pages = sorted({one.partition("#")[0] for one in published(REPOSITORY)})
    refused = []
    for page in pages:
        try:
            urlopen(address + page).close()
        except HTTPError as problem:
            refused.append(f"{page}: {problem.code}")

    assert refused == []
    assert len(pages) > 100


def test_every_part_that_others_link_to_is_still_there(site: Path) -> None:
    """Competencies, clauses, and the questions that packages in other systems point at."""
    check(REPOSITORY, site)


def test_the_first_key_leads_past_the_header(browser: Any, address: str) -> None:
    """Tab, Enter: the skip link brings a keyboard to the content."""
    page = browser.new_page()
    page.goto(address)
    page.keyboard.press("Tab")
    first = page.evaluate("document.activeElement.textContent")
    page.keyboard.press("Enter")

    assert first == "Skip to content"
    assert page.url.endswith("#main")
    page.close()
