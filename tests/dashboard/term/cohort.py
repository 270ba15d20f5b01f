"""A cohort's whole term in a folder of its own: content, people, hand-ins, commands, a running dashboard."""

import json
import os
import re
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

import yaml

from pmcampus.cohortdir import load_cohort, write_cohort
from pmcampus.model.allowance import LateRule
from pmcampus.model.issuer import Issuer
from pmcampus.paper import load_paper
from tests.conftest import REPOSITORY, TWO_MODULES, answered, as_bytes
from tests.intake.archives import archive

COUNTING, RECOUNT = "counting", "recount"
CASE = "a-hard-choice"
CRITERIA = ("evidence", "integration", "ethics-law-equity", "decision", "communication", "process")
NAMES = {
    "ada": "Ada Made-Up",
    "ben": "Ben Invented",
    "cem": "Cem Fictitious",
    "dora": "Dora Nobody",
    "edin": "Edin Imaginary",
    "fay": "Fay Unreal",
}
ROSTER = "learner,name,role,team,email,moodle,canvas,oneroster\n" + "".join(
    f"{id},{name},{'data-scientist' if n % 2 else 'clinician'},{'Heron' if n < 3 else 'Otter'},"
    f"{id}@example.org,{100 + n},{200 + n},sid-{id}\n"
    for n, (id, name) in enumerate(NAMES.items())
)
BAD_ROW = "gil,Gil Made-Up,astronaut,Otter,,,,\n"
RIGHT = "def share(part, whole):\n    return part / whole"
WRONG = "def share(part, whole):\n    return part * whole"
NINE = "We found it in nine of twelve."
ANSWERS = {  # the share, the word, the letter; where nothing is divided, one of four shares is right
    (COUNTING, "ada"): (RIGHT, "positive", f"{NINE} We will look again."),
    (COUNTING, "ben"): (RIGHT, "a positive result", "Nine of twelve."),
    (COUNTING, "cem"): (RIGHT, "positive", f"{NINE} <script>alert(1)</script>"),
    (COUNTING, "dora"): (WRONG, "negative", "Ask your doctor."),
    (RECOUNT, "ada"): (RIGHT, "positive", f"{NINE} Call us at any time."),
    (RECOUNT, "ben"): (RIGHT, "positive", f"{NINE} Three remain."),
    (RECOUNT, "dora"): (RIGHT, "negative", f"{NINE} Your doctor will call."),
}
LETTERS = {  # what the marker gives, by the words of the letter, as no name is shown
    f"{NINE} We will look again.": "4",
    "Nine of twelve.": "2",
    f"{NINE} <script>alert(1)</script>": "4",
    "Ask your doctor.": "1",
    f"{NINE} Call us at any time.": "4",
    f"{NINE} Three remain.": "3",
    f"{NINE} Your doctor will call.": "4",
}
FIXED = (
    'assert str(word).strip().lower() == "positive"',
    'assert "positive" in str(word).strip().lower()',
)


@dataclass(frozen=True)
class Term:
    """Where everything lies, how an instructor's commands are run, and what some of them said."""

    base: Path
    root: Path
    folder: Path
    shop: subprocess.Popen[str]
    said: dict[str, str] = field(default_factory=dict)

    def run(self, *words: str | Path, code: int = 0) -> str:
        """What this command of `pmcampus` says; it must end with this exit code."""
        assert self.shop.stdin is not None and self.shop.stdout is not None
        self.shop.stdin.write(json.dumps([*map(str, words)]) + "\n")
        self.shop.stdin.flush()
        found, said = json.loads(self.shop.stdout.readline())
        assert found == code, f"pmcampus {' '.join(map(str, words))}: {said}"
        assert "Traceback" not in said
        return said

    def notebook(self, learner: str, assessment: str = COUNTING) -> Path:
        """This learner's work in a file."""
        share, word, letter = ANSWERS[assessment, learner]
        paper = load_paper(self.root, assessment)
        path = self.base / "work" / learner / f"{assessment}.ipynb"
        path.parent.mkdir(parents=True, exist_ok=True)
        work = answered(paper, share=share, wrong_word=f'word = "{word}"', letter=letter)
        path.write_bytes(as_bytes(work))
        return path

    def moment(self, days: float) -> str:
        """A moment so many days from now, as a command takes it."""
        return (datetime.now(UTC) + timedelta(days=days)).isoformat(timespec="seconds")

    @contextmanager
    def dashboard(self, folder: Path) -> Iterator[str]:
        """The address with its one-time token of a dashboard in a process of its own."""
        process = subprocess.Popen(
            [sys.executable, "-m", "pmcampus", "dashboard", str(folder)],
            cwd=self.root,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        assert process.stdout is not None
        try:
            line = process.stdout.readline()
            found = re.search(r"http://\S+", line)
            assert found, line
            yield found[0]
        finally:
            process.send_signal(signal.SIGINT)
            said, _ = process.communicate(timeout=20)
            assert "Traceback" not in said, said


@contextmanager
def begun(base: Path) -> Iterator[Term]:
    """The tiny curriculum with a second, parallel assessment and a team case; nobody is enrolled yet."""
    root = Path(shutil.copytree(TWO_MODULES, base / "campus"))
    add_parallel(root)
    with subprocess.Popen(
        [sys.executable, "-m", "tests.dashboard.term.forking"],
        cwd=root,
        env=os.environ | {"PYTHONPATH": os.pathsep.join([str(REPOSITORY), *sys.path])},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as shop:
        yield _new(Term(base, root, base / "autumn", shop))


def _new(term: Term) -> Term:
    term.run("new", "case-study", CASE)
    starts = (datetime.now(UTC) - timedelta(days=30)).date()
    term.run("cohort", "new", term.folder, "--pathway", "clinician", "--starts", starts.isoformat())
    form = load_cohort(term.folder)
    noon = datetime.now(UTC).replace(microsecond=0)
    due = {COUNTING: noon - timedelta(hours=2), RECOUNT: noon + timedelta(days=7)}
    issuer = Issuer(
        name="A Faculty",
        country="DE",
        url="https://learn.example.org",
        quality_assurance="Internal, by the faculty",
        participation="blended",
    )
    late = LateRule(rule="per-day", percent_per_day=10)
    write_cohort(term.folder, form.model_copy(update={"due": due, "late": late, "issuer": issuer}))
    return term


def moodle_archive(term: Term, learners: tuple[str, ...], assessment: str = COUNTING) -> Path:
    """What Moodle gives for *Download all submissions*."""
    files = {
        f"{NAMES[id]}_{100 + list(NAMES).index(id)}_assignsubmission_file_/{assessment}.ipynb": term.notebook(
            id, assessment
        ).read_bytes()
        for id in learners
    }
    return archive(term.base / f"moodle-{assessment}.zip", files)


def score_files(term: Term) -> list[Path]:
    """What two markers give each team: they differ by one at every second criterion."""
    plan = yaml.safe_load((term.folder / "cases" / CASE / "plan.yaml").read_text("utf-8"))
    files = []
    for team in (one["id"] for one in plan["teams"]):
        for marker, step in (("first-marker", 0), ("second-marker", 1)):
            levels = {name: 1 + n % 3 + step * (n % 2) for n, name in enumerate(CRITERIA)}
            path = term.base / f"{team}-{marker}.yaml"
            path.write_text(yaml.safe_dump({"team": team, "marker": marker, "criteria": levels}), "utf-8")
            files.append(path)
    return files


def mend(term: Term) -> None:
    """The author corrects a hidden test that was too strict."""
    path = term.root / "assessments" / COUNTING / f"{COUNTING}.ipynb"
    text = path.read_text("utf-8")
    before, after = (part.replace('"', '\\"') for part in FIXED)
    assert before in text
    path.write_text(text.replace(before, after), "utf-8")
    os.utime(path)


def add_parallel(root: Path) -> None:
    """`recount`, which asks the same at the end of the term, for the first module."""
    shelf = root / "assessments"
    shutil.copytree(shelf / COUNTING, shelf / RECOUNT)
    (shelf / RECOUNT / f"{COUNTING}.ipynb").rename(shelf / RECOUNT / f"{RECOUNT}.ipynb")
    form = shelf / RECOUNT / "assessment.yaml"
    text = form.read_text("utf-8").replace("title: Counting", "title: The recount")
    form.write_text(text.replace("module: second-steps", "module: first-steps"), "utf-8")
    module = root / "modules" / "first-steps" / "module.yaml"
    module.write_text(
        module.read_text("utf-8").replace("roadmap:", f"assessment: {RECOUNT}\nroadmap:"), "utf-8"
    )
