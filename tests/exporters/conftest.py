"""A module whose lesson asks everything a lesson may ask."""

import json
import shutil
from pathlib import Path

import pytest

from pmcampus.content import load_tree
from pmcampus.model.tree import ModuleFolder, Tree
from tests.conftest import REPOSITORY

SITE = "https://learn.example.org/campus/"

LAST_TIME = """## Last time

*What does a share need?* Answer from memory before you unfold.

:::{dropdown} Answer
Its denominator.
:::"""

DECIDE = """:::{admonition} Commit before you scroll
:class: decide
How many of twelve {term}`positive <positive>` results are right?

- all, says <the laboratory> & its *letter*
- nine
- it cannot be said

Write your choice down {cite:p}`cinti2024`.
:::"""

CHECK_1 = """Read this.

:::{exercise}
:label: d02-1-check-1
**Checkpoint 1.** A test is right in 9 of 12. What does "75 %" hide?
:::

:::{solution} d02-1-check-1
:class: dropdown
The **twelve**: a share without its denominator cannot be weighed.
:::"""

CHECK_2 = """:::::{exercise}
:label: d02-1-check-2
**Checkpoint 2.** Choose a track. Two wards report.

::::{tab-set}
:::{tab-item} Guided
Which ward would you ask first, and what?
:::
:::{tab-item} Build
Write `share(right, total)`.
:::
::::
:::::

:::{solution} d02-1-check-2
:class: dropdown
The one with few results. Build: the function is in the next cell.
:::"""

CHECK_3 = """:::{exercise}
:label: d02-1-check-3
**Checkpoint 3.** Set `width` to 10 and look again.
:::

:::{solution} d02-1-check-3
:class: dropdown
It is wider.
:::"""

CELLS = {
    "last-time": LAST_TIME,
    "decide-now": DECIDE,
    "check-1": CHECK_1,
    "check-2": CHECK_2,
    "check-3": CHECK_3,
}


@pytest.fixture
def root(own_curriculum: Path) -> Path:
    """The tiny curriculum with the repository's look, and a lesson that asks."""
    shutil.copytree(REPOSITORY / "site", own_curriculum / "site")
    shutil.copy(REPOSITORY / "mkdocs.yml", own_curriculum)
    path = next((own_curriculum / "modules" / "second-steps" / "lessons").glob("*.ipynb"))
    notebook = json.loads(path.read_text("utf-8"))
    asked = [
        {"cell_type": "markdown", "id": name, "metadata": {}, "source": text} for name, text in CELLS.items()
    ]
    notebook["cells"][1:1] = asked
    path.write_text(json.dumps(notebook), "utf-8")
    return own_curriculum


@pytest.fixture
def tree(root: Path) -> Tree:
    """Its content, read."""
    return load_tree(root).valid()


@pytest.fixture
def module(tree: Tree) -> ModuleFolder:
    """The module that asks."""
    return tree.modules["second-steps"]
