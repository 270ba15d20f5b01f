"""Checks that punish what does not matter, or let pass what does."""

from pathlib import Path

import pytest

from pmcampus.proofs.fairness import prove
from tests.lint.cases import FORM, PAPER, code, replace
from tests.proofs.bench import against, run

CHECK = 'assert share(1, 2) is not None, "No answer yet."\n### BEGIN HIDDEN TESTS\n{}\n### END HIDDEN TESTS'
NOISE = "A billionth more or less in a number costs nothing"
COARSE = "A tenth too much in every number costs points"
ORDER = "The order of columns and keys costs nothing, where it is not the point"
WARNING = "A warning from a right answer costs nothing"

pytestmark = pytest.mark.kernel


def checked(root: Path, hidden: str) -> dict[str, tuple[str, ...]]:
    """What does not hold when the first item is checked like this."""
    code(CHECK.format(hidden), path=PAPER, id="share-check")(root)
    return against(run(root, prove)[0])


def test_a_fair_check_is_fair(curriculum: Path) -> None:
    """The tiny assessment as it is."""
    assert against(run(curriculum, prove)[0]) == {}


def test_a_check_without_tolerance_is_unfair(own_curriculum: Path) -> None:
    """Two ways of the same calculation differ in the last digit."""
    found = checked(own_curriculum, "assert share(9, 13) == 9 / 13, 'Not the share.'")

    assert list(found) == [NOISE]
    assert found[NOISE][0].startswith("share: 0 points")


def test_a_check_with_too_much_tolerance_sees_nothing(own_curriculum: Path) -> None:
    """A tenth too much is another number."""
    assert list(checked(own_curriculum, "assert abs(share(9, 12) - 0.75) < 0.2, 'Not the share.'")) == [
        COARSE
    ]


def test_a_check_that_asks_for_no_number_may_let_every_number_pass(own_curriculum: Path) -> None:
    """It is not about numbers then."""
    code(
        "assert word, 'No word yet.'\nassert len(word) == 8, 'Not this.'", path=PAPER, id="wrong-word-check"
    )(own_curriculum)

    assert against(run(own_curriculum, prove)[0]) == {}


def test_the_order_of_keys_matters_only_where_the_form_says_so(own_curriculum: Path) -> None:
    """`order_matters` makes it the point."""
    solution = "share = {'a': 1.5, 'b': 2.5}"
    code(f"share = None\n### BEGIN SOLUTION\n{solution}\n### END SOLUTION", path=PAPER, id="share")(
        own_curriculum
    )
    hidden = "assert list(share) == ['a', 'b'] and abs(share['b'] - 2.5) < 0.01, 'Not these.'"
    check = f"assert share, 'No answer yet.'\n### BEGIN HIDDEN TESTS\n{hidden}\n### END HIDDEN TESTS"
    code(check, path=PAPER, id="share-check")(own_curriculum)

    assert list(against(run(own_curriculum, prove)[0])) == [ORDER]

    replace(FORM, "outcome: 1\n", "outcome: 1\n    order_matters: true\n")(own_curriculum)
    assert against(run(own_curriculum, prove)[0]) == {}
