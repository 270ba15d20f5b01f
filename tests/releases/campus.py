"""A tiny campus that releases, a second one that adopts, and small changes to their content."""

import json
import shutil
from datetime import date
from pathlib import Path
from typing import Any

from tests.conftest import TWO_MODULES

TODAY = date(2026, 11, 25)
FIRST = (
    "# Counting\n\nThree items: A share from two counts, The word that misleads, Two sentences to a patient. "
    "10 minutes. 60 per cent pass. Two attempts."
)
COUNTING = "assessments/counting"


def first_campus(folder: Path) -> Path:
    """A copy of the tiny curriculum whose assessment can be proved."""
    root = Path(shutil.copytree(TWO_MODULES, folder))
    change_cells(root / COUNTING / "counting.ipynb", lambda cells: cells[0].update(source=FIRST))
    return root


def second_campus(folder: Path) -> Path:
    """A campus without modules: only the forms that the curriculum needs."""
    root = folder
    shutil.copytree(TWO_MODULES / "curriculum", root / "curriculum")
    edit(root / "curriculum/curriculum.yaml", "[first-steps, second-steps]", "[]")
    edit(root / "curriculum/curriculum.yaml", "A tiny curriculum", "A second campus")
    edit(root / "curriculum/pathways.yaml", "core: [first-steps]", "core: []")
    return root


def edit(path: Path, old: str, new: str) -> None:
    """The text with each `old` replaced; it must be there."""
    text = path.read_text("utf-8")
    assert old in text, f"{path} does not hold {old!r}"
    path.write_text(text.replace(old, new), "utf-8")


def change_cells(path: Path, change: Any) -> None:
    """The notebook after `change` has had its list of cells."""
    notebook = json.loads(path.read_text("utf-8"))
    change(notebook["cells"])
    path.write_text(json.dumps(notebook, indent=1) + "\n", "utf-8")


def in_cell(path: Path, old: str, new: str) -> None:
    """The notebook with this text replaced in the one cell that holds it."""

    def change(cells: list[dict[str, Any]]) -> None:
        (cell,) = [c for c in cells if old in "".join(c["source"])]
        cell["source"] = "".join(cell["source"]).replace(old, new)

    change_cells(path, change)


def raise_version(root: Path, name: str, old: str, new: str, what: str) -> None:
    """The version in the form, with its entry in the changelog."""
    form = "module.yaml" if name.startswith("modules") else "assessment.yaml"
    edit(root / name / form, f"version: {old}", f"version: {new}")
    path = root / name / "CHANGELOG.md"
    heading, _, rest = path.read_text("utf-8").partition("\n## ")
    path.write_text(f"{heading}\n## {new}\n\n- {what}\n\n## {rest}", "utf-8")


def everything(folder: Path) -> dict[str, bytes]:
    """All files below a folder, to see that nothing was left behind."""
    return {
        p.relative_to(folder).as_posix(): p.read_bytes() for p in sorted(folder.rglob("*")) if p.is_file()
    }
