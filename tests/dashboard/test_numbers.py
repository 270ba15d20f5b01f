"""The pages of numbers: filters, order, and from every number to the rows behind it."""

import re
from html import unescape
from pathlib import Path

import pytest

from pmcampus import gradebook
from pmcampus.cohortdir import database_url, load_cohort
from pmcampus.dashboard.numbers import ordered
from pmcampus.model.tracking import Cell, Column, MatrixPage, MatrixRow, State
from pmcampus.model.verdict import Verdict
from tests.dashboard.conftest import AT, COUNTING, FORMULA, LEARNERS, SCRIPT, Guest


def learners_of(text: str) -> list[str]:
    """The ids down the matrix."""
    return re.findall(r'<th scope="row" data-v="([^"]+)">', text)


def test_the_matrix_is_filtered_by_team_role_and_state(instructor: Guest) -> None:
    """Each alone and together; nobody left is said, an unknown team is named."""
    assert learners_of(instructor.get("matrix").text) == [learner.id for learner in LEARNERS]
    assert learners_of(instructor.get("matrix", team=FORMULA).text) == ["cem", "dora"]
    assert learners_of(instructor.get("matrix", role="clinician").text) == ["ada", "ben", "edin"]
    assert learners_of(instructor.get("matrix", state="not handed in").text) == ["edin"]
    assert learners_of(instructor.get("matrix", team=SCRIPT, state="awaiting a marker").text) == [
        "ada",
        "ben",
    ]
    assert "Nobody fits these filters" in instructor.get("matrix", state="passed").text
    assert instructor.get("matrix", team="nobody's").status_code == 409


def test_the_matrix_is_ordered_by_a_link(instructor: Guest) -> None:
    """Rising and falling, by an item and by the sum; who handed in nothing is last either way."""
    rising = instructor.get("matrix", assessment=COUNTING, sort="share-check").text
    falling = instructor.get("matrix", assessment=COUNTING, sort="score", order="falling").text

    assert learners_of(rising) == ["ben", "cem", "ada", "dora", "edin"]
    assert learners_of(falling) == ["ada", "dora", "cem", "ben", "edin"]
    assert 'aria-sort="ascending"' in rising and 'aria-sort="descending"' in falling
    goal = re.search(r'aria-sort="ascending"><a href="([^"]+)"', rising)
    assert goal and "order=falling" in unescape(goal[1])


def test_a_page_of_the_matrix_is_asked_for_by_number(instructor: Guest) -> None:
    """What is no number is the first; one that is not there is said, or is the last of an ordered matrix."""
    for page in ("-1", "x", "1e3", "9" * 30):
        assert instructor.get("matrix", page=page, size="25").status_code == 200
    assert "there is no page 2" in instructor.get("matrix", page="2").text
    assert learners_of(instructor.get("matrix", page="2", sort="learner", order="falling").text)[0] == "edin"


def test_every_number_leads_to_rows(instructor: Guest) -> None:
    """Each link on the pages of numbers answers, and rows have as many lines as their number says."""
    seen: set[str] = set()
    for start in ("", "matrix", "items", "teams", "competencies", "at-risk", "gain", "markers"):
        text = instructor.get(start).text if start else instructor.get().text
        for href, words in re.findall(r'<a[^>]* href="([^"#]+)"[^>]*>(\d*)', text):
            address = unescape(href)
            if address in seen:
                continue
            seen.add(address)
            answer = instructor.client.get(address)
            assert answer.status_code == 200, address
            if words and "state=handed" in address:
                assert len(learners_of(answer.text)) == int(words)
            elif words and address.startswith("/rows") and "state=" in address:  # others show points
                found = re.search(r">(\d+) rows?\.", answer.text)
                assert found and found[1] == words, address
    assert len([address for address in seen if address.startswith("/rows")]) > 8


def test_hostile_names_are_words_on_every_page(instructor: Guest) -> None:
    """No markup of theirs, and none of the ten thousand letters of a name beyond the first."""
    for path in (
        "",
        "matrix",
        "teams",
        "at-risk",
        "competencies",
        "learners/ada",
        "learners/dora",
        "learners/edin",
    ):
        text = instructor.client.get(f"/{path}").text
        assert "<script>alert" not in text and "<img src=x" not in text
        assert text.count("<script") == 1
        assert "N" * 100 not in text and "T" * 1000 not in re.sub(r'(value|href)="[^"]*"', "", text)


@pytest.mark.parametrize("falling", [False, True])
def test_who_has_no_value_comes_last(falling: bool) -> None:
    """Whatever the direction."""
    rows = tuple(
        MatrixRow(name, "r", "t", (Cell(State.MARKED, score, 4),), score, 4)
        for name, score in (("a", 1.0), ("b", None), ("c", 3.0), ("d", 0.0))
    )
    page = MatrixPage(None, (Column("x", "X", 4),), rows, 1, 50, 4)

    found = [row.learner for row in ordered(page, "x", falling)]

    assert found == (["c", "a", "d", "b"] if falling else ["d", "a", "c", "b"])
    assert [row.learner for row in ordered(page, "nothing", falling)] == ["a", "b", "c", "d"]


def test_long_lists_come_in_pages(instructor: Guest, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whom to ask, and who stands where with a competency: two to a page, everybody once."""
    cohort = load_cohort(folder)
    with gradebook.open_gradebook(database_url(folder, cohort), cohort.course) as book:
        for digest in ("d7", "d8"):
            found = Verdict(COUNTING, "1.0.0", digest, (), (), "This is no notebook.")
            for learner in ("ada", "ben", "cem"):
                gradebook.record(book, learner, found, paper="p1", handed_in=AT)
    monkeypatch.setattr("pmcampus.dashboard.numbers.SIZES", (1, 2, 500))
    ask = [learners_of(instructor.get("at-risk", page=str(number)).text) for number in (1, 2)]
    place = {"competency": "D3", "level": "apply"}
    parts = [instructor.get("competencies", **place, part=str(number)).text for number in (1, 2)]
    rows = [set(re.findall(r'<th scope="row"><a href="/learners/(\w+)"', text)) for text in parts]

    assert ask == [["ada", "ben"], ["cem"]]
    assert "Page 2 of 2" in instructor.get("at-risk", page="2").text
    assert "there is no page 3" in instructor.get("at-risk", page="3").text
    assert rows[0] and not rows[0] & rows[1]
