"""Marking the real assessment: `pmcampus grade` against stock `nbgrader autograde`, otter and the floor.

One run, the same submissions, the ways one after another, and the scores compared one by one:

* stock: `nbgrader autograde`, as it comes
* warm: the same command with our kernel by name
* pmcampus: `pmcampus grade`, sandbox and outside judging on
* floor: the bare cells by `exec` in forks of one warm process, on all cores
* otter: `otter run` on the first of them, when OTTER_PYTHON names an environment with otter-grader

Run `python benchmarks/grading.py [COUNT]`; figures go to build/bench/grading.json.
"""

import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime
from pathlib import Path
from threading import Event, Thread

sys.path.insert(0, str(Path(__file__).parent))

from otter_run import otter
from submissions import ASSESSMENT, KEY, REPOSITORY, real_paper, submissions

from pmcampus.cohort import new
from pmcampus.cohortdir import load_cohort, write_roster
from pmcampus.cohorts.handin import hand_in
from pmcampus.marking import PER_CORE
from pmcampus.model.cohort import Learner
from pmcampus.paper import Paper

COUNT = 100
BIN = Path(sys.executable).parent


def cohort(folder: Path, work: dict[str, bytes]) -> None:
    """A cohort in which everybody has handed in."""
    new(folder, root=REPOSITORY, pathway="clinician", starts=date(2026, 10, 5), key=KEY)
    people = [Learner(id=name, name=name, role="clinician", team="one") for name in work]
    write_roster(folder, load_cohort(folder), people)
    for name, content in work.items():
        file = folder.parent / f"{ASSESSMENT}.ipynb"
        file.write_bytes(content)
        hand_in(folder, name, file, root=REPOSITORY, at=datetime(2026, 11, 1, tzinfo=UTC))


def scores(folder: Path) -> dict[str, dict[str, float | None]]:
    """Automatic scores by learner and cell, as nbgrader's own tables have them."""
    from nbgrader.api import Gradebook

    book = Gradebook(f"sqlite:///{folder / 'gradebook.db'}")
    try:
        return {
            s.student.id: {g.name: g.auto_score for n in s.notebooks for g in n.grades}
            for s in book.assignment_submissions(ASSESSMENT)
        }
    finally:
        book.close()


def timed(command: list[str], *, folder: Path, environment: dict[str, str] | None = None) -> dict[str, float]:
    """Seconds of wall clock and processor, and the peak of all its processes' memory in MB."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    done, peak = Event(), [0.0]
    started = time.monotonic()
    process = subprocess.Popen(
        command,
        cwd=folder,
        env={**os.environ, **(environment or {})},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    watcher = Thread(target=_watch, args=(process.pid, done, peak))
    watcher.start()
    said, _ = process.communicate()
    seconds = time.monotonic() - started
    done.set()
    watcher.join()
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    if process.returncode not in (0, 1):
        raise SystemExit(said)
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return {"seconds": seconds, "cpu": cpu, "peak_mb": peak[0]}


def _watch(pid: int, done: Event, peak: list[float]) -> None:
    """The proportional memory of a process and all below it, looked at again and again."""
    while not done.wait(0.2):
        peak[0] = max(peak[0], sum(map(_memory, _below(pid))))


def _below(pid: int) -> list[int]:
    found = [pid]
    for place in found:
        try:
            tasks = list(Path(f"/proc/{place}/task").iterdir())
            found += [int(child) for task in tasks for child in (task / "children").read_text().split()]
        except OSError:
            continue
    return found


def _memory(pid: int) -> float:
    try:
        for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
            if line.startswith("Pss:"):
                return int(line.split()[1]) / 1024
    except OSError:
        pass
    return 0.0


def stock(folder: Path, kernel: str | None = None) -> dict[str, float]:
    command = [str(BIN / "nbgrader"), "autograde", ASSESSMENT, "--force"]
    if kernel:
        command.append(f"--Execute.kernel_name={kernel}")
    return timed(command, folder=folder, environment={"PATH": f"{BIN}:{os.environ['PATH']}"})


def ours(folder: Path) -> dict[str, float]:
    command = [str(BIN / "pmcampus"), "grade", str(folder), ASSESSMENT, "--again", "--root", str(REPOSITORY)]
    return timed(command, folder=folder) | {"under_way": PER_CORE * (os.cpu_count() or 1)}


def floor(paper: Paper, work: dict[str, bytes]) -> dict[str, float]:
    """The bare cells: no sandbox, no notebook machinery, nothing kept."""
    from pmcampus.kernels.engine import preload
    from pmcampus.receive import receive
    from pmcampus.restore import restore

    for module in preload(paper.source.cells):
        __import__(module)
    sources = []
    for content in work.values():
        restored = restore(paper.official, receive(content, answers=paper.answers)).notebook
        sources.append([cell.source for cell in restored.cells if cell.cell_type == "code"])
    started = time.monotonic()
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        list(pool.map(_bare, sources))
    return {"seconds": time.monotonic() - started}


def _bare(cells: list[str]) -> None:
    child = os.fork()
    if child == 0:
        try:
            os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
            names: dict[str, object] = {"__name__": "__main__"}
            for source in cells:
                try:
                    exec(compile(source, "cell", "exec"), names)
                except BaseException:
                    continue
        finally:
            os._exit(0)
    os.waitpid(child, 0)


def differences(
    one: dict[str, dict[str, float | None]], other: dict[str, dict[str, float | None]]
) -> list[str]:
    """Scores that differ, one by one."""
    return [
        f"{learner} {cell}: {one[learner].get(cell)} and {other[learner].get(cell)}"
        for learner in sorted(one)
        for cell in sorted(one[learner])
        if one[learner].get(cell) != other.get(learner, {}).get(cell)
    ]


def main(count: int, ways: list[str]) -> None:
    paper = real_paper()
    work = submissions(paper, count)
    found: dict[str, object] = {"submissions": count, "cores": os.cpu_count()}
    kept: dict[str, dict[str, dict[str, float | None]]] = {}
    run: dict[str, Callable[[Path], dict[str, float]]] = {
        "stock": stock,
        "warm": lambda folder: stock(folder, "pmcampus"),
        "pmcampus": ours,
        "floor": lambda folder: floor(paper, work),
    }
    for way in ways:
        with tempfile.TemporaryDirectory() as place:
            folder = Path(place) / "cohort"
            if way == "otter":
                found[way] = otter(folder, paper, work)
                print(way, found[way], flush=True)
                continue
            cohort(folder, work)
            if way in ("stock", "warm"):  # the course as nbgrader wants it, made by our own lay-out
                prepare(folder, paper)
            found[way] = run[way](folder)
            if way != "floor":
                kept[way] = scores(folder)
        print(way, found[way], flush=True)
    reference = kept.get("stock", {})
    for way, marks in kept.items():
        if way != "stock" and reference:
            found[f"{way}_differs"] = differences(reference, marks)
            print(
                way,
                "differs from stock in",
                len(found[f"{way}_differs"]),
                "scores",
                found[f"{way}_differs"][:5],
            )
    if "stock" in found:
        base = found["stock"]["seconds"]  # type: ignore[index]
        ratios = {
            way: round(base / found[way]["seconds"], 1)  # type: ignore[index]
            for way in ways
            if way not in ("stock", "otter")
        }
        found["ratios"] = ratios
        print("times faster than stock:", ratios)
    if "otter" in found and "pmcampus" in found:
        each = found["otter"]["seconds"] / found["otter"]["submissions"]  # type: ignore[index]
        found["against_otter"] = round(each * count / found["pmcampus"]["seconds"], 1)  # type: ignore[index]
        print("pmcampus against otter run, for each submission:", found["against_otter"], "times faster")
    out = REPOSITORY / "build" / "bench"
    out.mkdir(parents=True, exist_ok=True)
    (out / "grading.json").write_text(json.dumps(found, indent=1) + "\n", "utf-8")


def prepare(folder: Path, paper: Paper) -> None:
    """nbgrader's folders, its database with the assessment's cells and the learners."""
    from pmcampus import gradebook
    from pmcampus.cohort import role_ids
    from pmcampus.cohortdir import database_url, load_roster, stored_url
    from pmcampus.coursedir import lay_out, save_cells

    form = load_cohort(folder)
    url = database_url(folder, form)
    with gradebook.open_gradebook(url, form.course) as book:
        gradebook.enrol(book, load_roster(folder, form, roles=role_ids(REPOSITORY)))
        gradebook.open_assessment(book, ASSESSMENT, None)
    save_cells(paper.official, database=url, course_id=form.course, assessment=ASSESSMENT)
    lay_out(
        folder,
        course_id=form.course,
        database=stored_url(folder, form),
        assessment=ASSESSMENT,
        source=paper.source,
    )


if __name__ == "__main__":
    usual = ["stock", "warm", "pmcampus", "floor"] + ["otter"] * ("OTTER_PYTHON" in os.environ)
    main(int(sys.argv[1]) if sys.argv[1:] else COUNT, sys.argv[2:] or usual)
