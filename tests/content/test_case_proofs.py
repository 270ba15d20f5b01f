"""Every notebook of a team case proves itself, as assessments do."""

import pytest

from pmcampus.casepaper import TEAM, case_ids, load_case_form, load_case_paper
from pmcampus.errors import ContentError
from pmcampus.prove import prove
from tests.conftest import REPOSITORY

PARTS = [
    f"{case}--{part}"
    for case in case_ids(REPOSITORY)
    for part in (*load_case_form(REPOSITORY, case).roles, TEAM)
]


@pytest.mark.kernel
@pytest.mark.parametrize("part", PARTS)
def test_the_certificate_holds(part: str) -> None:
    """What `pmcampus prove` has judged is not judged again."""
    certificate = next(prove([part], root=REPOSITORY)).certificate

    assert certificate.holds, certificate.summary(fresh=False)
    assert {item.wrong >= 4 and item.right >= 3 for item in certificate.items} == {True}


@pytest.mark.parametrize("part", ["no-such-case--payer", f"{case_ids(REPOSITORY)[0]}--no-such-role"])
def test_a_part_that_is_not_there_is_said(part: str) -> None:
    """In a sentence with the name, not in a traceback."""
    with pytest.raises(ContentError, match="no-such"):
        next(prove([part], root=REPOSITORY))


def test_no_two_roles_have_the_same_letters() -> None:
    """Item 3 asks the same of everybody, about numbers of their own."""
    case = case_ids(REPOSITORY)[0]
    answers = [
        load_case_paper(REPOSITORY, case, role).references["limits"]
        for role in load_case_form(REPOSITORY, case).roles
    ]

    assert len(answers) == len(set(answers))
