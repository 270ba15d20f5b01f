"""What catches each kind of bad authoring: a rule of the linter, a proof, or nothing yet, with the reason.

A rule's fixture and exact message stand with the rules (`tests/lint`), where each is also switched off once
to see its fixture pass uncaught. A proof's fixture stands here.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from pmcampus.proofs import answers, steadiness, variants
from tests.lint.cases import FORM, PAPER, Change, all_of, code, notebook, replace

RULES = {
    "A01 missing form": ("PM101",),
    "A02 unknown or misspelt field": ("PM203",),
    "A03 version that is none": ("PM205", "PM206"),
    "A05 grade_id twice": ("PM541",),
    "A06 grade_id blank or illegal": ("PM542",),
    "A07 points missing, zero, negative, text": ("PM543",),
    "A08 newer or older nbgrader schema": ("PM544",),
    "A09 solution missing": ("PM553",),
    "A10 regions that do not pair up": ("PM545",),
    "A11 hidden test left in a lesson": ("PM511",),
    "A12 solution left in output or attachment": ("PM504", "PM510"),
    "A13 check that cannot fail": ("PM551",),
    "A17 code that needs the network": ("PM532",),
    "A18 installs packages": ("PM533",),
    "A19 place on one machine": ("PM531",),
    "A20 missing or wrong data file": ("PM602", "PM603"),
    "A21 data too large, without licence or origin": ("PM604", "PM605"),
    "A22 personal data": ("PM607", "PM608"),
    "A23 broken link": ("PM706",),
    "A24 text alternative, headings, colours": ("PM701", "PM702", "PM704", "PM713"),
    "A25 prerequisites in a circle": ("PM302",),
    "A26 unknown prerequisite": ("PM301",),
    "A27 taught and not assessed, assessed and not taught": ("PM402", "PM403"),
    "A28 review overdue, or no jurisdiction": ("PM801", "PM804"),
    "A31 unknown kernel": ("PM503",),
    "A32 licence that does not fit": ("PM212", "PM613"),
    "A33 time that does not fit": ("PM208",),
}
NOT_YET = {
    "A04 version not bumped after a change of contract": "needs released versions to compare with",
    "A29 translation older than its source": "there is no translation yet",
}


@dataclass(frozen=True)
class Proved:
    """A change to the tiny assessment, the proof that catches it, the claim that fails, and why."""

    name: str
    change: Change
    proof: Callable[[Any], Any]
    claim: str
    found: str


def with_numbers(stored: dict[str, Any]) -> None:
    """Course numbers that change nothing but which of two words is asked for."""
    cells = stored["cells"]
    model = next(c for c in cells if c["id"] == "wrong-word")
    number = {
        **model,
        "id": "course-number",
        "source": "my_code = 0\n### BEGIN SOLUTION\nmy_code = 1\n### END SOLUTION",
        "metadata": {"nbgrader": model["metadata"]["nbgrader"] | {"grade_id": "course-number"}},
    }
    cells.insert(1, number)
    model["source"] = (
        'word = ""\n### BEGIN SOLUTION\nword = ["positive", "negative"][my_code % 2]\n### END SOLUTION'
    )
    next(c for c in cells if c["id"] == "wrong-word-check")["source"] = (
        'assert word, "No word yet."\n### BEGIN HIDDEN TESTS\n'
        'assert word == ["positive", "negative"][my_code % 2], "Ask which word it is."\n### END HIDDEN TESTS'
    )


CHECK = 'assert word, "No word yet."\n### BEGIN HIDDEN TESTS\n{hidden}\n### END HIDDEN TESTS'
PROOFS = (
    Proved(
        "A09 reference that fails its own check",
        replace(PAPER, 'word = \\"positive\\"\\n', 'word = \\"negative\\"\\n'),
        answers.reference,
        "The reference solution earns full points in every item",
        "wrong-word: 0 points, 'Ask which word sounds good and is not.' of 2",
    ),
    Proved(
        "A13 check that tells nothing apart",
        code(CHECK.format(hidden="assert len(word) > 1, 'A word.'"), path=PAPER, id="wrong-word-check"),
        answers.bank,
        "Each wrong answer earns what its misconception deserves",
        "wrong-word/result: 2 points, ''; deserved 0",
    ),
    Proved(
        "A14 check that needs what another check left behind",
        all_of(
            replace(PAPER, "right = [abs", "key = 'positive'\\nright = [abs"),
            code(
                CHECK.format(hidden="assert word.lower() == key, 'Not this.'"),
                path=PAPER,
                id="wrong-word-check",
            ),
        ),
        steadiness.prove,
        "Judged alone and among 8 sets of other answers, an item earns the same",
        "wrong-word: alone 0 points, "
        "'The check did not find your answer: its cell is empty, or stopped with an error.', "
        "among other answers 2 points, ''",
    ),
    Proved(
        "A15 check that passes on the untouched notebook",
        code("assert word != 'negative', 'Not this one.'", path=PAPER, id="wrong-word-check"),
        answers.reference,
        "The untouched notebook earns nothing in any item",
        "wrong-word: 2 points, ''",
    ),
    Proved(
        "A16 check that draws lots",
        code(
            CHECK.format(hidden="import random\nassert random.random() < 0.5, 'Bad luck.'"),
            path=PAPER,
            id="wrong-word-check",
        ),
        steadiness.prove,
        "20 random seeds give the same verdict",
        "seed ",
    ),
    Proved(
        "A30 variants with the same answers",
        all_of(
            notebook(PAPER, with_numbers),
            replace(
                FORM,
                "verdict: isolated\n",
                "verdict: isolated\nvariant: {cell: course-number, name: my_code, first: 1, last: 4, "
                "changes: [wrong-word]}\n",
            ),
        ),
        variants.prove,
        "No two course numbers have the same answers to all items",
        "course numbers 1 and 3 have the same answers",
    ),
)
