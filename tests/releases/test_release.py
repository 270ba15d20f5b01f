"""A release: what decides its number, what it needs, what it holds; and one patch, one minor, one major."""

import json
import shutil
import zipfile
from pathlib import Path

import pytest
from click.testing import CliRunner

from pmcampus.archive import sha256
from pmcampus.cli import main
from pmcampus.errors import ReleaseError
from pmcampus.model.release import MANIFEST, Manifest, Step
from pmcampus.releases.conditions import refuse_leaks
from pmcampus.releases.release import release
from pmcampus.releases.shelf import index, read_manifest, released
from tests.releases.campus import COUNTING, TODAY, edit, everything, in_cell, raise_version

pytestmark = [pytest.mark.kernel, pytest.mark.xdist_group("releases")]
NOTEBOOK = f"{COUNTING}/counting.ipynb"


@pytest.fixture
def own(patched: tuple[Path, Manifest], tmp_path: Path) -> Path:
    """The patched campus, to change."""
    return Path(shutil.copytree(patched[0], tmp_path / "own"))


def refused(root: Path, name: str, at_least: Step = Step.PATCH) -> str:
    """Why this cannot be released; nothing may have been written."""
    before = everything(root / "releases")
    with pytest.raises(ReleaseError) as problem:
        list(release(name, root=root, today=TODAY, at_least=at_least))
    assert everything(root / "releases") == before
    return str(problem.value)


def test_a_release_holds_all_that_is_needed_to_trust_it(first_releases: Path) -> None:
    """Contract, proof, verdicts, pins, citation, and the digest of every file in both archives."""
    made = read_manifest(first_releases / "releases" / COUNTING / "1.0.0" / MANIFEST)

    assert made.decision.step is Step.FIRST and made.previous is None
    assert made.contract.points == 10 and made.contract.rules["pass mark, per cent"] == "60"
    assert set(made.pins) == {"modules/second-steps"}
    assert made.certificate and made.verdicts
    assert (
        made.citation == "PM Campus authors (2026). Counting (version 1.0.0) [assessment]. A tiny curriculum."
    )
    for archive in (made.learner, made.educator):
        path = first_releases / "releases" / COUNTING / "1.0.0" / archive.file
        assert sha256(path.read_bytes()) == archive.sha256
        with zipfile.ZipFile(path) as held:
            assert {n: sha256(held.read(n)) for n in held.namelist()} == {
                f.path: f.sha256 for f in archive.files
            }


def test_learners_get_no_solution_and_educators_get_all(first_releases: Path) -> None:
    """The learners' notebook is the released one; sources, banks, rubric and verdicts are educators'."""
    folder = first_releases / "releases" / COUNTING / "1.0.0"
    with (
        zipfile.ZipFile(folder / "learner.zip") as learner,
        zipfile.ZipFile(folder / "educator.zip") as educator,
    ):
        theirs = {name: learner.read(name) for name in learner.namelist()}
        ours = set(educator.namelist())

    assert b"part / whole" not in b"".join(theirs.values())
    assert b"HIDDEN" not in b"".join(theirs.values())
    assert f"{COUNTING}/rubric.md" not in theirs and "verdicts.json" not in theirs
    assert {
        f"{COUNTING}/wrong-answers/share.yaml",
        f"{COUNTING}/rubric.md",
        "verdicts.json",
        "certificate.json",
    } < ours


def test_every_archive_is_a_research_object(first_releases: Path) -> None:
    """RO-Crate 1.1 describes each file, with licence and authors, and opens with the library."""
    from rocrate.rocrate import ROCrate

    path = first_releases / "releases/modules/second-steps/1.0.0/learner.zip"
    crate = ROCrate(path)
    with zipfile.ZipFile(path) as held:
        names = set(held.namelist()) - {"ro-crate-metadata.json"}
        graph = json.loads(held.read("ro-crate-metadata.json"))["@graph"]

    assert {entity.id for entity in crate.data_entities} == names
    assert crate.root_dataset["license"].id == "https://creativecommons.org/licenses/by/4.0/"
    assert crate.root_dataset["datePublished"] == "2026-11-25T00:00:00+00:00" or "2026-11-25" in str(graph)


def test_the_same_content_gives_the_same_bytes(first_releases: Path, tmp_path: Path) -> None:
    """Released once more elsewhere, manifest and archives are alike to the byte."""
    again = Path(shutil.copytree(first_releases, tmp_path / "again"))
    before = everything(again / "releases")
    shutil.rmtree(again / "releases" / COUNTING)

    list(release("counting", root=again, today=TODAY))

    assert everything(again / "releases") == before


def test_a_patch_leaves_every_mark_alone(patched: tuple[Path, Manifest]) -> None:
    """A message was reworded; contract and all verdicts on the bank are alike, so a patch is enough."""
    _, made = patched

    assert made.version == "1.0.1"
    assert made.decision.step is Step.PATCH and made.decision.evidence == ()
    assert made.previous is not None and made.previous.version == "1.0.0"


def test_a_minor_release_adds_and_changes_no_mark(with_minor: tuple[Path, Manifest]) -> None:
    """A lesson was added: the evidence names it."""
    _, made = with_minor

    assert made.version == "1.1.0" and made.decision.step is Step.MINOR
    assert [fact.sentence() for fact in made.decision.evidence] == [
        "A new part: nothing before, another-lesson after"
    ]


def test_a_changed_verdict_needs_a_major_version(own: Path) -> None:
    """A check got stricter for partly right answers: the wrong number is refused with the very answer."""
    in_cell(own / NOTEBOOK, "else 1 if any(right)", "else 2 if any(right)")
    edit(own / COUNTING / "wrong-answers/share.yaml", "deserves: 1", "deserves: 2")
    raise_version(own, COUNTING, "1.0.1", "1.0.2", "Partly right answers earn more.")

    said = refused(own, "counting")

    assert said.startswith("assessments/counting/assessment.yaml: version 1.0.2 after 1.0.1 promises that")
    assert "The item share judges the wrong answer " in said
    assert "1 points (partial) before, 2 points (partial) after" in said
    assert said.endswith("write 2.0.0 here and in CHANGELOG.md.")

    edit(own / COUNTING / "assessment.yaml", "version: 1.0.2", "version: 2.0.0")
    edit(own / COUNTING / "CHANGELOG.md", "## 1.0.2", "## 2.0.0")
    (made,) = release("counting", root=own, today=TODAY)

    assert made.decision.step is Step.MAJOR
    assert len(made.decision.deciding()) >= 4  # the four wrong answers of the bank
    assert [m.version for m in released(own, COUNTING)] == ["1.0.0", "1.0.1", "2.0.0"]


def test_the_earlier_version_is_asked_about_new_answers_too(own: Path) -> None:
    """A check was made stricter, and the bank now holds an answer that the released check accepts."""
    in_cell(own / NOTEBOOK, "str(word).strip().lower()", "str(word).lower()")
    edit(
        own / COUNTING / "wrong-answers/wrong-word.yaml",
        "right:\n",
        "  - {name: with-blanks, misconception: Blanks are letters., deserves: 0,\n"
        "     code: 'word = \" positive \"'}\n"
        "right:\n",
    )
    raise_version(own, COUNTING, "1.0.1", "1.0.2", "Stricter about blanks.")

    said = refused(own, "counting")

    assert (
        "The item wrong-word judges the wrong answer 'with-blanks' differently: "
        "2 points (full) before, 0 points (zero) after; write 2.0.0" in said
    )


def test_an_author_may_ask_for_more_and_never_for_less(own: Path) -> None:
    """`--at-least` raises what the evidence asks for."""
    raise_version(own, "modules/first-steps", "1.0.0", "1.0.1", "A word.")

    said = refused(own, "first-steps", Step.MAJOR)

    assert "but you asked for major at least; write 2.0.0 here and in CHANGELOG.md." in said


def test_a_released_version_is_never_overwritten(own: Path) -> None:
    """The same version again, and a lower one."""
    assert "counting 1.0.1 is released already and a release is never changed" in refused(own, "counting")

    edit(own / COUNTING / "assessment.yaml", "version: 1.0.1", "version: 0.9.0")
    assert "version 0.9.0 is lower than 1.0.1, which is released; write at least 1.0.2." in refused(
        own, "counting"
    )


def test_a_version_without_an_entry_in_the_changelog_is_refused(own: Path) -> None:
    """Whoever adopts a version must be able to read what changed."""
    edit(own / COUNTING / "assessment.yaml", "version: 1.0.1", "version: 1.0.2")

    assert "CHANGELOG.md: nothing is said about version 1.0.2; add a heading" in refused(own, "counting")


def test_content_with_an_error_is_not_released(own: Path) -> None:
    """The rule's own sentence is the reason."""
    raise_version(own, "modules/first-steps", "1.0.0", "1.0.1", "A word.")
    edit(own / "modules/first-steps/module.yaml", "competencies:\n  - {id: T1", "competencies:\n  - {id: T9")

    assert "PM4" in refused(own, "first-steps")


def test_outputs_that_the_code_does_not_give_are_not_released(own: Path) -> None:
    """nbval runs the lesson and compares."""
    raise_version(own, "modules/first-steps", "1.0.0", "1.0.1", "A word.")
    in_cell(own / "modules/first-steps/lessons/01-a-lesson.ipynb", "= 9, 12", "= 8, 12")

    said = refused(own, "first-steps")

    assert "a stored output is not what the code gives" in said
    assert "`pmcampus run first-steps`" in said


def test_an_assessment_that_is_not_proved_is_not_released(own: Path) -> None:
    """The first claim that does not hold is the reason."""
    raise_version(own, COUNTING, "1.0.1", "1.0.2", "A word.")
    edit(own / COUNTING / "wrong-answers/share.yaml", "deserves: 1\n    message", "deserves: 3\n    message")

    said = refused(own, "counting")

    assert "counting: not proved: Each wrong answer earns what its misconception deserves" in said


def test_a_solution_in_what_learners_get_is_found(first_releases: Path) -> None:
    """The leak proof looks at the very files of the archive."""
    test = b"[abs(share(a, b) - a / b) < 0.01 for a, b in [(9, 12), (1, 3), (0, 5), (7, 7)]]"
    leaking = {"modules/first-steps/notes.md": b"right = " + test}

    with pytest.raises(
        ReleaseError, match=r"notes\.md: learners could read a solution or a hidden test here"
    ):
        refuse_leaks(first_releases, leaking, is_teaching=True)


def test_the_index_lists_every_release(with_minor: tuple[Path, Manifest]) -> None:
    """By kind, id and version, with the digest that pins it."""
    root, _ = with_minor
    found = index(root)

    assert [(e.name, e.version) for e in found.releases] == [
        ("modules/first-steps", "1.0.0"),
        ("modules/first-steps", "1.1.0"),
        ("modules/second-steps", "1.0.0"),
        ("assessments/counting", "1.0.0"),
        ("assessments/counting", "1.0.1"),
    ]
    for entry in found.releases:
        assert sha256((root / "releases" / entry.manifest).read_bytes()) == entry.sha256


def test_the_command_says_what_it_did_and_why_not(own: Path) -> None:
    """One line for each fact, exit code 1 when refused, no traceback."""
    done = CliRunner().invoke(main, ["release", "counting", "--root", str(own)])

    assert done.exit_code == 1
    assert done.stderr.count("\n") == 1 and "released already" in done.stderr
