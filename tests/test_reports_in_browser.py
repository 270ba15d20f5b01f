"""Feedback page and cohort report in a real browser, opened from disk: no barrier, no request."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from pmcampus.content import load_style
from pmcampus.model.cohort import ItemRecord, Learner, Record
from pmcampus.model.verdict import Mark
from pmcampus.paper import Paper
from pmcampus.progress import ItemHead, progress
from pmcampus.reports import report
from tests.conftest import REPOSITORY, barriers
from tests.test_feedback import items, page

AT = datetime(2026, 10, 20, tzinfo=UTC)

pytestmark = pytest.mark.browser


def cohort_report() -> str:
    """A report with every state in it."""
    heads = tuple(ItemHead(f"i{n}-check", f"Item number {n}", "G5", 4, automatic=n < 3) for n in range(1, 5))
    learners = [
        Learner(f"l{n}", "x", "clinician" if n % 2 else "data-scientist", f"Team {n % 3}") for n in range(6)
    ]
    records = {
        f"l{n}": Record(
            f"l{n}",
            AT,
            "1.0.0",
            tuple(
                ItemRecord(h.cell, 4, None if i == 3 and n == 2 else float(n), Mark.PARTIAL)
                for i, h in enumerate(heads)
            ),
        )
        for n in range(4)
    } | {"l4": Record("l4", AT, "1.0.0", refused="the file is cut off.")}
    found = progress(
        learners,
        records,
        items=heads,
        hurdles={"i1-check": (1, "A reason.")},
        passing_score=60,
        cohort="Autumn",
        assessment="a",
        title="An assessment",
        version="1.0.0",
        fictitious=True,
        as_of=AT,
        due=AT,
    )
    return report("html", found, style=load_style(REPOSITORY))


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [360, 1280])
@pytest.mark.parametrize("kind", ["report", "feedback", "refused"])
def test_a_page_that_stands_alone_has_no_barrier_and_asks_nobody(
    browser: Any, tmp_path: Path, paper: Paper, kind: str, width: int, scheme: str
) -> None:
    """axe finds nothing; nothing but the file itself is opened; nothing scrolls sideways but the matrix."""
    style = load_style(REPOSITORY)
    html = {
        "report": cohort_report,
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
