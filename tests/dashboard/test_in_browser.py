"""The pages in a real browser: no barrier, no request elsewhere, nothing hostile runs, keys are enough."""

from collections.abc import Iterator
from typing import Any

import pytest

from pmcampus.dashboard.access import Visitor
from pmcampus.dashboard.campus import Campus
from tests.conftest import barriers
from tests.dashboard.conftest import COUNTING
from tests.dashboard.test_marking import key_of

pytestmark = pytest.mark.browser
KINDS = [(360, "dark"), (1280, "light"), (360, "light"), (1280, "dark")]


@pytest.fixture
def desk(browser: Any, campus: Campus, address: str) -> Iterator[Any]:
    """A way to open a page as an instructor: `desk(width, scheme)` gives a page of a new window."""
    opened = []

    def open_window(width: int, scheme: str = "light") -> Any:
        context = browser.new_context(
            viewport={"width": width, "height": 900}, color_scheme=scheme, base_url=address
        )
        cookie = campus.sessions.begin(Visitor("x", is_instructor=True))
        context.add_cookies([{"name": campus.cookie, "value": cookie, "url": address}])
        opened.append(context)
        return context.new_page()

    yield open_window
    for context in opened:
        context.close()


def pages(campus: Campus) -> list[str]:
    """One address of each kind of page, all of them with hostile names on them."""
    answer = campus.url("marking", COUNTING, "letter", key_of(campus, "ada"))
    paths = [
        "overview",
        "matrix",
        "items",
        "teams",
        "competencies",
        "at-risk",
        "gain",
        "markers",
        "marking",
        "appeals",
        "regrades",
        "log",
    ]
    return [
        answer,
        campus.url("learners", "ada"),
        campus.url("matrix", assessment=COUNTING),
        *(campus.url(path if path != "overview" else "") for path in paths),
        campus.url("marking", COUNTING, "letter"),
        campus.url("rows", assessment=COUNTING),
        campus.url("teams", team="<script>alert(1)</script>"),
    ]


@pytest.mark.parametrize(("width", "scheme"), KINDS)
def test_no_page_has_a_barrier_and_none_asks_elsewhere(
    desk: Any, campus: Campus, address: str, width: int, scheme: str
) -> None:
    """axe finds nothing, nothing scrolls sideways but tables, no policy is broken, no dialogue opens."""
    page = desk(width, scheme)
    asked, said = [], []
    page.on("request", lambda request: asked.append(request.url))
    page.on("console", lambda message: said.append(message.text))
    page.on("dialog", lambda dialog: (said.append(dialog.message), dialog.dismiss()))
    how_many = {0: 18, 1: 7}.get(KINDS.index((width, scheme)), 2)  # every page once, the heavy ones again

    found = {}
    for path in pages(campus)[:how_many]:
        page.goto(path)
        found[path] = barriers(page)
        if page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth"):
            found[path].append("it scrolls sideways")
    assert {path: faults for path, faults in found.items() if faults} == {}
    assert said == []
    assert [url for url in asked if not url.startswith((address, "data:"))] == []


def test_a_table_is_sorted_with_keys(desk: Any, campus: Campus) -> None:
    """A head takes the focus, Enter sorts rising and then falling, and says so."""
    page = desk(1280)
    page.goto(campus.url("marking", COUNTING, "letter"))
    head = page.locator("th", has_text="Answer").first
    head.locator("button").focus()

    for order in ("ascending", "descending"):
        page.keyboard.press("Enter")
        assert head.get_attribute("aria-sort") == order
    assert page.locator("tbody th").first.inner_text() == "Answer 4"


def test_an_answer_is_marked_with_keys_alone(desk: Any, campus: Campus) -> None:
    """From the button of the item to the next answer."""
    page = desk(360)
    page.goto(campus.url("marking", COUNTING, "letter"))
    page.get_by_role("link", name="Mark answer").press("Enter")
    page.get_by_label("Points, 0 to").fill("3")
    page.keyboard.press("Tab")
    page.keyboard.type("Clear and kind.")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")

    assert page.get_by_role("status").inner_text() == "Answer 1: 3 of 4 points are saved."
    assert "answer 2" in page.locator("h1").inner_text()


def test_the_printed_address_brings_a_browser_in(browser: Any, campus: Campus, address: str) -> None:
    """The strict cookie comes along although the page goes on by itself."""
    context = browser.new_context()
    page = context.new_page()

    page.goto(f"{address}/enter?token={campus.token.renew()}")
    page.wait_for_url(f"{address}/")

    assert "learners" in page.locator(".tiles").inner_text()
    context.close()
