"""The lean executor and the warm Jupyter kernel give, cell by cell, what an ordinary, cold kernel gives."""

from collections.abc import Iterator
from typing import Any

import pytest

from pmcampus.kernels.engine import ENTRIES
from pmcampus.kernels.environment import campus_environment
from pmcampus.kernels.parent import WarmParent
from tests.kernels.cells import KINDS, by_name, cold, lean

pytestmark = pytest.mark.kernel


@pytest.fixture(scope="module")
def parent() -> Iterator[WarmParent]:
    """A warm parent of its own."""
    made = WarmParent(
        ("numpy", "pandas", "matplotlib.pyplot"),
        {"learner": ENTRIES["learner"]},
        environment=campus_environment(),
    )
    yield made
    made.end()


@pytest.fixture(scope="module")
def ordinary(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """The outputs of a cold, ordinary kernel by kind of cell."""
    return dict(zip(KINDS, cold(tmp_path_factory.mktemp("cold")), strict=True))


@pytest.fixture(scope="module")
def ours(parent: WarmParent) -> dict[str, Any]:
    """The lean executor's outputs by kind of cell, after a hostile kernel of the same parent."""
    return dict(zip(KINDS, lean(parent, before=True), strict=True))


@pytest.fixture(scope="module")
def warm(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """The warm Jupyter kernel's outputs by kind of cell, after a hostile kernel of the same parent."""
    return dict(zip(KINDS, by_name(tmp_path_factory.mktemp("warm"), "pmcampus", before=True), strict=True))


@pytest.mark.parametrize("kind", KINDS)
def test_a_warm_kernel_gives_what_an_ordinary_one_gives(
    kind: str, warm: dict[str, Any], ordinary: dict[str, Any]
) -> None:
    """Byte by byte, whatever the kernel before it did to its own."""
    assert ordinary[kind] == warm[kind]


@pytest.mark.parametrize("kind", KINDS)
def test_it_gives_what_an_ordinary_kernel_gives(
    kind: str, ours: dict[str, Any], ordinary: dict[str, Any]
) -> None:
    """Byte by byte, whatever the kernel before it did to its own."""
    assert ordinary[kind] == ours[kind]
