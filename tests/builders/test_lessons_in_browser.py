"""Lessons in a real browser: barriers, width, keyboard, requests."""

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from pmcampus.builders import books
from pmcampus.builders.book_project import written
from pmcampus.content import load_tree
from tests.builders.lesson_samples import write_every_element
from tests.conftest import REPOSITORY, TWO_MODULES, barriers, served

THEME = REPOSITORY / "site" / "theme"
SAMPLE = "books/first-steps/a-lesson/"
OPEN = "all => all.forEach(one => one.open = true)"

pytestmark = [pytest.mark.browser, pytest.mark.site]


@pytest.fixture(scope="module")
def address(browser: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Where the sample's books and the repository's answer; not built where no browser could look."""
    folder = tmp_path_factory.mktemp("lessons")
    root = Path(shutil.copytree(TWO_MODULES, folder / "root"))
    shutil.copy(REPOSITORY / "mkdocs.yml", root)
    write_every_element(root / "modules/first-steps/lessons/01-a-lesson.ipynb")
    books.build(load_tree(root), folder / "sample", THEME, work=folder / "work")
    site = folder / "site"
    books.build(load_tree(REPOSITORY), site, THEME, work=folder / "work")
    shutil.copytree(folder / "sample" / "books", site / "books", dirs_exist_ok=True)
    for name in ("css", "fonts", "img", "js"):
        shutil.copytree(THEME / name, site / name)
    with served(site) as place:
        yield place


def violations(page: Any) -> list[str]:
    """What axe finds when everything is unfolded."""
    page.eval_on_selector_all("main details", OPEN)
    return barriers(page)


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [360, 1280])
@pytest.mark.parametrize("path", [SAMPLE, "books/first-steps/"])
def test_no_barrier_is_found(browser: Any, address: str, path: str, width: int, scheme: str) -> None:
    """WCAG 2.2 AA and good practice, with every fold open."""
    with browser.new_context(viewport={"width": width, "height": 900}, color_scheme=scheme) as context:
        page = context.new_page()
        page.goto(address + path)

        assert [] == violations(page)


@pytest.mark.parametrize("path", [SAMPLE, "books/first-steps/"])
def test_nothing_is_wider_than_a_small_phone(browser: Any, address: str, path: str) -> None:
    """Only code, tables and formulas scroll, each in its own frame."""
    with browser.new_context(viewport={"width": 320, "height": 800}) as context:
        page = context.new_page()
        page.goto(address + path)
        page.eval_on_selector_all("main details", OPEN)

        assert 0 == page.evaluate("document.documentElement.scrollWidth - innerWidth")


@pytest.mark.parametrize(("width", "scheme"), [(360, "dark"), (1280, "light")])
def test_no_written_lesson_has_a_barrier(browser: Any, address: str, width: int, scheme: str) -> None:
    """Every lesson of this repository; none is wider than the screen."""
    found = []
    with browser.new_context(viewport={"width": width, "height": 900}, color_scheme=scheme) as context:
        page = context.new_page()
        for module, lesson, _ in written(load_tree(REPOSITORY)):
            page.goto(f"{address}books/{module.id}/{lesson.id}/")
            found += [(lesson.id, violation) for violation in violations(page)]
            if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
                found.append((lesson.id, "too wide"))

    assert [] == found


def test_a_page_asks_only_its_own_server(browser: Any, address: str) -> None:
    """And everything it asks for is there."""
    with browser.new_context() as context:
        page = context.new_page()
        asked: list[tuple[int, str]] = []
        page.on("response", lambda answer: asked.append((answer.status, answer.url)))
        page.goto(address + SAMPLE, wait_until="networkidle")

        assert asked
        assert [] == [one for one in asked if one[0] >= 400 or not one[1].startswith(address)]


def test_what_follows_a_decision_appears_when_one_decides(browser: Any, address: str) -> None:
    """By keyboard, without a script, and nothing is stored."""
    with browser.new_context(java_script_enabled=False) as context:
        page = context.new_page()
        page.goto(address + SAMPLE)
        follows = page.locator(".decide .after")
        hidden_before = not follows.is_visible()
        page.locator(".decide input").first.press("Space")

        assert hidden_before
        assert follows.is_visible()
        assert [] == context.cookies()


def test_tracks_change_with_the_arrow_keys_and_paper_shows_both(browser: Any, address: str) -> None:
    """One track at a time on the screen."""
    with browser.new_context(java_script_enabled=False) as context:
        page = context.new_page()
        page.goto(address + SAMPLE)
        panes = page.locator(".tabs .pane")
        first = [pane.is_visible() for pane in panes.all()]
        page.locator(".tabs input").first.press("ArrowRight")
        second = [pane.is_visible() for pane in panes.all()]
        page.emulate_media(media="print")

        assert [[True, False], [False, True]] == [first, second]
        assert [True, True] == [pane.is_visible() for pane in panes.all()]


def test_a_figure_follows_the_readers_scheme(browser: Any, address: str) -> None:
    """The same line is another blue in the dark."""
    seen = set()
    for scheme in ("light", "dark"):
        with browser.new_context(color_scheme=scheme) as context:
            page = context.new_page()
            page.goto(address + SAMPLE)
            seen.add(page.eval_on_selector(".fig svg path", "path => getComputedStyle(path).stroke"))

    assert {"rgb(58, 124, 196)", "rgb(91, 151, 221)"} == seen
