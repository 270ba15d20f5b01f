"""Fingerprints: what they find, however it is dressed, and what they leave alone."""

import json

import pytest

from pmcampus.proofs.leaks import fingerprints, in_plain_sight, prove, readable, secrets_of, shown_of, untold

SECRET = """\
def poor_per_1000(shares):
    no_function = 0.0
    for allele, share in shares.items():
        if allele_function[allele] == "none":
            no_function = no_function + share
    return 1000 * no_function**2
cases = [(0.5, 250.0), (0.55, 40.0), (0.8, 0.0), (0.1, 12.5), (0.3, 62.5), (0.7, 81.25)]
"""
SHOWN = "allele_function = {'*1': 'normal'}"
KNOWN = fingerprints([SECRET], [SHOWN])
DRESSED = {
    "as it is": SECRET,
    "other blanks and quotation marks": SECRET.replace("    ", "\t").replace('"', "'"),
    "other names": SECRET.replace("allele", "key").replace("share", "value").replace("no_function", "total"),
    "the expected values alone": "0.5 250.0\n0.55 40.0\n0.8 0.0\n0.1 12.5\n0.3 62.5\n0.7 81.25",
    "one line": "cases = [(0.5, 250.0), (0.55, 40.0), (0.8, 0.0), (0.1, 12.5), (0.3, 62.5), (0.7, 81.25)]",
}


@pytest.mark.parametrize("text", DRESSED.values(), ids=DRESSED)
def test_a_secret_is_found_however_it_is_dressed(text: str) -> None:
    """Among other words."""
    assert KNOWN.found_in(f"Lesson 4 says:\n{text}\nand more.")


def test_ordinary_text_and_code_are_no_leak() -> None:
    """A lesson may count alleles, too."""
    lesson = "for allele, share in table.items():\n    total = total + share\nprint(round(1000 * total))"

    assert KNOWN.found_in(lesson) == []
    assert KNOWN.found_in("Poor metabolisers in 1,000 people: 21 in Europe, 573 in Oceania.") == []


def test_what_learners_are_given_has_no_fingerprint() -> None:
    """A hidden test repeats the tools that stand in a locked cell."""
    tool = "def near(got, want):\n    return abs(float(got) - want) <= 0.5 and got is not None and want > 0\n"

    assert fingerprints([tool + SECRET], [tool]).found_in(tool) == []
    assert fingerprints([tool + SECRET], [tool]).found_in(SECRET)


def test_pages_notebooks_and_json_are_read_as_people_read_them() -> None:
    """Markup and escapes hide nothing."""
    page = "<pre><span class='k'>" + SECRET.replace("[", "<b>[</b>").replace("<=", "&lt;=") + "</span></pre>"
    stored = json.dumps({"cells": [{"source": SECRET.splitlines(keepends=True)}]})

    assert KNOWN.found_in(readable("page.html", page.encode()))
    assert KNOWN.found_in(readable("a.ipynb", stored.encode()))
    assert readable("broken.json", b"{") == "{"


def test_a_place_is_named_with_what_was_found_there() -> None:
    """And how much was read."""
    finding = prove(KNOWN, {"lessons": [("02.ipynb", SECRET), ("03.ipynb", "")]})

    assert finding.claims[0].says == "Nothing in lessons (2 texts)"
    assert finding.claims[0].found[0].startswith("02.ipynb: ")
    assert not finding.holds


def test_a_lesson_may_show_a_line_of_the_method_but_not_the_answer() -> None:
    """Elsewhere the same line is a leak."""
    line = SECRET.splitlines()[2] + "\n" + SECRET.splitlines()[3]

    assert KNOWN.found_in(line)
    assert KNOWN.found_in(line, is_teaching=True) == []
    assert KNOWN.found_in(SECRET, is_teaching=True)


def test_sentences_for_learners_are_meant_to_be_read() -> None:
    """A message of a hidden test is no secret in feedback; its keys are."""
    told = untold('print("Two different copies also count.")\nkey = "neither spare both offer"')

    assert "Two different" not in told
    assert "neither spare both offer" in told


def test_a_solution_in_plain_sight_is_told() -> None:
    """It has no fingerprint of its own."""
    assert not in_plain_sight([SECRET], [f"# example\n{SECRET}"]).holds
    assert in_plain_sight([SECRET], [SHOWN]).holds


def test_regions_are_cut_as_nbgrader_cuts_them() -> None:
    """Solutions and hidden tests on one side, the rest on the other."""
    cell = (
        "a = 1\n### BEGIN SOLUTION\na = 2\n### END SOLUTION\n"
        "### BEGIN HIDDEN TESTS\nassert a == 2\n### END HIDDEN TESTS"
    )

    assert secrets_of([cell]) == ["a = 2", "assert a == 2"]
    assert shown_of([cell])[0].split() == ["a", "=", "1"]
