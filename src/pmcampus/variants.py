"""Which course number is whose: derived from the cohort's key and the learner's id, never drawn or kept.

Release and grading derive the same number, so nobody has to write it on a card, and a notebook with
somebody else's number is marked with the learner's own.
"""

import ast
import hmac
import re
from copy import deepcopy
from dataclasses import replace
from typing import NamedTuple

from nbformat import NotebookNode

from pmcampus.model.assessment import Variant
from pmcampus.model.notebook import name_of
from pmcampus.restore import Restored
from pmcampus.syntax import parse


class Numbered(NamedTuple):
    """A notebook with the learner's own number, and what a person should look at."""

    restored: Restored
    flag: str = ""


def course_number(key: bytes, *, assessment: str, learner: str, variant: Variant) -> int:
    """The learner's number in this assessment; without the key nobody can work it out."""
    text = f"{assessment}\0{learner}".encode()
    drawn = int.from_bytes(hmac.digest(key, text, "sha256"), "big")
    return variant.first + drawn % (variant.last - variant.first + 1)


def personal(release: NotebookNode, variant: Variant, number: int) -> NotebookNode:
    """The released notebook with this number filled in."""
    made: NotebookNode = deepcopy(release)
    for cell in made.cells:
        if name_of(cell) == variant.cell:
            cell.source = _filled(cell.source, variant, number)
    return made


def own_number(restored: Restored, variant: Variant, number: int, *, starter: str) -> Numbered:
    """The restored notebook with the learner's own number in it, and a note where another one stood there.

    The whole cell is replaced: whatever it computes, it cannot choose another variant.

    Args:
        starter: the cell as learners get it from the site, without a number of theirs.
    """
    notebook: NotebookNode = deepcopy(restored.notebook)
    given, notes, flag = "", list(restored.notes), ""
    for cell in notebook.cells:
        if name_of(cell) == variant.cell:
            given = cell.source
            cell.source = _filled(starter, variant, number)
    found = _written(given, variant.name)
    if found != number:
        untouched = given.strip() == starter.strip()
        notes.append(
            f"Your course number is {number}; "
            + ("none" if untouched else "another one" if found is None else str(found))
            + " was in your notebook, so your answers were marked with your own."
        )
        if not untouched:
            flag = f"{variant.cell}: It holds another course number than the learner's own."
    return Numbered(replace(restored, notebook=notebook, notes=tuple(notes)), flag)


def _filled(text: str, variant: Variant, number: int) -> str:
    line = rf"^{re.escape(variant.name)}[ \t]*=.*$"
    if re.search(line, text, re.MULTILINE):
        return re.sub(line, f"{variant.name} = {number}", text, count=1, flags=re.MULTILINE)
    return f"{text}\n{variant.name} = {number}"


def _written(text: str, name: str) -> int | None:
    """The whole number that the cell gives this name, where it says nothing else."""
    try:
        tree = parse(text)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None
    found: int | None = None
    for node in tree.body:
        if not isinstance(node, ast.Assign) or [ast.unparse(target) for target in node.targets] != [name]:
            return None
        if not isinstance(node.value, ast.Constant) or type(node.value.value) is not int:
            return None
        found = node.value.value
    return found
