"""What a trainee does: start, check."""

from datetime import date
from pathlib import Path

import nbformat
import pytest

from pmcampus.cohort import new
from pmcampus.cohortkey import numbers
from pmcampus.errors import CampusError, SubmissionRefused
from pmcampus.model.verdict import Mark
from pmcampus.paper import Paper, load_paper
from pmcampus.start import check, same_number, start, start_for_cohort
from tests.conftest import REPOSITORY, answered, as_bytes
from tests.test_marking import RIGHT


def test_start_gives_the_release_version_and_says_which(tmp_path: Path, curriculum: Path) -> None:
    """No solution, no hidden test."""
    notebook = start("counting", tmp_path / "work", root=curriculum)

    text = notebook.read_text()
    assert "HIDDEN" not in text
    assert "part / whole" not in text
    assert nbformat.reads(text, 4).metadata.pmcampus == {"assessment": "counting", "version": "1.0.0"}


def test_start_never_overwrites_work(tmp_path: Path, curriculum: Path) -> None:
    """The file stays as it was."""
    (tmp_path / "counting.ipynb").write_text("my work")

    with pytest.raises(CampusError, match="your work is there already and stays"):
        start("counting", tmp_path, root=curriculum)

    assert (tmp_path / "counting.ipynb").read_text() == "my work"


def test_an_unknown_assessment_is_answered_with_the_known_ones(tmp_path: Path, curriculum: Path) -> None:
    """And nothing is written."""
    with pytest.raises(CampusError, match="choose one of counting"):
        start("couting", tmp_path / "work", root=curriculum)

    assert not (tmp_path / "work").exists()


@pytest.mark.kernel
def test_check_tells_form_for_each_item(tmp_path: Path, curriculum: Path, paper: Paper) -> None:
    """What is missing is named; what is there is ready."""
    file = tmp_path / "counting.ipynb"
    file.write_bytes(as_bytes(answered(paper, share=RIGHT["share"])))

    checked = check(file, root=curriculum)

    assert [(title, verdict.mark) for title, verdict in checked.items] == [
        ("A share from two counts", Mark.FULL),
        ("The word that misleads", Mark.ZERO),
        ("Two sentences to a patient", Mark.ZERO),
    ]
    assert not checked.all_ready


def test_check_refuses_what_the_grader_would_refuse(tmp_path: Path, curriculum: Path) -> None:
    """With the same reason, before it is handed in."""
    (tmp_path / "counting.ipynb").write_text("{")
    (tmp_path / "other.ipynb").write_text("{}")

    with pytest.raises(SubmissionRefused, match="cannot be read as a notebook"):
        check(tmp_path / "counting.ipynb", root=curriculum)
    with pytest.raises(CampusError, match="the file's name says no assessment"):
        check(tmp_path / "other.ipynb", root=curriculum)


def test_every_learner_of_a_cohort_gets_a_notebook_with_their_own_number(tmp_path: Path) -> None:
    """The same number as grading derives; a second time nobody's work is overwritten."""
    folder = tmp_path / "cohort"
    new(folder, root=REPOSITORY, pathway="clinician", starts=date(2026, 10, 5))
    (folder / "roster.csv").write_text(
        "learner,name,role,team\na01,Ada Example,clinician,1\na02,Ben Example,clinician,1\n", "utf-8"
    )
    assessment = "pharmacogenomics-in-prescribing"

    made = start_for_cohort(assessment, tmp_path / "out", root=REPOSITORY, cohort=folder)

    own = numbers(folder, assessment, load_paper(REPOSITORY, assessment).form, ["a01", "a02"])
    assert set(made) == {"a01", "a02"}
    for learner, path in made.items():
        assert f"my_code = {own[learner]}\\n" in path.read_text("utf-8")
    with pytest.raises(CampusError, match="your work is there already"):
        start_for_cohort(assessment, tmp_path / "out", root=REPOSITORY, cohort=folder)


def test_learners_with_one_number_are_named(tmp_path: Path) -> None:
    """Of 100 learners some share a number; exactly these are in a group, and each group has one number."""
    folder = tmp_path / "cohort"
    new(
        folder,
        root=REPOSITORY,
        pathway="clinician",
        starts=date(2026, 10, 5),
        key=b"a key of a test, always the same",
    )
    ids = [f"a{number:03}" for number in range(100)]
    rows = "".join(f"{id},Name {id},clinician,1\n" for id in ids)
    (folder / "roster.csv").write_text(f"learner,name,role,team\n{rows}", "utf-8")
    assessment = "pharmacogenomics-in-prescribing"

    groups = same_number(assessment, root=REPOSITORY, cohort=folder)
    own = numbers(folder, assessment, load_paper(REPOSITORY, assessment).form, ids)

    assert groups and all(len({own[learner] for learner in group}) == 1 for group in groups)
    assert len(set(own.values())) == len(ids) - sum(len(group) - 1 for group in groups)


def test_a_cohort_without_a_key_is_told_to_use_its_cards(tmp_path: Path) -> None:
    """Nothing is written."""
    folder = tmp_path / "cohort"
    new(folder, root=REPOSITORY, pathway="clinician", starts=date(2026, 10, 5))
    (folder / "variants.key").unlink()
    (folder / "roster.csv").write_text("learner,name,role,team\na01,Ada Example,clinician,1\n", "utf-8")

    with pytest.raises(CampusError, match="this cohort has no key"):
        start_for_cohort("pharmacogenomics-in-prescribing", tmp_path / "out", root=REPOSITORY, cohort=folder)
    assert not (tmp_path / "out").exists()
