"""The notebook by which nbgrader keeps a case's marks: one graded cell for each part."""

import hashlib
import json
from collections.abc import Iterable, Mapping
from copy import deepcopy
from pathlib import Path

import nbformat
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_notebook, new_output

from pmcampus.casepaper import TEAM, load_case_form, load_case_paper
from pmcampus.coursedir import official_version
from pmcampus.model.case import CaseForm
from pmcampus.model.notebook import name_of
from pmcampus.model.verdict import ItemVerdict
from pmcampus.pages import number
from pmcampus.teamwork.sheet import parts


def sheet(form: CaseForm) -> NotebookNode:
    """The empty sheet, its cells locked and summed as nbgrader wants them."""
    cells = []
    for part in parts(form):
        mark = {"grade_id": part.cell, "grade": True, "solution": False, "locked": True, "schema_version": 3}
        worth = f"{number(part.points)} points" if part.points else "moves the sum, worth no points itself"
        cell = new_code_cell(f"# {part.title}: {worth}", id=part.cell)
        cell.metadata["nbgrader"] = NotebookNode(mark | {"points": part.points, "cell_type": "code"})
        cells.append(cell)
    return official_version(new_notebook(cells=cells))


def evidence_sheet(empty: NotebookNode, evidence: Mapping[str, str]) -> bytes:
    """A member's sheet as it is kept: the digests of the files that the marks were read from, no marks.

    Args:
        evidence: by name inside the case's folder, the SHA-256 of what was handed in or scored.
    """
    made = deepcopy(empty)
    made.metadata["pmcampus"] = {"evidence": dict(sorted(evidence.items()))}
    return f"{nbformat.writes(made, 4)}\n".encode()


def evidence_of(content: bytes) -> dict[str, str]:
    """The digests that `evidence_sheet` wrote, by file."""
    stored: dict[str, str] = json.loads(content)["metadata"]["pmcampus"]["evidence"]
    return stored


def marked_sheet(empty: NotebookNode, items: Iterable[ItemVerdict]) -> NotebookNode:
    """The sheet as formgrader shows it: each part's sentence below its cell, then its score."""
    made = deepcopy(empty)
    found = {item.cell: item for item in items}
    for count, cell in enumerate(made.cells, start=1):
        item = found[name_of(cell)]
        cell.outputs = [new_output("stream", name="stdout", text=f"{item.message}\n")]
        if item.score is not None:
            data = {"text/plain": f"{item.score:g}"}
            cell.outputs.append(new_output("execute_result", data=data, execution_count=count))
        cell.execution_count = count
    return made


def rules_digest(root: Path, case: str) -> str:
    """What decides a case's marks, in one number: its form, and the papers of every role and of the team."""
    form = load_case_form(root, case)
    found = hashlib.sha256(form.model_dump_json().encode())
    for part in (*form.roles, TEAM):
        found.update(load_case_paper(root, case, part).digest.encode())
    return found.hexdigest()
