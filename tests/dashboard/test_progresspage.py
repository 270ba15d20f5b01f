"""The report as one file: the dashboard's values and parts, inert, in a browser without a network."""

import re
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from pmcampus.progresspage import progress_page
from pmcampus.tracking import open_tracking
from tests.conftest import TWO_MODULES, barriers
from tests.dashboard.conftest import COUNTING, LEARNERS, Guest

AT = datetime(2026, 10, 30, tzinfo=UTC)


@pytest.fixture(scope="module")
def report(made: Path) -> str:
    """The report on the cohort with hostile names."""
    return progress_page(made, None, root=TWO_MODULES, as_of=AT)


def test_the_report_shows_what_the_dashboard_shows(report: str, made: Path, instructor: Guest) -> None:
    """The same tables, cell by cell, without links."""

    def cells(text: str, table: int) -> list[str]:
        body = re.findall(r"<tbody>(.*?)</tbody>", text, re.DOTALL)[table]
        return [
            " ".join(re.sub(r"<[^>]+>", " ", cell).split())
            for cell in re.findall(r"<t[dh].*?</t[dh]>", body, re.DOTALL)
        ]

    overview = instructor.get().text
    for table in range(3):
        assert cells(report, table) == cells(overview, table)
    items = instructor.get("items", assessment=COUNTING).text
    assert cells(items, 0) in [cells(report, table) for table in range(3, 8)]
    with open_tracking(made, root=TWO_MODULES, as_of=AT) as tracking:
        assert f"First attempts only: {tracking.items(COUNTING).n} " in report


def test_no_name_is_in_the_report_and_no_team_is_markup(report: str) -> None:
    """One script, ours, named by its digest in the policy; ids stand for people."""
    for learner in LEARNERS:
        assert learner.name not in report and learner.id in report
    assert report.count("<script") == 1 and "onerror" not in report
    assert re.search(r"script-src 'sha256-[A-Za-z0-9+/=]+'", report)
    assert "&lt;script&gt;alert(1)" in report
    assert not re.search(r'(src|href)="(?!#|data:)', report)
    assert "T" * 100 not in report


@pytest.mark.browser
@pytest.mark.parametrize(
    ("width", "scheme"), [(360, "dark"), (360, "light"), (1280, "dark"), (1280, "light")]
)
def test_it_opens_from_disk_without_a_barrier_or_a_request(
    browser: Any, report: str, tmp_path: Path, width: int, scheme: str
) -> None:
    """Its tables are sorted with keys, its script is let through by its own policy."""
    file = tmp_path / "report.html"
    file.write_text(report, "utf-8")
    context = browser.new_context(viewport={"width": width, "height": 900}, color_scheme=scheme, offline=True)
    page = context.new_page()
    asked, said = [], []
    page.on("request", lambda request: asked.append(request.url))
    page.on("console", lambda message: said.append(message.text))
    page.goto(file.as_uri())

    found = barriers(page)
    wide = page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth")
    head = page.locator("table.matrix th", has_text="Points so far").first
    head.locator("button").press("Enter")
    head.locator("button").press("Enter")
    first = page.locator("table.matrix tbody th").first.inner_text()
    context.close()

    assert (found, said, wide) == ([], [], False)
    assert [url for url in asked if not url.startswith(("file:", "data:"))] == []
    assert first.startswith("ada"), "ada has the most points, and who has none comes last"
