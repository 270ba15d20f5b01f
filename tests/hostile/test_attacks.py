"""Each attack is handed in, marked for real, and earns what it deserves; the item beside it is untouched."""

import os
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from pmcampus.marking import Marked, mark
from pmcampus.model.notebook import is_answer, name_of
from pmcampus.paper import Paper
from tests.conftest import answered, as_bytes
from tests.hostile.attacks import ATTACKS, SHARE, WORD, Attack

pytestmark = pytest.mark.kernel

FULL = {"share-check": 4.0, "wrong-word-check": 2.0}
SECRETS = ("sounds good and is not", "of 4 shares right", "HIDDEN TESTS")
SECONDS = 60


def marked(paper: Paper, share: str = SHARE, word: str = WORD) -> Marked:
    """The outcome of handing this in."""
    return mark(paper, as_bytes(answered(paper, share=share, wrong_word=word, letter="Nine.")))


def of_learner(outcome: Marked) -> Iterator[str]:
    """Everything that the learner's own cells wrote."""
    assert outcome.notebook is not None
    for cell in outcome.notebook.cells:
        if cell.cell_type == "code" and (is_answer(cell) or not name_of(cell)):
            yield str(cell.outputs)


@pytest.mark.parametrize("attack", ATTACKS, ids=str)
def test_an_attack_earns_what_it_deserves(paper: Paper, attack: Attack) -> None:
    """The item beside it keeps its points, people are told, no hidden text is seen, and it ends in time."""
    started = time.monotonic()

    outcome = marked(paper, attack.share, attack.word)

    items = {item.cell: item for item in outcome.verdict.items}
    assert FULL | attack.earns == {cell: items[cell].score for cell in FULL}
    assert attack.flag in " ".join(outcome.verdict.flags)
    assert attack.says in " ".join(item.message for item in items.values())
    seen = " ".join(of_learner(outcome))
    assert not [secret for secret in SECRETS if secret in seen]
    assert time.monotonic() - started < SECONDS
    assert outcome.isolation == "full"


@pytest.mark.parametrize("number", ["H11", "H12", "H18", "H21", "H22", "H36", "H37"])
def test_what_an_attack_reports_to_have_seen_is_nothing(paper: Paper, number: str) -> None:
    """The attack prints what it got hold of, and there is nothing."""
    for attack in ATTACKS:
        if attack.number == number and "SEEN" in attack.word:
            seen = " ".join(of_learner(marked(paper, attack.share, attack.word)))
            nothing = "SEEN True" if number == "H18" else "SEEN []"
            assert nothing in seen.replace("SEEN [] []", "SEEN []"), seen[-2000:]


@pytest.mark.parametrize(
    "way",
    [
        "raise ValueError(f'INPUT {part} {whole}')",
        "raise type(f'INPUT{part}', (Exception,), {})('INPUT')",
        "import sys; print('INPUT', part, file=sys.stderr); return part / whole",
        "import warnings; warnings.warn(f'INPUT {part}'); return part / whole",
        "return type(f'INPUT{part}', (), {})()",
    ],
)
def test_a_function_cannot_say_what_a_hidden_test_asked_it(paper: Paper, way: str) -> None:
    """The kind of an error and its line are told, its words are not."""
    done = marked(paper, share=f"def share(part, whole):\n    {way}")

    told = [*done.verdict.notes, *(item.message for item in done.verdict.items)]
    told += [note for item in done.verdict.items for note in item.notes]
    assert done.notebook is not None
    outputs = [str(cell.outputs) for cell in done.notebook.cells if cell.cell_type == "code"]
    assert "INPUT" not in " ".join([*told, *outputs, *done.verdict.flags])


def test_no_attack_leaves_a_process_or_a_file_behind(paper: Paper) -> None:
    """H09, H21, H34: this machine looks as it did before."""

    def processes() -> set[str]:
        return {p.name for p in Path("/proc").iterdir() if p.name.isdigit() and _is_ours(p)}

    marked(paper)  # the warm parent is there from now on
    before = processes()
    for attack in ATTACKS:
        if attack.number in ("H09", "H21", "H34", "H35"):
            marked(paper, attack.share, attack.word)

    deadline = time.monotonic() + 5
    while processes() - before and time.monotonic() < deadline:
        os.sched_yield()
    assert set() == processes() - before
    assert not any(Path(place).exists() for place in ("/tmp/pwned", "/tmp/results.json", "/tmp/numpy.py"))


def test_after_an_attack_the_next_learner_gets_what_a_cold_kernel_gives(paper: Paper) -> None:
    """H40: the same outputs, byte for byte, before and after, and in a fresh parent."""
    look = "import math, numpy, pandas, statistics, os\nword = 'positive'\n" + "\n".join(
        [
            "print(math.sqrt(2), numpy.mean([1, 2]), sum([1, 2]), sorted(os.listdir('/tmp')), os.listdir('.'))",
            "print(pandas.DataFrame({'a': [1]}), statistics.mean([1, 2]), sorted(k for k in dir() if k[0] != '_'))",
        ]
    )
    before = [*of_learner(marked(paper, word=look))]
    for attack in ATTACKS:
        if attack.number in ("H03", "H04", "H35", "H40"):
            marked(paper, attack.share, attack.word)

    after = [*of_learner(marked(paper, word=look))]

    assert before == after
    assert "poison" not in " ".join(after)


def _is_ours(process: Path) -> bool:
    """Whether a process is this one's descendant."""
    try:
        parent = int((process / "stat").read_text().rpartition(")")[2].split()[1])
    except (OSError, ValueError):
        return False
    return parent == os.getpid() or (parent > 1 and _is_ours(Path(f"/proc/{parent}")))
