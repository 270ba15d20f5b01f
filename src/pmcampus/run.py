"""Run the notebooks of a module or a case and store what they gave."""

from collections.abc import Iterator
from pathlib import Path

from pmcampus.content import IGNORED_FOLDERS
from pmcampus.errors import ContentError
from pmcampus.notebooks import run_lesson


def run(module: str, *, root: Path) -> Iterator[tuple[Path, bool]]:
    """Each notebook as it is done, with whether a byte of its file changed.

    Args:
        module: the id of a module, or of a case study.

    Raises:
        ContentError: no such module, or a lesson fails; its file keeps the old outputs then.
    """
    folder = root / "modules" / module
    case = root / "case_studies" / module
    if (case / "case.yaml").is_file():
        for path in sorted(case.rglob("*.ipynb")):
            if not IGNORED_FOLDERS & set(path.parts):
                yield path, run_lesson(path)
        return
    if not (folder / "module.yaml").is_file():
        shelf = root / "modules"
        known = sorted(p.name for p in shelf.iterdir() if p.is_dir()) if shelf.is_dir() else []
        raise ContentError(
            f"modules/{module}: there is no such module; choose one of {', '.join(known) or 'none yet'}."
        )
    lessons = sorted((folder / "lessons").glob("*.ipynb"))
    if not lessons:
        raise ContentError(f"modules/{module}/lessons: there is no lesson yet; add a notebook.")
    for path in lessons:
        yield path, run_lesson(path)
