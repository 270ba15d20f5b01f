"""A packet holds what everybody has and what this role has, and nothing of another."""

from pathlib import Path

import pytest

from pmcampus.cases.packet import brief
from pmcampus.errors import CohortError
from tests.cases.conftest import CASE, NOW, Play


def held(packet: Path) -> set[str]:
    """Every file of the packet."""
    return {p.relative_to(packet).as_posix() for p in packet.rglob("*") if p.is_file()}


def test_a_packet_holds_the_own_role_only(play: Play) -> None:
    """Briefing, own sheet, notebook and facts, the form, and the pass."""
    ada = play.who["first-role"]

    assert {
        "briefing.md",
        "roles/first-role.md",
        "roles/first-role.ipynb",
        "data/facts-first-role.json",
        "data/commitment.schema.json",
        "YOUR-PASS.txt",
        "START-HERE.txt",
    } == held(play.out / f"{CASE}--{ada}")


def test_a_packet_says_what_to_do_with_it(play: Play) -> None:
    """What to read, and the command that hands in, with this learner's own names; never the pass itself."""
    ada = play.who["first-role"]
    steps = (play.out / f"{CASE}--{ada}" / "START-HERE.txt").read_text("utf-8")

    assert "Read briefing.md, then roles/first-role.md" in steps
    assert f"case commit COHORT {CASE} {ada} roles/commitment-first-role.json" in steps
    assert play.passes[ada] not in steps


def test_the_notebook_of_a_packet_holds_no_answers(play: Play) -> None:
    """Neither solution nor hidden test nor stored output."""
    ada = play.who["first-role"]
    text = (play.out / f"{CASE}--{ada}" / "roles" / "first-role.ipynb").read_text("utf-8")

    assert "SOLUTION" not in text and "HIDDEN" not in text and "12 / people" not in text
    assert '"output_type"' not in text


def test_work_in_a_packet_is_never_written_over(play: Play) -> None:
    """A second packet keeps the notebook that is there."""
    ada = play.who["first-role"]
    notebook = play.out / f"{CASE}--{ada}" / "roles" / "first-role.ipynb"
    notebook.write_text("my work", "utf-8")
    brief(play.folder, CASE, ada, root=play.root, out=play.out, word=play.passes[ada], at=NOW)

    assert "my work" == notebook.read_text("utf-8")


def test_a_lost_pass_is_made_anew_and_the_old_one_is_void(play: Play) -> None:
    """The log says that there is a new one."""
    ada = play.who["first-role"]
    _, made = brief(play.folder, CASE, ada, root=play.root, out=play.out, at=NOW, anew=True)

    assert made and made != play.passes[ada]
    assert "with a new pass" == play.last().what
    with pytest.raises(CohortError, match="the pass does not fit"):
        play.seal("first-role")


def test_a_packet_does_not_go_into_the_repository(seated: Play) -> None:
    """Private sheets with a pass have no place in git."""
    with pytest.raises(CohortError, match="must lie outside the repository"):
        brief(seated.folder, CASE, "ada", root=seated.root, out=seated.root / "packets", at=NOW)


def test_a_packet_is_not_written_through_a_link(seated: Play) -> None:
    """Somebody who may write beside the packets would get a mate's sheet and pass; no pass is made."""
    (seated.out / "mine").mkdir()
    packet = seated.out / f"{CASE}--ada"
    packet.symlink_to(seated.out / "mine")
    with pytest.raises(CohortError, match="this is a link"):
        brief(seated.folder, CASE, "ada", root=seated.root, out=seated.out, at=NOW)
    packet.unlink()
    _, made = brief(seated.folder, CASE, "ada", root=seated.root, out=seated.out, at=NOW)

    assert made and not list((seated.out / "mine").iterdir())


def test_nobody_else_on_the_machine_looks_into_a_packet(play: Play) -> None:
    """Mode 700: it holds a private sheet and a pass."""
    assert {0o700} == {path.stat().st_mode & 0o777 for path in play.out.glob(f"{CASE}--*")}
