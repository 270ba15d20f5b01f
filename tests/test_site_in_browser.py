"""The portal of the repository's own content in a real browser: barriers, width, requests, script."""

from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest

from pmcampus.site import build
from tests.conftest import REPOSITORY, barriers, served

LOOKED_AT = (
    "", "modules/", "modules/pharmacogenomics-in-prescribing/", "modules/variant-interpretation/",
    "pathways/", "pathways/clinician/", "competencies/", "roadmap/", "cases/", "glossary/", "guides/",
    "books/", "cases/dpyd-before-chemotherapy/", "guides/authors/", "guides/lesson-elements/",
    "guides/page-elements/", "rules/", "rules/PM302/",
    "schemas/", "about/", "search/", "404.html",
)  # fmt: skip

pytestmark = [pytest.mark.browser, pytest.mark.site]


@pytest.fixture(scope="module")
def address(browser: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Where the built portal answers; nothing is built where no browser could look at it."""
    out = tmp_path_factory.mktemp("site") / "site"
    build(REPOSITORY, out, site_url="http://127.0.0.1/", today=date(2026, 11, 24), only=("portal",))
    with served(out) as place:
        yield place


@pytest.fixture
def page(browser: Any) -> Iterator[Any]:
    """A page of its own, wide and light."""
    context = browser.new_context(viewport={"width": 1280, "height": 900}, color_scheme="light")
    yield context.new_page()
    context.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [360, 1280])
def test_no_barrier_is_found(browser: Any, address: str, scheme: str, width: int) -> None:
    """axe finds nothing, on phone and desk, by day and night."""
    context = browser.new_context(viewport={"width": width, "height": 900}, color_scheme=scheme)
    page, found = context.new_page(), []
    for name in LOOKED_AT:
        page.goto(address + name)
        found += [(name, barrier) for barrier in barriers(page)]
    context.close()

    assert found == []


def test_open_the_small_screens_menu_has_no_barrier(browser: Any, address: str) -> None:
    """Targets in the header keep their distance while the menu is open."""
    context = browser.new_context(viewport={"width": 360, "height": 900})
    page, found = context.new_page(), []
    for name in ("", "modules/", "glossary/", "books/", "404.html"):
        page.goto(address + name)
        page.locator(".menu > summary").click()
        found += [(name, barrier) for barrier in barriers(page)]
    context.close()

    assert found == []


def test_a_link_to_a_word_opens_its_meanings(page: Any, address: str) -> None:
    """Lessons lead to one word; its lines are then to be seen, and its neighbours' are not."""
    page.goto(f"{address}glossary/#term-control")

    assert page.locator("#term-control dl").is_visible()
    assert page.locator(".word details[open]").count() == 1
    page.locator("#g-2").check()
    assert page.locator(".word:visible").count() < page.locator(".word").count()


def test_nothing_scrolls_sideways_and_nobody_else_is_asked(browser: Any, address: str) -> None:
    """Reflow at 320 pixels, no request off the site, a quiet console."""
    context = browser.new_context(viewport={"width": 320, "height": 700})
    page, asked, wide, said = context.new_page(), [], [], []
    page.on("request", lambda request: asked.append(request.url))
    page.on("console", lambda message: said.append(message.text) if message.type == "error" else None)
    for name in LOOKED_AT:
        page.goto(address + name)
        root = "document.documentElement"
        if page.evaluate(f"{root}.scrollWidth > {root}.clientWidth"):
            wide.append(name)
    context.close()

    assert wide == []
    assert [url for url in asked if not url.startswith(address)] == []
    assert said == []


def test_filters_count_and_stay_in_the_address(page: Any, address: str) -> None:
    """A filtered view can be shared and comes back."""
    page.goto(f"{address}modules/?a=G&s=planned")
    shown = page.locator(".card:visible").count()
    page.locator("#l-2").check()

    assert 0 < page.locator(".card:visible").count() < shown
    assert page.url.endswith("/modules/?a=G&l=2&s=planned")
    assert page.get_by_role("status").inner_text().endswith(" modules shown")
    page.reload()
    assert 0 < page.locator(".card:visible").count() < shown


def test_without_script_filters_still_work(browser: Any, address: str) -> None:
    """Filtering is done by the stylesheet."""
    context = browser.new_context(viewport={"width": 1280, "height": 900}, java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{address}modules/")
    everything = page.locator(".card:visible").count()
    page.locator("#a-D").check()

    assert 0 < page.locator(".card:visible").count() < everything
    context.close()


def test_the_chosen_colours_are_remembered(page: Any, address: str) -> None:
    """The switch outlives the page."""
    page.goto(address)
    before = page.evaluate("getComputedStyle(document.body).backgroundColor")
    page.get_by_role("button", name="Use dark colours").click()
    page.goto(f"{address}about/")

    assert page.evaluate("getComputedStyle(document.body).backgroundColor") != before
    assert page.get_by_role("button", name="Use light colours").is_visible()


def test_search_without_an_index_says_so(page: Any, address: str) -> None:
    """A missing index is told, and the lessons are still listed."""
    page.goto(f"{address}search/?q=clopidogrel")
    page.locator("#said:not(:empty)").wait_for()

    assert "Every lesson is listed below" in page.locator("#said").inner_text()


def test_a_page_in_dark_colours_is_light_on_paper(page: Any, address: str) -> None:
    """Whoever chose dark colours still prints dark words on a light ground."""
    page.goto(address)
    page.get_by_role("button", name="Use dark colours").click()
    page.goto(f"{address}modules/pharmacogenomics-in-prescribing/")
    page.emulate_media(media="print")
    grounds = page.evaluate(
        """() => [".mhead", ".note.warn", ".chip.code"].map((part) => {
             const ground = getComputedStyle(document.querySelector(part)).backgroundColor;
             return Math.min(...ground.match(/[0-9]+/g).map(Number));
           })"""
    )

    assert min(grounds) > 200
