"""A term, week after week: each fixture is what an instructor does next, with real commands and pages."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.dashboard.term.cohort import (
    BAD_ROW,
    CASE,
    COUNTING,
    LETTERS,
    RECOUNT,
    ROSTER,
    Term,
    begun,
    mend,
    moodle_archive,
    score_files,
)
from tests.dashboard.term.desk import Desk, sit_down


@pytest.fixture(scope="module")
def term(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Term]:
    """The first week: six learners on the roster, after a row was refused."""
    with begun(tmp_path_factory.mktemp("term")) as made:
        yield enrolled(made)


def enrolled(made: Term) -> Term:
    """The same with its learners."""
    roster = made.base / "roster.csv"
    roster.write_text(ROSTER + BAD_ROW, "utf-8")
    made.said["refused"] = made.run("enrol", made.folder, roster, code=1)
    made.said["nobody"] = str((made.folder / "roster.csv").exists())
    roster.write_text(ROSTER, "utf-8")
    made.said["enrolled"] = made.run("enrol", made.folder, roster)
    return made


@pytest.fixture(scope="module")
def graded(term: Term) -> Term:
    """Work comes in by Moodle, late, with more time, and not at all; the machine marks it."""
    folder = term.folder
    term.run("allow", folder, "dora", COUNTING, "--until", term.moment(1), "--because", "in hospital")
    term.run("allow", folder, "edin", COUNTING, "--excused", "--because", "recognised")
    source = moodle_archive(term, ("ada", "ben"))
    term.said["collected"] = term.run(
        "collect", folder, source, "--assessment", COUNTING, "--at", term.moment(-3)
    )
    for learner in ("cem", "dora"):
        term.run("hand-in", folder, learner, term.notebook(learner))
    term.said["graded"] = term.run("grade", folder, COUNTING)
    return term


@pytest.fixture(scope="module")
def desk(graded: Term, browser: Any) -> Iterator[Desk]:
    """The instructor's window."""
    with graded.dashboard(graded.folder) as printed, sit_down(browser, printed) as found:
        yield found


@pytest.fixture(scope="module")
def marked(graded: Term, desk: Desk) -> list[str]:
    """What a marker saw while marking every letter with keys alone."""
    seen = mark_letters(desk, COUNTING)
    source = moodle_archive(graded, ("ada", "ben", "dora"), RECOUNT)
    graded.run("collect", graded.folder, source, "--assessment", RECOUNT, "--at", graded.moment(-0.01))
    graded.run("grade", graded.folder, RECOUNT)
    return seen + mark_letters(desk, RECOUNT)


@pytest.fixture(scope="module")
def settled(graded: Term, desk: Desk, marked: list[str]) -> Term:
    """An appeal about the letter is upheld; a check that was too strict is mended and all is marked again."""
    desk.open("/learners/dora")
    work = desk.page.locator("section.work", has_text="Counting")
    work.get_by_text("Ask for another look").click()
    work.get_by_label("About").select_option(label="3. Two sentences to a patient")
    work.get_by_label("Why").fill("I did say whom to ask.")
    work.get_by_role("button", name="Send the appeal").click()
    graded.said["open"] = desk.open("/")
    desk.open("/appeals")
    desk.page.locator("tbody th a").first.click()
    desk.page.get_by_label("Upheld").check()
    desk.page.get_by_label("New points").fill("2")
    desk.page.get_by_label("Why, which the learner reads").fill("True, and kind.")
    desk.page.get_by_role("button", name="Record the answer").click()
    mend(graded)
    graded.said["again"] = graded.run("grade", graded.folder, COUNTING, "--again")
    graded.run("cohort", "teams", graded.folder, CASE)
    scores = [word for path in score_files(graded) for word in ("--scores", path)]
    graded.said["case"] = graded.run("case", "mark", graded.folder, CASE, *scores)
    return graded


@pytest.fixture(scope="module")
def given(settled: Term) -> Term:
    """What leaves at the end of the term, each by its command."""
    folder, out = settled.folder, settled.base / "out"
    out.mkdir()
    one, named = ("--assessment", COUNTING), ("--class", "c", "--period", "p")
    commands: tuple[tuple[str | Path, ...], ...] = (
        ("export", folder, "moodle", *one, "--out", out / "moodle.csv"),
        ("export", folder, "canvas", *one, "--out", out / "canvas.csv"),
        ("export", folder, "oneroster", *one, *named, "--out", out / "oneroster.zip"),
        ("export", folder, "xapi", *one, "--base", "https://learn.example.org", "--out", out / "xapi.json"),
        ("certificate", folder, "ada", "second-steps", "--out", out / "certificate.html"),
        ("badge", "issue", folder, "ada", "second-steps", "--out", out / "badge.jwt"),
        ("badge", "key", folder, "--out", out / "badges.pem"),
        ("receipt", "key", folder, "--out", out / "receipts.pem"),
        ("privacy", "access", folder, "ben", "--out", out / "ben.zip"),
    )
    for words in commands:
        settled.run(*words)
    for name in ("certificate.html", "badge.jwt"):
        settled.said[name] = settled.run("badge", "verify", out / name, "--key", out / "badges.pem")
    return settled


@pytest.fixture(scope="module")
def restored(given: Term, desk: Desk, browser: Any) -> dict[str, str]:
    """The overview's tiles and assessments here, and in a cohort put back from a backup."""
    saved, folder = given.base / "safe.zip", given.base / "elsewhere"
    given.run("backup", given.folder, saved)
    found = {"said": given.run("restore-backup", saved, folder)}
    desk.open("/")
    found["here"] = numbers(desk)
    with given.dashboard(folder) as printed, sit_down(browser, printed) as other:
        found["there"] = numbers(other)
    return found


@pytest.fixture(scope="module")
def erased(given: Term, restored: dict[str, str]) -> Term:
    """Ben asks to be forgotten, after the backup was made."""
    given.said["erased"] = given.run("privacy", "erase", given.folder, "ben", "--confirm", "ben")
    given.said["verified"] = given.run("ledger", "verify", given.folder)
    return given


def numbers(desk: Desk) -> str:
    """All that the overview counts."""
    return "\n".join(desk.page.locator(".tiles, table").all_inner_texts())


def mark_letters(desk: Desk, assessment: str) -> list[str]:
    """Every answer to the letter marked from the keyboard, by what is written in it; each page's text."""
    desk.open(f"/marking/{assessment}/letter")
    desk.page.get_by_role("link", name="Mark answer").press("Enter")
    seen = []
    while (score := desk.page.get_by_label("Points, 0 to")).count():
        seen.append(desk.page.content())
        letter = desk.page.locator(".answer").first.inner_text().strip()
        score.focus()
        desk.page.keyboard.type(LETTERS[letter])
        desk.press("Tab")
        desk.page.keyboard.type("Read and marked.")
        desk.press("Tab", "Enter")
        desk.page.get_by_role("status").wait_for()
    return seen
