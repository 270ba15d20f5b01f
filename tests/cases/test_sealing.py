"""H39, a rogue member: be somebody else, look early, change what is sealed. Refused, and logged."""

import json
from pathlib import Path

import pytest

from pmcampus import casedir
from pmcampus.cases.opening import open_case
from pmcampus.cases.packet import brief
from pmcampus.cases.sealing import commit, read
from pmcampus.errors import CaseRefused, CohortError
from pmcampus.model.team import Plan
from tests.cases.conftest import CASE, NOW, Play


def refused(play: Play, who: str, verb: str) -> None:
    """The last line of the log says that this was tried."""
    event = play.last()

    assert ("refused", who, verb) == (event.outcome, event.who, event.verb)
    assert event.what


def test_a_commitment_is_sealed_and_its_twelve_signs_are_told(play: Play) -> None:
    """The log holds the whole digest, and nothing of the text."""
    posted = play.seal("first-role")
    event = play.last()

    assert event.seal.startswith(posted) and len(posted) == 12
    assert "larch" not in (play.folder / "cases" / CASE / "log.jsonl").read_text("utf-8")


def test_a_mate_cannot_speak_for_another_role(play: Play) -> None:
    """Impersonating a role: the form names a role that the learner does not play."""
    ada = play.who["first-role"]
    with pytest.raises(CaseRefused, match="speaks for second-role; you play first-role"):
        commit(
            play.folder, CASE, ada, play.form("second-role"), root=play.root, word=play.passes[ada], at=NOW
        )

    refused(play, ada, "sealed")


@pytest.mark.parametrize("word", ["", "guess", "the-pass-of-the-mate"])
def test_a_mate_cannot_be_another_learner(word: str, play: Play) -> None:
    """Impersonating a person: without that person's pass nothing is sealed in their name."""
    ben, ada = play.who["second-role"], play.who["first-role"]
    shown = play.passes[ada] if word == "the-pass-of-the-mate" else word
    with pytest.raises(CaseRefused, match="the pass does not fit"):
        commit(play.folder, CASE, ben, play.form("second-role"), root=play.root, word=shown, at=NOW)

    refused(play, ben, "sealed")
    assert not list((play.folder / "cases" / CASE).rglob("sealed/*.json"))


def test_a_mates_briefing_is_not_given(play: Play) -> None:
    """Reading another role's sheet: refused, even with one's own pass."""
    ada = play.who["first-role"]
    with pytest.raises(CaseRefused, match="the sheet of second-role is for whoever plays it"):
        brief(
            play.folder, CASE, ada, root=play.root, out=play.out / "x", role="second-role",
            word=play.passes[ada], at=NOW,
        )  # fmt: skip

    refused(play, ada, "briefed")
    assert not (play.out / "x").exists()


def test_a_packet_is_given_once_without_a_pass(play: Play) -> None:
    """Whoever asks for a mate's packet later has to show that mate's pass."""
    ben = play.who["second-role"]
    with pytest.raises(CaseRefused, match="was given out before; add --pass"):
        brief(play.folder, CASE, ben, root=play.root, out=play.out / "x", at=NOW)

    refused(play, ben, "briefed")


def test_somebody_without_a_seat_gets_nothing(play: Play) -> None:
    """Neither a packet nor a word."""
    with pytest.raises(CaseRefused, match="there is no seat for this id"):
        brief(play.folder, CASE, "mallory", root=play.root, out=play.out / "x", at=NOW)

    refused(play, "mallory", "briefed")


def test_a_mates_commitment_cannot_be_read_before_the_opening(play: Play) -> None:
    """One's own can."""
    play.seal("first-role")
    play.seal("second-role")
    ada = play.who["first-role"]
    own = read(play.folder, CASE, ada, "first-role", root=play.root, word=play.passes[ada], at=NOW)
    with pytest.raises(CaseRefused, match="sealed until the team opens"):
        read(play.folder, CASE, ada, "second-role", root=play.root, word=play.passes[ada], at=NOW)

    assert "wait" == own[0]["commitment"]["choice"]
    refused(play, ada, "read")


def test_a_mates_commitment_can_be_read_after_the_opening(play: Play) -> None:
    """With the seal it was checked against."""
    play.seal("first-role")
    play.seal("second-role")
    open_case(play.folder, CASE, "team-1", root=play.root, out=play.out, at=NOW)
    ada = play.who["first-role"]
    (row,) = read(play.folder, CASE, ada, "second-role", root=play.root, word=play.passes[ada], at=NOW)

    assert ("go", "a member") == (row["commitment"]["choice"], row["written_by"])


def test_a_sealed_commitment_cannot_be_sealed_again(play: Play) -> None:
    """Not even by its own author, and not even unchanged."""
    play.seal("first-role")
    with pytest.raises(CaseRefused, match="sealed and stays as it is"):
        play.seal("first-role", confidence=95)

    refused(play, play.who["first-role"], "sealed")


def test_a_commitment_changed_on_disk_stops_the_opening(play: Play) -> None:
    """Editing a mate's stored commitment: the seal in the log no longer fits."""
    play.seal("first-role")
    play.seal("second-role")
    (stored,) = (play.folder / "cases" / CASE).rglob("sealed/second-role--*.json")
    stored.write_text(stored.read_text("utf-8").replace('"go"', '"wait"'), "utf-8")
    with pytest.raises(CaseRefused, match="the commitment of second-role was changed after it was sealed"):
        open_case(play.folder, CASE, "team-1", root=play.root, out=play.out, at=NOW)

    refused(play, play.who["second-role"], "opened")


def test_a_log_changed_to_fit_the_change_is_seen_too(play: Play) -> None:
    """Whoever also rewrites the seal in the log breaks its chain."""
    play.seal("first-role")
    log = play.folder / "cases" / CASE / "log.jsonl"
    log.write_text(log.read_text("utf-8").replace(play.last().seal, "0" * 64), "utf-8")
    with pytest.raises(CohortError, match="this line of the log was changed"):
        play.seal("second-role")


def test_nothing_is_sealed_after_the_opening(play: Play) -> None:
    """Too late: somebody absent at the opening is spoken for by the authors."""
    play.seal("first-role")
    ben = play.who["second-role"]
    open_case(play.folder, CASE, "team-1", root=play.root, out=play.out, at=NOW, absent=(ben,))
    with pytest.raises(CaseRefused, match="it is too late"):
        play.seal("second-role")

    refused(play, ben, "sealed")


@pytest.mark.parametrize("changed", [{"secret": "short"}, {"confidence": 101}, {"choice": "perhaps"}])
def test_a_commitment_that_lacks_something_is_not_sealed(changed: dict[str, object], play: Play) -> None:
    """It says what to correct, and can be sealed then."""
    with pytest.raises(CohortError, match="Correct it and try again"):
        play.seal("first-role", **changed)

    assert play.seal("first-role")


def test_only_a_sealed_form_lies_in_the_cohort_and_nobody_else_may_read_it(play: Play) -> None:
    """Mode 600, and no temporary file is left."""
    play.seal("first-role")
    (stored,) = (play.folder / "cases" / CASE).rglob("sealed/*")

    assert 0o600 == stored.stat().st_mode & 0o777
    assert "larch-and-lamp" == json.loads(stored.read_text("utf-8"))["secret"]


def test_a_pass_is_kept_as_a_digest_only(play: Play) -> None:
    """It lies in the learner's packet and nowhere in the cohort."""
    kept = "".join(
        p.read_text("utf-8") for p in Path(play.folder).rglob("*") if p.suffix in (".json", ".jsonl")
    )

    assert all(word not in kept for word in play.passes.values())


def notebook_of(play: Play, part: str) -> Path:
    """A notebook that says whose it is, as a packet's does."""
    path = play.out / f"{part}.ipynb"
    path.write_text(json.dumps({"cells": [], "metadata": {"pmcampus": {"part": part}}}), "utf-8")
    return path


def sealed_with(play: Play, notebook: Path | None) -> str:
    """The first role's seal, with this notebook beside it."""
    ada = play.who["first-role"]
    return commit(
        play.folder, CASE, ada, play.form("first-role"), root=play.root, word=play.passes[ada], at=NOW,
        notebook=notebook,
    )  # fmt: skip


def test_another_roles_notebook_is_not_taken(play: Play) -> None:
    """A seal stays as it is, so the slip is told before, not in the marks."""
    with pytest.raises(
        CohortError, match="this is the notebook of the second-role; hand in that of the first-role"
    ):
        sealed_with(play, notebook_of(play, "second-role"))

    assert not [event for event in play.log() if event.verb == "sealed"]


def test_a_forgotten_notebook_can_be_added(play: Play) -> None:
    """With the same commitment, once, before the opening; the seal does not move."""
    first = sealed_with(play, None)

    assert first == sealed_with(play, notebook_of(play, "first-role"))
    assert "the notebook was added" == play.last().what
    with pytest.raises(CaseRefused, match="stays as it is"):
        sealed_with(play, notebook_of(play, "first-role"))


def test_a_file_that_is_no_commitment_is_said(play: Play) -> None:
    """A notebook in its place, for example; and a path with a slip."""
    ada = play.who["first-role"]
    for file, said in [(notebook_of(play, "first-role"), "names no role"), (play.out / "no", "no such file")]:
        with pytest.raises(CohortError, match=said):
            commit(play.folder, CASE, ada, file, root=play.root, word=play.passes[ada], at=NOW)


def test_somebody_elses_sealed_commitment_is_not_taken_once_more(play: Play) -> None:
    """A copy with its secret word, from a team that has sealed before: refused, and logged."""
    ada, ben = play.who["first-role"], play.who["second-role"]
    play.seal("first-role")
    with casedir.room(play.folder, CASE) as here:
        copied = casedir.load_plan(here).model_dump(mode="json")
        copied["teams"][0]["seats"][1]["roles"] = ["first-role"]
        casedir.write_plan(here, Plan.model_validate(copied))
    with pytest.raises(CaseRefused, match="what somebody else has sealed"):
        commit(play.folder, CASE, ben, play.form("first-role"), root=play.root, word=play.passes[ben], at=NOW)

    refused(play, ben, "sealed")
    assert ada != ben and 1 == len(list((play.folder / "cases" / CASE).rglob("sealed/*.json")))


def test_commitments_changed_after_the_opening_are_not_read(play: Play) -> None:
    """The log has the digest of what was opened; neither a mate nor a new packet gets the changed text."""
    play.seal("first-role")
    play.seal("second-role")
    open_case(play.folder, CASE, "team-1", root=play.root, out=play.out, at=NOW)
    stored = play.folder / "cases" / CASE / "team-1" / "opened.json"
    stored.write_text(stored.read_text("utf-8").replace('"go"', '"wait"'), "utf-8")
    ada = play.who["first-role"]
    with pytest.raises(CaseRefused, match="changed after the opening"):
        read(play.folder, CASE, ada, "second-role", root=play.root, word=play.passes[ada], at=NOW)
    refused(play, ada, "read")
    with pytest.raises(CaseRefused, match="changed after the opening"):
        open_case(play.folder, CASE, "team-1", root=play.root, out=play.out, at=NOW)

    refused(play, "facilitator", "opened")


def test_a_refusal_cannot_steer_the_terminal_of_who_reads_the_log(play: Play) -> None:
    """Escape codes and signs that turn the direction of a line are shown as question marks."""
    ada = play.who["first-role"]
    form = play.form("first-role")
    form.write_text(json.dumps({"role": "\x1b[2J\u202epayer"}), "utf-8")
    with pytest.raises(CaseRefused, match=r"speaks for \?\[2J\?payer"):
        commit(play.folder, CASE, ada, form, root=play.root, word=play.passes[ada], at=NOW)

    assert play.last().what.isprintable() and play.last().role.isprintable()


def test_a_notebook_that_was_given_to_somebody_else_is_not_taken(play: Play) -> None:
    """Each packet's notebook says to whom it was given."""
    path = notebook_of(play, "first-role")
    told = {"part": "first-role", "given_to": "zoe"}
    path.write_text(json.dumps({"cells": [], "metadata": {"pmcampus": told}}), "utf-8")
    with pytest.raises(CohortError, match="was given out to zoe; hand in that of"):
        sealed_with(play, path)

    path.write_text("[" * 100_000, "utf-8")  # marking says what is wrong with it
    assert sealed_with(play, path)
