"""What people type for a team case: one line back, and an exit code."""

import json
from pathlib import Path

from click.testing import CliRunner, Result

from pmcampus.cli import main
from tests.cases.conftest import CASE, Play, cohort_with_teams, curriculum_with_case, play, seated

__all__ = ["cohort_with_teams", "curriculum_with_case", "play", "seated"]


def typed(play: Play, *words: str | Path) -> Result:
    """The command's answer."""
    return CliRunner().invoke(main, [str(word) for word in (*words, "--root", play.root)])


def test_a_sealed_commitment_is_told_by_twelve_signs(play: Play) -> None:
    """And the log shows who sealed, not what."""
    form, word = play.form("first-role"), play.passes["ada"]
    sealed = typed(play, "case", "commit", play.folder, CASE, "ada", form, "--pass", word)
    log = CliRunner().invoke(main, ["case", "log", str(play.folder), CASE])

    assert 0 == sealed.exit_code and "Post this on the team's board" in sealed.output
    first, hint = sealed.output.splitlines()
    assert first.split()[-1] in log.output and "Twelve of a thousand" not in log.output
    assert "No pre-work was handed in" in hint


def test_a_refusal_is_one_sentence_and_exit_code_1(play: Play) -> None:
    """Somebody else's pass: no traceback, and the log has it."""
    form, word = play.form("first-role"), play.passes["ben"]
    tried = typed(play, "case", "commit", play.folder, CASE, "ada", form, "--pass", word)
    log = CliRunner().invoke(main, ["case", "log", str(play.folder), CASE])

    assert 1 == tried.exit_code
    assert "pmcampus: ada: the pass does not fit this learner. This was noted." in tried.output
    assert "refused sealed   ada" in log.output


def test_teams_are_listed_with_their_roles(seated: Play) -> None:
    """Formed anew with another seed."""
    made = typed(seated, "cohort", "teams", seated.folder, CASE, "--seed", "5")

    assert 0 == made.exit_code
    assert "ada              first-role" in made.output
    assert f"Next, for each of them: pmcampus case brief {seated.folder} {CASE} LEARNER" in made.output


def test_a_case_is_taken_by_typing(play: Play) -> None:
    """Seal, open, read, decide, rate, mark."""
    for role, learner in play.who.items():
        word = play.passes[learner]
        typed(play, "case", "commit", play.folder, CASE, learner, play.form(role), "--pass", word)
    record, ratings = play.out / "record.yaml", play.out / "ratings.yaml"
    record.write_text("decision: wait\nminority: Three people lose by waiting.\n", "utf-8")
    ratings.write_text("ratings: {ben: [4, 4, 3]}\n", "utf-8")
    mine = ("--pass", play.passes["ada"])
    steps = [
        ("case", "open", play.folder, CASE, "team-1", "--out", play.out),
        ("case", "read", play.folder, CASE, "ada", "second-role", *mine),
        ("case", "decide", play.folder, CASE, "ada", record, *mine),
        ("case", "rate", play.folder, CASE, "ada", ratings, *mine),
        ("case", "mark", play.folder, CASE),
    ]

    assert [0] * 5 == [typed(play, *step).exit_code for step in steps]


def test_what_is_read_cannot_turn_the_terminals_text_round(play: Play) -> None:
    """A secret of bidi and escape signs comes as JSON's escapes, which say the same."""
    secret = "larch \u202e\x1b[2J and łamp"
    play.seal("first-role", secret=secret)
    shown = typed(play, "case", "read", play.folder, CASE, "ada", "first-role", "--pass", play.passes["ada"])

    assert "".join(shown.output.splitlines()).isprintable() and "łamp" in shown.output
    assert secret == json.loads(shown.output)[0]["commitment"]["secret"]
