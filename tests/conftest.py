"""What several tests share: a tiny complete curriculum, real notebooks, a PostgreSQL, a browser."""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from copy import deepcopy
from pathlib import Path
from typing import Any

import nbformat
import pytest
from nbformat import NotebookNode

from pmcampus.model.notebook import name_of
from pmcampus.paper import Paper, load_paper
from pmcampus.preview import address as address_of
from pmcampus.preview import serve
from tests.postgres import postgres as started

REPOSITORY = Path(__file__).parents[1]
TWO_MODULES = Path(__file__).parent / "fixtures" / "two-modules"
BROWSERS = ("chromium", "chromium-browser", "google-chrome")
AXE_RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


@pytest.fixture
def curriculum() -> Path:
    """The tiny curriculum, to read."""
    return TWO_MODULES


@pytest.fixture
def own_curriculum(tmp_path: Path) -> Path:
    """A copy of the tiny curriculum, to change."""
    return Path(shutil.copytree(TWO_MODULES, tmp_path / "curriculum-copy"))


@pytest.fixture(scope="session")
def paper() -> Paper:
    """The tiny curriculum's assessment."""
    return load_paper(TWO_MODULES, "counting")


def answered(paper: Paper, **answers: str) -> NotebookNode:
    """The release notebook with these texts in its answer cells."""
    notebook = deepcopy(paper.release)
    for cell in notebook.cells:
        cell.source = answers.get(name_of(cell).replace("-", "_"), cell.source)
    return notebook


def as_bytes(notebook: NotebookNode) -> bytes:
    """A notebook as it is handed in."""
    return nbformat.writes(notebook, 4).encode()


@pytest.fixture(scope="session")
def postgres() -> Iterator[str]:
    """The address of a real PostgreSQL on loopback, started for these tests and stopped after."""
    with started(hasty=True) as server:
        if server is None:
            pytest.skip("no PostgreSQL is installed here (Debian: apt-get install postgresql)")
        yield server.url


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """An empty gradebook's address, in SQLite and in PostgreSQL."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'gradebook.db'}"
        return
    from sqlalchemy import create_engine, text

    url = request.getfixturevalue("postgres")
    engine = create_engine(url, isolation_level="AUTOCOMMIT")
    name = f"test_{os.urandom(4).hex()}"
    with engine.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name}"))
    engine.dispose()
    yield url.rsplit("/", 1)[0] + f"/{name}"


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    """A Chromium of this machine, without a window; closed with the file, as its loop would stop others."""
    playwright = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
    program = next(filter(None, map(shutil.which, BROWSERS)), None)
    if program is None:
        pytest.skip("no chromium is installed here (Debian: apt-get install chromium)")
    with playwright.sync_playwright() as tool:
        opened = tool.chromium.launch(executable_path=program, args=["--no-sandbox"])
        yield opened
        opened.close()


def barriers(page: Any) -> list[str]:
    """What axe finds on an open page: the rule, and the first element that breaks it."""
    axe = pytest.importorskip("axe_playwright_python.sync_playwright", reason="axe is not installed")
    found = axe.Axe().run(page, options={"runOnly": AXE_RULES}).response["violations"]
    return [f"{violation['id']}: {violation['nodes'][0]['html'][:160]}" for violation in found]


@contextmanager
def served(folder: Path) -> Iterator[str]:
    """The address at which a folder answers, for as long as it is needed."""
    server = serve(folder)
    try:
        yield address_of(server)
    finally:
        server.shutdown()
        server.server_close()
