"""A case's marks in the gradebook: each member's own row, with the team's parts, its evidence and its way."""

import json
import shutil
from pathlib import Path

import pytest

from pmcampus import audit, gradebook
from pmcampus.casedir import room
from pmcampus.casepaper import case_ids
from pmcampus.cases.deciding import decide, rate
from pmcampus.cases.marks import MarkedCase, mark
from pmcampus.cases.opening import open_case
from pmcampus.cohortdir import database_url, load_cohort
from pmcampus.cohortprogress import cohort_progress, progress_report
from pmcampus.coursedir import marked_path
from pmcampus.errors import CohortError
from pmcampus.kept import kept_path
from pmcampus.ledger import Entry
from pmcampus.model.cohort import Record
from pmcampus.model.verdict import Mark
from pmcampus.progress import State
from pmcampus.teamwork.sheet import CAP, PEER
from tests.cases.conftest import CASE, NOW, Play
from tests.cases.test_marks import score_file


def marked(play: Play, *scores: Path) -> MarkedCase:
    """The case, marked."""
    return mark(play.folder, CASE, root=play.root, at=NOW, scores=scores)


def decided(play: Play) -> None:
    """Both seal, open and decide, and each rates the other; nobody hands a notebook in."""
    for role in play.who:
        play.seal(role)
    open_case(play.folder, CASE, "team-1", root=play.root, out=play.out, at=NOW)
    record = play.out / "record.json"
    record.write_text(json.dumps({"decision": "wait", "minority": "Three people lose by waiting."}), "utf-8")
    decide(play.folder, CASE, "ada", record, root=play.root, word=play.passes["ada"], at=NOW)
    for rater, other, level in (("ada", "ben", 4), ("ben", "ada", 2)):
        file = play.out / "ratings.json"
        file.write_text(json.dumps({"ratings": {other: [level] * 3}}), "utf-8")
        rate(play.folder, CASE, rater, file, root=play.root, word=play.passes[rater], at=NOW)


def held(play: Play) -> tuple[dict[str, Record], tuple[Entry, ...]]:
    """What the gradebook says of the case, and the whole ledger."""
    cohort = load_cohort(play.folder)
    with gradebook.open_gradebook(database_url(play.folder, cohort), cohort.course) as book:
        return gradebook.records(book, CASE), gradebook.all_rows(book)


def test_each_member_has_the_teams_parts_and_their_own(play: Play) -> None:
    """The parts of a row add up to the member's total so far; what nobody has read or handed in waits."""
    decided(play)
    done = marked(play, score_file(play, "first-marker", 3), score_file(play, "second-marker", 3))
    records, rows = held(play)
    totals = {
        one.learner: one.commitment + (one.exit_paper or 0) + (one.team_part or 0)
        for one in done.reports[0].members
    }

    assert ("ada", "ben") == done.credited.changed
    assert totals == pytest.approx({name: record.score for name, record in records.items()})
    assert [100.0, 100.0] == [record.points for record in records.values()]
    waiting = [item.cell for item in records["ada"].items if item.mark is Mark.AWAITING]
    assert ["prework-my-number"] == waiting
    assert {NOW} == {record.handed_in for record in records.values()}
    assert {CASE} == {row.assessment for row in rows} and () == audit.verify(play.folder).faults


def test_what_a_critical_fail_and_the_others_move_are_parts_of_their_own(play: Play) -> None:
    """36 points are capped at 24 for both, and the sentence says why."""
    decided(play)
    marked(play, score_file(play, "first-marker", 3, critical_fails=["role-silenced"]))
    items = {item.cell: item for item in held(play)[0]["ben"].items}

    assert -12.0 == items[CAP].score and "A role was silenced" in items[CAP].message
    assert 0.0 == items[PEER].score and "fewer than 2 people rated" in items[PEER].message
    assert "Markers: 3 of 4." == items["rubric-evidence"].message


def test_marking_again_adds_a_row_only_where_something_changed(play: Play) -> None:
    """The same evidence twice is one row; a marker's later file is a new one for every member of the team."""
    decided(play)
    marked(play, score_file(play, "first-marker", 2))
    again = marked(play)
    assert () == again.credited.changed and 2 == len(held(play)[1])
    later = marked(play, score_file(play, "first-marker", 4))
    records, rows = held(play)

    assert ("ada", "ben") == later.credited.changed and 4 == len(rows)
    assert {48.0} == {sum(i.score or 0 for i in r.items if "rubric" in i.cell) for r in records.values()}
    assert () == audit.verify(play.folder).faults


def test_a_score_that_a_person_wrote_in_the_gradebook_stays(play: Play) -> None:
    """An appeal that was settled in formgrader outlives the next marking."""
    decided(play)
    marked(play, score_file(play, "first-marker", 2))
    cohort = load_cohort(play.folder)
    with gradebook.open_gradebook(database_url(play.folder, cohort), cohort.course) as book:
        gradebook.mark_by_hand(book, "ada", CASE, cell="exit-paper", score=13.0)
    marked(play, score_file(play, "first-marker", 3))
    exit_papers = {
        name: next(i.score for i in record.items if i.cell == "exit-paper")
        for name, record in held(play)[0].items()
    }

    assert {"ada": 13.0, "ben": 7.0} == exit_papers


def test_progress_shows_the_case_with_every_weight(play: Play) -> None:
    """Parts as columns, in text and in every other form; a waiting part is not a failed one."""
    decided(play)
    marked(play, score_file(play, "first-marker", 4))
    found = cohort_progress(play.folder, CASE, root=play.root, as_of=NOW)
    text = progress_report(play.folder, CASE, "text", root=play.root, as_of=NOW)

    assert 100 == found.points and {State.AWAITING} == {row.state for row in found.rows}
    assert "Rubric 25 %: Evidence and computation (12 points)" in text
    for kind, told in (("csv", "rubric-evidence"), ("json", "Rubric 25 %"), ("html", "Rubric 25 %")):
        assert told in progress_report(play.folder, CASE, kind, root=play.root, as_of=NOW), kind


def test_formgrader_finds_the_sheet_of_each_member(play: Play) -> None:
    """Each part's cell carries its sentence and its score, and no name."""
    decided(play)
    marked(play, score_file(play, "first-marker", 4))
    text = marked_path(play.folder, "ada", CASE).read_text("utf-8")

    assert "Markers: 4 of 4." in text and "Ada Made-Up" not in text
    assert (play.folder / "source" / CASE / f"{CASE}.ipynb").is_file()


def test_a_changed_piece_of_evidence_is_found(play: Play) -> None:
    """The sheet in the ledger names the decision that was marked; its kept copy is looked at, too."""
    decided(play)
    marked(play, score_file(play, "first-marker", 3))
    sheet = kept_path(play.folder, held(play)[1][0].submission)
    evidence = json.loads(sheet.read_bytes())["metadata"]["pmcampus"]["evidence"]
    assert {"team-1/decision/record-1.json", "team-1/scores/first-marker.json"} <= set(evidence)
    kept_path(play.folder, evidence["team-1/decision/record-1.json"], "json").write_text("{}", "utf-8")

    (fault,) = audit.verify(play.folder).faults
    assert "team-1/decision/record-1.json of the case was marked" in fault


def test_the_gradebook_is_written_anew_from_the_ledger(play: Play) -> None:
    """Also where the case's cells are gone with the database."""
    decided(play)
    marked(play, score_file(play, "first-marker", 3))
    before = held(play)[0]
    audit.export(play.folder, play.out / "ledger.jsonl")
    (play.folder / "gradebook.db").unlink()
    audit.rebuild(play.folder, root=play.root, source=play.out / "ledger.jsonl")

    assert before == held(play)[0] and () == audit.verify(play.folder).faults


def test_somebody_with_nothing_to_mark_gets_no_row(play: Play) -> None:
    """Before the meeting only who has sealed is in the gradebook."""
    play.seal("first-role")
    done = marked(play)

    assert (play.who["first-role"],) == done.credited.changed
    assert 1 == len(done.credited.waiting) and 1 == len(held(play)[0])


def test_an_assessment_of_the_same_name_is_refused(play: Play, tmp_path: Path) -> None:
    """The gradebook knows both by name, and one would overwrite the other."""
    root = Path(shutil.copytree(play.root, tmp_path / "curriculum"))
    (root / "assessments" / CASE).mkdir()
    play.seal("first-role")

    with pytest.raises(CohortError, match="has the name of this case"):
        mark(play.folder, CASE, root=root, at=NOW)
    assert [CASE] == case_ids(root)
    with room(play.folder, CASE) as here:  # the lock was given back
        assert here.folder.is_dir()


def test_somebodys_evidence_is_their_own(play: Play) -> None:
    """What x--ada sealed is no evidence of ada's marks."""
    decided(play)
    marked(play)
    role = play.roles["ada"]
    sealed = play.folder / "cases" / CASE / "team-1" / "sealed"
    (sealed / f"{role}--x--ada.json").write_bytes((sealed / f"{role}--ada.json").read_bytes())

    assert () == marked(play).credited.changed
