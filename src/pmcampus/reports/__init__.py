"""Reports about a cohort: one file each, all with `render(progress, style=...)`."""

from importlib import import_module
from pkgutil import iter_modules

from pmcampus.progress import Progress


def kinds() -> list[str]:
    """The reports there are, by name."""
    return sorted(found.name for found in iter_modules(__path__) if not found.name.startswith("_"))


def report(kind: str, progress: Progress, *, style: str = "") -> str:
    """The report of this kind; `style` is the campus stylesheet, for those which are pages."""
    text: str = import_module(f"{__name__}.{kind}").render(progress, style=style)
    return text
