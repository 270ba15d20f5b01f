"""Signs in an answer that a person should look at."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pmcampus.signs import signs

HONEST = """
import math
import pandas as pd
rows = pd.DataFrame({"dose": [1, 2, 3]})

def mean_dose(table):
    total = 0
    for value in table["dose"]:
        total += value
    return total / len(table)

word = "see https://doi.org/10.1000/xyz and lessons/02"
print(f"mean {mean_dose(rows):.1f}", math.isclose(1, 1), sorted(rows.columns))
"""


def test_an_honest_answer_has_no_sign() -> None:
    """Imports, loops, tables, prints and an address of a paper."""
    assert () == signs(HONEST)


@pytest.mark.parametrize(
    ("source", "word"),
    [
        ("class A:\n    def __eq__(self, o): return True", "__eq__"),
        ("get_ipython().ast_transformers.append(1)", "ast_transformers"),
        ("import numpy as np\nnp.testing.assert_equal = None", "changes a library"),
        ("abs = lambda x: 0", "abs"),
        ("def sum(x): return 0", "sum"),
        ("import os\nos._exit(0)", "ends its kernel"),
        ("open('/proc/self/mem')", "/proc"),
        ("!ls", "notebook commands"),
        ("%%bash\nls", "notebook commands"),
        ("from socket import socket", "network"),
        ("exec('1')", "by name"),
    ],
)
def test_an_attempt_leaves_a_sign(source: str, word: str) -> None:
    """Whatever it would have done."""
    assert word in " ".join(signs(source))


def test_an_endless_chain_of_names_is_a_sign_like_any_other() -> None:
    """Python reads it; what walks down it name by name must not run out of stack, or nothing is scored."""
    assert "changes a library (math.a.a." in " ".join(signs("import math\nmath" + ".a" * 900 + " = 1"))


@given(st.text(max_size=200))
def test_no_text_makes_it_fail(source: str) -> None:
    """And no sign comes twice."""
    found = signs(source)

    assert len(set(found)) == len(found)
