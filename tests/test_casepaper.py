"""A notebook of a case as a paper that the engine marks."""

from pathlib import Path

import pytest
import yaml
from pydantic import ValidationError

from pmcampus.casepaper import TEAM, files_of, load_case_form, load_case_paper
from pmcampus.errors import ContentError
from pmcampus.model.case import CaseForm
from tests.conftest import REPOSITORY

CASE = "dpyd-before-chemotherapy"


def test_a_role_gets_its_own_files_only() -> None:
    """The engine, too, lays out no other role's facts."""
    paper = load_case_paper(REPOSITORY, CASE, "payer")

    assert ["c2_model.py", "commitment.schema.json", "facts-payer.json"] == sorted(paper.data)


def test_the_team_gets_what_its_members_hold() -> None:
    """A role that nobody plays keeps its facts."""
    form = load_case_form(REPOSITORY, CASE)

    assert 6 == sum("facts-" in name for name in files_of(form, TEAM))
    assert ["data/facts-payer.json"] == [n for n in files_of(form, TEAM, played={"payer"}) if "facts-" in n]


def test_points_of_the_notebook_are_those_of_the_form() -> None:
    """22 for each role, 12 for the team."""
    assert 22 == sum(load_case_paper(REPOSITORY, CASE, "oncologist").points().values())
    assert 12 == sum(load_case_paper(REPOSITORY, CASE, TEAM).points().values())


@pytest.mark.parametrize(("case", "part"), [("no-case", "payer"), (CASE, "wizard")])
def test_what_does_not_exist_is_said(case: str, part: str) -> None:
    """An unknown case, an unknown role."""
    with pytest.raises(ContentError, match=r"there is no such case|is no role"):
        load_case_paper(REPOSITORY, case, part)


def test_nobody_may_pass_with_a_critical_fail() -> None:
    """A cap that leaves enough points for the pass mark is a fault of the form."""
    text = (REPOSITORY / "case_studies" / "dpyd-before-chemotherapy" / "case.yaml").read_text("utf-8")
    form = yaml.safe_load(text)
    assert 70 == CaseForm.model_validate(form).marks.passing_score
    form["marks"]["cap"] = 0.5

    with pytest.raises(ValidationError, match="in spite of a critical fail"):
        CaseForm.model_validate(form)


def test_a_path_is_no_name_of_a_case(tmp_path: Path) -> None:
    """It would lead out of the cohort's folder, where the case's name is a folder's."""
    form = tmp_path / "case_studies" / "a-case" / "case.yaml"
    form.parent.mkdir(parents=True)
    form.write_text("", "utf-8")
    with pytest.raises(ContentError, match="there is no such case; choose one of a-case"):
        load_case_form(tmp_path, "../case_studies/a-case")
