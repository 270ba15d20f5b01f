"""Grades for other systems: complete, importable, and inert in a spreadsheet."""

import csv
import io
import json
import zipfile
from datetime import UTC, datetime, timedelta

import pytest
from nbgrader.plugins.export import CsvExportPlugin

from pmcampus.cli.out import KINDS
from pmcampus.errors import CohortError
from pmcampus.exporters.grades import Facts, kinds, render
from pmcampus.exporters.grades.xapi import refuse_odd
from pmcampus.intake.people import people
from pmcampus.model.allowance import LateRule
from pmcampus.model.cohort import ItemRecord, Learner, Record
from pmcampus.model.verdict import Mark
from pmcampus.progress import ItemHead, Progress, progress
from pmcampus.spreadsheets import read_table
from pmcampus.terms import Terms

DUE = datetime(2026, 10, 20, 12, tzinfo=UTC)
EVIL = '=HYPERLINK("https://example.org";"x")'
LEARNERS = [
    Learner("ada", "Ada, Made-Up", "clinician", "Heron"),  # passed
    Learner("ben", EVIL, "clinician", "Heron"),  # late, so not yet
    Learner("cy", "Cy", "clinician", "Heron"),  # nothing handed in
    Learner("dee", "Dee", "clinician", "Heron"),  # excused
    Learner("eli", "Eli", "clinician", "Heron"),  # memo waits
]
ITEMS = (ItemHead("a-check", "First", "G5", 6, True), ItemHead("memo", "Memo", "G5", 4, False))
PSEUDONYMS = {learner.id: f"{number:020x}" for number, learner in enumerate(LEARNERS)}


def record(learner: str, memo: float | None, hour: int = 10) -> Record:
    """Six points, and the memo's."""
    mark = Mark.AWAITING if memo is None else Mark.PARTIAL
    items = (ItemRecord("a-check", 6, 6.0, Mark.FULL), ItemRecord("memo", 4, memo, mark))
    return Record(learner, DUE.replace(hour=hour), "1.0.0", items)


def standing() -> Progress:
    """Ten points, sixty per cent pass, half of them off when it is late."""
    rule = LateRule(rule="per-day", percent_per_day=50)
    common = Terms(due=DUE, deadline=DUE, late=rule)
    terms = {learner.id: common for learner in LEARNERS} | {"dee": Terms(excused=True)}
    records = {"ada": record("ada", 3.5), "ben": record("ben", 2.0, 13), "eli": record("eli", None)}
    return progress(
        LEARNERS, records, items=ITEMS, hurdles={}, passing_score=60, cohort="Autumn", assessment="counting",
        title="Counting", version="1.0.0", as_of=DUE + timedelta(days=3), due=DUE, terms=terms,
    )  # fmt: skip


def facts(**said: object) -> Facts:
    """The cohort's facts."""
    plain: dict[str, object] = {"course": "autumn", "as_of": DUE, "pseudonyms": PSEUDONYMS}
    return Facts(standings=(standing(),), **(plain | said))  # type: ignore[arg-type]


def rows(content: bytes) -> list[dict[str, str]]:
    """The lines of an export, as any reader of CSV has them."""
    return list(csv.DictReader(io.StringIO(content.decode())))


def with_map(text: str) -> Facts:
    """The facts with a platform's own table."""
    table = read_table(text.encode(), source="map.csv")
    return facts(table=table, lines=people(LEARNERS, table).line_of)


def test_the_commands_choices_are_the_files_there_are() -> None:
    """A new export is a new file and a word."""
    assert list(KINDS) == kinds()


@pytest.mark.parametrize("kind", ["moodle", "canvas", "nbgrader"])
def test_no_export_lets_a_name_be_a_formula(kind: str) -> None:
    """The name stands there, and acts nowhere."""
    text = render(kind, facts()).decode()

    assert "HYPERLINK" in text
    for separator in ",;\t":
        for row in csv.reader(io.StringIO(text), delimiter=separator):
            assert not any(cell.strip().strip('"').startswith(("=", "+", "@")) for cell in row)


def test_moodle_gets_final_scores_and_leaves_the_others_alone() -> None:
    """An empty grade changes nothing there; nobody gets a zero for work that waits."""
    found = {row["ID number"]: row["Counting"] for row in rows(render("moodle", facts()))}

    assert {"ada": "9.5", "ben": "3", "cy": "", "dee": "", "eli": ""} == found


@pytest.mark.parametrize("most", ["Maximum grade", "Maximum Grade"])
def test_moodles_own_worksheet_comes_back_with_its_grades(most: str) -> None:
    """Every other field stays, and scores are scaled to Moodle's maximum, as its versions call it."""
    sheet = (
        f"Identifier,Full name,ID number,Status,Grade,{most},Last modified (grade),Feedback comments\n"
        'Participant 7,"Ada, Made-Up",ada,Submitted,,100.00,-,\n'
        "Participant 8,Somebody Else,zed,,12.00,100.00,-,keep\n"
        "Participant 9,Cy,cy,,,100.00,-,\n"
    )

    found = rows(render("moodle", with_map(sheet)))

    assert ["95", "12.00", ""] == [row["Grade"] for row in found]
    assert ["Participant 7", "-", "keep"] == [
        found[0]["Identifier"],
        found[0]["Last modified (grade)"],
        found[1]["Feedback comments"],
    ]


def test_canvas_refuses_another_platforms_table() -> None:
    """Its people could not be found by it."""
    with pytest.raises(CohortError, match="no columns Student, ID, SIS User ID; export the gradebook"):
        render("canvas", with_map("Identifier,Full name,Grade\nParticipant 1,Eli,\n"))


def test_canvas_gets_its_own_numbers_column_and_word_for_excused() -> None:
    """As its gradebook named them; the second line says what can be reached."""
    gradebook = (
        "Student,ID,SIS User ID,SIS Login ID,Section,Counting (77)\n    Points Possible,,,,,10\n"
        '"Made-Up, Ada",11,ada,ada.m,Autumn,\n'
    )

    found = rows(render("canvas", with_map(gradebook)))

    assert ("    Points Possible", "10") == (found[0]["Student"], found[0]["Counting (77)"])
    assert {
        "ID": "11",
        "SIS Login ID": "ada.m",
        "Section": "Autumn",
        "Counting (77)": "9.5",
    }.items() <= found[1].items()
    assert {"cy": "", "dee": "EX", "eli": ""}.items() <= {
        row["SIS User ID"]: row["Counting (77)"] for row in found
    }.items()


def test_oneroster_results_are_an_archive_with_its_manifest() -> None:
    """Only learners whose OneRoster id is known are in it; ids stay the same in a later export."""
    said = facts(sourced_ids={"ada": "u-1", "dee": "u-4", "eli": "u-5"}, class_="c-1", period="t-1")
    content = render("oneroster", said)

    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        assert ["manifest.csv", "categories.csv", "lineItems.csv", "results.csv"] == archive.namelist()
        manifest = dict(csv.reader(io.StringIO(archive.read("manifest.csv").decode())))
        items = rows(archive.read("lineItems.csv"))
        results = rows(archive.read("results.csv"))
    assert ("1.1", "bulk", "absent") == (
        manifest["oneroster.version"],
        manifest["file.results"],
        manifest["file.users"],
    )
    assert ("c-1", "t-1", "10") == (
        items[0]["classSourcedId"],
        items[0]["gradingPeriodSourcedId"],
        items[0]["resultValueMax"],
    )
    assert [("u-1", "fully graded", "9.5"), ("u-4", "exempt", "0"), ("u-5", "partially graded", "6")] == [
        (row["studentSourcedId"], row["scoreStatus"], row["score"]) for row in results
    ]
    assert {row["lineItemSourcedId"] for row in results} == {items[0]["sourcedId"]}
    assert content == render("oneroster", said)


@pytest.mark.parametrize(
    ("kind", "said", "sentence"),
    [
        ("oneroster", {}, "no learner's OneRoster id is known"),
        ("oneroster", {"sourced_ids": {"ada": "u"}}, "name both: --class and --period"),
        ("xapi", {}, "give it with --base"),
        ("xapi", {"base": "javascript:x"}, "give it with --base"),
    ],
)
def test_what_is_missing_is_said(kind: str, said: dict[str, object], sentence: str) -> None:
    """Nothing is made up for it."""
    with pytest.raises(CohortError, match=sentence):
        render(kind, facts(**said))


def test_statements_name_nobody_and_stay_the_same() -> None:
    """Pseudonymous accounts; the same facts give the same ids, so a store keeps one copy."""
    said = facts(base="https://learn.example.org/")
    content = render("xapi", said)
    found = {one["actor"]["account"]["name"]: one for one in json.loads(content)}

    assert content == render("xapi", said)
    assert not any(word in content.decode() for word in ("ada", "Ada", "ben", "HYPERLINK", "mbox"))
    ada, ben, eli = (found[PSEUDONYMS[learner]] for learner in ("ada", "ben", "eli"))
    assert len(found) == 3
    assert ("passed", True, 0.95) == (
        ada["verb"]["display"]["en"],
        ada["result"]["success"],
        ada["result"]["score"]["scaled"],
    )
    assert ("failed", 3.0) == (ben["verb"]["display"]["en"], ben["result"]["score"]["raw"])
    assert {"completion": False} == eli["result"]
    assert "https://learn.example.org/assessments/counting/1.0.0" == ada["object"]["id"]


@pytest.mark.parametrize(
    "change",
    [
        {"id": "7"},
        {"actor": {"objectType": "Agent", "mbox": "mailto:ada@example.org"}},
        {"verb": {"id": "passed", "display": {}}},
        {"timestamp": "yesterday"},
        {"result": {"score": {"scaled": 1.5, "raw": 1, "min": 0, "max": 1}}},
        {"result": {"score": {"scaled": 1, "raw": 2, "min": 0, "max": 1}}},
        {"extra": 1},
    ],
)
def test_a_statement_of_another_shape_is_refused(change: dict[str, object]) -> None:
    """Before it is written."""
    good = json.loads(render("xapi", facts(base="https://learn.example.org")))[0]
    refuse_odd(good)

    with pytest.raises(CohortError, match=r"^xAPI: "):
        refuse_odd(good | change)


def test_nbgraders_table_has_nbgraders_columns() -> None:
    """Read from its own exporter, and its arithmetic: score is raw score less penalty."""
    import inspect

    found = rows(render("nbgrader", facts()))
    source = inspect.getsource(CsvExportPlugin)

    assert all(f'"{column}"' in source for column in found[0])
    ben = next(row for row in found if row["student_id"] == "ben")
    assert ("8", "5", "3", "10") == (
        ben["raw_score"],
        ben["late_submission_penalty"],
        ben["score"],
        ben["max_score"],
    )
