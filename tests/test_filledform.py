"""A form that somebody filled in says one thing, in plain values, or is refused in one sentence."""

import json
from pathlib import Path

import pytest

from pmcampus.errors import CohortError
from pmcampus.filledform import model_of, read_form
from pmcampus.model.team import Scores


def written(place: Path, text: str) -> Path:
    """A form in a file."""
    path = place / "form.yaml"
    path.write_text(text, "utf-8")
    return path


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("value: .nan", "a number is not a number or infinite"),
        ("value: -.inf", "a number is not a number or infinite"),
        ('{"value": NaN}', "a number is not a number or infinite"),
        ('{"value": 1e999}', "a number is not a number or infinite"),
        ("a: 1\na: 2", "'a' stands there twice"),
        ('{"a": 1, "a": 2}', "'a' stands there twice"),
        ("a: &x [1]\nb: *x", "cannot refer to another place"),
        ("a: &x [*x]", "cannot refer to another place"),
        ("? [a]\n: 1", "a name must be plain text"),
        ("review: 2027-05-01", "'2027-05-01' is read as a date; put it in quotation marks"),
        ('{"a": "\\ud800"}', "a text holds half a sign"),
        ('a: "\\ud800"', "a text holds half a sign"),
    ],
)
def test_what_a_seal_cannot_hold_is_refused(text: str, why: str, tmp_path: Path) -> None:
    """Numbers that are none, a field said twice, references, dates, half signs."""
    with pytest.raises(CohortError, match=f"form.yaml: .*{why}"):
        read_form(written(tmp_path, text))


def test_a_sign_beyond_16_bits_is_one_sign(tmp_path: Path) -> None:
    """As `json.dumps` writes it by default, in two halves."""
    form = {"reason": "Well done \U0001f600"}

    assert form == read_form(written(tmp_path, json.dumps(form)))


def test_a_learner_whose_id_is_digits_can_be_named(tmp_path: Path) -> None:
    """As START-HERE.txt shows it, without quotation marks, and with its zeros."""
    assert {"ratings": {"0107": [4, 3]}} == read_form(written(tmp_path, "ratings: {0107: [4, 3]}"))


def test_a_folder_or_a_device_is_no_form(tmp_path: Path) -> None:
    """A device may never end."""
    for path in (tmp_path, Path("/dev/zero")):
        with pytest.raises(CohortError, match="this is no file"):
            read_form(path)


@pytest.mark.parametrize("text", ["a: [", "!!python/object:os.system {}", "x" * 200_000])
def test_a_form_that_cannot_be_read_is_refused(text: str, tmp_path: Path) -> None:
    """Broken, dangerous or far too large."""
    path = tmp_path / "form.yaml"
    path.write_text(text, "utf-8")
    with pytest.raises(CohortError, match=r"form\.yaml"):
        model_of(path, Scores)


def test_a_form_keeps_the_order_in_which_it_was_written(tmp_path: Path) -> None:
    """A page shows the record as the team wrote it."""
    path = tmp_path / "form.yaml"
    path.write_text("decision: go\nconditions: []\nannex: none", "utf-8")

    assert ["decision", "conditions", "annex"] == list(read_form(path))
