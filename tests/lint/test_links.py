"""PM706 to PM711: a change for each rule about links, citations and words of the glossary."""

from pathlib import Path

import pytest

from tests.lint.cases import LESSON, Case, all_of, check, found, replace, text

TERMS = "terms:\n" + "".join(
    f"  word-{n}: {{term: word {n}, plain: A word., means: {{data: A word.}}}}\n" for n in range(7)
)
CASES = [
    Case(
        "PM706", text("[lesson 2](02-b-lesson.ipynb)"), LESSON, "The link to 02-b-lesson.ipynb leads nowhere."
    ),
    Case("PM707", text("{cite:p}`cinti1924`"), LESSON, "The source `cinti1924` is not in references.bib."),
    Case("PM708", text("{term}`negative`"), LESSON, "The word `negative` is not in the glossary."),
    Case(
        "PM709",
        text("[here](https://doi.org/10.3390/jpm14060546)"),
        LESSON,
        "The link to https://doi.org/10.3390/jpm14060546 is called 'here'.",
    ),
    Case(
        "PM710",
        text("[CPIC](https://cpicpgx.org/)"),
        LESSON,
        "Cell 2 (the-numbers) links to https://cpicpgx.org/.",
    ),
    Case(
        "PM711",
        all_of(
            replace("curriculum/glossary.yaml", "terms:\n", TERMS),
            text(" ".join(f"{{term}}`word {n}`" for n in range(7))),
        ),
        LESSON,
        "The lesson introduces 7 words of the glossary: word 0, word 1, word 2, word 3, word 4, word "
        "5, word 6.",
    ),
]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.code)
def test_the_change_gives_this_problem_only(case: Case, own_curriculum: Path) -> None:
    """One change, one problem; none with the rule switched off."""
    check(case, own_curriculum)


@pytest.mark.parametrize(
    "words",
    [
        "```python\n# a comment, not a title\n```",
        "Write `[here](nowhere.ipynb)` and `{term}` as code.",
        "[to the first cell](#title) and [itself](01-a-lesson.ipynb)",
        "[the other module](../../second-steps/lessons/01-a-lesson.ipynb)",
        "{term}`positive results <positive>` and {cite:p}`cinti2024, cinti2024`",
        "DPYD c.[1905+1G>A];[=] (heterozygous), \\*2/\\*17, p < 0.05 and x > 3",
        "A footnote[^1] and $a_{b}$.",
    ],
)
def test_ordinary_markdown_is_no_problem(words: str, own_curriculum: Path) -> None:
    """Code, anchors, relative links, HGVS names and inequalities are read as they are meant."""
    text(words)(own_curriculum)

    assert [] == found(own_curriculum)
