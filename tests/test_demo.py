"""The demonstration, end to end, through the command."""

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import REPOSITORY

pytestmark = [pytest.mark.kernel, pytest.mark.site, pytest.mark.xdist_group("site")]


def test_the_demo_takes_a_cohort_from_roster_to_report(tmp_path: Path) -> None:
    """Right, partly right, wrong, late, missing and broken; nothing is left inside the repository."""
    folder = tmp_path / "demo"
    campus = [sys.executable, "-m", "pmcampus"]
    command = [*campus, "demo", "--no-serve", "--folder", str(folder)]

    ran = subprocess.run(command, cwd=REPOSITORY, capture_output=True, text=True, timeout=900)

    assert ran.returncode == 0, ran.stdout + ran.stderr
    assert "Traceback" not in ran.stderr
    report = subprocess.run(
        [*campus, "progress", str(folder), "pharmacogenomics-in-prescribing", "--as", "json"],
        cwd=REPOSITORY,
        capture_output=True,
        text=True,
        check=True,
    )
    learners = json.loads(report.stdout)["learners"]
    assert len(learners) == 12
    assert {row["state"] for row in learners} == {
        "passed", "not yet passed", "awaiting a marker", "not handed in", "cannot be read",
    }  # fmt: skip
    assert any(row["late"] for row in learners)
    assert max(row["score"] or 0 for row in learners) == 100
    pages = list((folder / "feedback").rglob("*.html"))
    assert len(pages) == 11
    report_page = (folder / "reports" / "index.html").read_text("utf-8")
    for text in (*(page.read_text("utf-8") for page in pages), report_page):
        assert not re.search(r"https?://(?!www\.w3\.org)|Made-Up|HIDDEN", text)
    assert not any("<script" in page.read_text("utf-8") for page in pages)
    assert report_page.count("<script") == 1  # its own, which sorts tables
    assert (REPOSITORY / "build" / "site" / "index.html").is_file()


def test_a_demo_inside_the_repository_is_refused() -> None:
    """Even fictitious marks stay out."""
    command = [
        sys.executable,
        "-m",
        "pmcampus",
        "demo",
        "--no-serve",
        "--folder",
        str(REPOSITORY / "build" / "demo"),
    ]

    ran = subprocess.run(command, cwd=REPOSITORY, capture_output=True, text=True, timeout=600)

    assert ran.returncode == 1
    assert "must lie outside the repository" in ran.stderr
