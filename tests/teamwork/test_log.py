"""The log of a case: what was written stays, and a change shows at its line."""

from datetime import UTC, datetime

import pytest

from pmcampus.errors import CohortError
from pmcampus.model.team import Event
from pmcampus.teamwork import log

NOW = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)


def events(count: int) -> list[Event]:
    """So many seals."""
    return [Event(at=NOW, who=f"p{n}", verb="sealed", outcome="done", role="payer") for n in range(count)]


def written(*made: Event) -> str:
    """These events as a log."""
    text = ""
    for event in made:
        text += log.line(event, log.read(text, source="log")[1])
    return text


def test_what_was_written_is_read() -> None:
    """In order."""
    made = events(3)

    assert made == log.read(written(*made), source="log")[0]


@pytest.mark.parametrize("number", [1, 2, 3])
def test_a_changed_line_breaks_the_chain_there(number: int) -> None:
    """Another name in the second line: the message says line 2."""
    lines = written(*events(3)).splitlines(keepends=True)
    lines[number - 1] = lines[number - 1].replace('"who": "p', '"who": "q')

    with pytest.raises(CohortError, match=f"log:{number}: this line of the log was changed"):
        log.read("".join(lines), source="log")


@pytest.mark.parametrize("number", [0, 1])
def test_a_missing_line_breaks_the_chain_after_it(number: int) -> None:
    """Taking a refusal out of the log is seen."""
    lines = written(*events(3)).splitlines(keepends=True)
    del lines[number]

    with pytest.raises(CohortError, match=f"log:{number + 1}: "):
        log.read("".join(lines), source="log")


def test_a_line_cut_off_by_a_crash_is_left_out() -> None:
    """The lines before it count."""
    text = written(*events(2))

    assert events(1) == log.read(text[:-20], source="log")[0]


def test_the_last_event_of_a_kind_is_found_by_who_and_role() -> None:
    """A refused one does not count."""
    refused = Event(at=NOW, who="p0", verb="opened", outcome="refused", team="team-1")
    made = [*events(2), refused]

    assert made[1] == log.last(made, "sealed")
    assert made[0] == log.last(made, "sealed", who="p0", role="payer")
    assert log.last(made, "opened", team="team-1") is None
