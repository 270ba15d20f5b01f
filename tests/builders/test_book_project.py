"""What jupyter-book is given, and what it complains about."""

import json
import shutil
from pathlib import Path

import yaml

from pmcampus.builders.book_project import complaints, stage, written
from pmcampus.content import load_tree
from tests.conftest import REPOSITORY, TWO_MODULES

BOOK_THEME = REPOSITORY / "site" / "books"


def test_one_project_holds_every_lesson_and_the_glossary(tmp_path: Path) -> None:
    """So that node starts once, and words and lessons find each other."""
    stage(load_tree(TWO_MODULES), tmp_path / "src", BOOK_THEME)
    project = yaml.safe_load((tmp_path / "src/myst.yml").read_text("utf-8"))

    assert {"template": "./theme"} == project["site"]
    assert ["references.bib"] == project["project"]["bibliography"]
    assert [
        {"file": "glossary.md"},
        {"title": "First steps", "children": [{"file": "first-steps/lessons/01-a-lesson.ipynb"}]},
        {"title": "Second steps", "children": [{"file": "second-steps/lessons/01-a-lesson.ipynb"}]},
    ] == project["project"]["toc"]
    assert "\npositive\n: A test result" in (tmp_path / "src/glossary.md").read_text("utf-8")


def test_outputs_stay_behind_and_ids_are_unique(tmp_path: Path) -> None:
    """MyST reads words; two lessons may both have a cell `title`."""
    stage(load_tree(TWO_MODULES), tmp_path / "src", BOOK_THEME)
    cells = [
        cell
        for path in sorted((tmp_path / "src").rglob("*.ipynb"))
        for cell in json.loads(path.read_text("utf-8"))["cells"]
    ]

    assert not any(cell.get("outputs") for cell in cells)
    assert len({cell["id"] for cell in cells}) == len(cells)


def test_staging_does_not_touch_the_lesson(tmp_path: Path) -> None:
    """Content is never edited by a build."""
    root = Path(shutil.copytree(TWO_MODULES, tmp_path / "root"))
    before = {p: p.read_bytes() for p in root.rglob("*.ipynb")}
    tree = load_tree(root)
    stage(tree, tmp_path / "src", BOOK_THEME)

    assert before == {p: p.read_bytes() for p in root.rglob("*.ipynb")}
    assert any(cell.outputs for _, _, notebook in written(tree) for cell in notebook.code())


def test_complaints_are_found_in_a_log_once_each() -> None:
    """Colours, summaries and good news are left out."""
    told = "\x1b[33m⚠️  a.ipynb:5 Not found: x.\x1b[0m\n⛔️ a.ipynb Bad.\n"
    log = f"📖 Built a.md in 3 ms.\n{told}{told}\na.ipynb\n  - ⚠️  Not found: x.\n"

    assert ["a.ipynb:5 Not found: x", "a.ipynb Bad"] == complaints(log)
