"""The log of a case: one line for each event, each with the digest of the line before.

A line that is changed, taken out or put between others breaks the chain at that place.
"""

import hashlib
import json
from collections.abc import Sequence

from pydantic import ValidationError

from pmcampus.errors import CohortError
from pmcampus.model.team import Event

START = "0" * 64


def line(event: Event, before: str) -> str:
    """The event as a line that follows the one with this digest."""
    body = {"before": before, **event.model_dump(mode="json")}
    text = json.dumps(body, sort_keys=True, ensure_ascii=False)
    return json.dumps({"digest": _digest(text), **body}, ensure_ascii=False) + "\n"


def read(text: str, *, source: str) -> tuple[list[Event], str]:
    """The events, and the digest of the last line. A last line cut off by a crash is left out.

    Raises:
        CohortError: the chain is broken; the message says at which line.
    """
    whole, _, _ = text.rpartition("\n")
    events: list[Event] = []
    before = START
    for number, raw in enumerate(whole.split("\n") if whole else [], start=1):
        try:
            stored = json.loads(raw)
            digest = stored.pop("digest")
            sound = digest == _digest(json.dumps(stored, sort_keys=True, ensure_ascii=False))
            if not sound or stored.pop("before") != before:
                raise ValueError("the chain is broken")
            events.append(Event.model_validate(stored))
        except (ValueError, KeyError, TypeError, AttributeError, RecursionError, ValidationError):
            raise CohortError(
                f"{source}:{number}: this line of the log was changed after it was written, or one before it "
                "was removed; nothing after it can be trusted. Restore the log from a backup."
            ) from None
        before = digest
    return events, before


def last(
    events: Sequence[Event], verb: str, *, team: str = "", who: str = "", role: str = ""
) -> Event | None:
    """The latest event of this kind that was done, or None."""
    for event in reversed(events):
        if event.verb == verb and event.outcome == "done":
            fits = (not team or event.team == team) and (not who or event.who == who)
            if fits and (not role or event.role == role):
                return event
    return None


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
