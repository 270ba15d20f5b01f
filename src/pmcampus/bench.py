"""Where proofs have answers judged: in the sandbox of learners' answers, by the checker that marks them."""

import os
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed

from pmcampus.checker import judge
from pmcampus.errors import GradingError
from pmcampus.isolation import run_isolated
from pmcampus.kernels import engine
from pmcampus.kernels.parent import WarmParent
from pmcampus.marking import PER_CORE, ready
from pmcampus.model.assessment import answer_cell
from pmcampus.model.notebook import name_of
from pmcampus.paper import Paper
from pmcampus.proofs.steadiness import PLACES
from pmcampus.proofs.subject import VALUES, Outcome, Subject, Trial, notebook

Tell = Callable[[int, int], None]


class Bench:
    """Judges trials, each in processes of its own, and remembers what came of them.

    Args:
        paper: the assessment.
        subject: the same, as its proofs see it.
        tell: called after each trial with how many are done, and how many were asked for so far.
    """

    def __init__(self, paper: Paper, subject: Subject, tell: Tell) -> None:
        self.paper, self.subject, self.tell = paper, subject, tell
        self.known: dict[Trial, Outcome] = {}
        self._usual, self.sandbox = ready(paper, unsafe=True)
        self._parents: dict[str, WarmParent] = {"usual": self._usual}
        self._making = threading.Lock()

    @property
    def count(self) -> int:
        """How many notebooks were judged."""
        return len(self.known)

    @property
    def told(self) -> tuple[str, ...]:
        """Everything that checks said about the answers, each once."""
        said = {v.message for o in self.known.values() for v in o.verdicts.values() if v.message}
        return tuple(sorted(said))

    def judge(self, trials: Sequence[Trial]) -> dict[Trial, Outcome]:
        """What came of each trial; one that was judged before is not judged again."""
        todo = [trial for trial in dict.fromkeys(trials) if trial not in self.known]
        done, total = len(self.known), len(self.known) + len(todo)
        with ThreadPoolExecutor(PER_CORE * (os.cpu_count() or 1)) as pool:
            waiting = {pool.submit(self._one, trial): trial for trial in todo}
            for future in as_completed(waiting):
                self.known[waiting[future]] = future.result()
                done += 1
                self.tell(done, total)
        return {trial: self.known[trial] for trial in trials}

    def _one(self, trial: Trial) -> Outcome:
        made = notebook(self.subject, trial)
        try:
            ran = run_isolated(
                made,
                self.paper.answer_names,
                parent=self._parent(trial.place),
                data=self.paper.data,
                cell_seconds=self.paper.form.limits.cell_seconds,
                inside=self.paper.form.verdict == "in-kernel",
            )
        except GradingError as problem:
            return Outcome(fault=str(problem))
        values: dict[str, str] = {}
        for cell in ran.notebook.cells:
            if name_of(cell).startswith(VALUES):
                printed = "".join(o.text for o in cell.outputs if o.get("name") == "stdout")
                values |= dict(line.partition("\t")[::2] for line in printed.splitlines())
        starters = dict(self.subject.starters)
        verdicts = judge(ran.notebook, starters=starters, refused=ran.refused)
        return Outcome({answer_cell(v.cell): v for v in verdicts if not v.cell.startswith(VALUES)}, values)

    def _parent(self, place: str) -> WarmParent:
        with self._making:
            if place not in self._parents:
                self._parents[place] = engine.engine(
                    self.paper.source.cells, sandbox=self._usual.sandbox, variables=PLACES[place]
                )
            return self._parents[place]
