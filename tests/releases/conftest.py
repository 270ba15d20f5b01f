"""One campus with real releases, made once: each was linted, run, proved and judged."""

import shutil
from pathlib import Path

import pytest

from pmcampus.model.release import Manifest
from pmcampus.releases.release import release
from tests.releases.campus import (
    COUNTING,
    TODAY,
    edit,
    first_campus,
    in_cell,
    raise_version,
    second_campus,
)


@pytest.fixture(scope="session")
def first_releases(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The tiny campus with the first release of its two modules and its assessment."""
    root = first_campus(tmp_path_factory.mktemp("first") / "campus")
    for name in ("first-steps", "second-steps", "counting"):
        list(release(name, root=root, today=TODAY))
    return root


@pytest.fixture(scope="session")
def patched(first_releases: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Manifest]:
    """The same campus after a patch of its assessment: what a check says is put more kindly."""
    root = Path(shutil.copytree(first_releases, tmp_path_factory.mktemp("patched") / "campus"))
    in_cell(root / COUNTING / "counting.ipynb", "Ask which word", "Think about which word")
    raise_version(root, COUNTING, "1.0.0", "1.0.1", "A message is put more kindly.")
    (made,) = release("counting", root=root, today=TODAY)
    return root, made


@pytest.fixture(scope="session")
def with_minor(
    patched: tuple[Path, Manifest], tmp_path_factory: pytest.TempPathFactory
) -> tuple[Path, Manifest]:
    """The same campus after a minor release: the first module has a second lesson."""
    root = Path(shutil.copytree(patched[0], tmp_path_factory.mktemp("minor") / "campus"))
    module = root / "modules/first-steps"
    shutil.copy(module / "lessons/01-a-lesson.ipynb", module / "lessons/02-another-lesson.ipynb")
    in_cell(module / "lessons/02-another-lesson.ipynb", "# A shared word", "# Another word")
    edit(
        module / "module.yaml",
        "key_points:",
        "  - {file: 02-another-lesson.ipynb, title: Another word, summary: Count again.,\n"
        "     minutes: 30, data: none,\n"
        "     objectives: [Compute a share from two counts.]}\nkey_points:",
    )
    raise_version(root, "modules/first-steps", "1.0.0", "1.1.0", "A second lesson.")
    (made,) = release("first-steps", root=root, today=TODAY)
    return root, made


@pytest.fixture
def campus(with_minor: tuple[Path, Manifest]) -> Path:
    """The campus with all releases, to read."""
    return with_minor[0]


@pytest.fixture
def other(tmp_path: Path) -> Path:
    """A second campus, to adopt into."""
    return second_campus(tmp_path / "second-campus")
