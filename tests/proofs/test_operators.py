"""Each operator makes the mistake that its name says."""

import pytest

from pmcampus.proofs.mutants import mutants

MISTAKES = [
    ("number", "x = values[:3]", "x = values[:4]"),
    ("number", "x = values[:3]", "x = values[:2]"),
    ("number", "x = 0.5 * y", "x = 0.75 * y"),
    ("unit", "x = 1000 * share", "x = 1 * share"),
    ("text", 'x = "poor"', "x = ''"),
    ("truth", "x = sorted(y, reverse=True)", "x = sorted(y, reverse=False)"),
    ("word in a list", 'x = "a b".split()', "x = 'b b'.split()"),
    ("comparison", "x = a < b", "x = (a <= b)"),
    ("comparison", "x = a in b", "x = (a not in b)"),
    ("logic", "x = a and b", "x = (a or b)"),
    ("logic", "x = a and b", "x = a"),
    ("negation", "x = -a", "x = a"),
    ("negation", "x = not a", "x = a"),
    ("arithmetic", "x = a - b", "x = (a + b)"),
    ("arithmetic", "x = a - b", "x = (b - a)"),
    ("condition", "x = a if b else c", "x = (a if not b else c)"),
    ("dropped filter", "x = [a for a in b if a]", "x = [a for a in b]"),
    ("rows and columns", "x = table[table.age > 50]", "x = table"),
    ("rows and columns", 'x = table["age"] + table["dose"]', "x = table['dose'] + table[\"dose\"]"),
    ("similar function", "x = table.mean()", "x = table.median()"),
    ("similar function", "x = math.ceil(a)", "x = math.floor(a)"),
    ("similar function", "x = max(a, key=f)", "x = max(a)"),
    ("swapped arguments", "x = share(part, whole)", "x = share(whole, part)"),
    ("forgotten entry", "x = [a, b]", "x = [b]"),
    ("forgotten step", "x += a", "x = a"),
    ("forgotten step", "def f():\n    return a", "def f():\n    return None"),
]


@pytest.mark.parametrize(("operator", "right", "wrong"), MISTAKES)
def test_a_right_answer_becomes_a_wrong_one(operator: str, right: str, wrong: str) -> None:
    """With everything else as it was written."""
    assert (operator, wrong) in [(mutant.operator, mutant.code) for mutant in mutants(right)]


def test_a_docstring_is_no_mistake() -> None:
    """What only readers see is left alone."""
    code = 'def f():\n    """Poor metabolisers in 1,000."""\n    return a'

    assert {mutant.operator for mutant in mutants(code)} == {"forgotten step"}


def test_every_change_is_python_and_differs() -> None:
    """From the reference, and from the other changes."""
    code = "def f(a, b):\n    # the share\n    return 100 * (a - b) / (a if a > 0 else 1)"
    codes = [mutant.code for mutant in mutants(code)]

    assert len(codes) == len(set(codes)) > 10
    assert code not in codes
    assert all(compile(one, "answer", "exec") for one in codes)
    assert all("# the share" in one for one in codes)


def test_a_line_of_letters_beyond_ascii_keeps_its_place() -> None:
    """Python counts bytes; the change stands where it belongs."""
    assert "x = 'µg' + str((a - b))" in [m.code for m in mutants("x = 'µg' + str(a + b)")]


def test_what_is_no_python_has_no_mutants() -> None:
    """An answer in words."""
    assert mutants("I would test everybody.") == []
