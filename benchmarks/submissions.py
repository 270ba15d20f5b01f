"""Submissions to a real assessment for the benchmarks: answers of its banks, mixed as a cohort mixes them."""

import random
from copy import deepcopy
from pathlib import Path

import nbformat
import yaml

from pmcampus.model.answers import AnswerBank
from pmcampus.model.notebook import name_of
from pmcampus.paper import Paper, load_paper
from pmcampus.variants import course_number

REPOSITORY = Path(__file__).parents[1]
ASSESSMENT = "pharmacogenomics-in-prescribing"
KEY = b"of no cohort: benchmarks only..."  # so that the numbers in the notebooks are the learners' own
RIGHT, WRONG, OTHER = 0.6, 0.25, 0.1  # reference, a named wrong answer, another right one; the rest is blank


def real_paper() -> Paper:
    """The real assessment."""
    return load_paper(REPOSITORY, ASSESSMENT)


def submissions(paper: Paper, count: int, *, seed: int = 1) -> dict[str, bytes]:
    """So many submissions by learner's id, the same ones every time, each with its own course number."""
    dice = random.Random(seed)
    banks = {
        path.stem: AnswerBank.model_validate(yaml.safe_load(path.read_text("utf-8")))
        for path in sorted((paper.folder / "wrong-answers").glob("*.yaml"))
    }
    made = {}
    for number in range(count):
        learner = f"learner-{number:03}"
        notebook = deepcopy(paper.release)
        for cell in notebook.cells:
            name = name_of(cell)
            if name in paper.references:
                cell.source = f"{cell.source}\n{_answer(paper, banks, name, learner, dice)}"
        made[learner] = nbformat.writes(notebook, 4).encode()
    return made


def _answer(paper: Paper, banks: dict[str, AnswerBank], name: str, learner: str, dice: random.Random) -> str:
    variant = paper.form.variant
    if variant and name == variant.cell:
        return f"{variant.name} = {course_number(KEY, assessment=paper.id, learner=learner, variant=variant)}"
    if name not in banks:
        return paper.references[name]
    chance = dice.random()
    if chance < RIGHT:
        return paper.references[name]
    if chance < RIGHT + WRONG:
        return dice.choice(banks[name].wrong).code
    return dice.choice(banks[name].right).code if chance < RIGHT + WRONG + OTHER else ""
