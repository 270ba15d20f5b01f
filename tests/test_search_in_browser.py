"""The one search, in a real browser, over the portal and the lessons, and the keyboard's first steps."""

from collections.abc import Iterator
from typing import Any

import pytest

from pmcampus.site import build
from tests.conftest import REPOSITORY, served

pytestmark = [pytest.mark.browser, pytest.mark.site]


@pytest.fixture(scope="module")
def address(browser: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Where portal, lessons and their index answer."""
    out = tmp_path_factory.mktemp("site") / "site"
    build(REPOSITORY, out, site_url="http://127.0.0.1/", only=("portal", "books", "search"))
    with served(out) as place:
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
