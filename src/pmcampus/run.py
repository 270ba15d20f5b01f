"""Run a module's lessons and store what they gave."""

from collections.abc import Iterator
from pathlib import Path

from pmcampus.errors import ContentError
from pmcampus.notebooks import run_lesson


def run(module: str, *, root: Path) -> Iterator[tuple[Path, bool]]:
    """Each lesson as it is done, with whether a byte of its file changed.

    Raises:
        ContentError: no such module, or a lesson fails; its file keeps the old outputs then.
    """
    folder = root / "modules" / module
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
