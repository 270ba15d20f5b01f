"""Rosters and cohort folders: what is wrong is said in one sentence."""

import csv
import io
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pmcampus.cohortdir import COLUMNS, load_cohort, parse_roster, read_timestamp, refuse_inside_content
from pmcampus.errors import CohortError

ROLES = frozenset({"clinician", "data-scientist"})
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
        ("", "the column 'learner' is missing"),
        ("learner,name,role\nl1,A,clinician\n", "the column 'team' is missing"),
        ("learner,name,role,team\n", "no learner is listed"),
        (GOOD + "l1,Other,clinician,Otter\n", "'l1' is there twice"),
        (GOOD + "L1,Other,clinician,Otter\n", "'L1' is there twice"),
        (GOOD + " l3,Other,clinician,Otter\n", "learner ' l3' has blanks around it"),
        (GOOD + "l3,Other,clinician ,Otter\n", "role 'clinician ' has blanks around it"),
        (GOOD + "l3,,clinician,Otter\n", "name is empty"),
        (GOOD + "../l3,Other,clinician,Otter\n", "'../l3' cannot be an id"),
        (GOOD + "-l3,Other,clinician,Otter\n", "'-l3' cannot be an id"),
        (
            GOOD + "l3,Other,surgeon,Otter\n",
            "'surgeon' is not a role; write one of clinician, data-scientist",
        ),
        (GOOD + "l3,Other,clinician\n", "has not four fields"),
        (GOOD + "l3,Other, clinician,Otter,more\n", "has not four fields"),
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
        ("titel: Autumn\n", "`titel` is not known here. Did you mean `title`"),
        ("- a\n", "cohort.yaml:1"),
    ],
)
def test_a_faulty_cohort_form_is_named_with_its_line(tmp_path: Path, form: str | None, sentence: str) -> None:
    """One sentence, with the remedy."""
    if form is not None:
        (tmp_path / "cohort.yaml").write_text(form)
    with pytest.raises(CohortError) as refusal:
        load_cohort(tmp_path)

    message = str(refusal.value)
    assert sentence in message or "is missing" in message


def test_a_timestamp_that_is_none_is_refused(tmp_path: Path) -> None:
    """Nothing is guessed about when somebody handed in."""
    (tmp_path / "timestamp.txt").write_text("yesterday")

    with pytest.raises(CohortError, match="'yesterday' is no moment"):
        read_timestamp(tmp_path / "timestamp.txt")
