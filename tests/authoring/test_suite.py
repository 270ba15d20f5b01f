"""A01 to A30: every kind of bad authoring is caught, and by what it says."""

from pathlib import Path

import pytest

from pmcampus.lint import rules
from pmcampus.paper import load_paper
from pmcampus.prove import leaked
from tests.authoring.suite import NOT_YET, PROOFS, RULES, Proved
from tests.lint.cases import PAPER, metadata
from tests.lint.test_rules import all_cases
from tests.proofs.bench import against, run


def test_all_thirty_are_answered() -> None:
    """By a rule, by a proof, or by the reason why not yet."""
    named = {name.split()[0] for name in (*RULES, *NOT_YET, *(case.name for case in PROOFS))}

    assert {f"A{number:02}" for number in range(1, 31)} <= named
    assert all(NOT_YET.values())


@pytest.mark.parametrize("name", RULES)
def test_a_rule_has_a_fixture_with_its_message(name: str) -> None:
    """The rule exists, and a case proves it, with the rule on and with the rule off."""
    cased = {case.code for case in all_cases()}

    assert set(RULES[name]) <= {rule.code for rule in rules()} & cased


@pytest.mark.kernel
@pytest.mark.parametrize("case", PROOFS, ids=lambda case: case.name)
def test_a_proof_catches_it_and_says_where(case: Proved, own_curriculum: Path) -> None:
    """The claim fails with this line; before the change it holds, so that it is the claim that catches."""
    before, _ = run(own_curriculum, case.proof) if "A30" not in case.name else (None, ())
    case.change(own_curriculum)
    after, _ = run(own_curriculum, case.proof)

    assert before is None or against(before) == {}
    assert any(line.startswith(case.found) for line in against(after)[case.claim]), against(after)


def test_a_solution_in_a_cells_metadata_is_a_leak(own_curriculum: Path) -> None:
    """A12, where neither outputs nor attachments are stored: the released metadata are searched."""
    hidden = "right = [abs(share(a, b) - a / b) < 0.01 for a, b in [(9, 12), (1, 3), (0, 5), (7, 7)]]"
    metadata(PAPER, "intro", remark=hidden)(own_curriculum)
    paper = load_paper(own_curriculum, "counting")

    found = against(leaked(own_curriculum, paper, ()))

    assert [says for says in found if "released notebook" in says]
    assert not against(leaked(own_curriculum, paper, ())).keys() - found.keys()
