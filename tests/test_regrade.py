"""A regrade's policy keeps its word, and every changed score has its reason."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pmcampus.ledger import Decision
from pmcampus.regrade import Policy, changes, decide
from tests.ledgers import CELLS, SCORES, entry

TRIPLES = st.tuples(*[st.none() | SCORES] * 3)
HAND = st.dictionaries(st.sampled_from(CELLS), SCORES)


@given(TRIPLES | st.none(), TRIPLES | st.none(), HAND)
def test_only_up_never_lowers_a_score(before: object, after: object, by_hand: dict[str, float]) -> None:
    """Whatever a marker gave, and also when the work is refused now."""
    old, new = entry(before), entry(after)  # type: ignore[arg-type]

    row = decide(new, old, again=True, policy=Policy.ONLY_UP, by_hand=by_hand)

    assert row is not None
    assert total(row.verdict, by_hand) >= total(old.verdict, by_hand)
    assert row.found == new.verdict, "what was found is kept, too"
    assert (row.decision == Decision.KEPT) == (total(new.verdict, by_hand) < total(old.verdict, by_hand))


@given(TRIPLES, TRIPLES, HAND)
def test_exact_takes_the_new_score_and_a_marker_s_stays(
    before: tuple[float, ...], after: tuple[float, ...], by_hand: dict[str, float]
) -> None:
    """Every item that changed is in the table, with its reason."""
    old, new = entry(before), entry(after, paper="p2")

    row = decide(new, old, again=True, policy=Policy.EXACT, by_hand=by_hand)

    assert row is not None
    assert row.verdict == new.verdict
    table = {change.item: change for change in changes(row, old, by_hand)}
    assert set(table) == {cell for cell, a, b in zip(CELLS, before, after, strict=True) if a != b}
    for cell, change in table.items():
        if cell in by_hand:
            assert change.before == change.after == by_hand[cell]
        else:
            assert change.reason == "the assessment was changed"


def total(text: str, by_hand: dict[str, float]) -> float:
    """Points that count, said once more for the test; a refusal is below all."""
    stored = json.loads(text)
    if stored["refused"]:
        return float("-inf")
    return sum(by_hand.get(item["cell"], item["score"] or 0.0) for item in stored["items"])


@pytest.mark.parametrize(
    ("change", "decision"),
    [
        ({}, None),
        ({"scores": (1, 2, None)}, Decision.DIFFERS),
        ({"environment": "e2"}, Decision.REGRADED),
        ({"paper": "p2"}, Decision.REGRADED),
        ({"submission": "s2"}, Decision.MARKED),
    ],
)
def test_the_same_verdict_is_written_once(change: dict[str, object], decision: Decision | None) -> None:
    """Unless an input, or the result, is another."""
    old = entry((4, 2, None))
    row = decide(
        entry(**({"scores": (4, 2, None)} | change)),  # type: ignore[arg-type]
        old,
        again=False,
        policy=Policy.EXACT,
        by_hand={},
    )

    assert decision == (row and row.decision)


def test_other_work_may_bring_a_lower_score_whatever_the_policy() -> None:
    """A policy is about marking the same work again."""
    row = decide(
        entry((0, 0, 0), submission="s2"), entry((4, 2, 4)), again=True, policy=Policy.ONLY_UP, by_hand={}
    )

    assert row is not None
    assert row.score == 0
