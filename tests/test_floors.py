"""A file of the library imports only from floors below its own, or from its own shelf."""

import ast
from pathlib import Path

import pytest

SOURCE = Path(__file__).parents[1] / "src" / "pmcampus"
# The five floors, some with steps: a file imports only from lines above its own.
FLOORS = (
    {"errors", "environment", "syntax"},  # 0 nouns
    {"model"},
    {"names", "plurals", "spreadsheets", "pseudonyms", "suppression", "receipts", "ledger"},  # 1 thinking
    {"archive", "bibliography", "contract", "ledgerfile", "lint", "plots", "proofs", "receive", "restore"},
    {"regrade", "signs", "statistics", "terms", "versions"},
    {"pages", "progress", "tables", "variants"},
    {"award", "cohortpage", "feedback", "reports", "teamwork"},
    {"files", "filledform", "forms"},  # 2 edges
    {"content"},
    {"accesslog", "appeals", "checker", "gradebook", "kernels", "signingkey"},
    {"allowancefile", "builders", "certificates", "cohortdir", "cohortkey", "coursedir", "kept"},
    {"badges", "casedir", "doctor", "exporters", "intake", "isolation", "notebooks", "paper"},
    {"casepaper", "public"},
    {"casesheet"},
    {"marking", "run", "new"},  # 3 jobs
    {"bench", "claims", "many"},
    {"prove"},
    {"releases"},
    {"cohort", "site"},
    {"audit", "cases", "preview", "publish", "start", "tracking"},
    {"demo_adopt", "demo_case", "progresspage"},
    {"cohortprogress", "grade"},
    {"cohorts"},
    {"demo"},
    {"dashboard"},  # 4 doors
    {"cli"},
    {"__main__"},
)


def floor(shelf: str) -> int:
    """The floor on which a file or shelf stands."""
    return next(number for number, shelves in enumerate(FLOORS) if shelf in shelves)


def shelf_of(path: Path) -> str:
    """The file's first name inside the package."""
    return path.relative_to(SOURCE).parts[0].removesuffix(".py")


def imported_shelves(path: Path) -> set[str]:
    """Names of ours that the file imports, wherever in the file."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.module == "pmcampus":
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and (node.module or "").startswith("pmcampus."):
            found.add(node.module.split(".")[1])
        elif isinstance(node, ast.Import):
            found |= {alias.name.split(".")[1] for alias in node.names if alias.name.startswith("pmcampus.")}
        assert not (isinstance(node, ast.ImportFrom) and node.level), f"{path}: write absolute imports"
    return found


def may_use(user: str, used: str) -> bool:
    """Whether one shelf may import from another."""
    return user == used or floor(used) < floor(user)


FILES = sorted(p for p in SOURCE.rglob("*.py") if p != SOURCE / "__init__.py")


@pytest.mark.parametrize("path", FILES, ids=lambda p: p.relative_to(SOURCE).as_posix())
def test_a_file_looks_down_only(path: Path) -> None:
    """No file imports from its own floor or above; a shelf may use itself."""
    up = {used for used in imported_shelves(path) if not may_use(shelf_of(path), used)}

    assert set() == up


def test_every_shelf_has_a_floor() -> None:
    """A new file needs a place before it can be merged."""
    assert {shelf_of(path) for path in FILES} <= set().union(*FLOORS)


@pytest.mark.parametrize("path", FILES, ids=lambda p: p.relative_to(SOURCE).as_posix())
def test_a_file_is_small_enough_to_hold_in_mind(path: Path) -> None:
    """Past 400 lines there is a second noun in the file."""
    assert path.read_text("utf-8").count("\n") <= 400
