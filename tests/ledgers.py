"""Rows of a ledger, made for tests."""

import json
from collections.abc import Sequence
from datetime import datetime

from hypothesis import strategies as st

from pmcampus.ledger import Decision, Entry

CELLS = ("share-check", "wrong-word-check", "letter")
SCORES = st.floats(0, 4, allow_nan=False)


def verdict(scores: Sequence[float | None] | None) -> str:
    """A verdict as the ledger keeps it; None for a refused submission."""
    items = [{"cell": cell, "score": score} for cell, score in zip(CELLS, scores or (), strict=False)]
    return json.dumps({"refused": None if scores is not None else "cut off", "items": items})


def entry(
    scores: Sequence[float | None] | None, *, submission: str = "s", paper: str = "p", environment: str = "e"
) -> Entry:
    """A row of one learner, not sealed yet."""
    return Entry(
        id=0,
        learner="ada",
        assessment="counting",
        version="1.0.0",
        paper=paper,
        submission=submission,
        handed_in=None,
        score=sum(score or 0.0 for score in scores or ()),
        verdict=verdict(scores),
        recorded=datetime(2026, 10, 20),
        environment=environment,
        isolation="full",
        decision=Decision.MARKED.value,
        set_aside="",
    )
