"""The hostile suite against stock `nbgrader autograde`: what each attack earns there, and what it earns here.

Run `python benchmarks/hostile.py`; it takes some minutes and writes build/bench/hostile.json, and
`python benchmarks/keep.py` takes that into the documentation. Both graders get the same notebooks, made from
`tests/hostile/attacks.py` and from the tampered files of `tests/hostile/test_files.py`.

Stock nbgrader has no sandbox, so it runs here in namespaces of its own (util-linux's `unshare`): a private
/tmp and home, no network, and every process ends with it. That changes no score. Attacks that could harm the
machine all the same are not run, and the table says so.
"""

import json
import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterable
from copy import deepcopy
from dataclasses import replace
from importlib.metadata import version
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[1]))

import nbformat
from nbformat import NotebookNode
from nbgrader.api import Gradebook
from tests.conftest import TWO_MODULES, answered, as_bytes
from tests.hostile import test_files as files
from tests.hostile.attacks import ATTACKS, Attack

from pmcampus.coursedir import official_version, release_version
from pmcampus.errors import GradingError
from pmcampus.marking import mark
from pmcampus.model.notebook import name_of
from pmcampus.paper import Paper, load_paper

REPOSITORY = Path(__file__).parents[1]
ASSIGNMENT = "counting"
# Loopback is down in a new network namespace, and stock kernels speak TCP on it.
LOOPBACK = (
    "import fcntl, socket, struct; fcntl.ioctl(socket.socket(), 0x8914, struct.pack('16sh14x', b'lo', 1))"
)
BIN = Path(sys.executable).parent
CELL_SECONDS = 10
RUN_SECONDS = 900
RESULT = REPOSITORY / "build" / "bench" / "hostile.json"
POINTS = {"share-check": 4.0, "wrong-word-check": 2.0}
NOT_RUN = "not run: would harm this machine"
HARMFUL = {
    "a fork bomb",
    "memory taken in every way",
    "disk and names filled",
    "a loop that ignores interrupts",
    "a loop in native code",
    "a gigabyte of output",
    "a million displays",
    "messages forged on every open channel",
    "gradebook, sources, neighbours, secrets",
    "every way out",
    "system calls tried one by one",
    "shell commands",
    "files named like libraries",
}
TAMPERED = (
    ("H26", "a locked cell changed", files.edit_check),
    ("H26", "graded cells deleted", files.delete_check),
    ("H27", "a graded cell copied", files.double_check),
    ("H27", "an answer copied, the copy broken", files.double_answer),
    ("H27", "an answer split in two", files.split_answer),
    ("H28", "points, versions and kernel edited", files.retype_everything),
    ("H29", "a kernel with a command of its own", files.own_kernel),
    ("H32", "odd letters and a very long line", files.odd_letters),
)
BROKEN = (
    ("H33", "a file that is cut off", b'{"cells": ['),
    ("H33", "a notebook of format 3", b'{"nbformat": 3, "worksheets": [], "cells": []}'),
    ("H33", "a notebook of format 99", b'{"nbformat": 99, "cells": []}'),
    ("H33", "bytes that are no text", b"\x80\x81"),
)
# Points that an item takes from the answer itself, as some courses do; and an honest answer that warns.
TAKEN = (
    ("H06", "points taken from the answer: not a number", "float('nan')"),
    ("H06", "points taken from the answer: below zero", "-2"),
    ("H06", "points taken from the answer: a text", "'four'"),
    ("H06", "points taken from the answer: too many", "200"),
)
WARNS = """\
def share(part, whole):
    import warnings
    warnings.warn("soon", FutureWarning)
    return part / whole"""
# What is no answer to an item: tested for ours, and nothing that can be scored in both.
OTHERS = (
    ("H13", "links out of the folder, pipes", "named, others marked", "tests/hostile/test_files.py"),
    ("H14", "paths in names and ids", "refused", "tests/hostile/test_files.py"),
    ("H15", "ten gigabytes of nothing", "refused unread", "tests/hostile/test_files.py"),
    ("H23", "facts told by timing", "bounded, not prevented", "the guide on how a mark is made"),
    ("H30", "scripts in prose, outputs and names", "inert on every page", "tests/hostile/test_pages.py"),
    ("H31", "widgets and other forms of output", "left out", "tests/hostile/test_pages.py"),
    ("H38", "the same work handed in twice", "marked once", "tests/hostile/test_files.py"),
    ("H39", "a mate's sealed commitment", "denied and logged", "tests/teamwork"),
)


Scores = dict[str, float | None]


def item(attack: Attack) -> str:
    """The graded cell that the attack is about."""
    return next(iter(attack.earns), "wrong-word-check")


def told(score: float | None, points: float) -> str:
    return "no score" if score is None else f"{score:g} of {points:g}"


def seen(cells: Iterable[Any]) -> str:
    """What an attack printed to have got hold of; empty when that is nothing."""
    text = " ".join(
        str(output.get("text", ""))
        for cell in cells
        if cell.cell_type == "code"
        for output in cell.get("outputs", ())
    )
    found = re.search(r"SEEN (.*)", text)
    nothing = found is None or found[1].strip() in ("[]", "[] []", "True")
    return "" if found is None or nothing else found[1].strip()[:160]


def ours(paper: Paper, handed_in: bytes) -> tuple[Scores, bool, str, str]:
    """Score by graded cell, whether people are told, what the attack saw, and why it was refused."""
    try:
        marked = mark(paper, handed_in)
    except GradingError as problem:
        raise SystemExit(f"hostile.py: our grader failed ({problem}); nothing was written.") from problem
    items = {found.cell: found.score for found in marked.verdict.items}
    cells = marked.notebook.cells if marked.notebook else ()
    theirs = [cell for cell in cells if name_of(cell) not in POINTS]
    told_people = bool(marked.verdict.flags or marked.verdict.notes)
    return items, told_people, seen(theirs), str(marked.verdict.refused or "")


def stock(
    source: NotebookNode, work: dict[str, bytes]
) -> dict[str, tuple[dict[str, float | None] | None, str]]:
    """Score by graded cell and what was seen, for each learner; None when nbgrader did not grade them."""
    place = REPOSITORY / "build"
    place.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory(dir=place, prefix="hostile-") as folder:
        course = Path(folder)
        (course / "nbgrader_config.py").write_text(
            "c = get_config()\nc.CourseDirectory.course_id = 'hostile'\n"
            f"c.CourseDirectory.root = {folder!r}\n"
        )
        (course / "source" / ASSIGNMENT).mkdir(parents=True)
        nbformat.write(source, course / "source" / ASSIGNMENT / f"{ASSIGNMENT}.ipynb", 4)
        said = call(course, "generate_assignment", ASSIGNMENT, "--create")
        for learner, content in work.items():
            file = course / "submitted" / learner / ASSIGNMENT / f"{ASSIGNMENT}.ipynb"
            file.parent.mkdir(parents=True)
            file.write_bytes(content)
        said += call(course, "autograde", ASSIGNMENT, f"--Execute.timeout={CELL_SECONDS}")
        if not (course / "gradebook.db").exists():
            raise SystemExit(f"hostile.py: nbgrader made no gradebook.\n{said[-3000:]}")
        return {learner: read(course, learner) for learner in work}


def fairly(source: NotebookNode, work: dict[str, bytes]) -> dict[str, tuple[Scores | None, str]]:
    """The same; whom nbgrader did not grade is handed in once more, as a busy machine can be the reason."""
    found = stock(source, work)
    lost = {learner: work[learner] for learner, (scores, _) in found.items() if scores is None}
    return found | (stock(source, lost) if lost else {})


def call(course: Path, *words: str) -> str:
    """A command of nbgrader, alone with its folder; what it said."""
    inside = (
        f"mount -t tmpfs none /tmp && mount -t tmpfs none /dev/shm && mkdir -p /tmp/home && "
        f'"{sys.executable}" -c "{LOOPBACK}" && exec "{BIN}/nbgrader" {" ".join(words)}'
    )
    try:
        ran = subprocess.run(
            ["unshare", "-Urmnpf", "--kill-child", "--mount-proc", "sh", "-c", inside],
            cwd=course,
            env={"PATH": f"{BIN}:/usr/bin:/bin:/usr/sbin:/sbin", "HOME": "/tmp/home", "LANG": "C.UTF-8"}
            | {"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"},
            capture_output=True,
            text=True,
            errors="replace",
            timeout=RUN_SECONDS,
        )
    except subprocess.TimeoutExpired as problem:
        raise SystemExit(f"hostile.py: nbgrader did not end in {RUN_SECONDS} s.") from problem
    return ran.stdout + ran.stderr


def read(course: Path, learner: str) -> tuple[Scores | None, str]:
    """What nbgrader's gradebook says about a learner."""
    marked = course / "autograded" / learner / ASSIGNMENT / f"{ASSIGNMENT}.ipynb"
    if not marked.exists():
        return None, ""
    with Gradebook(f"sqlite:///{course}/gradebook.db", course_id="hostile") as book:
        submission = book.find_submission(ASSIGNMENT, learner)
        scores = {g.name: g.auto_score for n in submission.notebooks for g in n.grades}
    cells = [cell for cell in nbformat.read(marked, 4).cells if name_of(cell) not in POINTS]
    return scores, seen(cells)


def row(number: str, name: str, cell: str, deserves: str) -> dict[str, Any]:
    return {"number": number, "name": name, "cell": cell, "deserves": deserves}


def attacks(paper: Paper) -> list[dict[str, Any]]:
    """Every attack on an item, in both graders."""
    work = {
        f"learner-{number:02}": as_bytes(
            answered(paper, share=attack.share, wrong_word=attack.word, letter="Nine.")
        )
        for number, attack in enumerate(ATTACKS)
    }
    harmless = {
        learner: content
        for (learner, content), attack in zip(work.items(), ATTACKS, strict=True)
        if attack.name not in HARMFUL
    }
    theirs = fairly(paper.source, harmless)
    rows = []
    for (learner, content), attack in zip(work.items(), ATTACKS, strict=True):
        cell = item(attack)
        points = POINTS[cell]
        deserved = attack.earns.get(cell, points)
        scores, flagged, saw, _ = ours(paper, content)
        found = row(attack.number, attack.name, cell, told(deserved, points))
        found |= {"ours": told(scores[cell], points), "flagged": flagged, "ours_saw": saw}
        found["ours_right"] = scores[cell] == deserved and not saw
        if learner not in theirs:
            found |= {"stock": NOT_RUN, "stock_saw": "", "stock_right": None}
        else:
            marks, saw = theirs[learner]
            found["stock"] = "not graded" if marks is None else told(marks.get(cell), points)
            found["stock_saw"] = saw
            found["stock_right"] = marks is not None and marks.get(cell) == deserved and not saw
        rows.append(found)
        print(found["number"], found["name"], "| ours", found["ours"], "| stock", found["stock"], flush=True)
    return rows


def taking(paper: Paper) -> Paper:
    """The same assessment with an item whose points are what the learner's function returns."""
    source = deepcopy(paper.source)
    [check] = [cell for cell in source.cells if name_of(cell) == "share-check"]
    check.source = "### BEGIN HIDDEN TESTS\nshare(9, 12)\n### END HIDDEN TESTS"
    return replace(paper, source=source, official=official_version(source), release=release_version(source))


def on_share(paper: Paper, cases: Iterable[tuple[str, str, str, float]]) -> list[dict[str, Any]]:
    """Answers to the item `share`, each with what it deserves."""
    kept = list(cases)
    work = {
        f"learner-{place:02}": as_bytes(answered(paper, share=code, wrong_word=files.RIGHT["wrong_word"]))
        for place, (_, _, code, _) in enumerate(kept)
    }
    theirs = fairly(paper.source, work)
    rows = []
    for (learner, content), (number, name, _, deserved) in zip(work.items(), kept, strict=True):
        scores, flagged, _, _ = ours(paper, content)
        marks = theirs[learner][0]
        found = row(number, name, "share-check", told(deserved, 4))
        found |= {"ours": told(scores["share-check"], 4), "flagged": flagged, "ours_saw": ""}
        found |= {"ours_right": scores["share-check"] == deserved, "stock_saw": ""}
        found["stock"] = "not graded" if marks is None else told(marks.get("share-check"), 4)
        found["stock_right"] = marks is not None and marks.get("share-check") == deserved
        rows.append(found)
        print(found["number"], found["name"], "| ours", found["ours"], "| stock", found["stock"], flush=True)
    return rows


def tampered(paper: Paper) -> list[dict[str, Any]]:
    """Tampered and broken files, each in a run of its own, with an honest learner after it."""
    right = as_bytes(answered(paper, **files.RIGHT))
    total = sum(POINTS.values())
    rows = []
    cases = [(number, name, files.changed(paper, change)) for number, name, change in TAMPERED]
    for number, name, content in (*cases, *BROKEN):
        scores, flagged, _, refused = ours(paper, content)
        theirs = stock(paper.source, {"a-case": content, "b-honest": right})
        marks, after = theirs["a-case"][0], theirs["b-honest"][0]
        whole = None if marks is None else sum(marks.get(cell) or 0.0 for cell in POINTS)
        broken = (number, name, content) in BROKEN
        found = row(number, name, "", "refused" if broken else told(total, total))
        mine = sum(scores.get(cell) or 0.0 for cell in POINTS)
        reason = refused.partition(";")[0].partition(" (")[0].rstrip(".")
        found["ours"] = f"refused: {reason}" if refused else told(mine, total)
        found |= {"flagged": flagged or bool(refused), "ours_saw": "", "stock_saw": ""}
        found["ours_right"] = bool(refused) if broken else mine == total
        found["stock"] = "not graded" if whole is None else told(whole, total)
        lost = after is None
        found["stock"] += "; the learner after it neither" if lost else ""
        found["stock_right"] = (whole is None if broken else whole == total) and not lost
        rows.append(found)
        print(found["number"], found["name"], "| ours", found["ours"], "| stock", found["stock"], flush=True)
    return rows


def main() -> None:
    if any(Path(place).is_relative_to("/tmp") for place in (REPOSITORY, sys.prefix)):
        raise SystemExit("hostile.py: nbgrader gets a /tmp of its own; run this in a checkout elsewhere.")
    paper = load_paper(TWO_MODULES, ASSIGNMENT)
    rows = attacks(paper)
    rows += on_share(
        taking(paper), [(n, what, f"def share(part, whole):\n    return {c}", 0.0) for n, what, c in TAKEN]
    )
    rows += on_share(paper, [("honest", "a right answer that warns", WARNS, 4.0)])
    rows += tampered(paper)
    rows += [
        row(number, name, "", "") | {"ours": outcome, "shown_in": where, "stock": "not compared"}
        for number, name, outcome, where in OTHERS
    ]
    rows.sort(key=lambda found: found["number"])
    result = {
        "versions": {name: version(name) for name in ("nbgrader", "nbclient", "ipykernel", "ipython")},
        "cell_seconds": CELL_SECONDS,
        "cases": rows,
    }
    RESULT.parent.mkdir(parents=True, exist_ok=True)
    RESULT.write_text(json.dumps(result, indent=1, ensure_ascii=False) + "\n", "utf-8")
    compared = [found for found in rows if found.get("stock_right") is not None]
    good = sum(found["stock_right"] for found in compared)
    mine = sum(found.get("ours_right", False) for found in rows)
    print(
        f"ours right in {mine} of {len(rows) - len(OTHERS)}; stock in {good} of {len(compared)} that were run"
    )


if __name__ == "__main__":
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    main()
