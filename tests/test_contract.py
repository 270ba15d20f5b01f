"""The smallest step between two versions: from contract and verdicts alone, monotone and symmetric."""

from dataclasses import dataclass
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pmcampus.contract import decide
from pmcampus.model.release import Contract, GradedItem, Judged, Step, Submission, VerdictMatrix

CALM = settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow]
)  # on a busy machine
ZERO = "0" * 64
CELLS = ("share", "word", "letter")


def item(cell: str = "share", **changed: Any) -> GradedItem:
    """A graded item."""
    facts = {
        "cell": cell,
        "title": "A title",
        "points": 4,
        "competency": "D3",
        "level": "apply",
        "marked": "x",
    }
    return GradedItem.model_validate(facts | changed)


def contract(**changed: Any) -> Contract:
    """A contract of one item."""
    return Contract(**({"items": (item(),), "rules": {"attempts": "2"}, "environment": ZERO} | changed))


def judged(cell: str, answer: int, score: float, kind: str = "wrong") -> Judged:
    """A verdict on one submission."""
    sent = Submission(cell=cell, kind=kind, name=f"answer-{answer}", answer=f"{answer:064x}")  # type: ignore[arg-type]
    return Judged(submission=sent, score=score, mark="full" if score >= 4 else "partial" if score else "zero")


def matrix(*rows: Judged) -> VerdictMatrix:
    """These verdicts."""
    return VerdictMatrix(assessment="counting", version="1.0.0", rows=rows)


items = st.builds(
    item,
    st.sampled_from(CELLS),
    points=st.sampled_from([0.0, 1.0, 4.0]),
    competency=st.sampled_from(["D3", "T1"]),
    title=st.sampled_from(["A title", "Another"]),
)
contracts = st.builds(
    contract,
    items=st.lists(items, max_size=3, unique_by=lambda i: i.cell).map(tuple),
    rules=st.dictionaries(st.sampled_from(["attempts", "pass mark"]), st.sampled_from(["1", "2"])),
    teaches=st.dictionaries(st.sampled_from(["D3", "T1"]), st.sampled_from(["aware", "apply"])),
    parts=st.lists(st.sampled_from(["one", "two", "three"]), unique=True).map(tuple),
    requires=st.lists(st.sampled_from(["first", "second"]), unique=True).map(tuple),
    data=st.dictionaries(st.sampled_from(["data/a.csv"]), st.sampled_from([ZERO, "1" * 64])),
    environment=st.sampled_from([ZERO, "1" * 64]),
)
matrices = st.lists(
    st.builds(judged, st.sampled_from(CELLS), st.integers(1, 4), st.sampled_from([0.0, 2.0, 4.0])),
    max_size=8,
    unique_by=lambda row: row.submission.key,
).map(lambda rows: matrix(*rows))


@CALM
@given(contracts, matrices)
def test_nothing_changed_is_a_patch(one: Contract, verdicts: VerdictMatrix) -> None:
    """A version compared with itself needs no more, and there is no evidence."""
    found = decide(one, one, verdicts, verdicts)

    assert found.step is Step.PATCH
    assert found.evidence == ()


@CALM
@given(contracts, contracts, matrices, matrices)
def test_more_evidence_never_lowers_the_step(
    one: Contract, other: Contract, old: VerdictMatrix, new: VerdictMatrix
) -> None:
    """Verdicts can only raise what the contracts ask for, and the step is the largest of its facts."""
    alone, both = decide(one, other), decide(one, other, old, new)

    assert both.step.number >= alone.step.number
    assert both.step == max((f.step for f in both.evidence), key=lambda s: s.number, default=Step.PATCH)


@CALM
@given(matrices, matrices)
def test_a_changed_verdict_is_major_in_both_directions(old: VerdictMatrix, new: VerdictMatrix) -> None:
    """Exactly when one submission that both judged has another score or mark."""
    was, now = ({k: (r.score, r.mark) for k, r in m.by_key().items()} for m in (old, new))
    differs = any(was[key] != now[key] for key in set(was) & set(now))

    for verdicts in ((old, new), (new, old)):
        assert decide(contract(), contract(), *verdicts).step is (Step.MAJOR if differs else Step.PATCH)


@CALM
@given(contracts, contracts)
def test_items_and_rules_weigh_the_same_in_both_directions(one: Contract, other: Contract) -> None:
    """Adding an item, a rule or a competency breaks comparison as much as taking it out."""
    left, right = (c.model_copy(update={"parts": (), "requires": ()}) for c in (one, other))

    assert decide(left, right).step == decide(right, left).step


@CALM
@given(contracts, contracts, contracts)
def test_two_small_steps_are_never_less_than_the_whole(a: Contract, b: Contract, c: Contract) -> None:
    """Nobody gets round a major version by going through another one."""
    whole = decide(a, c).step.number

    assert max(decide(a, b).step.number, decide(b, c).step.number) >= whole


@dataclass(frozen=True)
class Case:
    """A change, and what it asks for."""

    change: dict[str, Any]
    step: Step
    says: str


@pytest.mark.parametrize(
    "case",
    [
        Case({"items": (item(title="Better words"),)}, Step.PATCH, ""),
        Case({"items": (item(points=5),)}, Step.MAJOR, "The item share, points: 4 before, 5 after"),
        Case(
            {"items": (item(competency="T1"),)}, Step.MAJOR, "The item share, competency: D3 before, T1 after"
        ),
        Case(
            {"items": (item(), item("word"))},
            Step.MAJOR,
            "The item word was added: nothing before, 4 points after",
        ),
        Case({"items": ()}, Step.MAJOR, "The item share was taken out: 4 points before, nothing after"),
        Case({"rules": {"attempts": "3"}}, Step.MAJOR, "The rule 'attempts': 2 before, 3 after"),
        Case({"rules": {}}, Step.MAJOR, "The rule 'attempts': 2 before, nothing after"),
        Case({"teaches": {"D3": "lead"}}, Step.MAJOR, "The competency D3: nothing before, lead after"),
        Case(
            {"outcomes": ("1: apply, D3 apply",)},
            Step.MAJOR,
            "An outcome: nothing before, 1: apply, D3 apply after",
        ),
        Case(
            {"requires": ("first",)},
            Step.MAJOR,
            "A module that must be taken before: nothing before, first after",
        ),
        Case({"parts": ("new-lesson",)}, Step.MINOR, "A new part: nothing before, new-lesson after"),
        Case(
            {"data": {"data/a.csv": ZERO}},
            Step.MINOR,
            "The data file data/a.csv: nothing before, 000000000000 after",
        ),
        Case(
            {"environment": "1" * 64, "packages": ("numpy 2.4",)},
            Step.MINOR,
            "The environment: nothing before, numpy 2.4 after",
        ),
    ],
    ids=lambda case: case.says or "a better title",
)
def test_each_change_asks_for_its_step(case: Case) -> None:
    """With the fact that decides, as a sentence."""
    found = decide(contract(), contract(**case.change))

    assert found.step is case.step
    assert [fact.sentence() for fact in found.deciding()][:1] == ([case.says] if case.says else [])


def test_the_deciding_fact_names_item_answer_and_both_verdicts() -> None:
    """What an author reads when a number is too low."""
    found = decide(contract(), contract(), matrix(judged("share", 7, 1)), matrix(judged("share", 7, 0)))

    assert found.deciding()[0].sentence() == (
        "The item share judges the wrong answer 'answer-7' differently: "
        "1 points (partial) before, 0 points (zero) after"
    )


def test_submissions_that_one_version_never_saw_decide_nothing() -> None:
    """New optional answers in the bank are no change of verdict."""
    assert decide(contract(), contract(), matrix(), matrix(judged("share", 1, 4))).step is Step.PATCH


def test_a_long_list_of_facts_is_counted() -> None:
    """The first twenty stand in the manifest."""
    old, new = (matrix(*(judged("share", n, score) for n in range(30))) for score in (4, 0))

    found = decide(contract(), contract(), old, new)

    assert len(found.evidence) == 21
    assert found.evidence[-1].what == "and 10 more of this kind or smaller"
