"""The marking desk: blind, one item at a time, and nobody writes over another marker unseen."""

import re
from html import unescape
from pathlib import Path

import pytest

from pmcampus import gradebook
from pmcampus.accesslog import looks
from pmcampus.cohortdir import database_url, load_cohort
from pmcampus.dashboard.answers import inert
from pmcampus.dashboard.campus import Campus
from pmcampus.gradebook import HandMark
from tests.dashboard.conftest import COUNTING, FORMULA, ITEM, LETTERS, LONG, Guest


def marks(folder: Path) -> dict[str, HandMark]:
    """What stands at the letter now, by learner."""
    cohort = load_cohort(folder)
    with gradebook.open_gradebook(database_url(folder, cohort), cohort.course) as book:
        return {mark.learner: mark for mark in gradebook.hand_marks_of(book, COUNTING, "letter")}


def key_of(campus: Campus, learner: str) -> str:
    """The address part under which this learner's letter is marked."""
    return campus.log.pseudonym(f"answer {COUNTING} letter", learner)


def test_the_queue_leads_through_an_item_to_its_end(instructor: Guest, folder: Path) -> None:
    """From the queue to the item, the next answer after each saved one, and back to the item."""
    queue = instructor.get("marking")
    assert "Two sentences to a patient" in queue.text and "4 answers wait" in queue.text
    page = instructor.client.get(
        unescape(re.search(r'class="btn" href="([^"]+)"', instructor.get(*ITEM).text)[1])
    )  # type: ignore[index]

    for number in range(4):
        page = instructor.send(
            page, str(page.url.path), score=f"{number},5" if number < 4 else "", comment="Kind."
        )
        assert page.status_code == 303
        page = instructor.client.get(page.headers["location"])

    assert page.url.path == "/marking/counting/letter" and "0 of 4 answers wait" in page.text
    assert sorted(mark.score for mark in marks(folder).values() if mark.score is not None) == [
        0.5,
        1.5,
        2.5,
        3.5,
    ]
    assert {mark.comment for mark in marks(folder).values()} == {"Kind."}


def test_nobody_who_marks_sees_whose_answer_it_is(instructor: Guest, campus: Campus) -> None:
    """No id, no name, no team, and an order that is not the roster's."""
    pages = [instructor.get(*ITEM)] + [instructor.get(*ITEM, key_of(campus, learner)) for learner in LETTERS]

    for page in pages:
        assert page.status_code == 200
        for hidden in ("ada", "ben", "cem", "dora", "Heron", "onerror"):
            assert not re.search(rf"\b{hidden}\b", page.text)
    assert len({key_of(campus, learner) for learner in LETTERS}) == 4


def test_an_answer_stands_beside_its_rubric_and_does_nothing(instructor: Guest, campus: Campus) -> None:
    """Markup is text, links and pictures are words, ten thousand letters are shown, tables stay tables."""
    shown = {learner: instructor.get(*ITEM, key_of(campus, learner)).text for learner in LETTERS}

    for text in shown.values():
        assert "Rubric" in text
        assert text.count("<script") == 1 and 'src="/static/js/tables.js"' in text
        assert "style=" not in text and "onerror" not in text
        assert "javascript:" not in re.sub(r">[^<]*<", "><", text) and "evil.example" not in re.sub(
            r">[^<]*<", "><", text
        )
    assert "&lt;script&gt;alert(3)" in shown["ada"] and "<h1>Mine" not in shown["ada"]
    assert "<table>" in shown["ben"] and FORMULA.replace('"', "&quot;") in shown["ben"]
    assert LONG in shown["dora"]


def test_two_markers_at_once_do_not_overwrite_each_other(
    instructor: Guest, campus: Campus, folder: Path
) -> None:
    """The second sees the first's points beside their own words, and saves only on purpose."""
    path = (*ITEM, key_of(campus, "ben"))
    first, second = instructor.get(*path), instructor.get(*path)
    assert instructor.send(first, path[-1], score="3", comment="Clear.").status_code == 303

    refused = instructor.send(second, path[-1], score="1", comment="I read it otherwise.")

    assert refused.status_code == 409
    assert "Somebody else marked this answer" in refused.text and "3 points" in refused.text
    assert "Clear." in refused.text and "I read it otherwise." in refused.text
    assert (marks(folder)["ben"].score, marks(folder)["ben"].comment) == (3, "Clear.")
    assert instructor.send(refused, path[-1], score="1", comment="We agreed.").status_code == 303
    assert (marks(folder)["ben"].score, marks(folder)["ben"].comment) == (1, "We agreed.")


def test_a_change_beside_the_dashboard_is_noticed_too(
    instructor: Guest, campus: Campus, folder: Path
) -> None:
    """Formgrader, or a command, writes to the same gradebook."""
    page = instructor.get(*ITEM, key_of(campus, "ben"))
    cohort = load_cohort(folder)
    with gradebook.open_gradebook(database_url(folder, cohort), cohort.course) as book:
        gradebook.mark_by_hand(book, "ben", COUNTING, cell="letter", score=2)

    assert instructor.send(page, key_of(campus, "ben"), score="4", comment="").status_code == 409
    assert marks(folder)["ben"].score == 2


@pytest.mark.parametrize("score", ["", "5", "-1", "nan", "inf", "four", "1e400", "4.0001"])
def test_a_score_that_cannot_be_is_refused_with_what_was_typed(
    instructor: Guest, campus: Campus, folder: Path, score: str
) -> None:
    """The comment is still there to be sent again, and nothing was saved."""
    page = instructor.get(*ITEM, key_of(campus, "ben"))

    answer = instructor.send(page, key_of(campus, "ben"), score=score, comment="Three good lines.")

    assert answer.status_code == 422
    assert "Nothing was saved" in answer.text and "Three good lines." in answer.text
    assert marks(folder)["ben"].score is None


def test_a_hostile_comment_is_words_to_whoever_reads_it(
    instructor: Guest, campus: Campus, folder: Path
) -> None:
    """Markup, a NUL that PostgreSQL refuses, and signs that turn the direction of text."""
    page = instructor.get(*ITEM, key_of(campus, "ben"))
    comment = "<script>alert(5)</script></textarea>\0\u202e=cmd"

    assert instructor.send(page, key_of(campus, "ben"), score="2", comment=comment).status_code == 303

    shown = instructor.get(*ITEM, key_of(campus, "ben")).text
    assert "<script>alert(5)" not in shown and "&lt;/textarea&gt;" in shown
    assert "\0" not in marks(folder)["ben"].comment


def test_a_saved_score_is_in_the_log_with_before_and_after(instructor: Guest, campus: Campus) -> None:
    """And the comment, which may say anything, is not."""
    page = instructor.get(*ITEM, key_of(campus, "ben"))
    instructor.send(page, key_of(campus, "ben"), score="2", comment="secret words")

    changed = [look for look in looks(campus.log.lines()) if look and look.did == "changed"]
    assert [(look.what, look.learner, look.before, look.after) for look in changed] == [
        ("a score by hand", campus.log.pseudonym("learner", "ben"), "", "2")
    ]
    assert "secret words" not in "\n".join(campus.log.lines())


def test_prose_keeps_its_form_and_loses_what_acts() -> None:
    """Lists, tables and emphasis stay."""
    text = inert("## A\n\n* **b**\n\n[c](http://x) <b onclick=d>e</b>\n\n```js\nf\n```\n")

    assert "<strong>b</strong>" in text and "<li>" in text and '<p class="asked">A</p>' in text
    assert "<a" not in text and "<b " not in text and "<h2" not in text


def test_many_answers_come_in_pages_of_one_order(
    instructor: Guest, campus: Campus, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two to a page: all are there once, in the order of one page, and it holds after one is marked."""
    whole = answers_of(instructor.get(*ITEM).text)
    monkeypatch.setattr("pmcampus.dashboard.pile.SIZE", 2)

    pages = [instructor.get(*ITEM, page=str(number)).text for number in (1, 2)]
    page = instructor.get(*ITEM, whole[2][1])
    saved = instructor.send(page, whole[2][1], score="2", comment="")
    again = [answers_of(instructor.get(*ITEM, page=str(number)).text) for number in (1, 2)]

    assert [line for text in pages for line in answers_of(text)] == whole
    assert [number for number, _ in whole] == ["1", "2", "3", "4"]
    assert again == [whole[:2], whole[2:]]
    assert "4 of 4 answers wait" in pages[1] and "Page 2 of 2" in pages[1]
    assert answers_of(instructor.get(*ITEM, page="9").text) == whole[2:]  # the last page, not a fault
    assert f'href="{campus.url(*ITEM, page=2)}"' in unescape(page.text)  # back to where it stands
    assert saved.headers["location"].endswith(whole[3][1])


def answers_of(text: str) -> list[tuple[str, str]]:
    """Number and key of each answer in the table."""
    return re.findall(r'data-v="(\d+)"><a href="/marking/counting/letter/(\w+)"', text)
