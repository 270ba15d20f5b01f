"""What leaves a cohort for other systems: one file each, all with `render(facts)`."""

from importlib import import_module
from pkgutil import iter_modules

from pmcampus.exporters.grades._facts import Facts

__all__ = ["Facts", "ending", "kinds", "render"]


def kinds() -> list[str]:
    """The exports there are, by name."""
    return sorted(found.name for found in iter_modules(__path__) if not found.name.startswith("_"))


def ending(kind: str) -> str:
    """The file ending that fits."""
    text: str = import_module(f"{__name__}.{kind}").ENDING
    return text


def render(kind: str, facts: Facts) -> bytes:
    """The export's file.

    Raises:
        CohortError: something that this kind needs is missing; it is named.
    """
    content: bytes = import_module(f"{__name__}.{kind}").render(facts)
    return content
