"""PM7xx: a change for each rule about reading and references."""

from pathlib import Path

import pytest

from tests.lint.cases import LESSON, Case, all_of, check, code, found, plot, replace, text

TERMS = "terms:\n" + "".join(
    f"  word-{n}: {{term: word {n}, plain: A word., means: {{data: A word.}}}}\n" for n in range(7)
)
CASES = [
    Case("PM701", text("![](https://doi.org/10.3390/jpm14060546)"), LESSON, "?"),
    Case("PM702", plot(alt=None), LESSON, "?"),
    Case("PM703", plot(alt="Two bars."), LESSON, "?"),
    Case("PM704", text("#### A detail"), LESSON, "?"),
    Case("PM705", text("# Another title"), LESSON, "?"),
    Case("PM706", text("[lesson 2](02-b-lesson.ipynb)"), LESSON, "?"),
    Case("PM707", text("{cite:p}`cinti1924`"), LESSON, "?"),
    Case("PM708", text("{term}`negative`"), LESSON, "?"),
    Case("PM709", text("[here](https://doi.org/10.3390/jpm14060546)"), LESSON, "?"),
    Case("PM710", text("[CPIC](https://cpicpgx.org/)"), LESSON, "?"),
    Case("PM711", all_of(
        replace("curriculum/glossary.yaml", "terms:\n", TERMS),
        text(" ".join(f"{{term}}`word {n}`" for n in range(7))),
    ), LESSON, "?"),
    Case("PM712", plot(caption=None), LESSON, "?"),
    Case("PM713", code('colour = "#ff0000"'), LESSON, "?"),
]  # fmt: skip


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
