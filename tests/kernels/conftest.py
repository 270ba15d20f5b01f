"""A warm parent with little in it, for tests that ask what a forked kernel can do."""

from collections.abc import Callable, Iterator

import pytest

from pmcampus.kernels.environment import campus_environment
from pmcampus.kernels.limits import Limits
from pmcampus.kernels.parent import Child, WarmParent

SECONDS = 60
SMALL = Limits(memory=256, scratch=8, files=64, cpu_seconds=20)
Ask = Callable[[str], str]


@pytest.fixture(scope="session")
def little_parent() -> Iterator[WarmParent]:
    """Forks lean kernels."""
    made = WarmParent((), {"learner": "pmcampus.kernels.learner"}, environment=campus_environment())
    yield made
    made.end()


@pytest.fixture
def fork(little_parent: WarmParent) -> Iterator[Callable[[], Child]]:
    """A new small kernel at each call."""
    children: list[Child] = []

    def make() -> Child:
        children.append(little_parent.fork("learner", SMALL))
        assert children[-1].channel.receive(SECONDS)[0] == {"began": True}
        return children[-1]

    yield make
    for child in children:
        child.end()


@pytest.fixture
def ask(fork: Callable[[], Child]) -> Ask:
    """What this code prints in a new kernel, or the error's name."""
    return lambda source: said(fork(), source)


def said(child: Child, source: str) -> str:
    """What this code prints in this kernel, or the error's name."""
    child.channel.send({"n": 1, "do": "run", "source": source})
    outputs = child.channel.receive(SECONDS)[0]["outputs"]
    return "".join(o.get("text", "") + o.get("ename", "") for o in outputs).strip()
