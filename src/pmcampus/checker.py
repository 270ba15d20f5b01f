"""From an executed notebook to a verdict on each item, failing closed.

Verdicts are read from the outputs of test cells, as nbgrader does, wherever these ran. A score that
is not a finite number between nothing and the item's points is an error and earns nothing.
"""

import math
from collections.abc import Iterator, Mapping
from copy import deepcopy
from dataclasses import replace
from types import MappingProxyType

from nbformat import NotebookNode
from nbgrader.utils import determine_grade

from pmcampus.model.assessment import answer_cell
from pmcampus.model.notebook import is_answer, is_graded, name_of, without_colours
from pmcampus.model.verdict import BLANK, ItemVerdict, Mark

ASSERTION = "AssertionError"
MAX_MESSAGE = 600
REMEDY = "Answer with numbers, texts, lists, tables or functions."
IN_WORDS = {  # errors whose names say nothing to a learner
    "NameError": "The check did not find your answer: its cell is empty, or stopped with an error.",
    "ValueRefused": f"The check cannot use what the function gives back. {REMEDY}",
    "AnswerFailed": "The function stopped with an error of its own.",
}


def judge(
    executed: NotebookNode,
    *,
    starters: dict[str, str],
    refused: Mapping[int, Mapping[str, str]] = MappingProxyType({}),
) -> tuple[ItemVerdict, ...]:
    """One verdict for each graded cell, in the notebook's order.

    Args:
        executed: the restored notebook with its outputs.
        starters: the text of each answer cell as learners get it; an unchanged one earns nothing.
        refused: by the cell's number, answers that could not be handed to its test, with the reason.
    """
    verdicts = []
    written = {name_of(cell): cell.source.strip() for cell in executed.cells if is_answer(cell)}
    for number, cell in enumerate(executed.cells):
        if not is_graded(cell):
            continue
        if is_answer(cell):
            verdicts.append(_judge_written(cell, starters))
        elif number in refused:
            verdicts.append(_judge_refused(cell, refused[number]))
        else:
            found, answer = _judge_test(cell), answer_cell(name_of(cell))
            if found.mark is Mark.ZERO and written.get(answer) in ("", starters.get(answer, "").strip()):
                found = replace(found, notes=(*found.notes, BLANK))
            verdicts.append(found)
    return tuple(verdicts)


def _judge_refused(cell: NotebookNode, reasons: Mapping[str, str]) -> ItemVerdict:
    name, points = cell.metadata.nbgrader.grade_id, float(cell.metadata.nbgrader.points)
    told = " ".join(
        f"The check cannot use `{answer}`: {without_colours(reason)}." for answer, reason in reasons.items()
    )
    return ItemVerdict(name, points, 0.0, Mark.ZERO, f"{told} {REMEDY}"[:MAX_MESSAGE])


def _judge_written(cell: NotebookNode, starters: dict[str, str]) -> ItemVerdict:
    name, points = cell.metadata.nbgrader.grade_id, float(cell.metadata.nbgrader.points)
    if cell.source.strip() in ("", starters.get(name, "").strip()):
        return ItemVerdict(name, points, 0.0, Mark.ZERO, BLANK)
    return ItemVerdict(name, points, None, Mark.AWAITING, "People will read this one.")


def _judge_test(cell: NotebookNode) -> ItemVerdict:
    name, points = cell.metadata.nbgrader.grade_id, float(cell.metadata.nbgrader.points)
    if cell.execution_count is None:
        return ItemVerdict(
            name,
            points,
            0.0,
            Mark.ERROR,
            "The check did not run, because an earlier cell stopped the notebook.",
        )
    notes = tuple(f"A warning appeared: {text[:200]}" for text in _streams(cell, "stderr"))
    cell = _without_stderr(cell)
    failed = next((output for output in cell.outputs if output.output_type == "error"), None)
    if failed is not None and failed.get("ename") == "NotFinished":
        return ItemVerdict(name, points, 0.0, Mark.ERROR, "The check was stopped or never ran.", notes)
    stopped = next((output for output in cell.outputs if output.get("ename") == "AnswerStopped"), None)
    if stopped is not None:
        return ItemVerdict(name, points, 0.0, Mark.ERROR, str(stopped.evalue), notes)
    if failed is not None:
        return ItemVerdict(name, points, 0.0, Mark.ZERO, _failure(failed), notes)
    fault = _partial_fault(cell, points)
    if fault:
        return ItemVerdict(name, points, 0.0, Mark.ERROR, fault, notes)
    score = float(determine_grade(cell)[0])
    mark = Mark.FULL if score == points else Mark.PARTIAL if score else Mark.ZERO
    message = " ".join(text.strip() for text in _streams(cell, "stdout"))
    return ItemVerdict(name, points, score, mark, message[:MAX_MESSAGE], notes)


def _partial_fault(cell: NotebookNode, points: float) -> str:
    """Why the value of the check's last line is no score; empty when it is one, or there is none."""
    for output in cell.outputs:
        if output.output_type != "execute_result":
            continue
        text = str(output.data.get("text/plain", ""))
        try:
            value = float(text)
        except ValueError:
            return "The check did not give a number; a person has to look at it."
        if not math.isfinite(value) or not 0 <= value <= points:
            return "The check gave a number that is no score here; a person has to look at it."
    return ""


def _failure(output: NotebookNode) -> str:
    """What a failing check tells the learner: its own sentence, never its code."""
    if output.get("ename") == ASSERTION and output.get("evalue"):
        return without_colours(str(output.evalue))[:MAX_MESSAGE]
    if output.get("ename") == "KeyboardInterrupt":
        return "The check was stopped because it took too long."
    name = without_colours(str(output.get("ename", "error")))[:60]
    return IN_WORDS.get(name, f"The check could not use this answer ({name}).")


def _streams(cell: NotebookNode, name: str) -> Iterator[str]:
    for output in cell.outputs:
        if output.output_type == "stream" and output.name == name and output.text.strip():
            yield output.text


def _without_stderr(cell: NotebookNode) -> NotebookNode:
    """A copy without warnings: nbgrader would give zero to a right answer that emits one."""
    copy = deepcopy(cell)
    copy.outputs = [o for o in cell.outputs if not (o.output_type == "stream" and o.name == "stderr")]
    return copy
