"""Collecting an archive: who is certain is taken in, the rest is listed, a hostile one leaves nothing."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner

from pmcampus.cli import main
from pmcampus.cohort import enrol, new
from pmcampus.cohortdir import load_cohort, read_timestamp, write_cohort
from pmcampus.cohorts.collect import Collected, collect
from pmcampus.coursedir import submitted_path
from pmcampus.errors import CohortError
from tests.conftest import TWO_MODULES
from tests.intake import archives

NOW = datetime(2026, 11, 21, 9, tzinfo=UTC)
SHELF = "assignsubmission_file_/counting.ipynb"


@pytest.fixture
def cohort(tmp_path: Path) -> Path:
    """Three learners, of whom two have the same name; the roster knows Canvas's number of one."""
    folder = tmp_path / "autumn"
    new(folder, root=TWO_MODULES, pathway="clinician", starts=date(2026, 10, 5))
    (tmp_path / "roster.csv").write_text(
        "learner,name,role,team,canvas\nada,Ada Test,clinician,H,\nben,Sam Same,clinician,H,14\n"
        "cy,Sam Same,clinician,H,\n"
    )
    enrol(folder, tmp_path / "roster.csv", root=TWO_MODULES)
    return folder


def take(cohort: Path, source: Path, **options: object) -> Collected:
    """What collecting this source gives."""
    return collect(cohort, source, assessment="counting", root=TWO_MODULES, now=NOW, **options)  # type: ignore[arg-type]


def everything(folder: Path) -> dict[str, bytes]:
    """Every file below the folder, but for locks."""
    return {
        p.relative_to(folder).as_posix(): p.read_bytes()
        for p in folder.rglob("*")
        if p.is_file() and p.name != ".hand-in"
    }


def test_a_moodle_archive_is_taken_in_for_all_who_are_certain(cohort: Path, tmp_path: Path) -> None:
    """Without a moment, as the archive has none; the two Sams are listed."""
    source = archives.archive(
        tmp_path / "all.zip", {f"Ada Test_1_{SHELF}": b"{1}", f"Sam Same_2_{SHELF}": b"{2}"}
    )

    done = take(cohort, source)

    assert ({"ada": 1}, [f"Sam Same_2_{SHELF}"], ["ben", "cy"]) == (
        done.taken,
        [piece.name for piece in done.unmatched],
        done.missing,
    )
    place = submitted_path(cohort, "ada", "counting")
    assert (b"{1}", None) == (place.read_bytes(), read_timestamp(place.parent / "timestamp.txt"))
    assert not submitted_path(cohort, "ben", "counting").exists()


def test_work_for_another_assessment_is_not_taken_for_this_one(cohort: Path, tmp_path: Path) -> None:
    """It would cost an attempt, and take the place of the right notebook. A term's folder is no fault."""
    form = load_cohort(cohort)
    write_cohort(cohort, form.model_copy(update={"assessments": form.assessments | {"recount": "1.0.0"}}))
    names = (f"Ada Test_1_{SHELF}", "Ada Test_1_assignsubmission_file_/recount.ipynb", "ada/recount.ipynb")
    mixed, wrong, folder = (
        take(cohort, archives.archive(tmp_path / f"{n}.zip", dict.fromkeys(files, b"{1}")), dry=True)
        for n, files in enumerate((names[:2], names[1:2], names[2:]))
    )

    why = "it has the name of another assessment, recount"
    assert ([names[0]], [why]) == ([p.name for p in mixed.matched], [p.why for p in mixed.unmatched])
    assert ([], [why]) == (wrong.matched, [piece.why for piece in wrong.unmatched])
    assert ([], []) == (folder.matched, folder.unmatched)


def test_a_moment_that_a_person_states_is_kept(cohort: Path, tmp_path: Path) -> None:
    """For all whose source has none."""
    source = archives.archive(tmp_path / "all.zip", {f"Ada Test_1_{SHELF}": b"{}"})

    take(cohort, source, at=NOW - timedelta(days=1))

    place = submitted_path(cohort, "ada", "counting").parent / "timestamp.txt"
    assert read_timestamp(place) == NOW - timedelta(days=1)


def test_the_same_archive_twice_changes_nothing(cohort: Path, tmp_path: Path) -> None:
    """A larger one later adds what is new."""
    first = {"testada_11_90_counting.ipynb": b"{1}"}
    source = archives.archive(tmp_path / "one.zip", first)
    take(cohort, source)
    before = everything(cohort)

    done = take(cohort, source)
    assert (["ada"], {}, before) == (done.same, done.taken, everything(cohort))

    later = archives.archive(tmp_path / "two.zip", first | {"samesam_14_91_counting-1.ipynb": b"{2}"})
    done = take(cohort, later)
    assert (["ada"], {"ben": 1}) == (done.same, done.taken)


def test_a_dry_run_changes_nothing(cohort: Path, tmp_path: Path) -> None:
    """It says what would be matched."""
    source = archives.archive(tmp_path / "all.zip", {"ada.ipynb": b"{}", "eve.ipynb": b"{}"})
    before = everything(cohort)

    done = take(cohort, source, dry=True)

    assert (["ada"], ["eve.ipynb"]) == (
        [piece.learner for piece in done.matched],
        [piece.name for piece in done.unmatched],
    )
    assert before == everything(cohort)


def test_one_learners_last_attempt_stops_nobody_else(cohort: Path, tmp_path: Path) -> None:
    """The reason stands beside the name."""
    for number in (1, 2):
        take(cohort, archives.archive(tmp_path / f"{number}.zip", {"ada.ipynb": b"%d" % number}))

    files = {"ada.ipynb": b"3", "ben.ipynb": b"x" * 5_000_001, "cy.ipynb": b"", "eve\u202e.ipynb": b""}
    done = take(cohort, archives.archive(tmp_path / "3.zip", files))

    assert "as often as is allowed" in done.refused["ada"]
    assert "larger than 5 MB" in done.refused["ben"]
    assert {"cy": 1} == done.taken
    assert ["eve\\u202e.ipynb"] == [piece.name for piece in done.unmatched]


@pytest.mark.parametrize(
    "make",
    [
        archives.with_link,
        archives.with_twice,
        archives.encrypted,
        archives.cut_off,
        archives.damaged,
        archives.bomb,
        archives.liar,
        archives.overlapping,
    ],
)
def test_a_hostile_archive_leaves_nothing_behind(
    cohort: Path, tmp_path: Path, make: Callable[[Path], Path]
) -> None:
    """Not even the files of others in it."""
    before = everything(cohort)

    with pytest.raises(CohortError):
        take(cohort, make(tmp_path / "all.zip"))

    assert before == everything(cohort)


def test_one_damaged_file_takes_in_none(cohort: Path, tmp_path: Path) -> None:
    """A download that broke is downloaded again, as a whole."""
    source = archives.damaged(tmp_path / "all.zip")
    import zipfile

    with zipfile.ZipFile(source, "a") as more:
        more.writestr("aaa/ignored.txt", b"")
        more.writestr("ben/counting.ipynb", b"{}")

    with pytest.raises(CohortError, match="is damaged"):
        take(cohort, source)

    assert not (cohort / "submitted").exists()


def test_the_command_lists_and_ends_with_1_when_something_is_left(cohort: Path, tmp_path: Path) -> None:
    """A person sees each file and why."""
    source = archives.archive(
        tmp_path / "all.zip",
        {"testada_LATE_11_90_counting.ipynb": b"{}", "samesam_99_91_counting.ipynb": b"{}"},
    )
    arguments = ["collect", str(cohort), str(source), "--assessment", "counting", "--root", str(TWO_MODULES)]

    shown = CliRunner().invoke(main, arguments)

    assert shown.exit_code == 1
    assert "ada  testada_LATE_11_90_counting.ipynb  attempt 1, Canvas says it came late" in shown.output
    assert "NOT MATCHED  samesam_99_91_counting.ipynb: 2 learners are called so" in shown.output
    assert "canvas: 1 are new, 0 came before, 0 refused, 1 not matched." in shown.output
