"""The same submissions through `otter run`, otter-grader's own way without containers.

otter-grader asks for other versions of what we use, so it lives in an environment of its own, named by
OTTER_PYTHON, which must also hold the lessons' libraries. Its autograder gets the same checks: each test
cell with its hidden tests becomes a test file, passed when the cell gives all of its points.
"""

import json
import os
import subprocess
import time
from pathlib import Path

import nbformat

from pmcampus.model.notebook import name_of
from pmcampus.paper import Paper
from pmcampus.receive import receive
from pmcampus.restore import restore

MOST = 10  # otter starts a program for each submission; the seconds for one are what is compared
TEST = """\
import ast

from otter.test_files import test_case

OK_FORMAT = False
name = {name!r}
points = {points!r}
SOURCE = {source!r}


@test_case(points={points!r})
def check(env):
    names, tree = dict(env), ast.parse(SOURCE)
    last = tree.body.pop() if isinstance(tree.body[-1], ast.Expr) else None
    exec(compile(tree, name, "exec"), names)
    score = eval(compile(ast.Expression(last.value), name, "eval"), names) if last else None
    assert score is None or score >= points
"""


def otter(folder: Path, paper: Paper, work: dict[str, bytes]) -> dict[str, float]:
    """Seconds for the first submissions, one after the other, and how many earned all points of an item."""
    run = Path(os.environ["OTTER_PYTHON"]).with_name("otter")
    folder.mkdir(parents=True)
    _autograder(folder, paper, run)
    chosen = dict(list(work.items())[:MOST])
    for learner, content in chosen.items():
        notebook = restore(paper.official, receive(content, answers=paper.answers)).notebook
        notebook.cells = [cell for cell in notebook.cells if name_of(cell) not in paper.points()]
        notebook.metadata.kernelspec = {"name": "python3", "display_name": "Python 3", "language": "python"}
        (folder / f"{learner}.ipynb").write_text(nbformat.writes(notebook, 4), "utf-8")
    full, began = 0, time.monotonic()
    for learner in chosen:
        said = subprocess.run(
            [run, "run", f"{learner}.ipynb", "-a", "autograder.zip", "-o", ".", "--no-logo"],
            cwd=folder, capture_output=True, text=True, check=False,
        )  # fmt: skip
        results = folder / "results.json"
        if said.returncode or not results.is_file():
            raise SystemExit(f"otter_run.py: otter could not mark {learner}:\n{said.stdout}{said.stderr}")
        tests = json.loads(results.read_text("utf-8"))["tests"]
        full += sum(test.get("max_score", 0) > 0 and test["score"] == test["max_score"] for test in tests)
        results.unlink()
    return {"seconds": time.monotonic() - began, "submissions": len(chosen), "full": full}


def _autograder(folder: Path, paper: Paper, run: Path) -> None:
    (folder / "tests").mkdir()
    for cell in paper.official.cells:
        if cell.cell_type == "code" and name_of(cell) in paper.points():
            text = TEST.format(name=name_of(cell), points=paper.points()[name_of(cell)], source=cell.source)
            (folder / "tests" / f"{name_of(cell).replace('-', '_')}.py").write_text(text, "utf-8")
    (folder / "otter_config.json").write_text(json.dumps({"show_stdout": False}), "utf-8")
    for name, content in paper.data.items():
        (folder / name).write_bytes(content)
    command = [
        run,
        "generate",
        "-t",
        "tests",
        "-o",
        "autograder.zip",
        "--no-environment",
        "--no-requirements",
    ]
    said = subprocess.run(
        [*command, *paper.data], cwd=folder, capture_output=True, text=True, check=False
    )  # fmt: skip
    if said.returncode:
        raise SystemExit(f"otter_run.py: otter could not make its autograder:\n{said.stdout}{said.stderr}")
