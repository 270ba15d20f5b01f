"""A whole term as its instructor runs it: real commands, a real dashboard, one value on every page.

The fixtures beside this file are the term's weeks; the tests say what was to be seen in each. A term
happens once and in order, so one process runs all of them.
"""

import csv
import io
import json
import re
import zipfile

import pytest

from tests.dashboard.term.cohort import COUNTING, NAMES, RECOUNT, Term
from tests.dashboard.term.desk import Desk

pytestmark = [pytest.mark.browser, pytest.mark.kernel, pytest.mark.xdist_group("term")]
CEM = 9.0  # ten earned, one taken off for one day
ANYBODY = rf"\b({'|'.join([*NAMES, *NAMES.values()])})\b"
PAGES = (
    "/",
    "/matrix",
    "/items",
    "/teams",
    "/at-risk",
    "/gain",
    "/markers",
    "/marking",
    "/appeals",
    "/log",
    "/learners/cem",
)


def test_a_roster_with_a_bad_row_is_refused_whole(term: Term) -> None:
    """The sentence names file, line, what is wrong and what would be right; then everybody is in."""
    roster = term.base / "roster.csv"

    assert term.said["refused"] == (
        f"pmcampus: {roster}:8: 'astronaut' is not a role; write one of clinician, data-scientist.\n"
    )
    assert term.said["nobody"] == "False"
    assert term.said["enrolled"] == "Enrolled 6 learners.\n"


def test_work_comes_in_and_is_marked(graded: Term) -> None:
    """Two by Moodle, two by hand, one of nothing; who is excused is not missing."""
    assert "moodle: 2 are new, 0 came before, 0 refused, 0 not matched." in graded.said["collected"]
    assert "4 marked, 0 unchanged, 0 cannot be read, 1 not handed in." in graded.said["graded"]


def test_no_marker_sees_whose_answer_it_is(marked: list[str]) -> None:
    """Seven answers with their rubric, marked by keys alone, and on none of the pages a name or an id."""
    assert len(marked) == 7
    for text in marked:
        assert "Rubric" in text and "The answer" in text
        assert not re.search(ANYBODY, text)


def test_a_number_leads_to_its_rows_and_to_a_learners_work(settled: Term, desk: Desk) -> None:
    """From the overview's two who passed, over the rows, to one learner's page and every item of theirs."""
    desk.open("/")
    row = desk.row("Counting")
    assert row[1:9] == ["4", "3", "1", "0", "0", "0", "1", "1"]
    desk.page.locator("tbody tr", has_text="Counting").first.locator("td a").nth(1).click()
    assert "Learners: passed" in desk.text()
    desk.page.get_by_role("link", name="cem", exact=True).click()
    text = desk.text()

    assert "Cem Fictitious" in text and "Read and marked." in text and "late" in text
    assert "<script>alert(1)</script>" not in desk.page.content()


def test_the_matrix_is_filtered(settled: Term, desk: Desk) -> None:
    """By team and state, with the form; who is left, and who is not."""
    desk.open("/matrix")
    desk.page.get_by_label("Team").select_option("Heron")
    desk.page.get_by_label("State").select_option("passed")
    desk.page.get_by_role("button", name="Show").click()
    text = desk.text()

    assert "Ada Made-Up" in text and "Cem Fictitious" in text
    assert "Dora Nobody" not in text


def test_a_learners_total_is_the_same_everywhere(settled: Term, desk: Desk) -> None:
    """The rows behind the overview, matrix, own page, CSV and HTML report: nine of ten for Cem."""
    found: dict[str, float] = {}
    desk.open(f"/rows?assessment={COUNTING}&state=passed")
    found["overview"] = next(
        float(cells[5])
        for cells in (row.locator("td").all_inner_texts() for row in desk.page.locator("tbody tr").all())
        if cells[0] == "cem"
    )
    desk.open(f"/matrix?assessment={COUNTING}")
    found["matrix"] = float(desk.row("cem")[-1].split()[0])
    own = desk.open("/learners/cem")
    found["own page"] = float(re.search(r"Points:\s*([\d.]+)\s*of 10", own)[1])  # type: ignore[index]
    table = settled.run("progress", settled.folder, COUNTING, "--as", "csv")
    found["csv"] = float(by_learner(table)["cem"]["score"])
    shown = settled.run("progress", settled.folder, COUNTING, "--show", "matrix", "--as", "csv")
    found["matrix as csv"] = float(by_learner(shown)["cem"]["score"])
    report = settled.base / "report.html"
    settled.run("progress", settled.folder, COUNTING, "--as", "html", "--out", report)
    found["report"] = float(desk.file(report).row("cem")[-1].split()[0])

    assert found == dict.fromkeys(found, CEM)


def test_an_appeal_is_answered_and_marking_again_shows_before_and_after(settled: Term, desk: Desk) -> None:
    """Dora's letter has one point more and her words are kept; the mended check gives Ben two points."""
    assert "1 appeal without an answer." in settled.said["open"]
    assert re.search(r"ben +wrong-word-check +0 +2 +the assessment was changed", settled.said["again"])
    own = desk.open("/learners/dora")
    assert "I did say whom to ask." in own and "True, and kind." in own and "1 before, 2 after" in own
    desk.open("/regrades")
    assert desk.cells("ben")[-3:] == ["4", "6", "The word that misleads: 0 to 2, the assessment was changed"]
    assert desk.said == []


def test_items_teams_and_whom_to_ask(settled: Term, desk: Desk) -> None:
    """Four first attempts as dots with what was left out; what the team lacks; who has been quiet."""
    items = desk.open(f"/items?assessment={COUNTING}")
    assert "First attempts only: 4 of version 1.0.0." in items and "every learner is a dot" in items
    assert desk.page.locator("svg.plot .dot").count() > 6
    desk.page.get_by_role("link", name="1. A share from two counts").click()
    assert desk.text().count("share-check") == 4
    team = desk.open("/teams?team=Heron")
    assert "of 2 needed competencies are covered" in team and "nearest: ben" in team
    ask = desk.open("/at-risk")
    assert "Fay Unreal" in ask and "nothing handed in for 30 days" in ask and "Ada Made-Up" not in ask
    assert "insufficient evidence" in ask
    assert "How often these rules were right" in settled.run("progress", settled.folder, "--show", "at-risk")


def test_learning_gain_is_followed_to_its_learners(settled: Term, desk: Desk) -> None:
    """Three took both: 80, 30 and 100 per cent became 90, 80 and 100; so few are dots and a warning."""
    desk.open("/gain")
    desk.page.get_by_label("Before").select_option(COUNTING)
    desk.page.get_by_label("Afterwards").select_option(RECOUNT)
    desk.page.get_by_role("button", name="Show").click()
    text = desk.text()
    assert "Insufficient evidence. 3 are behind these numbers" in text
    assert re.search(r"Mean before\s+70 %", text) and re.search(r"Mean afterwards\s+90 %", text)
    assert desk.page.locator("svg.plot .dot").count() == 6
    desk.page.get_by_role("link", name="3 learners").click()
    assert desk.cells("dora") == ["dora", "30", "80", "0.71"]


def test_how_far_markers_agree_is_followed_to_their_scores(settled: Term, desk: Desk) -> None:
    """Two markers over the criteria of every team; exact agreement, kappa and its interval; every score."""
    desk.open("/")
    desk.page.get_by_role("link", name="Markers").first.click()
    text = desk.text()
    assert "each of first-marker and second-marker gave" in text
    assert re.search(r"Kappa\s+0\.\d\d −?0\.\d\d to [01]\.\d\d n\s\d+", text)
    desk.page.get_by_role("link", name="All scores").click()
    assert desk.cells("team-1")[:4] == ["team-1", "communication", "2", "2"]


def test_the_log_names_what_was_seen_and_changed(settled: Term, desk: Desk) -> None:
    """Whoever may see the cohort reads ids there; the file holds none, and no line was touched."""
    desk.open("/learners/cem")
    text = desk.open("/log?verify=yes")

    assert "none was changed or taken out" in text
    assert re.search(r"changed\s+an appeal, upheld\s+dora\s+counting: letter\s+1 to 2", text)
    assert re.search(r"saw\s+a learner's page\s+cem", text)
    stored = "".join(path.read_text("utf-8") for path in (settled.folder / "dashboard").glob("access*.jsonl"))
    assert not re.search(ANYBODY, stored)


def test_no_page_scrolls_sideways_on_a_phone(settled: Term, desk: Desk) -> None:
    """At 360 pixels only tables scroll, inside their frames; nothing is asked of another address."""
    desk.page.set_viewport_size({"width": 360, "height": 780})
    wide = [path for path in PAGES if desk.scrolls_sideways(path)]
    desk.page.set_viewport_size({"width": 1280, "height": 900})

    assert (wide, desk.elsewhere, desk.said) == ([], [], [])


def test_results_leave_for_other_systems(given: Term) -> None:
    """Final points in each system's own form; who is excused is said; xAPI has no name and no id."""
    out = given.base / "out"
    moodle = (out / "moodle.csv").read_text("utf-8")
    canvas = (out / "canvas.csv").read_text("utf-8")
    statements = (out / "xapi.json").read_text("utf-8")

    assert re.search(r"^cem,cem@example.org,Cem Fictitious,9(\.0)?$", moodle, re.MULTILINE)
    assert re.search(r"^Edin Imaginary,.*,EX$", canvas, re.MULTILINE)
    with zipfile.ZipFile(out / "oneroster.zip") as archive:
        results = archive.read("results.csv").decode()
    assert re.search(r"sid-cem,fully graded,9(\.0)?,", results)
    assert len(json.loads(statements)) == 4
    assert not re.search(ANYBODY, statements)


def test_what_a_learner_takes_home_is_genuine(given: Term) -> None:
    """A badge and a certificate for who passed, a receipt for what was handed in; one bit more is refused."""
    folder, out = given.folder, given.base / "out"
    receipt = folder / "receipts" / "cem" / COUNTING / "1.json"
    other = out / "other.ipynb"
    other.write_bytes(given.notebook("cem").read_bytes() + b" ")
    words = ("receipt", "verify", receipt)

    for name in ("certificate.html", "badge.jwt"):
        assert "Genuine: Second steps" in given.said[name]
    assert "Ada Made-Up" in (out / "certificate.html").read_text("utf-8")
    said = given.run(*words, given.notebook("cem"), "--key", out / "receipts.pem", "--learner", "cem")
    assert said.startswith("Genuine: cem, counting 1.0.0, attempt 1")
    assert "Genuine" not in given.run(*words, other, "--key", out / "receipts.pem", code=1)


def test_the_backup_brings_the_same_numbers_back(restored: dict[str, str]) -> None:
    """Another folder, another dashboard, the same tiles and tables."""
    assert restored["there"] == restored["here"] != ""
    assert "The ledger's chain holds" in restored["said"]


def test_who_was_erased_is_on_no_page(restored: dict[str, str], erased: Term, desk: Desk) -> None:
    """Ben took his data along and is gone: from every page and file, and the others' ledger still holds."""
    with zipfile.ZipFile(erased.base / "out" / "ben.zip") as archive:
        assert {"learner.json", "ledger.json", "appeals.json"} <= set(archive.namelist())
    assert "Erased: " in erased.said["erased"]
    left = re.findall("still holds the id: (.*)", erased.said["erased"])
    assert all(name.startswith("cases/a-hard-choice/") for name in left), "only the team's common work"
    assert "were erased at a learner's request" in erased.said["verified"]

    assert desk.page.goto(f"{desk.address}/learners/ben").status == 404
    for path in (*PAGES, "/regrades", f"/rows?assessment={COUNTING}", f"/matrix?assessment={COUNTING}"):
        assert not re.search(r"\bben\b|Ben Invented|~erased", desk.open(path)), path
    assert desk.row("cem")[-1].split()[0] == "9"


def by_learner(table: str) -> dict[str, dict[str, str]]:
    """The lines of a table by the learner they are about."""
    return {line["learner"]: line for line in csv.DictReader(io.StringIO(table))}
