"""Marks of a case: machine items by the engine, people's scores, and one page for each team."""

import csv
import io
import json
from pathlib import Path

import pytest
import yaml

from pmcampus.casepaper import TEAM, load_case_paper
from pmcampus.cases.deciding import decide
from pmcampus.cases.marks import mark
from pmcampus.cases.opening import open_case
from pmcampus.cases.sealing import commit
from pmcampus.errors import CaseRefused, CohortError
from tests.cases.conftest import CASE, NOW, Play
from tests.conftest import answered, as_bytes

CRITERIA = ("evidence", "integration", "ethics-law-equity", "decision", "communication", "process")


def score_file(play: Play, marker: str, level: int, **changed: object) -> Path:
    """One marker's scores for the team."""
    path = play.out / f"{marker}.yaml"
    scores = {
        "team": "team-1",
        "marker": marker,
        "criteria": dict.fromkeys(CRITERIA, level),
        "exit_papers": {"ada": [4, 4], "ben": [2, 2]},
    }
    path.write_text(yaml.safe_dump(scores | changed), "utf-8")
    return path


def notebook(play: Play, part: str, *, right: bool) -> Path:
    """A notebook with the reference's answers, or as it was handed out."""
    paper = load_case_paper(play.root, CASE, part)
    texts = {n.replace("-", "_"): f"{paper.starters[n]}\n{code}" for n, code in paper.references.items()}
    path = play.out / f"handed-in-{part}.ipynb"
    path.write_bytes(as_bytes(answered(paper, **texts if right else {})))
    return path


@pytest.mark.kernel
def test_one_decision_counts_for_all_and_the_rest_is_each_persons_own(play: Play) -> None:
    """Ada did her pre-work, Ben handed his in untouched; both have the team's 60."""
    for role, learner in play.who.items():
        commit(
            play.folder, CASE, learner, play.form(role), root=play.root, word=play.passes[learner], at=NOW,
            notebook=notebook(play, role, right=role == "first-role"),
        )  # fmt: skip
    open_case(play.folder, CASE, "team-1", root=play.root, out=play.out, at=NOW)
    record = play.out / "record.json"
    record.write_text(json.dumps({"decision": "wait", "minority": "Three people lose by waiting."}), "utf-8")
    decide(
        play.folder, CASE, "ada", record, root=play.root, word=play.passes["ada"], at=NOW,
        notebook=notebook(play, TEAM, right=True),
    )  # fmt: skip

    scores = [score_file(play, "first-marker", 4), score_file(play, "second-marker", 4)]
    done = mark(play.folder, CASE, root=play.root, at=NOW, scores=scores)
    table = (play.folder / "cases" / CASE / "marks.csv").read_text("utf-8")
    rows = {row["learner"]: row for row in csv.DictReader(io.StringIO(table))}

    assert ("22", "4", "14", "60", "100") == tuple(
        rows["ada"][part] for part in ("prework", "commitment", "exit_paper", "team_part", "total")
    )
    assert ("0", "4", "7", "60", "71") == tuple(
        rows["ben"][part] for part in ("prework", "commitment", "exit_paper", "team_part", "total")
    )
    text = (play.folder / "cases" / CASE / "team-1" / "marks.txt").read_text("utf-8")
    page = done.pages[0].read_text("utf-8")
    for told in ("25 %", "Ethics, law, equity", "kappa", "0.85 and 1.15", "A complete record with dissent"):
        assert told in text and told in page
    assert "Ada Made-Up" not in page and "<script" not in page


def test_without_notebooks_and_scores_everything_waits(play: Play) -> None:
    """A page is written all the same; nothing is scored zero that nobody has seen."""
    play.seal("first-role")
    (report,) = mark(play.folder, CASE, root=play.root, at=NOW).reports

    assert report.team.points is None
    assert {"ada": 4.0, "ben": 0.0} == {one.learner: one.commitment for one in report.members} or {
        "ada": 0.0,
        "ben": 4.0,
    } == {one.learner: one.commitment for one in report.members}
    assert {None} == {one.total for one in report.members}


@pytest.mark.parametrize(
    "changed",
    [
        {"team": "team-9"},
        {"criteria": {"evidence": 4}},
        {"criteria": dict.fromkeys(CRITERIA, 5)},
        {"criteria": dict.fromkeys(CRITERIA, True)},
        {"critical_fails": ["bad-mood"]},
        {"exit_papers": {"mallory": [4, 4]}},
        {"exit_papers": {"ada": [4]}},
    ],
)
def test_scores_that_do_not_fit_are_refused(changed: dict[str, object], play: Play) -> None:
    """A wrong team, a missing criterion, 5, a yes, an unknown fail, a stranger, a question left out."""
    with pytest.raises(CohortError, match=r"first-marker\.yaml"):
        mark(
            play.folder, CASE, root=play.root, at=NOW, scores=[score_file(play, "first-marker", 4, **changed)]
        )


def test_a_markers_later_file_takes_the_place_of_the_earlier(play: Play) -> None:
    """So a score can be corrected after the markers have talked."""
    mark(play.folder, CASE, root=play.root, at=NOW, scores=[score_file(play, "first-marker", 1)])
    done = mark(play.folder, CASE, root=play.root, at=NOW, scores=[score_file(play, "first-marker", 3)])

    assert 36 == done.reports[0].team.points


def test_when_one_score_file_does_not_fit_none_is_kept(play: Play) -> None:
    """A foreign team in the second file; and one marker twice, where the last would win unseen."""
    good = score_file(play, "first-marker", 4)
    bad = score_file(play, "second-marker", 4, team="team-9")
    for files, said in (([good, bad], "is no team here"), ([good, good], "in another file, too")):
        with pytest.raises(CohortError, match=said):
            mark(play.folder, CASE, root=play.root, at=NOW, scores=files)

    assert not list((play.folder / "cases" / CASE).rglob("scores/*"))


def test_a_decision_changed_after_it_was_handed_in_is_not_marked(play: Play) -> None:
    """The log has its digest; the try is noted and no page is written."""
    for role in play.who:
        play.seal(role)
    open_case(play.folder, CASE, "team-1", root=play.root, out=play.out, at=NOW)
    record = play.out / "record.json"
    record.write_text(json.dumps({"decision": "wait", "minority": "Three people lose by waiting."}), "utf-8")
    decide(play.folder, CASE, "ada", record, root=play.root, word=play.passes["ada"], at=NOW)
    stored = play.folder / "cases" / CASE / "team-1" / "decision" / "record-1.json"
    stored.write_text(stored.read_text("utf-8").replace('"wait"', '"go"'), "utf-8")
    with pytest.raises(CaseRefused, match="decision of team-1 was changed after it was handed in"):
        mark(play.folder, CASE, root=play.root, at=NOW)

    assert ("refused", "educator", "marked") == (play.last().outcome, play.last().who, play.last().verb)
    assert not (stored.parents[1] / "marks.html").exists()
