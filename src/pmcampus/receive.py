"""A submission's bytes as a notebook, or the reason why they are refused.

Bytes are hostile: nothing is executed here, and what is odd but harmless is left to `restore`.
"""

import hashlib
import json
from typing import Any

import nbformat
from nbformat import NotebookNode

from pmcampus.errors import SubmissionRefused
from pmcampus.model.notebook import name_of

MAX_BYTES = 5_000_000
MAX_CELLS = 500
MOST_TOLD = 20  # characters of a file's own words in a sentence about it


def fingerprint(handed_in: bytes) -> str:
    """The SHA-256 under which these bytes are kept."""
    return hashlib.sha256(handed_in).hexdigest()


def receive(handed_in: bytes, *, answers: frozenset[str]) -> NotebookNode:
    """The notebook in these bytes, which holds at least one of the named answer cells.

    Raises:
        SubmissionRefused: too large, not UTF-8, not a notebook, another notebook.
    """
    if len(handed_in) > MAX_BYTES:
        raise SubmissionRefused(
            f"the file has {len(handed_in) / 1e6:.1f} MB, the limit is {MAX_BYTES / 1e6:.0f} MB; "
            "clear the outputs and hand it in again."
        )
    stored = _json(handed_in)
    if not isinstance(stored, dict) or not isinstance(stored.get("cells"), list):
        raise SubmissionRefused(
            "the file is not a notebook: it has no cells; hand in the .ipynb file itself."
        )
    told = stored.get("nbformat")
    if told != 4:
        told = repr(told)[:MOST_TOLD] if isinstance(told, (int, float, str)) else "not a number"
        raise SubmissionRefused(
            f"the notebook's format is {told}, 4 is expected; "
            "open it in a current Jupyter, save it and hand it in again."
        )
    if len(stored["cells"]) > MAX_CELLS:
        raise SubmissionRefused(
            f"the notebook has {len(stored['cells'])} cells, the limit is {MAX_CELLS}; "
            "remove cells of your own and hand it in again."
        )
    cells = [cell for cell in map(_clean_cell, stored["cells"]) if cell is not None]
    if not answers & {name_of(cell) for cell in cells}:
        raise SubmissionRefused(
            "this is another notebook: none of the assessment's answer cells is in it; "
            "hand in the notebook that `pmcampus start` made."
        )
    notebook: NotebookNode = nbformat.from_dict(
        {"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": cells}
    )
    return notebook


def _json(handed_in: bytes) -> Any:
    try:
        return json.loads(handed_in.decode("utf-8-sig"))
    except UnicodeDecodeError:
        raise SubmissionRefused("the file is not UTF-8 text; hand in the .ipynb file itself.") from None
    except RecursionError:
        raise SubmissionRefused(
            "the file is nested too deeply to be a notebook; hand in the .ipynb file itself."
        ) from None
    except ValueError as problem:
        raise SubmissionRefused(
            f"the file cannot be read as a notebook ({problem}); it may be cut off: hand it in again."
        ) from None


def _clean_cell(cell: Any) -> dict[str, Any] | None:
    """Type, source and nbgrader mark of a cell; all else is dropped. None for what is not a cell."""
    if not isinstance(cell, dict) or cell.get("cell_type") not in ("code", "markdown"):
        return None
    source = cell.get("source", "")
    if isinstance(source, list) and all(isinstance(line, str) for line in source):
        source = "".join(source)
    if not isinstance(source, str):
        return None
    grade_id = _mapping(_mapping(cell.get("metadata")).get("nbgrader")).get("grade_id")
    clean: dict[str, Any] = {
        "cell_type": cell["cell_type"],
        "metadata": {"nbgrader": {"grade_id": grade_id}} if isinstance(grade_id, str) else {},
        "source": _lines(source).encode("utf-8", "replace").decode("utf-8"),
    }
    if isinstance(cell.get("id"), str):
        clean["id"] = cell["id"]
    if cell["cell_type"] == "code":
        clean |= {"outputs": [], "execution_count": None}
    return clean


def _lines(text: str) -> str:
    """The text with a notebook's own line ends: some editors change them all, which changes nothing."""
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _mapping(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}
