"""The ledger's commands, on a cohort that is in order; `tests/faults` breaks it."""

from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from pmcampus import audit, gradebook
from pmcampus.cli import main
from pmcampus.cli.terminal import score_changes
from pmcampus.cohortdir import database_url, load_cohort
from pmcampus.environment import environment, environment_digest
from pmcampus.errors import CohortError
from pmcampus.kept import is_whole, keep, kept_path, read_head
from pmcampus.ledger import Decision
from pmcampus.regrade import Change, Policy
from tests.conftest import TWO_MODULES
from tests.faults import drill


@pytest.fixture
def cohort(tmp_path: Path) -> Path:
    """Two learners, marked."""
    folder = drill.cohort(tmp_path / "autumn", learners=2)
    drill.run(folder)
    return folder


def call(*words: object) -> Result:
    """The command with these words."""
    return CliRunner().invoke(main, [str(word) for word in words])


def test_a_ledger_in_order_is_said_in_a_sentence(cohort: Path) -> None:
    """With exit code 0."""
    said = call("ledger", "verify", cohort)

    assert (0, "2 rows: the chain holds") == (said.exit_code, said.output[:23])


def test_an_export_names_nobody_and_a_rebuild_changes_nothing(cohort: Path) -> None:
    """The roster keeps the names; what was marked stays as it was."""
    before, scores = drill.rows(cohort), drill.scores(cohort)

    saved = call("ledger", "export", cohort, cohort / "saved.jsonl")
    anew = call("ledger", "rebuild", cohort, "--from", cohort / "saved.jsonl", "--root", TWO_MODULES)

    assert (0, 0) == (saved.exit_code, anew.exit_code), saved.output + anew.output
    assert "Made-Up" not in (cohort / "saved.jsonl").read_text()
    assert (before, scores) == (drill.rows(cohort), drill.scores(cohort))


def test_a_cohort_that_was_never_marked_has_no_ledger_to_save(tmp_path: Path) -> None:
    """One sentence."""
    folder = drill.cohort(tmp_path / "autumn", learners=1)
    (folder / "gradebook.db").unlink()

    with pytest.raises(CohortError, match="the gradebook is missing"):
        audit.verify(folder)
    with pytest.raises(CohortError, match="cannot be saved as it stands: there is none"):
        audit.export(folder, tmp_path / "x.jsonl")


def test_a_regrade_by_the_policy_only_up_lowers_nobody_and_writes_down_both(cohort: Path) -> None:
    """Before and after are printed; a later regrade without the policy takes what is found."""
    before = drill.scores(cohort)

    kept = drill.run(cohort, again=True, policy=Policy.ONLY_UP, shift=-1)
    assert before == drill.scores(cohort)
    assert {"only-up"} == {change.reason[:7] for change in kept.changes}
    form = load_cohort(cohort)
    with gradebook.open_gradebook(database_url(cohort, form), form.course) as book:
        last = gradebook.last_row(book)
        assert last is not None
        assert Decision.KEPT == last.decision
        assert last.set_aside

    exact = drill.run(cohort, again=True, shift=-1)
    after = drill.scores(cohort)
    for change in exact.changes:
        assert before[change.learner][change.item] == change.before
        assert after[change.learner][change.item] == change.after == (change.before or 0) - 1
    assert 2 == len(exact.changes)
    assert audit.verify(cohort).faults == ()


def test_the_table_of_a_regrade_has_five_columns() -> None:
    """An item that nobody marked has a dash; no change is said in words."""
    table = score_changes([Change("ada", "share-check", None, 2.5, "the assessment was changed")])

    assert ["learner", "item", "before", "after", "reason"] == table.splitlines()[0].split()
    assert ["ada", "share-check", "-", "2.5"] == table.splitlines()[1].split()[:4]
    assert "No score changed.\n" == score_changes([])


def test_a_policy_without_a_regrade_is_a_wrong_use(cohort: Path) -> None:
    """Exit code 2."""
    said = call("grade", cohort, "counting", "--policy", "only-up", "--root", TWO_MODULES)

    assert 2 == said.exit_code
    assert "add --again" in said.output


def test_kept_bytes_are_mended_when_they_are_kept_again(tmp_path: Path) -> None:
    """Their name is their digest, so damage is seen."""
    digest = keep(tmp_path, b"work")
    kept_path(tmp_path, digest).write_bytes(b"cut")

    assert not is_whole(tmp_path, digest)
    assert digest == keep(tmp_path, b"work")
    assert is_whole(tmp_path, digest)


def test_a_note_of_the_last_row_that_cannot_be_read_is_said(cohort: Path) -> None:
    """With what to do."""
    (cohort / "kept" / "ledger-head.json").write_text("{")

    with pytest.raises(CohortError, match="verify the ledger against an export"):
        read_head(cohort)


def test_the_environment_names_python_and_what_answers_use(cohort: Path) -> None:
    """And is kept beside the submissions under the digest that stands in the ledger."""
    assert "python 3.1" in environment()
    assert "\npandas " in environment()
    assert environment() == kept_path(cohort, environment_digest(), "txt").read_text()


def test_the_matrix_is_what_nbgrader_says_and_follows_a_marker(tmp_path: Path, database: str) -> None:
    """Read by one query; also after a submission is removed with nbgrader's own tools."""
    folder = drill.cohort(tmp_path / "autumn", learners=3, database=database)
    drill.run(folder)
    form = load_cohort(folder)
    with gradebook.open_gradebook(database, form.course) as book:
        gradebook.mark_by_hand(book, "l01", "counting", cell="letter", score=3.5)
        grade = book.find_grade("wrong-word-check", "counting", "counting", "l02")
        grade.extra_credit = 0.25
        book.db.commit()

        matrix = gradebook.progress_matrix(book)
        assert ["l00", "l01", "l02"] == sorted(matrix)
        for learner, scores in matrix.items():
            assert {"counting": book.find_submission("counting", learner).score} == scores

        book.remove_submission("counting", "l00")
        assert ["l01", "l02"] == sorted(gradebook.progress_matrix(book))
