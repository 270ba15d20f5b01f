"""Rosters and cohort folders: what is wrong is said in one sentence."""

import csv
import io
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pmcampus.cohortdir import (
    COLUMNS,
    database_url,
    load_cohort,
    parse_roster,
    read_timestamp,
    refuse_inside_content,
    stored_url,
)
from pmcampus.errors import CohortError
from pmcampus.model.cohort import CohortForm

ROLES = frozenset({"clinician", "data-scientist"})
FORM = {
    "title": "Autumn",
    "course": "autumn",
    "pathway": "clinician",
    "starts": "2026-10-05",
    "ends": "2026-12-18",
    "modules": {},
    "assessments": {},
}
GOOD = 'learner,name,role,team\nl1,Ada Made-Up,clinician,Heron\nl2,"Invented, Ben",data-scientist,Otter\n'


def roster(text: str) -> list[str]:
    """Ids of a roster's learners."""
    return [learner.id for learner in parse_roster(text.encode(), source="roster.csv", roles=ROLES)]


def test_a_roster_gives_its_learners_sorted_by_id() -> None:
    """Names may hold a comma."""
    assert roster(GOOD) == ["l1", "l2"]


def test_a_spreadsheets_byte_order_mark_does_no_harm() -> None:
    """It stands before the first column's name."""
    assert roster("\ufeff" + GOOD) == ["l1", "l2"]


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "the file is empty"),
        ("learner,name,role\nl1,A,clinician\n", "the column 'team' is missing"),
        ("learner,name,role,team\n", "no learner is listed"),
        (GOOD + "l1,Other,clinician,Otter\n", "'l1' is there twice"),
        (GOOD + "L1,Other,clinician,Otter\n", "'L1' is there twice"),
        (GOOD + " l1 ,Other,clinician,Otter\n", "'l1' is there twice"),
        (GOOD + "l3,,clinician,Otter\n", "name is empty"),
        (GOOD + "../l3,Other,clinician,Otter\n", "'../l3' cannot be an id"),
        (GOOD + "-l3,Other,clinician,Otter\n", "'-l3' cannot be an id"),
        (
            GOOD + "l3,Other,surgeon,Otter\n",
            "'surgeon' is not a role; write one of clinician, data-scientist",
        ),
        (GOOD + "l3,Other,clinician\n", "has not four fields"),
        (GOOD + "l3,Other, clinician,Otter,more\n", "has not four fields"),
        (GOOD + 'l3,"Two\nLines",clinician,Otter\n', "name 'Two\\nLines' holds a line break"),
        (GOOD + "l3,\u202eOther,clinician,Otter\n", "a sign that cannot be seen"),
        (GOOD + f"l3,{'x' * 200_000},clinician,Otter\n", "cannot be read as CSV"),
        ("learner,name,role,team,name\nl1,A,clinician,Heron,B\n", "'name' is missing or there twice"),
    ],
)
def test_a_faulty_roster_is_refused_with_its_line_and_remedy(text: str, sentence: str) -> None:
    """Nobody is enrolled from a roster that has a fault."""
    with pytest.raises(CohortError, match=r"^roster\.csv") as refusal:
        roster(text)

    assert sentence in str(refusal.value)


def test_another_encoding_is_named_with_its_byte() -> None:
    """A spreadsheet's export in Latin-1 is not guessed at."""
    with pytest.raises(CohortError, match="byte 29 is not UTF-8"):
        parse_roster(
            "learner,name,role,team\nl1,Zoë,clinician,Heron\n".encode("latin-1"), source="r", roles=ROLES
        )


@given(st.lists(st.lists(st.text(max_size=6), max_size=6), max_size=5))
def test_no_table_makes_it_fail_otherwise(rows: list[list[str]]) -> None:
    """Whatever a spreadsheet writes, the answer is learners or a refusal."""
    text = io.StringIO()
    csv.writer(text).writerows([list(COLUMNS), *rows])
    try:
        learners = parse_roster(text.getvalue().encode("utf-8", "replace"), source="r", roles=ROLES)
    except CohortError:
        return
    assert all(learner.id == learner.id.strip() and learner.role in ROLES for learner in learners)


def test_a_cohort_may_not_lie_inside_a_curriculum(curriculum: Path) -> None:
    """Marks of people stay out of the repository."""
    with pytest.raises(CohortError, match="must lie outside the repository"):
        refuse_inside_content(curriculum / "modules" / "autumn")


@pytest.mark.parametrize(
    ("form", "sentence"),
    [
        (None, "cohort.yaml is missing; make the cohort with"),
        ("title: [", "check the indentation"),
        ("titel: Autumn\n", "cohort.yaml:1: the field `title` is missing"),
        ("- a\n", "cohort.yaml:1"),
    ],
)
def test_a_faulty_cohort_form_is_named_with_its_line(tmp_path: Path, form: str | None, sentence: str) -> None:
    """One sentence, with the remedy."""
    if form is not None:
        (tmp_path / "cohort.yaml").write_text(form)
    with pytest.raises(CohortError) as refusal:
        load_cohort(tmp_path)

    assert sentence in str(refusal.value)


def test_a_timestamp_that_is_none_is_refused(tmp_path: Path) -> None:
    """Nothing is guessed about when somebody handed in."""
    (tmp_path / "timestamp.txt").write_text("yesterday")

    with pytest.raises(CohortError, match="'yesterday' is no moment"):
        read_timestamp(tmp_path / "timestamp.txt")


def test_a_timestamp_of_other_bytes_is_refused(tmp_path: Path) -> None:
    """It stops nobody else's marking."""
    (tmp_path / "timestamp.txt").write_bytes(b"\xff\xfe\x00")

    with pytest.raises(CohortError, match="is no moment"):
        read_timestamp(tmp_path / "timestamp.txt")


@pytest.mark.parametrize("address", ["sqlite://", "sqlite:///", "sqlite:///:memory:"])
def test_a_gradebook_that_would_forget_is_refused(tmp_path: Path, address: str) -> None:
    """Marks are never kept in memory alone."""
    with pytest.raises(CohortError, match="names no file, so marks would be lost"):
        database_url(tmp_path, CohortForm.model_validate(FORM | {"gradebook": address}))


def test_a_gradebook_may_not_lie_inside_a_curriculum(tmp_path: Path, curriculum: Path) -> None:
    """Wherever its cohort lies."""
    form = CohortForm.model_validate(FORM | {"gradebook": f"sqlite:///{curriculum}/marks.db"})

    with pytest.raises(CohortError, match="must lie outside the repository"):
        database_url(tmp_path, form)


def test_the_environments_address_wins_and_is_never_the_one_to_write_down(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A password in the environment stays out of every file."""
    cohort = CohortForm.model_validate(FORM)
    monkeypatch.setenv("PMCAMPUS_GRADEBOOK", "postgresql+psycopg://campus:secret@host/name")

    assert database_url(tmp_path, cohort) == "postgresql+psycopg://campus:secret@host/name"
    assert stored_url(tmp_path, cohort) == f"sqlite:///{tmp_path.resolve() / 'gradebook.db'}"


def test_a_gradebook_that_is_gone_is_not_begun_anew(tmp_path: Path) -> None:
    """It would show nobody's work, and a backup would keep that; a new cohort has marked nothing yet."""
    form = CohortForm.model_validate(FORM)
    (tmp_path / "kept").mkdir()

    assert database_url(tmp_path, form).endswith("gradebook.db")
    (tmp_path / "kept" / "ledger-head.json").write_text("{}")
    with pytest.raises(CohortError, match="the gradebook is missing, and work was marked in it"):
        database_url(tmp_path, form)
    assert database_url(tmp_path, form, may_be_lost=True).endswith("gradebook.db")
