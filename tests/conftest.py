"""What several tests share: a tiny complete curriculum, real notebooks, a real PostgreSQL."""

import os
import pwd
import shutil
import socket
import subprocess
from collections.abc import Iterator
from copy import deepcopy
from pathlib import Path

import nbformat
import pytest
from nbformat import NotebookNode

from pmcampus.paper import Paper, load_paper

REPOSITORY = Path(__file__).parents[1]
TWO_MODULES = Path(__file__).parent / "fixtures" / "two-modules"


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
        name = (cell.metadata.get("nbgrader") or {}).get("grade_id", "")
        cell.source = answers.get(name.replace("-", "_"), cell.source)
    return notebook


def as_bytes(notebook: NotebookNode) -> bytes:
    """A notebook as it is handed in."""
    return nbformat.writes(notebook, 4).encode()


def _postgres_programs() -> Path | None:
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    return found[-1].parent if found else None


@pytest.fixture(scope="session")
def postgres() -> Iterator[str]:
    """The address of a real PostgreSQL on loopback, started for these tests and stopped after."""
    programs = _postgres_programs()
    if programs is None:
        pytest.skip("no PostgreSQL is installed here (Debian: apt-get install postgresql)")
    folder = Path("/tmp") / f"pmcampus-postgres-{os.getpid()}"
    folder.mkdir(mode=0o700)
    as_user: list[str] = []
    if os.getuid() == 0:  # PostgreSQL refuses to run as root
        owner = pwd.getpwnam("postgres")
        os.chown(folder, owner.pw_uid, owner.pw_gid)
        as_user = ["runuser", "-u", "postgres", "--"]
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    data = folder / "data"

    def call(program: str, *arguments: str) -> None:
        subprocess.run(
            [*as_user, str(programs / program), "-D", str(data), *arguments],
            check=True,
            capture_output=True,
            cwd=folder,
            timeout=120,
        )

    try:
        call("initdb", "-A", "trust", "-U", "campus", "-E", "UTF8", "--no-sync")
        options = f"-h 127.0.0.1 -p {port} -k {folder} -F"
        call("pg_ctl", "-w", "-l", str(folder / "log"), "-o", options, "start")
        yield f"postgresql+psycopg://campus@127.0.0.1:{port}/postgres"
        call("pg_ctl", "-m", "immediate", "stop")
    finally:
        shutil.rmtree(folder, ignore_errors=True)


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
