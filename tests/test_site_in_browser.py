"""The portal of the repository's own content in a real browser: barriers, width, requests, script."""

import threading
from collections.abc import Iterator
from datetime import date
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from pmcampus.site import build

playwright = pytest.importorskip("playwright.sync_api")
axe_playwright = pytest.importorskip("axe_playwright_python.sync_playwright")

REPOSITORY = Path(__file__).parents[1]
CHROMIUM = Path("/usr/bin/chromium")
LOOKED_AT = (
    "", "modules/", "modules/pharmacogenomics-in-prescribing/", "modules/variant-interpretation/",
    "pathways/", "pathways/clinician/", "competencies/", "roadmap/", "cases/", "glossary/", "guides/",
    "cases/dpyd-before-chemotherapy/", "guides/authors/", "guides/lesson-elements/",
    "guides/page-elements/", "rules/", "rules/PM302/",
    "schemas/", "about/", "search/", "404.html",
)  # fmt: skip
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]

pytestmark = [pytest.mark.browser, pytest.mark.site]


class _Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *args: Any) -> None:
        """No line for each request."""


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Where the built portal answers."""
    out = tmp_path_factory.mktemp("site") / "site"
    build(REPOSITORY, out, site_url="http://127.0.0.1/", today=date(2026, 11, 24), only=("portal",))
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(_Quiet, directory=str(out)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/"
    server.shutdown()
    server.server_close()


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    """Chromium, without a window."""
    with playwright.sync_playwright() as tool:
        path = str(CHROMIUM) if CHROMIUM.is_file() else None
        chromium = tool.chromium.launch(executable_path=path, args=["--no-sandbox"])
        yield chromium
        chromium.close()


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
    page, axe, found = context.new_page(), axe_playwright.Axe(), []
    for name in LOOKED_AT:
        page.goto(address + name)
        for violation in axe.run(page, options={"runOnly": RULES}).response["violations"]:
            found.append((name, violation["id"], violation["nodes"][0]["html"][:120]))
    context.close()

    assert found == []


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
