"""Whose notebook it is, in every source: certain, or listed with the reason."""

from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from pmcampus.errors import CohortError
from pmcampus.intake.bundles import opened
from pmcampus.intake.identities import Identity
from pmcampus.intake.people import people, read_map
from pmcampus.intake.sources import find, kind_of
from pmcampus.model.cohort import Learner
from tests.intake.archives import archive

LEARNERS = [
    Learner("a01", "Ada Maria Test", "clinician", "H"),
    Learner("a02", "Zoë O'Hara", "clinician", "H"),
    Learner("a03", "Sam Same", "clinician", "H"),
    Learner("a04", "Sam Same", "clinician", "H"),
    Learner("a05", "Jean-Luc Made-Up", "clinician", "H"),
]
WORKSHEET = """Identifier,Full name,ID number,Email address,Status,Grade,Last modified (submission)
Participant 101,Ada Maria Test,a01,ada@example.org,Submitted,,"Friday, 20 November 2026, 5:00 PM"
Participant 102,Zoë O'Hara,,zoe@example.org,Submitted,,-
Participant 103,Sam Same,,sam@example.org,Submitted,,-
Participant 104,Sam Same,a04,sam4@example.org,Submitted,,-
"""
GRADEBOOK = """Student,ID,SIS User ID,SIS Login ID,Section,Counting (77)
    Points Possible,,,,,10
"Test, Ada Maria",11,a01,ada,Autumn,
"Same, Sam",13,a03,sam,Autumn,
"Same, Sam",14,a04,sam4,Autumn,
"""
MOODLE = "assignsubmission_file_"


def found(
    source: Path, *, known: Path | None = None, kind: str | None = None, identities: tuple[Identity, ...] = ()
) -> tuple[str, dict[str, str], dict[str, str]]:
    """The kind, the path of each learner's notebook, and the reason for each that is nobody's."""
    table = read_map(known) if known else None
    with opened(source) as bundle:
        kind = kind or kind_of(bundle)
        pieces = find(
            bundle, kind=kind, assessment="counting", people=people(LEARNERS, table, identities=identities)
        )
    return (
        kind,
        {piece.learner: piece.name for piece in pieces if piece.learner},
        {piece.name: piece.why for piece in pieces if not piece.learner},
    )


def zipped(tmp_path: Path, *names: str) -> Path:
    """An archive with these notebooks."""
    return archive(tmp_path / "all.zip", dict.fromkeys(names, b"{}"))


def written(path: Path, text: str) -> Path:
    """The file with this text."""
    path.write_text(text)
    return path


def test_moodles_folders_are_matched_by_number_and_by_names_that_only_one_has(tmp_path: Path) -> None:
    """Two Sams are told apart by number; without one neither is taken."""
    names = [
        f"Ada Maria Test_101_{MOODLE}/counting.ipynb",
        f"Zoë OHara_102_{MOODLE}/my work.ipynb",  # Moodle leaves the apostrophe out
        f"Sam Same_104_{MOODLE}/counting.ipynb",
        f"Sam Same_103_{MOODLE}/counting.ipynb",
    ]

    kind, whose, lost = found(zipped(tmp_path, *names), known=written(tmp_path / "w.csv", WORKSHEET))

    assert ("moodle", {"a01": names[0], "a02": names[1], "a04": names[2]}) == (kind, whose)
    assert {names[3]: "2 learners are called so, and the map has no number 103"} == lost


def test_moodles_files_without_folders_and_with_groups_are_matched_too(tmp_path: Path) -> None:
    """By name alone, where nobody else is called so."""
    names = [
        f"Ada Maria Test_101_{MOODLE}counting.ipynb",
        f"Group A-Zoë OHara_102_{MOODLE}counting.ipynb",
        f"Jean-Luc Made-Up_105_{MOODLE}counting.ipynb",
        f"Sam Same_104_{MOODLE}counting.ipynb",
        f"Eve Nobody_106_{MOODLE}counting.ipynb",
    ]

    _, whose, lost = found(zipped(tmp_path, *names))

    assert {"a01": names[0], "a02": names[1], "a05": names[2]} == whose
    assert {
        names[3]: "2 learners are called so, and no map was given (--map) for number 104",
        names[4]: "nobody on the roster is called so, and no map was given (--map) for number 106",
    } == lost


def test_a_blind_moodle_archive_needs_the_worksheet(tmp_path: Path) -> None:
    """Participants have numbers and no names there."""
    name = f"Participant_101_101_{MOODLE}/counting.ipynb"

    assert {} == found(zipped(tmp_path, name))[1]
    assert {"a01": name} == found(zipped(tmp_path, name), known=written(tmp_path / "w.csv", WORKSHEET))[1]


def test_the_worksheets_moment_counts_only_with_its_zone(tmp_path: Path) -> None:
    """Moodle writes it in the zone of whoever downloads; a wrong one would make people late."""
    source = zipped(tmp_path, f"Ada Maria Test_101_{MOODLE}/counting.ipynb")
    table = read_map(written(tmp_path / "w.csv", WORKSHEET))

    def moment(zone: ZoneInfo | None) -> datetime | None:
        with opened(source) as bundle:
            known = people(LEARNERS, table, zone=zone)
            return find(bundle, kind="moodle", assessment="counting", people=known)[0].at

    assert moment(None) is None
    assert datetime(2026, 11, 20, 16, tzinfo=UTC) == moment(ZoneInfo("Europe/Berlin"))


def test_canvas_is_matched_by_its_own_number(tmp_path: Path) -> None:
    """Late ones and second attempts included; names run together are a fall-back."""
    names = [
        "testadamaria_11_9001_counting-1.ipynb",
        "samesam_LATE_14_9002_counting.ipynb",
        "oharazo_12_9003_counting.ipynb",
        "made-upjean-luc_15_9004_counting.ipynb",
    ]

    kind, whose, lost = found(zipped(tmp_path, *names), known=written(tmp_path / "g.csv", GRADEBOOK))

    assert ("canvas", {"a01": names[0], "a04": names[1], "a05": names[3]}) == (kind, whose)
    assert [names[2]] == list(lost)


def test_canvas_says_who_was_late(tmp_path: Path) -> None:
    """For a person to look at: how late is not in the name."""
    source = zipped(tmp_path, "testadamaria_LATE_11_9001_counting.ipynb")

    with opened(source) as bundle:
        piece = find(bundle, kind="canvas", assessment="counting", people=people(LEARNERS))[0]

    assert ("a01", "Canvas says it came late") == (piece.learner, piece.remark)


def test_numbers_of_the_cohorts_own_file_need_no_map(tmp_path: Path) -> None:
    """They came with the roster."""
    name = "xx_11_9001_counting.ipynb"

    assert {"a03": name} == found(zipped(tmp_path, name), identities=(Identity("a03", canvas="11"),))[1]


def test_a_number_that_stands_for_two_is_nobodys(tmp_path: Path) -> None:
    """Though the name would fit one."""
    name = "testadamaria_11_9001_counting.ipynb"
    known = written(tmp_path / "m.csv", "learner,canvas\na01,11\na02,11\n")

    assert {name: "number 11 stands for 2 learners"} == found(zipped(tmp_path, name), known=known)[2]


def test_two_notebooks_of_one_learner_are_not_chosen_between(tmp_path: Path) -> None:
    """Unless one has the assessment's name."""
    shelf = f"Ada Maria Test_101_{MOODLE}"
    unclear = zipped(tmp_path, f"{shelf}/first.ipynb", f"{shelf}/second.ipynb")
    assert {} == found(unclear)[1]
    assert "2 notebooks here, and nothing says which one counts" in found(unclear)[2][f"{shelf}/first.ipynb"]

    clear = zipped(tmp_path, f"{shelf}/counting.ipynb", f"{shelf}/second.ipynb")
    assert {"a01": f"{shelf}/counting.ipynb"} == found(clear)[1]


@pytest.mark.parametrize("name", [f"Ada Maria Test_101_{MOODLE}%s", "testadamaria_11_900_%s"])
def test_the_right_name_decides_behind_a_platforms_own_words(tmp_path: Path, name: str) -> None:
    """Moodle without folders and Canvas put person and numbers before it, Canvas `-1` behind."""
    right = name % ("counting.ipynb" if MOODLE in name else "counting-1.ipynb")

    _, taken, left = found(zipped(tmp_path, right, name % "notes.ipynb"))

    assert ({"a01": right}, {name % "notes.ipynb": "a01 has another file with the right name"}) == (
        taken,
        left,
    )


def test_a_number_and_a_name_of_two_people_are_nobodys(tmp_path: Path) -> None:
    """Moodle gives other numbers in each assignment: one from elsewhere must not give Zoë's work to Ada."""
    known = (Identity("a01", moodle="101", canvas="11"),)
    moodle, canvas = f"Zoë O'Hara_101_{MOODLE}/counting.ipynb", "oharazoë_11_9_counting.ipynb"

    for name, number in ((moodle, 101), (canvas, 11)):
        assert {name: f"number {number} is a01's, and the name a02's"} == found(
            zipped(tmp_path, name), identities=known
        )[2]


def test_a_number_of_one_platform_says_nothing_on_another(tmp_path: Path) -> None:
    """Both count from 1."""
    name = f"Participant_11_{MOODLE}/counting.ipynb"

    assert not found(zipped(tmp_path, name), identities=(Identity("a01", canvas="11"),))[1]


def test_a_file_that_is_no_notebook_is_listed_where_there_is_no_other(tmp_path: Path) -> None:
    """Who handed in `counting.ipynb.txt` did hand in; data beside a notebook is not worth a line."""
    ada, zoe = (f"{name}_9_{MOODLE}" for name in ("Ada Maria Test", "Zoë O'Hara"))
    names = (f"{ada}/counting.ipynb", f"{ada}/data.csv", f"{zoe}/counting.ipynb.txt")

    assert ("moodle", {"a01": names[0]}, {names[2]: "a02 has no notebook here, only this"}) == found(
        zipped(tmp_path, *names)
    )


def test_one_notebook_is_not_called_a_broken_archive(tmp_path: Path) -> None:
    """The sentence says which command takes it."""
    (tmp_path / "counting.ipynb").write_text("{}")

    with pytest.raises(CohortError, match="one notebook and no archive; take it in with `pmcampus hand-in`"):
        found(tmp_path / "counting.ipynb")


def test_the_exchanges_latest_submission_counts(tmp_path: Path) -> None:
    """Names are nbgrader's: learner, assessment, moment and random letters; other assessments are left."""
    names = [
        "a01+counting+2026-11-20 16:00:00.000001 UTC+abc123/counting.ipynb",
        "a01+counting+2026-11-20 17:30:00.000001 CET+abc124/counting.ipynb",
        "a02+counting+2026-11-20 16:00:00 XYZ+abc125/counting.ipynb",
        "a03+other+2026-11-20 16:00:00 UTC+abc125/other.ipynb",
        "eve+counting+2026-11-20 16:00:00 UTC+abc126/counting.ipynb",
    ]
    for name in names:
        place = tmp_path / "inbound" / name
        place.parent.mkdir(parents=True)
        place.write_bytes(b"{}")

    kind, whose, lost = found(tmp_path / "inbound")

    assert ("exchange", {"a01": names[1]}) == (kind, whose)
    assert "zone that is not known" in lost[names[2]]
    assert "'eve' is not on the roster" == lost[names[4]]


@pytest.mark.parametrize(
    "name",
    [
        "a01.ipynb",
        "a01/anything.ipynb",
        "a01/counting/counting.ipynb",
        "submitted/a01/counting/counting.ipynb",
        "Ada Maria Test/counting.ipynb",
    ],
)
def test_a_folders_layouts(tmp_path: Path, name: str) -> None:
    """nbgrader's own, and what people make by hand."""
    assert ("folder", {"a01": name}, {}) == found(zipped(tmp_path, name))


def test_a_folders_moment_is_nbgraders_note(tmp_path: Path) -> None:
    """The file's own date says nothing."""
    place = tmp_path / "submitted" / "a01" / "counting"
    place.mkdir(parents=True)
    (place / "counting.ipynb").write_bytes(b"{}")
    (place / "timestamp.txt").write_text("2026-11-20 16:00:00.5 UTC\n")

    with opened(tmp_path / "submitted") as bundle:
        piece = find(bundle, kind="folder", assessment="counting", people=people(LEARNERS))[0]

    assert piece.at == datetime(2026, 11, 20, 16, 0, 0, 500_000, tzinfo=UTC)


def test_a_source_without_notebooks_is_said_so(tmp_path: Path) -> None:
    """Such as an archive of texts."""
    source = archive(tmp_path / "all.zip", {"a01.txt": b"x"})

    with pytest.raises(CohortError, match="there is no notebook"):
        found(source)


def test_a_map_that_says_nothing_about_people_is_refused(tmp_path: Path) -> None:
    """By its columns."""
    with pytest.raises(CohortError, match="no column says who somebody is"):
        read_map(written(tmp_path / "m.csv", "colour,shape\nred,round\n"))
