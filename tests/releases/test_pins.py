"""A running cohort keeps its version, whatever happens to the tree, and no mark changes unasked."""

import shutil
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
import yaml

from pmcampus.cohort import enrol, new
from pmcampus.cohortdir import load_cohort, write_cohort
from pmcampus.cohortprogress import cohort_progress
from pmcampus.cohorts.handin import hand_in
from pmcampus.environment import computing_digest
from pmcampus.errors import CohortError, ReleaseError
from pmcampus.grade import grade
from pmcampus.paper import load_paper
from pmcampus.releases.pins import cohort_paper
from pmcampus.releases.shelf import manifest_digest
from tests.conftest import answered, as_bytes
from tests.releases.campus import COUNTING, edit, in_cell

pytestmark = [pytest.mark.kernel, pytest.mark.xdist_group("releases")]
NOW = datetime(2026, 11, 25, 12, tzinfo=UTC)


@pytest.fixture
def own(campus: Path, tmp_path: Path) -> Path:
    """The campus with its releases, to change."""
    return Path(shutil.copytree(campus, tmp_path / "own"))


@pytest.fixture
def cohort(own: Path, tmp_path: Path) -> Path:
    """A cohort with one learner who handed in a right share and nothing else."""
    folder = tmp_path / "cohort"
    new(folder, root=own, pathway="clinician", starts=date(2026, 11, 2))
    (tmp_path / "roster.csv").write_text("learner,name,role,team\nl1,Ada,clinician,a\n", "utf-8")
    enrol(folder, tmp_path / "roster.csv", root=own)
    work = answered(load_paper(own, "counting"), share="def share(part, whole):\n    return part / whole")
    (tmp_path / "counting.ipynb").write_bytes(as_bytes(work))
    hand_in(folder, "l1", tmp_path / "counting.ipynb", root=own, at=NOW)
    return folder


def test_a_new_cohort_pins_every_release_by_digest(own: Path, cohort: Path) -> None:
    """And the packages that its marks are computed with."""
    form = load_cohort(cohort)

    assert form.pin(COUNTING).version == "1.0.1"
    assert form.digests == {
        name: manifest_digest(own, name, version)
        for name, version in (
            (COUNTING, "1.0.1"), ("modules/first-steps", "1.1.0"), ("modules/second-steps", "1.0.0"),
        )
    }  # fmt: skip
    assert form.environment == computing_digest()


def test_a_form_from_before_there_were_pins_is_still_read(own: Path, cohort: Path) -> None:
    """Without digests, the tree serves as long as it holds the version."""
    data = yaml.safe_load((cohort / "cohort.yaml").read_text("utf-8"))
    for field in ("digests", "environment", "overlays"):
        del data[field]
    (cohort / "cohort.yaml").write_text(yaml.safe_dump(data), "utf-8")

    assert cohort_paper(load_cohort(cohort), "counting", own).folder == own / COUNTING


def test_marks_come_from_the_release_when_the_tree_has_moved_on(own: Path, cohort: Path) -> None:
    """An unfinished, stricter check in the tree touches no mark of a cohort that pinned the release."""
    in_cell(own / COUNTING / "counting.ipynb", "score = 4 if all(right)", "score = 0 if all(right)")
    edit(own / COUNTING / "assessment.yaml", "version: 1.0.1", "version: 2.0.0")

    grade(cohort, "counting", root=own)

    found = cohort_progress(cohort, "counting", root=own, as_of=NOW)
    assert found.version == "1.0.1"
    assert _points(cohort) == 4


def test_marks_survive_the_assessment_being_taken_out_of_the_tree(own: Path, cohort: Path) -> None:
    """The release alone is enough."""
    shutil.rmtree(own / COUNTING)

    grade(cohort, "counting", root=own)

    assert _points(cohort) == 4


def test_a_changed_pin_changes_no_mark_unasked(own: Path, cohort: Path) -> None:
    """What was handed in for a version keeps it, until somebody regrades all, knowingly."""
    grade(cohort, "counting", root=own)
    form = load_cohort(cohort)
    old = {
        "assessments": {"counting": "1.0.0"},
        "digests": {**form.digests, COUNTING: manifest_digest(own, COUNTING, "1.0.0")},
    }
    write_cohort(cohort, form.model_copy(update=old))

    with pytest.raises(
        CohortError, match=r"1 submissions to counting were made for version 1\.0\.1 and keep it"
    ):
        grade(cohort, "counting", root=own)
    done = grade(cohort, "counting", root=own, again=True)

    assert done.marked == ["l1"]


def test_work_that_waits_keeps_its_version_too(own: Path, cohort: Path) -> None:
    """Handed in and not marked yet."""
    form = load_cohort(cohort)
    old = {
        "assessments": {"counting": "1.0.0"},
        "digests": {**form.digests, COUNTING: manifest_digest(own, COUNTING, "1.0.0")},
    }
    write_cohort(cohort, form.model_copy(update=old))

    with pytest.raises(CohortError, match=r"made for version 1\.0\.1 and keep it, but 1\.0\.0 is pinned"):
        grade(cohort, "counting", root=own)


def test_another_release_under_the_pinned_number_is_refused(own: Path, cohort: Path) -> None:
    """The digest in cohort.yaml is the one that counts."""
    path = own / "releases" / COUNTING / "1.0.1/manifest.json"
    path.write_text(path.read_text("utf-8").replace("A message is put", "A word is put"), "utf-8")

    with pytest.raises(ReleaseError, match="this is not the release that was pinned"):
        grade(cohort, "counting", root=own)


def test_a_damaged_archive_marks_nobody(own: Path, cohort: Path) -> None:
    """One flipped bit."""
    path = own / "releases" / COUNTING / "1.0.1/educator.zip"
    content = bytearray(path.read_bytes())
    content[200] ^= 1
    path.write_bytes(content)

    with pytest.raises(ReleaseError, match="is not what its manifest says"):
        grade(cohort, "counting", root=own)


def test_a_release_that_is_gone_is_said_with_the_way_to_get_it(own: Path, cohort: Path) -> None:
    """Adopt it, or restore it."""
    shutil.rmtree(own / "releases" / COUNTING / "1.0.1")

    with pytest.raises(
        ReleaseError, match=r"1\.0\.1 is pinned but not among the releases here; adopt it with"
    ):
        grade(cohort, "counting", root=own)


def test_what_is_laid_out_for_marking_is_verified_each_time(own: Path, cohort: Path) -> None:
    """Somebody edits the copy in build/: it is written anew from the archive."""
    place = cohort_paper(load_cohort(cohort), "counting", own).folder
    assert place.is_relative_to(own / "build")
    in_cell(place / "counting.ipynb", "score = 4 if all(right)", "score = 0 if all(right)")

    again = cohort_paper(load_cohort(cohort), "counting", own)

    assert any("score = 4 if all(right)" in cell.source for cell in again.source.cells)


def test_other_packages_than_pinned_are_said(own: Path, cohort: Path) -> None:
    """Marks of before stay; the instructor decides about a regrade."""
    form = load_cohort(cohort)
    write_cohort(cohort, form.model_copy(update={"environment": "0" * 64}))

    done = grade(cohort, "counting", root=own)

    assert any("has changed since the cohort pinned it" in remark for remark in done.remarks())


def _points(cohort: Path) -> float:
    from pmcampus import gradebook
    from pmcampus.cohortdir import database_url

    form = load_cohort(cohort)
    with gradebook.open_gradebook(database_url(cohort, form), form.course) as book:
        return gradebook.records(book, "counting")["l1"].score
