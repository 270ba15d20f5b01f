"""Changed references: which are taken, which survive, and what a waiver does."""

from collections.abc import Callable
from pathlib import Path

import pytest

from pmcampus.model.certificate import ItemProof, Survivor, rate
from pmcampus.model.verdict import ItemVerdict, Mark
from pmcampus.proofs.mutants import chosen, mutants, prove
from pmcampus.proofs.subject import Outcome, Trial
from tests.lint.cases import append
from tests.proofs.bench import against, run, subject

BANK = "assessments/counting/wrong-answers/share.yaml"


def imagined(root: Path, caught: Callable[[Trial], bool]) -> dict[str, tuple[str, ...]]:
    """What the proof says where some changes lose their points, without a sandbox."""
    about = subject(root)
    asking = prove(about)
    trials = next(asking)
    outcomes = []
    for trial in trials:
        cell = trial.answers[0][0]
        points = 0.0 if caught(trial) else 4.0
        outcomes.append(Outcome({cell: ItemVerdict(cell, 4, points, Mark.ZERO if not points else Mark.FULL)}))
    try:
        asking.send(outcomes)
    except StopIteration as end:
        return against(end.value[0])
    raise AssertionError("the proof asks for more than one round without course numbers")


def test_at_most_so_many_are_taken_in_turn_from_every_item_and_operator() -> None:
    """The same ones every time."""
    many = {"a": mutants("x = [1, 2, 3, 4, 5] + y"), "b": mutants("x = a < b")}
    taken = chosen(many, most=6, seed="s")

    assert sum(map(len, taken.values())) == 6
    assert taken["b"]
    assert taken == chosen(many, most=6, seed="s")


def test_a_survivor_is_named_with_line_and_change(curriculum: Path) -> None:
    """So that its author knows what the hidden tests never try."""
    found = imagined(curriculum, lambda trial: "return (whole / part)" not in trial.answers[0][1])

    assert list(found.values()) == [] or "share, line 2 (arithmetic)" in str(found)


def test_too_many_survivors_fail_the_proof(curriculum: Path) -> None:
    """Below 95 in 100."""
    says, lines = next(iter(imagined(curriculum, lambda trial: False).items()))

    assert says.startswith("0.0 per cent of ")
    assert "share, line 2 (arithmetic): `return part / whole` became `return (part * whole)`" in " ".join(
        lines
    )


def test_a_waiver_that_waives_nothing_is_told(own_curriculum: Path) -> None:
    """It would hide the next survivor of that kind."""
    reason = "It was needed before the hidden tests were mended."
    text = f"waivers:\n  - {{was: return 1, becomes: return 2, because: {reason}}}\n"
    append(BANK, text)(own_curriculum)

    found = imagined(own_curriculum, lambda trial: True)

    assert found == {
        "Each waiver names a change that survives": (
            "share: no change turns `return 1` into `return 2` and survives; remove the waiver",
        )
    }


def test_waived_survivors_do_not_count() -> None:
    """The share is of those that a check should see."""
    survivor = Survivor(line=1, operator="number", was="a", becomes="b")
    waived = survivor.model_copy(update={"waived": "It is the same number."})
    item = ItemProof(
        cell="a", title="A", points=4, wrong=4, right=3, mutants=12, survivors=(survivor, waived, waived)
    )

    assert (item.killed, item.waived) == (9, 2)
    assert item.kill_rate == rate([item]) == 0.9


@pytest.mark.kernel
def test_the_tiny_assessment_catches_its_mistakes(curriculum: Path) -> None:
    """In the real sandbox."""
    finding, items = run(curriculum, prove)

    assert against(finding) == {}
    assert [item.cell for item in items] == ["share", "wrong-word"]
    assert sum(item.mutants for item in items) > 4
