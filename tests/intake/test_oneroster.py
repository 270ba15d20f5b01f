"""OneRoster exports, 1.1 and 1.2: the students of one class, or a sentence."""

from collections.abc import Mapping
from pathlib import Path

import pytest

from pmcampus.errors import CohortError
from pmcampus.intake.bundles import opened
from pmcampus.intake.identities import Identity
from pmcampus.intake.oneroster import Enrolled, is_oneroster, students
from pmcampus.model.cohort import Learner
from pmcampus.spreadsheets import read_table
from tests.intake.archives import archive

ROLES = frozenset({"clinician", "data-scientist"})
USERS = """sourcedId,status,dateLastModified,enabledUser,orgSourcedIds,role,username,userIds,givenName,familyName,middleName,identifier,email,sms,phone,agentSourcedIds,grades,password
u-1,active,,true,o-1,student,ada@example.org,,Ada,Made-Up,,a01,ada@example.org,,,,,
u-2,,,true,o-1,student,ben@example.org,,Ben,"Invented, Jr",,a02,ben@example.org,,,,,
u-3,tobedeleted,,true,o-1,student,cy@example.org,,Cy,Gone,,a03,,,,,,
u-9,active,,true,o-1,teacher,tea@example.org,,Tea,Cher,,t01,tea@example.org,,,,,
"""  # noqa: E501  the columns are the standard's
OTHER = USERS.splitlines()[1].replace("Ada", "Eve")  # the same person under another name
CLASSES = """sourcedId,status,dateLastModified,title,grades,courseSourcedId,classCode,classType,location,schoolSourcedId,termSourcedIds,subjects,subjectCodes,periods
c-1,active,,Autumn Pharmacogenomics,,co,PGX,scheduled,,o-1,t,,,
c-2,active,,Another,,co,OTHER,scheduled,,o-1,t,,,
"""  # noqa: E501  the columns are the standard's
ENROLLMENTS = """sourcedId,status,dateLastModified,classSourcedId,schoolSourcedId,userSourcedId,role,primary
e-1,active,,c-1,o-1,u-1,student,
e-2,active,,c-1,o-1,u-2,student,
e-3,active,,c-1,o-1,u-9,teacher,true
e-4,active,,c-2,o-1,u-2,student,
e-5,tobedeleted,,c-2,o-1,u-1,student,
"""
MANIFEST = "propertyName,value\nmanifest.version,1.0\noneroster.version,1.1\nfile.users,bulk\n"
FILES = {
    "manifest.csv": MANIFEST,
    "users.csv": USERS,
    "classes.csv": CLASSES,
    "enrollments.csv": ENROLLMENTS,
}


def read(tmp_path: Path, files: Mapping[str, str] = FILES, **options: object) -> Enrolled:
    """The students of an export with these files."""
    source = archive(tmp_path / "export.zip", {name: text.encode() for name, text in files.items()})
    with opened(source) as bundle:
        assert is_oneroster(bundle) or "users.csv" not in files
        plain: dict[str, object] = {"class_": "c-1", "role": "clinician", "roles": ROLES}
        return students(bundle, **(plain | options))  # type: ignore[arg-type]


def test_active_students_of_the_class_become_learners(tmp_path: Path) -> None:
    """No teacher, nobody who left; the class's title is the team, and OneRoster's own id is kept."""
    found = read(tmp_path)

    assert [
        Learner("a01", "Ada Made-Up", "clinician", "Autumn Pharmacogenomics"),
        Learner("a02", "Ben Invented, Jr", "clinician", "Autumn Pharmacogenomics"),
    ] == found.learners
    assert Identity("a01", email="ada@example.org", oneroster="u-1") == found.identities[0]


@pytest.mark.parametrize("name", ["c-2", "OTHER", "Another"])
def test_a_class_goes_by_id_code_or_title(tmp_path: Path, name: str) -> None:
    """A student who left it is not in it."""
    assert ["a02"] == [learner.id for learner in read(tmp_path, class_=name).learners]


def test_version_1_2_has_roles_in_another_file(tmp_path: Path) -> None:
    """And preferred names, which people are called by."""
    users = (
        "sourcedId,status,dateLastModified,enabledUser,username,userIds,givenName,familyName,middleName,"
        "identifier,email,preferredGivenName\nu-1,,,true,ada1,,Augusta,Made-Up,,,ada@example.org,Ada\n"
        "u-2,,,true,ben2,,Ben,Invented,,,,\n"
    )
    files = FILES | {"users.csv": users, "manifest.csv": MANIFEST.replace("version,1.1", "version,1.2")}
    notes: list[str] = []

    found = read(tmp_path, files, note=notes.append)

    assert [("ada1", "Ada Made-Up"), ("ben2", "Ben Invented")] == [(x.id, x.name) for x in found.learners]
    assert "the column username" in notes[0]


def test_professional_roles_come_from_a_table(tmp_path: Path) -> None:
    """By id, sourcedId or address; the others have the one for all."""
    table = b"learner,role,team\nben@example.org,data-scientist,Otter\n"
    places = read_table(table, source="places.csv", required=("learner", "role", "team"))

    found = read(tmp_path, places=places)

    assert [("clinician", "Autumn Pharmacogenomics"), ("data-scientist", "Otter")] == [
        (learner.role, learner.team) for learner in found.learners
    ]


@pytest.mark.parametrize(
    ("files", "options", "sentence"),
    [
        (
            {},
            {"class_": None},
            "it has several classes; name one of c-1 (Autumn Pharmacogenomics), c-2",
        ),
        ({}, {"class_": "c-7"}, "'c-7' is none of its classes; name one of c-1"),
        ({}, {"role": None}, "a01 has no professional role"),
        ({}, {"role": "surgeon"}, "'surgeon' is not a role"),
        ({}, {"id_column": "username"}, "cannot be an id"),
        ({"manifest.csv": MANIFEST.replace("version,1.1", "version,2.0")}, {}, "this is OneRoster 2.0"),
        ({"classes.csv": "sourcedId,name\nc-1,x\n"}, {}, "the column 'title' is missing"),
        ({"enrollments.csv": ENROLLMENTS.replace("u-1", "u-8")}, {}, "names 1 user that users.csv has not"),
        (
            {"users.csv": USERS + OTHER},
            {},
            "two different lines for 'u-1'",
        ),
        ({"enrollments.csv": ENROLLMENTS.replace("student", "aide")}, {}, "has no active student"),
        ({"users.csv": USERS.replace("a02", "A01")}, {"id_column": "identifier"}, "is there twice"),
    ],
)
def test_what_does_not_fit_is_said(
    tmp_path: Path, files: dict[str, str], options: dict[str, object], sentence: str
) -> None:
    """Nobody is half enrolled."""
    with pytest.raises(CohortError) as refusal:
        read(tmp_path, FILES | files, **options)

    assert sentence in str(refusal.value)


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    """So that it can be exported too."""
    with pytest.raises(CohortError, match=r"users\.csv is missing"):
        read(tmp_path, {name: text for name, text in FILES.items() if name != "users.csv"})
