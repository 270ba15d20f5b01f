"""What comes in as a submission: a notebook, or a reason."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pmcampus.errors import SubmissionRefused
from pmcampus.paper import Paper
from pmcampus.receive import MAX_BYTES, MAX_CELLS, receive
from tests.conftest import as_bytes

ANSWERS = frozenset({"share"})
JSON = st.recursive(
    st.none() | st.booleans() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=12,
)


def test_the_release_notebook_is_received(paper: Paper) -> None:
    """What `pmcampus start` makes can be handed in."""
    received = receive(as_bytes(paper.release), answers=paper.answers)

    assert len(paper.release.cells) == len(received.cells)


@pytest.mark.parametrize(
    ("handed_in", "reason"),
    [
        (b"", "cannot be read as a notebook"),
        (b"{}", "it has no cells"),
        (b"[1]", "it has no cells"),
        (b"\xff\xfe\x00", "not UTF-8"),
        (b'{"cells": [', "may be cut off"),
        (b'{"cells": [], "nbformat": 3}', "format is 3"),
        (b'{"cells": [], "nbformat": 4}', "another notebook"),
        (b" " * (MAX_BYTES + 1), "limit is 5 MB"),
        (b"[" * 100_000, "nested too deeply"),
        (json.dumps({"nbformat": 4, "cells": [{}] * (MAX_CELLS + 1)}).encode(), "limit is 500"),
    ],
)
def test_a_file_that_cannot_be_marked_is_refused_with_its_reason(handed_in: bytes, reason: str) -> None:
    """Each refusal says the fact in words."""
    with pytest.raises(SubmissionRefused, match=reason):
        receive(handed_in, answers=ANSWERS)


def test_a_byte_order_mark_does_no_harm(paper: Paper) -> None:
    """Some editors write one."""
    received = receive(b"\xef\xbb\xbf" + as_bytes(paper.release), answers=paper.answers)

    assert received.cells


@pytest.mark.parametrize("told", ["x" * 1_000_000, json.loads("[" * 900 + "]" * 900)], ids=["long", "deep"])
def test_a_format_of_any_size_is_refused_in_a_sentence(told: object) -> None:
    """The sentence stands in the gradebook, on the learner's page and on the instructor's screen."""
    with pytest.raises(SubmissionRefused) as refused:
        receive(json.dumps({"nbformat": told, "cells": []}).encode(), answers=ANSWERS)

    assert len(str(refused.value)) < 200


def test_line_ends_of_another_system_are_no_change(paper: Paper) -> None:
    """An editor that writes them everywhere has changed no locked cell and answered nothing."""
    notebook = json.loads(as_bytes(paper.release))
    for cell in notebook["cells"]:
        cell["source"] = "".join(cell["source"]).replace("\n", "\r\n")

    received = receive(json.dumps(notebook).encode(), answers=paper.answers)

    assert [cell.source for cell in paper.release.cells] == [cell.source for cell in received.cells]


def test_metadata_outputs_and_attachments_are_dropped(paper: Paper) -> None:
    """Nothing a learner could hide in a notebook goes further than its text."""
    notebook = json.loads(as_bytes(paper.release))
    for cell in notebook["cells"]:
        cell["metadata"]["evil"] = "<script>"
        cell["attachments"] = {"x.png": {"image/png": "AAAA"}}
        cell["outputs"] = [{"output_type": "display_data", "data": {"text/html": "<script>"}}]
    notebook["metadata"]["kernelspec"] = {"name": "evil", "argv": ["/bin/sh"]}

    text = as_bytes(receive(json.dumps(notebook).encode(), answers=paper.answers)).decode()

    assert "evil" not in text
    assert "script" not in text
    assert "AAAA" not in text


@given(JSON)
def test_no_json_value_makes_it_fail_otherwise(value: object) -> None:
    """Whatever is handed in, the answer is a notebook or a refusal."""
    with pytest.raises(SubmissionRefused):
        receive(json.dumps(value).encode(), answers=ANSWERS)


@given(st.lists(JSON, max_size=6))
def test_no_strange_cell_makes_it_fail_otherwise(cells: list[object]) -> None:
    """A cell that is no cell is dropped; the answers that are there stay."""
    answer = {"cell_type": "code", "source": "x = 1", "metadata": {"nbgrader": {"grade_id": "share"}}}
    notebook = {"nbformat": 4, "cells": [*cells, answer]}

    received = receive(json.dumps(notebook).encode(), answers=ANSWERS)

    assert received.cells[-1].source == "x = 1"
