"""The page of what was measured shows what is kept, and nothing for what is absent."""

import json
import re
from pathlib import Path
from typing import Any

import pytest

from pmcampus.builders.portal_figures import RESULTS, figure_pages, plot, ratios
from pmcampus.errors import SiteError
from tests.conftest import REPOSITORY

KEPT = {"kept": {"date": "2026-11-25", "cores": 2, "python": "3.11.7"}}
GRADING = {
    "submissions": 100,
    "cores": 2,
    "stock": {"seconds": 300.0, "cpu": 250.0, "peak_mb": 400.0},
    "warm": {"seconds": 60.0, "cpu": 50.0, "peak_mb": 300.0},
    "pmcampus": {"seconds": 15.0, "cpu": 25.0, "peak_mb": 200.0},
    "floor": {"seconds": 8.0},
}
KERNELS = {"runs": 15, "milliseconds": {"cold": {"all": 2500.0}, "warm": {"all": 100.0}}, "ratio": 25.0}
DASK = {"submissions": 40, "runs": 3, "seconds": {"one": 19.0, "two": 10.0}, "ratio": 1.9}
GRADEBOOK = {
    "sqlite": {
        "cells": 240_000,
        "read_matrix": 0.2,
        "nbgrader_per_cell": 0.001,
        "times_less_per_cell": 1200.0,
    }
}
COHORT = {
    "learners": 10_000,
    "assessments": 24,
    "items": 10,
    "sqlite": {
        "item_scores": 1_891_000,
        "pages": {"overview": 0.25, "matrix, first page": 0.1, "items": 0.4},
        "dashboard": {"overview": 0.3, "<log>": 0.02},
        "nbgrader": {"overview": 5.0, "page": 120.0, "items": 20.0},
    },
}
ATTACK = {
    "number": "H01",
    "name": "an object <that equals> everything",
    "deserves": "0 of 2",
    "ours": "0 of 2",
    "flagged": True,
    "ours_right": True,
    "stock": "2 of 2",
    "stock_right": False,
    "stock_saw": "",
}
NOT_RUN = ATTACK | {"number": "H16", "stock": "not run: would harm this machine", "stock_right": None}
OTHER = {
    "number": "H23",
    "name": "timing",
    "deserves": "",
    "ours": "bounded",
    "stock": "not compared",
    "shown_in": "the guide",
}


def page(root: Path, **results: Any) -> str:
    """The page's text with these results kept."""
    for name, found in results.items():
        path = root / RESULTS / f"{name}.json"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(found if isinstance(found, str) else json.dumps(found | KEPT), "utf-8")
    [(place, _, body)] = figure_pages(root)
    assert place == "guides/figures.md"
    return body


def test_without_results_it_says_so(tmp_path: Path) -> None:
    """And shows no empty table."""
    body = page(tmp_path)

    assert "No results are kept" in body
    assert "<table" not in body


def test_attacks_stand_beside_stock_nbgrader(tmp_path: Path) -> None:
    """What stock got wrong is bold, what could not be run there is said, and words are escaped."""
    body = page(tmp_path, hostile={"versions": {"nbgrader": "0.9.6"}, "cases": [ATTACK, NOT_RUN, OTHER]})

    assert "**2 of 2** cases" in body
    assert "**0 of the 1** that were run there" in body
    assert "1 were not run there" in body
    assert "<b>2 of 2</b>" in body
    assert "an object &lt;that equals&gt; everything" in body
    assert "0 of 2, flagged" in body
    assert "Measured on 2026-11-25, 2 cores, Python 3.11.7, nbgrader 0.9.6." in body
    assert "How long things take" not in body


def test_every_drawn_ratio_is_in_the_table_too(tmp_path: Path) -> None:
    """The plot has a question for a title, and tells its ends to who cannot see it."""
    body = page(tmp_path, grading=GRADING, kernels=KERNELS, dask=DASK, gradebook=GRADEBOOK)

    assert "How many times faster than the usual way?" in body
    label = re.search(r'aria-label="([^"]+)"', body)
    assert label and "25.0 times" in label[1] and "1.90 times" in label[1]
    drawn = re.findall(r'font-weight="700">([^<]+)<', body)
    table = re.findall(r"<b>([\d.,]+)</b></td>", body)
    assert ["25.0", "20.0", "5.0", "1.90"] == drawn
    assert set(drawn) < set(table)
    assert "1,200" in table
    assert "nbval" not in body


def test_memory_is_counted_for_each_submission_under_way() -> None:
    """Two at a time here, one in stock."""
    [memory] = [ratio for ratio in ratios({"grading": GRADING}) if "memory" in ratio.what]

    assert ("400 MB", "100 MB", 4.0) == (memory.usual, memory.ours, memory.times)


def test_pages_of_a_large_cohort_stand_beside_nbgraders_nearest_answer() -> None:
    """Each in words, with how many times less ours takes."""
    found = ratios({"cohort": COHORT})

    assert [ratio.times for ratio in found] == pytest.approx([20, 1200, 50])
    assert found[0].what == "Overview of 10,000 learners, 24 assessments, SQLite"
    assert (found[1].usual, found[1].ours) == ("120 s", "0.10 s")


def test_every_page_of_a_large_cohort_is_listed(tmp_path: Path) -> None:
    """Values first, then the dashboard's pages, for each database that was measured."""
    body = page(tmp_path, cohort=COHORT)
    table = body.partition("A very large cohort")[2]

    assert "10,000 learners by 24 assessments by 10 items, 1,891,000 scores" in table
    assert re.findall(r'class="n">([\d.]+) s</td>', table) == ["0.25", "0.10", "0.40", "0.30", "0.02"]
    assert "&lt;log&gt;" in table and "PostgreSQL" not in table


def test_nothing_drawn_is_no_plot() -> None:
    """The gradebook's ratio would dwarf all others, so it stands in the table alone."""
    assert "" == plot(ratios({"gradebook": GRADEBOOK}))


@pytest.mark.parametrize(("text", "fact"), [("{", "not JSON"), ("{}", ""), ('{"ratio": 1}', "another form")])
def test_results_that_cannot_be_used_are_named(tmp_path: Path, text: str, fact: str) -> None:
    """One sentence with the remedy; an empty file counts as absent."""
    if not fact:
        assert "No results are kept" in page(tmp_path, kernels=text)
        return
    with pytest.raises(SiteError, match=fact) as caught:
        page(tmp_path, kernels=text)
    assert "keep.py" in str(caught.value)


def test_the_repositorys_own_results_can_be_shown() -> None:
    """Every number H01 to H40 is there."""
    [(_, _, body)] = figure_pages(REPOSITORY)

    assert [f"H{n:02}" for n in range(1, 41) if f">H{n:02}<" not in body] == []
