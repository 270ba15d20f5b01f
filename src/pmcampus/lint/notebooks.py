"""PM50x and PM51x: notebooks as they are stored."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from pmcampus.lint.facts import Facts, shape_fault, where
from pmcampus.lint.rule import Finding, rule
from pmcampus.model.notebook import MEMORY_ADDRESS, Cell, Notebook

CELL_ID = re.compile(r"[A-Za-z0-9_-]{1,64}")
REGION = re.compile(r"###\s*(BEGIN|END) (SOLUTION|HIDDEN TESTS|MARK SCHEME)")
READABLE = ("text/plain", "text/html", "text/markdown", "text/latex")
RUN = "Run `pmcampus run` for the module, which executes it and stores the outputs."


def output_text(output: Mapping[str, Any]) -> str:
    """What a reader sees of an output as text; pictures are left out."""
    data = output.get("data") or {}
    parts = [output.get("text") or "", *(data.get(kind) or "" for kind in READABLE)]
    return "\n".join(
        part if isinstance(part, str) else "".join(map(str, part)) for part in parts if _is_text(part)
    )


def has_plot(cell: Cell) -> bool:
    """Whether an output of the cell is a picture."""
    return any(str(kind).startswith("image/") for output in cell.outputs for kind in output.get("data") or ())


def _is_text(part: object) -> bool:
    return isinstance(part, str | list)


def cell_finding(notebook: Notebook, cell: Cell, fact: str, remedy: str) -> Finding:
    """A finding in one cell; `fact` goes on after the cell's name."""
    name = where(cell)
    return Finding(notebook.path, cell.line, f"{name[:1].upper()}{name[1:]} {fact}", remedy)


def _was_executed(cell: Cell) -> bool:
    count = cell.data.get("execution_count")
    return isinstance(count, int) and not isinstance(count, bool)


@rule(
    "PM501",
    "The notebook cannot be read",
    why="A notebook that cannot be read is neither published nor checked nor graded.",
    wrong='<<<<<<< HEAD        (a merge left its marks in the file)\n{"cells": []',
    right='{"cells": [], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}',
)
def unreadable(facts: Facts) -> Iterator[Finding]:
    """Notebooks without a usable shape."""
    for notebook in facts.tree.notebooks():
        fault = shape_fault(notebook)
        if fault:
            fact = f"{fault[:1].upper()}{fault[1:]}.".replace("..", ".")
            yield Finding(notebook.path, 1, fact, "Open it in JupyterLab and save it, or take an older copy.")


@rule(
    "PM502",
    "The notebook has an old format, or its cells have no ids of their own",
    why="Cell ids keep answers, comments and changes at their cell when others are added. Format 4.5 "
    "introduced them.",
    wrong='{"cell_type": "markdown", "source": "…"}        nbformat_minor: 2',
    right='{"cell_type": "markdown", "id": "the-person", "source": "…"}        nbformat_minor: 5',
)
def cell_ids(facts: Facts) -> Iterator[Finding]:
    """Notebooks before 4.5, and cells whose id is missing, odd or used twice."""
    for notebook in facts.notebooks:
        if notebook.nbformat < (4, 5) or notebook.nbformat[0] != 4:
            major, minor = notebook.nbformat
            fact = f"The notebook has format {major}.{minor}."
            yield Finding(
                notebook.path, 1, fact, "Open it in a current JupyterLab and save it; it becomes 4.5."
            )
            continue
        seen: set[str] = set()
        for cell in notebook.cells:
            id = cell.data.get("id")
            if not isinstance(id, str) or not CELL_ID.fullmatch(id):
                yield cell_finding(
                    notebook, cell, "has no id that can be used.", "Give it a readable one, such as `reveal`."
                )
            elif id in seen:
                yield cell_finding(
                    notebook, cell, "has the same id as an earlier cell.", "Give it one of its own."
                )
            seen.add(str(id))


@rule(
    "PM503",
    "The kernel is not python3",
    why="Learners, the site and the grader have one kernel. A private kernel's name works on one "
    "machine only.",
    wrong='"kernelspec": {"name": "my-env"}',
    right='"kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"}',
)
def kernel(facts: Facts) -> Iterator[Finding]:
    """Notebooks for another kernel."""
    for notebook in facts.notebooks:
        spec = notebook.metadata.get("kernelspec")
        name = spec.get("name") if isinstance(spec, Mapping) else None
        if name != "python3":
            fact = f"The notebook's kernel is {name!r:.40}." if name else "The notebook names no kernel."
            yield Finding(notebook.path, 1, fact, "Choose the kernel Python 3 (python3) and save.")


@rule(
    "PM504",
    "The notebook holds widgets or attachments",
    why="Widget states and pasted files are invisible in a review, may hold anything, and do not reach "
    "readers of the site.",
    wrong='"attachments": {"image.png": {"image/png": "iVBORw0…"}}',
    right="A plot made by a code cell, with its text alternative",
)
def hidden_freight(facts: Facts) -> Iterator[Finding]:
    """Widget states in the metadata or an output, and attachments in cells."""
    for notebook in facts.notebooks:
        if "widgets" in notebook.metadata:
            yield Finding(notebook.path, 1, "The notebook stores widget states.", f"Clear them. {RUN}")
        for cell in notebook.cells:
            if cell.data.get("attachments"):
                yield cell_finding(
                    notebook, cell, "has an attachment.", "Remove it; draw the picture with code."
                )
            if any("widget" in str(kind) for output in cell.outputs for kind in output.get("data") or ()):
                yield cell_finding(notebook, cell, "shows a widget.", "Print a table or draw a plot instead.")


@rule(
    "PM505",
    "A code cell was not executed",
    why="Most readers never run a lesson: the stored outputs are the lesson. They are also what the "
    "checks compare.",
    wrong='"execution_count": null',
    right='"execution_count": 3',
)
def not_executed(facts: Facts) -> Iterator[Finding]:
    """Lessons and cases with code cells that have no execution number."""
    for notebook in facts.stored_with_outputs:
        left = [cell for cell in notebook.code() if cell.source.strip() and not _was_executed(cell)]
        if left:
            count = f"{len(left)} code cells were" if len(left) > 1 else "1 code cell was"
            fact = f"{count} not executed; the first is {where(left[0])}."
            yield Finding(notebook.path, left[0].line, fact, RUN)


@rule(
    "PM506",
    "Cells were executed out of order",
    why="A lesson must run from top to bottom. Outputs stored out of order may come from a state "
    "nobody else can reach.",
    wrong="[1] [7] [3]",
    right="[1] [2] [3]",
)
def out_of_order(facts: Facts) -> Iterator[Finding]:
    """The first code cell whose number is not the next one."""
    for notebook in facts.stored_with_outputs:
        expected = 0
        for cell in notebook.code():
            count = cell.data.get("execution_count")
            if not isinstance(count, int):
                continue
            expected += 1
            if count != expected:
                yield cell_finding(notebook, cell, f"was executed as number {count}, not {expected}.", RUN)
                break


@rule(
    "PM507",
    "A cell ended with an error",
    why="Learners think the fault is theirs. To show an error on purpose, catch it and print its message.",
    wrong="ZeroDivisionError: division by zero        (stored in the lesson)",
    right='try:\n    share = 0 / 0\nexcept ZeroDivisionError as problem:\n    print("No share:", problem)',
)
def error_output(facts: Facts) -> Iterator[Finding]:
    """Stored errors."""
    for notebook in facts.stored_with_outputs:
        for cell in notebook.code():
            errors = [output for output in cell.outputs if output.get("output_type") == "error"]
            if errors and "raises-exception" not in cell.tags:
                name = str(errors[0].get("ename", "an error"))[:60]
                yield cell_finding(
                    notebook, cell, f"ended with {name}.", "Mend the cell and run the lesson again."
                )


@rule(
    "PM508",
    "A cell writes to stderr",
    why="Warnings confuse readers, differ between machines, and in graded cells nbgrader gives zero "
    "for them.",
    wrong="FutureWarning: Downcasting behavior in `replace` is deprecated",
    right="(no warning: the cause is mended)",
)
def stderr_output(facts: Facts) -> Iterator[Finding]:
    """Stored output on stderr."""
    for notebook in facts.stored_with_outputs:
        for cell in notebook.code():
            if any(o.get("output_type") == "stream" and o.get("name") == "stderr" for o in cell.outputs):
                yield cell_finding(
                    notebook, cell, "writes to stderr.", "Mend the warning's cause, do not silence it."
                )


@rule(
    "PM509",
    "An output shows a memory address",
    why="An address differs at every run, so that stored outputs can never be compared, and tells "
    "readers nothing.",
    wrong="[<matplotlib.lines.Line2D at 0x7f3c2c1d5e50>]",
    right="plt.show()        (last line of the cell)",
)
def memory_address(facts: Facts) -> Iterator[Finding]:
    """Outputs with something like 0x7f3c2c1d5e50."""
    for notebook in facts.stored_with_outputs:
        for cell in notebook.code():
            found = next((hit for o in cell.outputs if (hit := MEMORY_ADDRESS.search(output_text(o)))), None)
            if found:
                fact = f"shows the memory address {found[0]}."
                yield cell_finding(
                    notebook, cell, fact, "End a plot with plt.show(), and print values, not objects."
                )


@rule(
    "PM510",
    "An assessment is stored with outputs",
    why="Outputs of an assessment's source are those of the solution. They must not lie where learners "
    "may see them.",
    wrong='"outputs": [{"text": "starting dose: 50"}]',
    right='"outputs": [], "execution_count": null',
)
def assessment_outputs(facts: Facts) -> Iterator[Finding]:
    """Cells of an assessment's source that hold outputs."""
    for _, notebook in facts.graded:
        for cell in notebook.code():
            if cell.outputs or cell.data.get("execution_count") is not None:
                remedy = "Clear all outputs in JupyterLab and save."
                yield cell_finding(notebook, cell, "is stored with its output.", remedy)


@rule(
    "PM511",
    "A lesson holds a solution or hidden tests of an assessment",
    why="Lessons are public and published as they are; nothing is cut out of them.",
    wrong="### BEGIN HIDDEN TESTS",
    right=":::{solution} g04-1-check-1\n:class: dropdown\nIntermediate.\n:::",
)
def solution_in_lesson(facts: Facts) -> Iterator[Finding]:
    """nbgrader's marks in lessons; the notebooks of a case are handed out without them."""
    for notebook in facts.lesson_notebooks:
        for cell in notebook.cells:
            if REGION.search(cell.source) or cell.nbgrader.get("grade") or cell.nbgrader.get("solution"):
                fact = "holds a solution or test of an assessment."
                yield cell_finding(
                    notebook, cell, fact, "Move it into the assessment; a checkpoint has a folded solution."
                )


@rule(
    "PM512",
    "Two code cells touch",
    severity="advice",
    why="Between two computations a reader needs to know why the second one follows. On a page without "
    "it the eye runs ahead.",
    wrong="[code] shares = …\n[code] misread = …",
    right="[code] shares = …\n[text] Now the people, for the place chosen above.\n[code] misread = …",
)
def touching_cells(facts: Facts) -> Iterator[Finding]:
    """Code cells right after code cells in a lesson."""
    for notebook in facts.lesson_notebooks:
        for before, cell in zip(notebook.cells, notebook.cells[1:], strict=False):
            if before.kind == cell.kind == "code":
                yield cell_finding(
                    notebook,
                    cell,
                    "follows another code cell without a word.",
                    "Put a sentence between them.",
                )
