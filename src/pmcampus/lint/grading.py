"""PM54x and PM55x: an assessment's cells as nbgrader reads them."""

import ast
import re
from collections.abc import Iterator
from typing import Any

from pmcampus.lint import python
from pmcampus.lint.facts import Facts
from pmcampus.lint.notebooks import REGION, cell_finding
from pmcampus.lint.rule import Finding, rule
from pmcampus.model.notebook import Cell, Notebook

GRADE_ID = re.compile(r"[a-zA-Z0-9][a-zA-Z0-9_-]*")
SCHEMA = 3
MOST_POINTS = 1e6  # also keeps infinity and not-a-number out
GRADE_IDS = "Give it an id of letters, digits and hyphens, and keep it: scores are stored under it."


def marked_cells(notebook: Notebook) -> list[tuple[Cell, str]]:
    """Cells that nbgrader knows, with their grade_id."""
    return [(cell, str(cell.nbgrader.get("grade_id", ""))) for cell in notebook.cells if cell.nbgrader]


def graded_cells(notebook: Notebook) -> dict[str, Cell]:
    """Cells that carry points, by grade_id."""
    return {id: cell for cell, id in marked_cells(notebook) if cell.nbgrader.get("grade")}


def points_of(cell: Cell) -> float | None:
    """The cell's points, or None where they are no number above zero."""
    points = cell.nbgrader.get("points")
    if isinstance(points, bool) or not isinstance(points, int | float):
        return None
    return float(points) if 0 < points < MOST_POINTS else None


def is_by_hand(cell: Cell) -> bool:
    """Whether a person gives the points: the learner's own cell carries them."""
    return bool(cell.nbgrader.get("solution"))


@rule(
    "PM541",
    "A grade_id is used twice",
    why="Scores are stored under the grade_id; a second cell with it overwrites the first, and stock "
    "nbgrader stops for everybody.",
    wrong='"grade_id": "share"        (in two cells, often after copying one)',
    right='"grade_id": "share"  …  "grade_id": "share-again"',
)
def grade_id_twice(facts: Facts) -> Iterator[Finding]:
    """Cells with the grade_id of an earlier cell."""
    for _, notebook in facts.graded:
        seen: set[str] = set()
        for cell, id in marked_cells(notebook):
            if id and id in seen:
                yield cell_finding(
                    notebook, cell, f"has the grade_id `{id}` of an earlier cell.", "Give it one of its own."
                )
            seen.add(id)


@rule(
    "PM542",
    "A grade_id is blank or cannot be used",
    why="The grade_id is the item's name in the gradebook, in feedback and in file names.",
    wrong='"grade_id": "My first question!"',
    right='"grade_id": "translate-12"',
)
def grade_id_illegal(facts: Facts) -> Iterator[Finding]:
    """grade_ids that are missing or hold other signs."""
    for _, notebook in facts.graded:
        for cell, _id in marked_cells(notebook):
            given = cell.nbgrader.get("grade_id")
            if not isinstance(given, str) or not given.strip():
                yield cell_finding(notebook, cell, "has no grade_id.", GRADE_IDS)
            elif not GRADE_ID.fullmatch(given) or len(given) > 80:
                yield cell_finding(notebook, cell, f"has the grade_id {given!r:.60}.", GRADE_IDS)


@rule(
    "PM543",
    "Points are missing or no number above zero",
    why="An item without points counts for nothing and looks as if it did; a negative or written one "
    "breaks the sum.",
    wrong='"grade": true, "points": "four"',
    right='"grade": true, "points": 4',
)
def points_unusable(facts: Facts) -> Iterator[Finding]:
    """Graded cells whose points cannot be added up."""
    for _, notebook in facts.graded:
        for cell in graded_cells(notebook).values():
            if points_of(cell) is None:
                given = cell.nbgrader.get("points")
                fact = "carries no points." if given is None else f"carries {given!r:.40} as points."
                yield cell_finding(
                    notebook, cell, fact, "Write a number above zero, or make it an ungraded cell."
                )


@rule(
    "PM544",
    "The cell follows another nbgrader schema",
    why="Fields have changed their meaning between schemas; a cell of an old or future one is read "
    "wrongly or refused.",
    wrong='"schema_version": 1',
    right='"schema_version": 3',
)
def schema(facts: Facts) -> Iterator[Finding]:
    """Cells that are not of nbgrader's schema 3."""
    for _, notebook in facts.graded:
        for cell, _id in marked_cells(notebook):
            version = cell.nbgrader.get("schema_version")
            if version != SCHEMA:
                fact = f"follows nbgrader's schema {version!r:.20}, not {SCHEMA}."
                yield cell_finding(
                    notebook, cell, fact, "Run `nbgrader update` on the notebook (nbgrader 0.9)."
                )


@rule(
    "PM545",
    "BEGIN and END lines do not pair up",
    why="What stands between them is cut out before learners get the notebook. An open region "
    "publishes the solution or loses the tests.",
    wrong="### BEGIN SOLUTION\nreturn part / whole",
    right="### BEGIN SOLUTION\nreturn part / whole\n### END SOLUTION",
)
def regions(facts: Facts) -> Iterator[Finding]:
    """Regions that are not closed, not opened, or one inside another."""
    for _, notebook in facts.graded:
        for cell in notebook.cells:
            is_open, fault = "", ""
            for edge, kind in REGION.findall(cell.source):
                if edge == "BEGIN":
                    fault = fault or (f"opens {kind} inside {is_open}" if is_open else "")
                    is_open = kind
                else:
                    fault = fault or ("" if is_open == kind else f"closes {kind}, which is not open")
                    is_open = ""
            fault = fault or (f"opens {is_open} and never closes it" if is_open else "")
            if fault:
                yield cell_finding(
                    notebook, cell, f"{fault}.", "Pair each BEGIN with its END, in the same cell."
                )


@rule(
    "PM551",
    "A check cannot fail",
    why="A test that gives everybody full points says nothing about anybody.",
    wrong='print("Well done")        (the whole check)',
    right='assert share(9, 12) == 0.75, "Divide the part by the whole."',
)
def cannot_fail(facts: Facts) -> Iterator[Finding]:
    """Test cells without an assertion, an error or a score on the last line."""
    for _, notebook in facts.graded:
        for cell in graded_cells(notebook).values():
            code = python.read(cell.source)
            if (
                cell.kind == "code"
                and not is_by_hand(cell)
                and code.tree is not None
                and not _can_fail(code.tree)
            ):
                yield cell_finding(
                    notebook,
                    cell,
                    "gives full points to every answer.",
                    "Assert something, or end with a score.",
                )


@rule(
    "PM552",
    "A test cell is not locked, or an answer cell is",
    why="Learners write in answer cells and nowhere else. An unlocked test can be changed, a locked "
    "answer cannot be given.",
    wrong='"grade": true, "solution": false, "locked": false',
    right='"grade": true, "solution": false, "locked": true',
)
def locks(facts: Facts) -> Iterator[Finding]:
    """Cells whose lock does not fit what they are for."""
    for _, notebook in facts.graded:
        for cell, _id in marked_cells(notebook):
            given = cell.nbgrader
            if given.get("grade") and not given.get("solution") and not given.get("locked"):
                yield cell_finding(
                    notebook, cell, "is a test that learners could change.", 'Set `"locked": true`.'
                )
            if given.get("solution") and given.get("locked"):
                yield cell_finding(
                    notebook, cell, "is an answer cell that learners cannot change.", 'Set `"locked": false`.'
                )


@rule(
    "PM553",
    "An answer cell has no solution",
    why="The reference solution proves that full points can be earned, and what stands outside the "
    "region is the learner's starter.",
    wrong="def share(part, whole):\n    return part / whole",
    right="### BEGIN SOLUTION\ndef share(part, whole):\n    return part / whole\n### END SOLUTION",
)
def solution_missing(facts: Facts) -> Iterator[Finding]:
    """Answer cells without a solution region."""
    for _, notebook in facts.graded:
        for cell, _id in marked_cells(notebook):
            if cell.nbgrader.get("solution") and "BEGIN SOLUTION" not in cell.source:
                fact = "is an answer cell without a reference solution."
                yield cell_finding(
                    notebook, cell, fact, "Write it between ### BEGIN SOLUTION and ### END SOLUTION."
                )


def _can_fail(code: ast.Module) -> bool:
    nodes: list[Any] = list(ast.walk(code))
    asserts = any(isinstance(node, ast.Assert) and not isinstance(node.test, ast.Constant) for node in nodes)
    last = code.body[-1] if code.body else None
    has_score = (
        isinstance(last, ast.Expr) and not isinstance(last.value, ast.Constant) and not _is_print(last.value)
    )
    return asserts or has_score or any(isinstance(node, ast.Raise) for node in nodes)


def _is_print(node: ast.expr) -> bool:
    return isinstance(node, ast.Call) and python.dotted(node.func) in ("print", "display")
