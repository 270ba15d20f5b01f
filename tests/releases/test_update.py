"""Updating what was adopted: the plan, what it touches, the way back; and the difference of two versions."""

from datetime import date
from pathlib import Path

import pytest
from click.testing import CliRunner

from pmcampus.adopt import adopt
from pmcampus.adopting import load_adopted
from pmcampus.cli import main
from pmcampus.cohort import new
from pmcampus.cohortdir import load_cohort
from pmcampus.content import load_tree
from pmcampus.errors import ReleaseError
from pmcampus.model.release import Step
from pmcampus.update import apply, diff, plan, rollback
from tests.releases.campus import COUNTING, TODAY, edit, everything
from tests.releases.site import published
from tests.releases.test_overlays import LAYER, overlay

pytestmark = [pytest.mark.kernel, pytest.mark.xdist_group("releases")]
FIRST, SECOND = "modules/first-steps", "modules/second-steps"
SOON, BEGUN = date(2027, 1, 11), date(2026, 11, 2)


@pytest.fixture
def adopted(first_releases: Path, other: Path) -> Path:
    """The second campus with the first versions of everything."""
    adopt(str(first_releases), "second-steps@^1.0", root=other, today=TODAY)
    return other


@pytest.fixture
def cohorts(adopted: Path, tmp_path: Path) -> Path:
    """A cohort that has begun and one that has not."""
    for name, day in (("autumn", BEGUN), ("spring", SOON)):
        new(tmp_path / "cohorts" / name, root=adopted, pathway="clinician", title=name, starts=day)
    return tmp_path / "cohorts"


def planned(campus: Path, other: Path, *names: str, cohorts: Path | None = None) -> dict[str, str]:
    """The plan's pages by name; it changes nothing."""
    before = everything(other)
    steps = plan(names, root=other, today=TODAY, place=str(campus), cohorts=[cohorts] if cohorts else [])
    assert everything(other) == before
    return {step.name: step.text() for step in steps}


def updated(campus: Path, other: Path, *names: str, cohorts: Path | None = None) -> list[str]:
    """What the plan did, as sentences."""
    folders = [cohorts] if cohorts else []
    steps = plan(names, root=other, today=TODAY, place=str(campus), cohorts=folders)
    done = apply(steps, root=other, today=TODAY, cohorts=folders)
    return [*(f"{name} {version}" for name, version in done.versions.items()), *done.moved, *done.kept]


def test_the_plan_answers_first_whether_marks_change(campus: Path, adopted: Path) -> None:
    """A patch says that every verdict is alike, a minor release what it adds."""
    pages = planned(campus, adopted)

    assert set(pages) == {FIRST, COUNTING}
    assert "Marks: nothing that decides a mark changed; every verdict is alike." in pages[COUNTING]
    assert "Marks: every verdict, point and rule is alike" in pages[FIRST]
    assert "minor  A new part: nothing before, another-lesson after" in pages[FIRST]


def test_the_plan_shows_texts_and_notebooks_cell_by_cell(campus: Path, adopted: Path) -> None:
    """By nbdime for notebooks, as lines for the rest; and the changelog of each version between."""
    pages = planned(campus, adopted)

    assert "## modified /cells/" in pages[COUNTING]
    assert "Think about which word" in pages[COUNTING] and "Ask which word" in pages[COUNTING]
    assert "+version: 1.0.1" in pages[COUNTING]
    assert "## 1.0.1 (2026-11-25)" in pages[COUNTING]
    assert "--- modules/first-steps/lessons/02-another-lesson.ipynb\nadded," in pages[FIRST]


def test_a_cohort_that_has_begun_keeps_its_pins(campus: Path, adopted: Path, cohorts: Path) -> None:
    """The plan says so, and the update leaves its form alone to the byte."""
    page = planned(campus, adopted, cohorts=cohorts)[COUNTING]
    assert "autumn (autumn) keeps 1.0.0: it began on 2026-11-02" in page
    assert "spring (spring) would move from 1.0.0" in page
    before = everything(cohorts / "autumn")

    done = updated(campus, adopted, cohorts=cohorts)

    assert f"spring (spring) now takes {COUNTING} 1.0.1" in done
    assert everything(cohorts / "autumn") == before
    spring = load_cohort(cohorts / "spring")
    assert spring.pin(COUNTING).version == "1.0.1"
    assert spring.pin(COUNTING).digest == load_adopted(adopted).adopted[COUNTING].digest
    assert spring.pin(SECOND) == load_cohort(cohorts / "autumn").pin(SECOND)


def test_a_cohort_with_work_handed_in_has_begun(campus: Path, adopted: Path, cohorts: Path) -> None:
    """Whatever its first day says."""
    (cohorts / "spring/submitted/amina/counting").mkdir(parents=True)

    assert (
        "spring (spring) keeps 1.0.0: something was handed in"
        in planned(campus, adopted, cohorts=cohorts)[COUNTING]
    )


def test_an_update_brings_content_lock_and_release(campus: Path, adopted: Path) -> None:
    """The earlier release stays: cohorts that pin it are marked from it."""
    updated(campus, adopted)

    assert everything(adopted / COUNTING) == everything(campus / COUNTING)
    assert load_tree(adopted).valid().modules["first-steps"].form.value.version == "1.1.0"
    assert (adopted / "releases" / COUNTING / "1.0.0/educator.zip").is_file()
    assert [pin.version for pin in load_adopted(adopted).adopted[COUNTING].earlier] == ["1.0.0"]
    assert planned(campus, adopted) == {}


def test_a_rollback_restores_every_byte(campus: Path, adopted: Path, cohorts: Path) -> None:
    """Content, lock and the pins of cohorts that have not begun."""
    content, forms = everything(adopted / COUNTING), everything(cohorts)
    updated(campus, adopted, cohorts=cohorts)

    done = rollback("counting", root=adopted, today=TODAY, cohorts=[cohorts])
    rollback("first-steps", root=adopted, today=TODAY, cohorts=[cohorts])

    assert done.versions == {COUNTING: "1.0.0"}
    assert everything(adopted / COUNTING) == content
    assert everything(cohorts) == forms
    with pytest.raises(ReleaseError, match="there is nothing to go back to"):
        rollback("counting", root=adopted, today=TODAY)


def test_what_came_from_a_site_goes_forth_and_back_the_same_way(
    first_releases: Path, campus: Path, other: Path
) -> None:
    """With learners' archives alone: lessons are updated, an assessment's release is only kept."""
    with published(first_releases) as address:
        adopt(address, "second-steps", root=other, today=TODAY)
    before = everything(other / FIRST)
    with published(campus) as address:
        done = apply(plan((), root=other, today=TODAY, place=address), root=other, today=TODAY)

    assert done.versions == {FIRST: "1.1.0", COUNTING: "1.0.1"}
    assert (other / FIRST / "lessons/02-another-lesson.ipynb").is_file()
    rollback("first-steps", root=other, today=TODAY)
    assert everything(other / FIRST) == before


def test_an_update_never_takes_solutions_and_notes_away(campus: Path, adopted: Path) -> None:
    """A site gives learners' archives only; who has more gets the rest from the authors first."""
    before = everything(adopted)
    with published(campus) as address:
        steps = plan((), root=adopted, today=TODAY, place=address)
        with pytest.raises(ReleaseError, match=r"and this campus has the educators'; ask its authors"):
            apply(steps, root=adopted, today=TODAY)
    assert everything(adopted) == before


def test_a_local_layer_is_laid_over_the_new_version(campus: Path, first_releases: Path, other: Path) -> None:
    """Language and law stay ours through the update."""
    overlay(other, LAYER, contacts_md=b"# Contatti\n")
    adopt(str(first_releases), "first-steps", root=other, today=TODAY)

    updated(campus, other)

    form = load_tree(other).modules["first-steps"].form.value
    assert (form.version, form.language, form.jurisdiction, len(form.lessons)) == ("1.1.0", "it", "IT", 2)


def test_a_change_by_hand_is_not_lost(campus: Path, adopted: Path) -> None:
    """An update would overwrite it, so it is refused, with the place where it belongs."""
    edit(adopted / FIRST / "instructor-notes.md", "#", "# Ours:")
    before = everything(adopted)

    with pytest.raises(
        ReleaseError, match=r"instructor-notes\.md: this file was adopted and then changed here"
    ):
        updated(campus, adopted)
    assert everything(adopted) == before


def test_an_update_within_the_range_only(campus: Path, adopted: Path) -> None:
    """`~1.0` wants patches, not a second lesson."""
    steps = plan((), root=adopted, today=TODAY, place=str(campus), asked="~1.0")

    assert [step.name for step in steps] == [COUNTING]


def test_nothing_adopted_and_unknown_names_are_sentences(other: Path, adopted: Path, tmp_path: Path) -> None:
    """With what there is."""
    with pytest.raises(ReleaseError, match=r"x: this was not adopted here; there is assessments/counting"):
        plan(["x"], root=adopted, today=TODAY)
    (adopted / "adopted.yaml").unlink()
    with pytest.raises(ReleaseError, match="nothing was adopted here; begin with"):
        plan((), root=adopted, today=TODAY)


def test_two_versions_can_be_compared_at_any_time(campus: Path) -> None:
    """In both directions, from the releases of this campus alone."""
    assert diff(COUNTING, "1.0.0", "1.0.1", root=campus).decision.step is Step.PATCH
    assert diff(FIRST, "1.0.0", "1.1.0", root=campus).decision.step is Step.MINOR
    assert diff(FIRST, "1.1.0", "1.0.0", root=campus).decision.step is Step.MAJOR  # a lesson less


@pytest.mark.parametrize("brief", [False, True])
def test_the_commands_print_plan_and_difference(campus: Path, adopted: Path, brief: bool) -> None:
    """As a designer would type them."""
    more = ["--brief"] if brief else []
    shown = CliRunner().invoke(
        main, ["update", "--plan", "--from", str(campus), "--root", str(adopted), *more]
    )
    assert shown.exit_code == 0, shown.output
    assert f"{COUNTING}: 1.0.0 to 1.0.1" in shown.output

    shown = CliRunner().invoke(main, ["diff", "counting", "1.0.0", "1.0.1", "--root", str(campus), *more])
    assert shown.exit_code == 0, shown.output
    assert ("Think about which word" in shown.output) is not brief


def test_a_version_that_was_never_released_is_one_sentence(campus: Path) -> None:
    """With those that were."""
    shown = CliRunner().invoke(main, ["diff", "counting", "1.0.0", "3.0.0", "--root", str(campus)])

    assert shown.exit_code == 1
    assert "not released in 1.0.0 and 3.0.0; there is assessments/counting/1.0.0" in shown.stderr


def test_a_lock_that_does_not_fit_the_release_is_refused(campus: Path, adopted: Path) -> None:
    """Somebody edited adopted.yaml, or the release."""
    digest = load_adopted(adopted).adopted[COUNTING].digest
    edit(adopted / "adopted.yaml", digest, "f" * 64)

    with pytest.raises(ReleaseError, match="this is not the release that was pinned"):
        plan((), root=adopted, today=TODAY, place=str(campus))
