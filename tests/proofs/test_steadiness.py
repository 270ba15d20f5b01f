"""Which sets of answers are compared, and what a declared dependence allows."""

from pathlib import Path

import pytest

from pmcampus.proofs.steadiness import PLACES, prove
from tests.lint.cases import FORM, PAPER, code, replace
from tests.proofs.bench import against, run

pytestmark = pytest.mark.kernel


def test_the_tiny_assessment_is_steady(curriculum: Path) -> None:
    """Under every circumstance."""
    assert against(run(curriculum, prove)[0]) == {}
    assert len({tuple(sorted(place.items())) for place in PLACES.values()}) == 3


def test_an_answer_that_uses_another_one_has_to_say_so(own_curriculum: Path) -> None:
    """Undeclared it fails alone; declared the reference's answer stands beside it."""
    solution = 'word = "positive" if share(1, 2) == 0.5 else "none"'
    code(f'word = ""\n### BEGIN SOLUTION\n{solution}\n### END SOLUTION', path=PAPER, id="wrong-word")(
        own_curriculum
    )

    found = against(run(own_curriculum, prove)[0])
    assert any(line.startswith("wrong-word: alone 0 points") for lines in found.values() for line in lines)

    replace(
        FORM, "title: The word that misleads\n", "title: The word that misleads\n    builds_on: [share]\n"
    )(own_curriculum)
    finding, _ = run(own_curriculum, prove)
    assert against(finding) == {}
    assert "wrong-word builds on share" in finding.claims[-1].says


def test_a_check_that_looks_at_the_machine_is_found(own_curriculum: Path) -> None:
    """The time zone of a learner's laptop is not what is asked."""
    hidden = "import time\nassert word == 'positive' and time.timezone == 0, 'Not here.'"
    check = f'assert word, "No word yet."\n### BEGIN HIDDEN TESTS\n{hidden}\n### END HIDDEN TESTS'
    code(check, path=PAPER, id="wrong-word-check")(own_curriculum)

    found = against(run(own_curriculum, prove)[0])
    assert list(found) == ["Other hash seeds, locales and time zones give the same verdict"]
