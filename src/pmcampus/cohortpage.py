"""A cohort's report as one HTML file that opens from disk: what is worth an hour, then the tables.

The parts are the dashboard's own. Learners go by their id; names stay out.
"""

import base64
import hashlib
from dataclasses import dataclass
from importlib.resources import files

from pmcampus.model.tracking import (
    AtRisk,
    ItemAnalysis,
    MatrixPage,
    Overview,
    Readiness,
    TestQuality,
)
from pmcampus.pages import no_links, percent, render
from pmcampus.plurals import counted
from pmcampus.statistics import METRICS

MOST_WORTH = 3
ENOUGH = 5
HARD = 0.6


@dataclass(frozen=True)
class Chapter:
    """One assessment in the report: who has shown what, and how its items did."""

    matrix: MatrixPage
    items: ItemAnalysis
    quality: TestQuality


@dataclass(frozen=True)
class CohortReport:
    """All that the report shows, as the dashboard's pages have it."""

    overview: Overview
    matrix: MatrixPage
    chapters: tuple[Chapter, ...]
    readiness: Readiness | None
    teams: tuple[Readiness, ...]
    at_risk: tuple[AtRisk, ...]


def cohort_page(report: CohortReport, *, style: str) -> str:
    """The file's text.

    Args:
        style: the campus stylesheet with its font inside.
    """
    pages = files("pmcampus") / "data" / "pages"
    script = (pages / "tables.js").read_text("utf-8")
    seal = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    return render(
        "cohort/report.html",
        report=report,
        o=report.overview,
        worth=worth_an_hour(report.overview, report.at_risk, report.chapters),
        style=style + (pages / "cohort.css").read_text("utf-8"),
        script=script,
        script_seal=seal,
        metrics=METRICS,
        url=no_links,
    )


def worth_an_hour(
    overview: Overview, at_risk: tuple[AtRisk, ...] = (), chapters: tuple[Chapter, ...] = (), appeals: int = 0
) -> list[tuple[str, str]]:
    """At most three things to do something about, the most pressing first.

    Args:
        appeals: how many are open.
    """
    found = []
    if at_risk:
        named = ", ".join(line.learner for line in at_risk[:5])
        more = f" and {len(at_risk) - 5} more" if len(at_risk) > 5 else ""
        found.append((f"{counted(len(at_risk), 'learner')} to ask.", f"Ask; do not assume: {named}{more}."))
    if appeals:
        found.append((f"{counted(appeals, 'appeal')} without an answer.", "Somebody waits for it."))
    if overview.awaiting:
        waits = "waits" if overview.awaiting == 1 else "wait"
        found.append(
            (
                f"{counted(overview.awaiting, 'submission')} {waits} for a person's mark.",
                "Until then no sum is final.",
            )
        )
    refused = sum(line.refused for line in overview.assessments)
    if refused:
        found.append(
            (f"{counted(refused, 'file')} cannot be read.", "Ask for another; the learner may not know.")
        )
    judged = [
        (line.difficulty.value, line, chapter)
        for chapter in chapters
        for line in chapter.items.items
        if line.difficulty.value is not None and line.difficulty.n >= ENOUGH and line.difficulty.value < HARD
    ]
    if judged:
        share, line, chapter = min(judged, key=lambda one: one[0])
        found.append(
            (
                f"“{line.head.title}” in {chapter.items.assessment.title} is the hard one",
                f"({percent(share)} of its points on average, {line.difficulty.n} first attempts). "
                "Ten minutes at the board will help more than a mark.",
            )
        )
    return found[:MOST_WORTH]
