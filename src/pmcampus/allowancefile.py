"""`allowances.csv` in a cohort's folder: extensions, attempts and excuses, each with its reason.

One line for each decision, added at the end and never changed: who reads the file sees what was granted when.
"""

import fcntl
from pathlib import Path

from pmcampus.errors import CohortError
from pmcampus.files import write_bytes
from pmcampus.model.allowance import Allowance
from pmcampus.terms import allowances_text, parse_allowances

NAME = "allowances.csv"


def load_allowances(folder: Path) -> tuple[Allowance, ...]:
    """What was granted in this cohort, in order; nothing when nobody asked.

    Raises:
        CohortError: a line cannot be read.
    """
    path = folder / NAME
    try:
        content = path.read_bytes()
    except FileNotFoundError:
        return ()
    except OSError as problem:
        raise CohortError(f"{path}: the file cannot be read ({problem.strerror}).") from problem
    return parse_allowances(content, source=str(path))


def add_allowance(folder: Path, allowance: Allowance) -> None:
    """One more line, on disk before this returns; nobody else adds one meanwhile.

    Raises:
        CohortError: a line that is there cannot be read; nothing was added.
    """
    with (folder / f".{NAME}.busy").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        text = allowances_text((*load_allowances(folder), allowance))
        write_bytes(folder / NAME, text.encode(), durable=True)


def forget(folder: Path, learner: str) -> None:
    """No line about this learner any more."""
    if not (folder / NAME).is_file():
        return
    with (folder / f".{NAME}.busy").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        left = [one for one in load_allowances(folder) if one.learner != learner]
        write_bytes(folder / NAME, allowances_text(left).encode(), durable=True)
