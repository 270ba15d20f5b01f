"""How long work is shown."""

import pytest

from pmcampus.cli.terminal import count, steps


def test_each_step_is_named_with_its_time_when_it_ends(capsys: pytest.CaptureFixture[str]) -> None:
    """On stderr, so that what a command prints can be piped."""
    with steps() as begin:
        begin("Portal")
        begin("Lessons")

    shown = capsys.readouterr()
    assert [line.split()[1] for line in shown.err.splitlines()] == ["Portal", "Lessons"]
    assert shown.out == ""


def test_a_step_that_fails_is_not_ticked_off(capsys: pytest.CaptureFixture[str]) -> None:
    """Its error follows instead."""
    with pytest.raises(ValueError, match="broken"), steps() as begin:
        begin("Portal")
        raise ValueError("broken")

    assert "✓" not in capsys.readouterr().err


def test_a_count_names_nobody(capsys: pytest.CaptureFixture[str]) -> None:
    """Learners' ids stay out of logs."""
    with count("marking") as tell:
        tell("ada", 1, 2)

    assert "ada" not in capsys.readouterr().err
