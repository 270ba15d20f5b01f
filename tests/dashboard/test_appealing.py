"""Appeals: asked with a reason, answered once by a person, with the points before and after."""

import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from pmcampus import appeals
from pmcampus.accesslog import looks
from pmcampus.cohorts.erasure import erase
from pmcampus.dashboard.campus import Campus
from pmcampus.errors import CohortError
from pmcampus.model.dashboard import Appeal, Case
from tests.conftest import TWO_MODULES
from tests.dashboard.conftest import AT, COUNTING, SCRIPT, Guest
from tests.dashboard.test_marking import marks

REASON = f"Line two answers the question. {SCRIPT}"


def raised(learner: Guest, cell: str = "letter", reason: str = REASON) -> Case:
    """Ada's appeal, sent from her page."""
    page = learner.get("learners", "ada")
    answer = learner.send(page, "/learners/ada/appeal", cell=cell, reason=reason)
    assert answer.status_code == 303
    return appeals.appeals(learner.campus.folder)[0]


def test_an_appeal_goes_from_the_learner_to_an_answer_and_back(
    instructor: Guest, learner: Guest, campus: Campus, folder: Path
) -> None:
    """Upheld with new points; the learner reads the answer and both points."""
    appeal = raised(learner).appeal
    assert (appeal.learner, appeal.cell, appeal.reason) == ("ada", "letter", REASON)
    assert appeal.id in instructor.get("appeals").text

    page = instructor.get("appeals", appeal.id)
    answer = instructor.send(page, appeal.id, decision="upheld", words="You are right.", score="3")

    assert answer.status_code == 303
    assert marks(folder)["ada"].score == 3
    kept = appeals.appeals(folder)[0].answer
    assert kept and (kept.upheld, kept.before, kept.after) == (True, None, 3)
    shown = learner.get("learners", "ada").text
    assert "You are right." in shown and "– before, 3 after" in shown
    noted = [look.what for look in looks(campus.log.lines()) if look and look.did == "changed"]
    assert noted == ["an appeal, raised", "an appeal, upheld"]
    assert "You are right" not in "\n".join(campus.log.lines())


def test_an_appeal_shows_the_ledgers_before_and_after(instructor: Guest, learner: Guest) -> None:
    """What marking again changed in this work, with reasons; and a hostile appeal is words."""
    page = instructor.get("appeals", raised(learner, cell="").appeal.id)

    assert "A share from two counts: 0 to 3" in page.text and "other work was handed in" in page.text
    assert SCRIPT not in page.text and "&lt;script&gt;alert(1)" in page.text
    everything = instructor.get("regrades")
    assert "A share from two counts: 0 to 3" in everything.text and "1 later row of" in everything.text


def test_two_who_answer_at_once_give_one_answer(instructor: Guest, learner: Guest, folder: Path) -> None:
    """The first stays, with its points; the second reads it."""
    appeal = raised(learner).appeal
    first = second = instructor.get("appeals", appeal.id)
    assert instructor.send(first, appeal.id, decision="declined", words="No.").status_code == 303

    late = instructor.send(second, appeal.id, decision="upheld", words="Yes.", score="4")

    assert late.status_code == 409 and "Somebody else answered" in late.text
    assert marks(folder)["ada"].score is None
    kept = appeals.appeals(folder)[0].answer
    assert kept and kept.words == "No."


def test_points_that_changed_meanwhile_stop_an_answer(
    instructor: Guest, learner: Guest, campus: Campus, folder: Path
) -> None:
    """Neither answer nor points are kept, and the appeal stays open."""
    appeal = raised(learner).appeal
    page = instructor.get("appeals", appeal.id)
    key = campus.log.pseudonym(f"answer {COUNTING} letter", "ada")
    desk = instructor.get("marking", COUNTING, "letter", key)
    assert instructor.send(desk, key, score="1", comment="").status_code == 303

    assert instructor.send(page, appeal.id, decision="upheld", words="Yes.", score="4").status_code == 409

    assert marks(folder)["ada"].score == 1
    assert appeals.appeals(folder)[0].answer is None


@pytest.mark.parametrize(
    "fields",
    [
        {"decision": "upheld", "words": ""},
        {"decision": "", "words": "Yes."},
        {"decision": "upheld", "words": "Yes.", "score": "9"},
        {"decision": "upheld", "words": "Yes.", "score": "many"},
        {"decision": "declined", "words": "No.", "score": "1"},
        {"decision": "upheld", "words": "x" * 4001},
        {"decision": "upheld", "words": "Yes.", "score": "-1"},
    ],
)
def test_an_answer_that_says_too_little_or_too_much_is_refused(
    instructor: Guest, learner: Guest, folder: Path, fields: dict[str, str]
) -> None:
    """With what was typed, and without any change."""
    appeal = raised(learner).appeal

    answer = instructor.send(instructor.get("appeals", appeal.id), appeal.id, **fields)

    assert answer.status_code == 422
    assert appeals.appeals(folder)[0].answer is None and marks(folder)["ada"].score is None


def test_an_appeal_that_is_upheld_lowers_no_points(instructor: Guest, learner: Guest, folder: Path) -> None:
    """What the machine gave stays, and the appeal stays open."""
    appeal = raised(learner, cell="share-check").appeal
    assert appeal.score == 3

    page = instructor.get("appeals", appeal.id)
    answer = instructor.send(page, appeal.id, decision="upheld", words="Yes.", score="2.5")

    assert answer.status_code == 422 and "does not lower points" in answer.text
    assert appeals.appeals(folder)[0].answer is None


def test_a_learner_appeals_for_nobody_else(learner: Guest, folder: Path) -> None:
    """Nor for an item that is none, nor without a reason."""
    page = learner.get("learners", "ada")
    token = re.search(r'name="csrf" value="([^"]+)"', page.text)
    assert token
    form = {"csrf": token[1], "assessment": COUNTING, "cell": "letter", "reason": "x"}

    assert learner.client.post("/learners/ben/appeal", data=form).status_code == 403
    assert learner.client.post("/learners/ada/appeal", data=form | {"cell": "none"}).status_code == 404
    assert learner.client.post("/learners/ada/appeal", data=form | {"assessment": "x"}).status_code == 404
    assert learner.client.post("/learners/ada/appeal", data=form | {"reason": " "}).status_code == 303
    assert appeals.appeals(folder) == []


def test_a_file_that_is_no_appeal_is_named(folder: Path) -> None:
    """With the remedy."""
    (folder / "appeals" / "ada").mkdir(parents=True)
    (folder / "appeals" / "ada" / "0000000000000000.asked.json").write_text("{}")

    with pytest.raises(CohortError, match="restore it from a backup"):
        appeals.appeals(folder)


def test_an_appeal_goes_with_its_learner(learner: Guest, folder: Path) -> None:
    """Erasure finds it, because it lies under the learner's id; the access log never had the id."""
    raised(learner)

    erase(folder, "ada", root=TWO_MODULES, now=datetime(2026, 12, 1, tzinfo=UTC))

    assert appeals.appeals(folder) == []
    assert '"ada"' not in "\n".join(learner.campus.log.lines())


def test_many_appeals_come_in_pages(instructor: Guest, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Open ones first, each once; an address that is none of theirs finds nothing."""
    monkeypatch.setattr("pmcampus.dashboard.appealing.SIZE", 2)
    for number in range(5):
        asked = Appeal(
            id=f"{number:016x}",
            learner="ada",
            assessment=COUNTING,
            cell="letter",
            reason="Look again, please.",
            raised=AT + timedelta(hours=number),
            raised_by="0" * 16,
        )
        appeals.raise_appeal(folder, asked)

    pages = [
        re.findall(r'href="/appeals/(\w+)"', instructor.get("appeals", page=str(n)).text) for n in (1, 2, 3)
    ]

    assert [[int(id, 16) for id in page] for page in pages] == [[4, 3], [2, 1], [0]]
    assert appeals.unanswered(folder) == 5
    assert "5 appeals without an answer" in instructor.get().text
    for wrong in ("*", "a?b", "0" * 15):
        assert instructor.client.get(f"/appeals/{wrong}").status_code == 404
