"""Feedback pages and cohort reports: what they show, and what they never show."""

import json
from datetime import UTC, datetime
from html.parser import HTMLParser

import pytest

from pmcampus.content import load_tree
from pmcampus.feedback import feedback
from pmcampus.model.cohort import ItemRecord, Learner, Record
from pmcampus.model.verdict import Mark
from pmcampus.paper import Paper
from pmcampus.progress import ItemHead, progress
from pmcampus.reports import kinds, report
from pmcampus.terms import Terms
from tests.conftest import TWO_MODULES

EVIL = "<script>alert(1)</script><img src=x onerror=alert(2)>"
AT = datetime(2026, 10, 20, tzinfo=UTC)


class Tags(HTMLParser):
    """Every tag and attribute of a page."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.attributes: set[str] = set()
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note the tag and its attributes."""
        self.tags.add(tag)
        self.attributes |= {name for name, _ in attrs}


def page(
    paper: Paper,
    *items: ItemRecord,
    refused: str | None = None,
    notes: tuple[str, ...] = (),
    style: str = "",
) -> str:
    """The feedback on these items."""
    record = Record("ada", AT, "1.0.0", items, notes, refused)
    module = load_tree(TWO_MODULES).modules["second-steps"].form.value
    cells = {item.cell: paper.graded_cell(item) for item in paper.form.items}
    return feedback(
        record,
        form=paper.form,
        graded_cells=cells,
        module=module,
        terms=Terms(),
        fictitious=False,
        style=style,
    )


def items(
    share: float, letter: float | None = None, message: str = "Look at the denominator."
) -> tuple[ItemRecord, ...]:
    """The tiny assessment's three items."""
    return (
        ItemRecord("share-check", 4, share, Mark.PARTIAL, message),
        ItemRecord("wrong-word-check", 2, 2, Mark.FULL, ""),
        ItemRecord(
            "letter",
            4,
            letter,
            Mark.AWAITING if letter is None else Mark.PARTIAL,
            "People will read this one.",
        ),
    )


def test_a_page_says_what_was_reached_why_and_where_to_practise(paper: Paper) -> None:
    """For every item."""
    shown = page(paper, *items(1))

    assert "1<span> of 4</span>" in shown
    assert "Look at the denominator." in shown
    assert "Practise in D02.1 A share" in shown
    assert "To be marked" in shown
    assert "D02.1 A share</b>, then item 1" in shown


def test_a_missed_hurdle_comes_first(paper: Paper) -> None:
    """With the assessment's own reason."""
    assert "cannot be used at a bedside" in page(paper, *items(0))
    assert "cannot be used at a bedside" not in page(paper, *items(1))


def test_a_refused_file_gets_its_reason_and_the_remedy(paper: Paper) -> None:
    """And no marks."""
    shown = page(paper, refused="the file is cut off: hand it in again.")

    assert "the file is cut off" in shown
    assert "Item by item" not in shown


def test_nothing_a_learner_wrote_becomes_markup(paper: Paper) -> None:
    """Messages, notes and comments are text, whatever they hold."""
    found = Tags(page(paper, *items(1, message=EVIL), notes=(EVIL,)))

    assert not {"script", "img", "iframe", "object", "form"} & found.tags
    assert not {name for name in found.attributes if name.startswith("on")}


@pytest.mark.parametrize("kind", kinds())
def test_no_report_turns_an_id_into_markup_or_a_formula(kind: str) -> None:
    """The roster comes from outside, too."""
    learner = Learner("ada", EVIL, "=cmd()|x", "<b>Heron</b>")
    found = progress(
        [learner],
        {},
        items=(ItemHead("a", EVIL, "G5", 4, automatic=True),),
        hurdles={},
        passing_score=60,
        cohort=EVIL,
        assessment="a",
        title="t",
        version="1.0.0",
        as_of=AT,
        due=None,
    )

    text = report(kind, found)

    match kind:
        case "csv":
            assert ",'=cmd()|x," in text
        case "json":
            assert json.loads(text)["learners"][0]["role"] == "=cmd()|x"
    assert EVIL not in text or kind in ("text", "json"), "only plain text may hold it as it is"


def test_there_is_a_report_of_each_kind() -> None:
    """A new one is one new file."""
    assert kinds() == ["csv", "json", "text"]
