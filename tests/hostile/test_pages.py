"""H30 and H31: what a learner or a name carries is inert in feedback, in reports and in formgrader's notebook."""

import json
from html.parser import HTMLParser
from pathlib import Path

import pytest

from pmcampus.cohortprogress import progress_report
from pmcampus.coursedir import feedback_path, marked_path
from pmcampus.grade import grade
from pmcampus.paper import Paper
from tests.conftest import answered, as_bytes
from tests.test_grade import AT, take
from tests.test_marking import RIGHT

pytestmark = pytest.mark.kernel

PAYLOADS = (
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "<svg onload=alert(1)><script>alert(1)</script></svg>",
    "[click](javascript:alert(1))",
    "<style>body{display:none}</style>",
    "$\\href{javascript:alert(1)}{x}$",
    '=HYPERLINK("http://evil","x")',
    "<iframe srcdoc='<script>alert(1)</script>'></iframe>",
)
OUTPUTS = """
from IPython.display import HTML, Javascript, SVG, display
payload = {payload!r}
display(HTML(payload), Javascript("alert(1)"), SVG("<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>"))
display({{"application/vnd.jupyter.widget-view+json": {{"model_id": "x"}}, "text/html": payload, "text/plain": "plain"}}, raw=True)
raise ValueError(payload)
"""


def test_nothing_that_a_learner_wrote_acts_on_a_page(
    cohort: Path,
    curriculum: Path,
    paper: Paper,
    tmp_path: Path,
) -> None:
    """In prose, outputs, errors and names of functions; the marked notebook keeps text and pictures."""
    payload = " ".join(PAYLOADS)
    share = f"def share(part, whole):\n    raise ValueError({payload!r})\n" + OUTPUTS.format(payload=payload)
    notebook = answered(paper, **RIGHT | {"share": share, "letter": "\n\n".join(PAYLOADS)})
    take(tmp_path, cohort, curriculum, "wrong", as_bytes(notebook), AT)

    grade(cohort, "counting", root=curriculum)

    page = feedback_path(cohort, "wrong", "counting").read_text("utf-8")
    plain_page = feedback_path(cohort, "right", "counting").read_text("utf-8")
    assert set(active(page)) <= set(active(plain_page))
    marked = json.loads(marked_path(cohort, "wrong", "counting").read_text("utf-8"))
    theirs = [c for c in marked["cells"] if c["metadata"].get("nbgrader", {}).get("solution")]
    for cell in theirs:
        assert cell["cell_type"] == "code" or [] == active(cell["source"])
        for output in cell.get("outputs", ()):
            assert set(output.get("data", {})) <= {"text/plain", "text/html", "image/png", "image/jpeg"}
            assert [] == active(output.get("data", {}).get("text/html", ""))
    assert "plain" in json.dumps(theirs)
    for kind in ("text", "csv", "html", "json"):
        report = progress_report(cohort, "counting", kind, root=curriculum, as_of=AT)
        assert "alert(1)" not in report
        assert "\n=" not in report


class Active(HTMLParser):
    """Collects what would act: scripts, frames, handlers, addresses that run code."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Each element with its attributes."""
        if tag in ("script", "iframe", "object", "embed", "svg", "form", "base", "link"):
            self.found.append(tag)
        for name, value in attrs:
            if name.startswith("on") or (value or "").strip().lower().startswith(
                ("javascript:", "data:text")
            ):
                self.found.append(f"{tag} {name}={value}")


def active(page: str) -> list[str]:
    """What on this page would act in a browser."""
    reader = Active()
    reader.feed(page)
    return reader.found
