"""A certificate in a real browser: no barrier, no request, nothing a name does, two pages on paper."""

import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from pmcampus.award import certificate
from pmcampus.content import load_style
from tests.conftest import REPOSITORY, barriers
from tests.test_awarding import AWARD, TOKEN

pytestmark = pytest.mark.browser
NAMES = {
    "plain": "Ada Made-Up",
    "script": "<script>document.title='hit'</script><img src=x onerror=\"document.title='hit'\">",
    "turned": "\u202eevil \u2067name",
    "long": "x" * 10_000,
}


@pytest.mark.parametrize(
    ("name", "width", "scheme"),
    [
        ("plain", 360, "light"),
        ("plain", 1280, "dark"),
        ("script", 360, "light"),
        ("turned", 1280, "light"),
        ("long", 360, "dark"),
    ],
)
def test_a_certificate_has_no_barrier_asks_nobody_and_does_nothing(
    browser: Any, tmp_path: Path, name: str, width: int, scheme: str
) -> None:
    """axe finds nothing; only the file is opened; nothing scrolls sideways; a name stays text."""
    file = tmp_path / "certificate.html"
    award = replace(AWARD, name=NAMES[name], is_fictitious=name == "plain")
    file.write_bytes(certificate(award, token=TOKEN, style=load_style(REPOSITORY)))
    context = browser.new_context(viewport={"width": width, "height": 900}, color_scheme=scheme)
    shown, asked = context.new_page(), []
    shown.on("request", lambda request: asked.append(request.url))

    shown.goto(file.as_uri())
    found = barriers(shown)
    wide = shown.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth")
    heading, title = shown.text_content("h1"), shown.title()
    after = shown.evaluate("getComputedStyle(document.querySelector('h1 bdi')).unicodeBidi")
    context.close()

    assert found == []
    assert [url for url in asked if not url.startswith(("file:", "data:"))] == []
    assert not wide
    assert (NAMES[name], "isolate") == (heading, after)
    assert title.startswith("Certificate: ")


def test_a_certificate_prints_on_two_pages_at_most(browser: Any, tmp_path: Path) -> None:
    """What is certified is on the first."""
    file = tmp_path / "certificate.html"
    file.write_bytes(certificate(AWARD, token=TOKEN, style=load_style(REPOSITORY)))
    context = browser.new_context()
    shown = context.new_page()
    shown.goto(file.as_uri())

    printed = shown.pdf(format="A4", prefer_css_page_size=True)
    context.close()

    assert 1 <= len(re.findall(rb"/Type\s*/Page[^s]", printed)) <= 2
