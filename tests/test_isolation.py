"""Two processes and one notebook: what crosses between answer and test, and what does not."""

from collections.abc import Mapping

import pytest
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_notebook

from pmcampus.checker import judge
from pmcampus.isolation import Isolated, run_isolated, steps
from pmcampus.kernels.engine import engine
from pmcampus.model.verdict import ItemVerdict

pytestmark = pytest.mark.kernel


def cell(source: str, name: str = "", *, solution: bool = False, grade: bool = False) -> NotebookNode:
    """A code cell with nbgrader's mark, locked unless it is an answer."""
    made = new_code_cell(source)
    if name:
        mark = {"grade_id": name, "solution": solution, "grade": grade, "locked": not solution, "points": 2}
        made.metadata["nbgrader"] = mark
    return made


def ran(answer: str, check: str, *, given: str = "", seconds: int = 3) -> tuple[Isolated, ItemVerdict]:
    """A notebook of a locked cell, an answer and its check, and the verdict on it."""
    cells = [
        cell(given or "pass", "given"),
        cell(answer, "answer", solution=True),
        cell(check, "check", grade=True),
    ]
    names: Mapping[str, frozenset[str]] = {"answer": frozenset({"answer", "helper"})}
    found = run_isolated(
        new_notebook(cells=cells),
        names,
        parent=engine(cells),
        data={"numbers.csv": b"a\n1\n"},
        cell_seconds=seconds,
    )
    return found, judge(found.notebook, starters={}, refused=found.refused)[0]


@pytest.mark.parametrize(
    ("answer", "check"),
    [
        ("answer = {'a': [1, 2.5, None, True], (1, 2): {3}}", "assert answer == {'a': [1, 2.5, None, True], (1, 2): {3}}"),
        ("import numpy as np\nanswer = np.arange(6).reshape(2, 3) / 2", "assert answer.shape == (2, 3) and answer[1, 2] == 2.5"),
        (
            "import pandas as pd\nanswer = pd.DataFrame({'dose': [1, 2]}, index=['a', 'b'])",
            "assert list(answer.index) == ['a', 'b'] and answer['dose'].sum() == 3",
        ),
        ("def answer(a, b=2): return [a, b]", "assert callable(answer) and answer(1) == [1, 2] and answer(1, b=3) == [1, 3]"),
        ("def answer(t): return t.assign(twice=t.x * 2)", "import pandas as pd\nassert answer(pd.DataFrame({'x': [2]})).twice[0] == 4"),
        (
            "import matplotlib.pyplot as plt\nanswer, axes = plt.subplots()\naxes.plot([1, 2], [3, 4])\naxes.set_title('Who?')",
            "assert answer.axes[0].title == 'Who?' and answer.axes[0].lines[0].y == [3, 4]",
        ),
        ("def answer(): raise KeyError('a')", "try:\n    answer()\nexcept KeyError:\n    done = True\nassert done"),
        ("answer = open('numbers.csv').read()", "assert answer == open('numbers.csv').read() == 'a\\n1\\n'"),
        ("def helper(): return 1\ndef answer(): return helper()", "keep = helper\ndel helper\ntry:\n    answer()\nexcept NameError:\n    uses = True\nhelper = keep\nassert uses"),
    ],
    ids=["plain", "array", "table", "function", "table function", "figure", "error", "file", "deleted name"],
)  # fmt: skip
def test_what_can_cross_is_judged(answer: str, check: str) -> None:
    """Full marks for each kind of answer that the guide promises."""
    assert ran(answer, check)[1].score == 2.0


@pytest.mark.parametrize(
    ("answer", "kind"),
    [
        ("class Own: pass\nanswer = Own()", "Own"),
        ("answer = (n for n in range(3))", "generator"),
        ("answer = [object()]", "object"),
        ("answer = []\nanswer.append(answer)", "contains itself"),
        ("class Bad:\n    def __reduce__(self): return (print, ())\nanswer = {'x': Bad()}", "Bad"),
    ],
)
def test_what_cannot_cross_is_a_zero_with_its_reason(answer: str, kind: str) -> None:
    """The learner reads which name, and why."""
    found, verdict = ran(answer, "assert answer is not None")

    assert verdict.score == 0.0
    assert kind in verdict.message and "`answer`" in verdict.message
    assert found.refused


def test_a_subclass_arrives_as_its_plain_base() -> None:
    """What it overrides stays behind."""
    answer = "class Liar(int):\n    def __eq__(self, other): return True\n    __hash__ = int.__hash__\nanswer = Liar(3)"

    assert ran(answer, "assert type(answer) is int and answer != 4")[1].score == 2.0


def test_names_of_the_official_cells_keep_their_official_meaning() -> None:
    """Whatever the learner made of theirs."""
    answer = "limit = 0\ndef near(a, b): return True\nanswer = 7"

    found, verdict = ran(
        answer, "assert near(answer, limit)", given="limit = 5\ndef near(a, b): return a == b"
    )

    assert verdict.score == 0.0
    assert not found.refused


def test_a_function_cannot_end_a_checks_loop_early() -> None:
    """StopIteration inside `map` says that there is nothing more to look at, and `all` of nothing is true."""
    answer = "def answer(n): raise StopIteration"

    assert ran(answer, "assert all(map(lambda n: answer(n) == n * n, [1, 2, 3]))")[1].score == 0.0


def test_a_score_made_of_an_answers_numpy_numbers_is_a_score() -> None:
    """numpy shows `np.int64(2)`, and a right answer earned nothing for being of its type."""
    answer = "import numpy as np\ndef answer(): return np.float64(0.5)"

    verdict = ran(answer, "print(answer())\nsum([answer() < 1, answer() > 0])")[1]

    assert (2.0, "0.5") == (verdict.score, verdict.message)


@pytest.mark.parametrize(
    ("answer", "sentence"),
    [
        ("def answer(): yield 1", "cannot use what the function gives back"),
        ("class Own(Exception): pass\ndef answer(): raise Own", "stopped with an error of its own"),
    ],
)
def test_a_function_that_gives_nothing_usable_is_told_so_in_words(answer: str, sentence: str) -> None:
    """Not by the name of an error of ours."""
    assert sentence in ran(answer, "assert answer() == 1")[1].message


def test_a_warning_in_a_right_answer_is_a_note() -> None:
    """Stock nbgrader would give zero."""
    answer = "import warnings\ndef answer():\n    warnings.warn('old', FutureWarning)\n    return 1"

    verdict = ran(answer, "assert answer() == 1")[1]

    assert verdict.score == 2.0
    assert "old" in verdict.notes[0]


def test_the_tests_text_is_never_sent_to_the_learners_kernel() -> None:
    """Not even the names of what a test reads, beyond the answers' own."""
    cells = [
        cell("answer = 1", "answer", solution=True),
        cell("assert secret_helper(answer)", "check", grade=True),
    ]

    plan = steps(new_notebook(cells=cells), {"answer": frozenset({"answer"})})

    assert [step["kind"] for step in plan] == ["learner", "check"]
    assert plan[1]["needs"] == ["answer"]
