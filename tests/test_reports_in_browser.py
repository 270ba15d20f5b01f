"""Feedback pages in a real browser, opened from disk: no barrier, no request."""

from pathlib import Path
from typing import Any

import pytest

from pmcampus.content import load_style
from pmcampus.paper import Paper
from tests.conftest import REPOSITORY, barriers
from tests.test_feedback import items, page

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [360, 1280])
@pytest.mark.parametrize("kind", ["feedback", "refused"])
def test_a_page_that_stands_alone_has_no_barrier_and_asks_nobody(
    browser: Any, tmp_path: Path, paper: Paper, kind: str, width: int, scheme: str
) -> None:
    """axe finds nothing; nothing but the file itself is opened; nothing scrolls sideways."""
    style = load_style(REPOSITORY)
    html = {
        "feedback": lambda: page(paper, *items(1), style=style),
        "refused": lambda: page(paper, refused="the file is cut off.", style=style),
    }[kind]()
    file = tmp_path / f"{kind}.html"
    file.write_text(html, "utf-8")
    context = browser.new_context(viewport={"width": width, "height": 900}, color_scheme=scheme)
    shown, asked = context.new_page(), []
    shown.on("request", lambda request: asked.append(request.url))

    shown.goto(file.as_uri())
    found = barriers(shown)
    wide = shown.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth")
    context.close()

    assert found == []
    assert [url for url in asked if not url.startswith(("file:", "data:"))] == []
    assert not wide
