"""A warm parent forks clean kernels, and takes all of them with it when it goes."""

import os
import pwd
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from pmcampus.errors import SandboxError
from pmcampus.kernels.environment import campus_environment
from pmcampus.kernels.parent import Child, WarmParent, warm_parent
from tests.kernels.conftest import SECONDS, SMALL, Ask, said
from tests.kernels.processes import busy, gone, mention

pytestmark = pytest.mark.kernel

LEARNER = {"learner": "pmcampus.kernels.learner"}


def test_a_kernel_shares_no_writable_memory(ask: Ask) -> None:
    """With its parent, and so with the next kernel."""
    found = ask("print([line for line in open('/proc/self/maps') if line.split()[1].startswith('rw-s')])")

    assert found == "[]"


def test_a_kernel_holds_no_file_but_its_channel(ask: Ask) -> None:
    """Input and outputs lead nowhere; what one writes there the next cannot read."""
    found = ask("import os\nprint(sorted({os.readlink(f'/proc/self/fd/{n}').split(':')[0] for n in range(64) if "
                "os.path.lexists(f'/proc/self/fd/{n}')}))")  # fmt: skip

    assert found == "['/dev/null', 'socket']"


def test_what_one_writes_to_stderr_the_next_cannot_read(ask: Ask) -> None:
    """Descriptors 0 to 2 are open in every kernel."""
    ask(
        "import os\nfor n in range(3):\n    try:\n        os.write(n, b'for the next')\n    except OSError:\n        pass"
    )
    found = ask(
        "import os\nseen = b''\nfor n in range(3):\n    try:\n        os.lseek(n, 0, 0)\n        seen += os.read(n, 99)\n"
        "    except OSError:\n        pass\nprint(seen)"
    )

    assert found == "b''"


def test_a_kernel_begins_with_one_thread(ask: Ask) -> None:
    """Only a process of one thread may fork, and it does."""
    assert ask("import os\nprint(len(os.listdir('/proc/self/task')))") == "1"


def test_two_kernels_do_not_draw_the_same_numbers(ask: Ask) -> None:
    """Chance begins anew in each."""
    draw = "import random\nprint(random.random())"

    assert ask(draw) != ask(draw)


def test_a_kernel_that_ended_can_be_ended_again(fork: Callable[[], Child]) -> None:
    """Its handle may belong to another file by then."""
    child = fork()
    child.end()
    with Path(os.devnull).open() as file:  # takes the number that has become free
        child.end()
        assert os.fstat(file.fileno())


def test_a_kernel_can_be_interrupted(fork: Callable[[], Child]) -> None:
    """Its endless cell ends with an error, and it goes on."""
    child = fork()
    child.channel.send({"n": 1, "do": "run", "source": "print('x')\nwhile True: pass"})
    assert busy(child.handle)
    child.send_signal(signal.SIGINT)

    assert child.channel.receive(SECONDS)[0]["outputs"][-1]["ename"] == "KeyboardInterrupt"
    assert said(child, "print('alive')") == "alive"


def test_a_kernel_can_be_interrupted_where_the_grader_runs_in_the_background() -> None:
    """A shell lets its background jobs ignore interrupts, and what they start inherits that."""
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        parent = WarmParent((), LEARNER, environment=campus_environment())
    finally:
        signal.signal(signal.SIGINT, before)
    child = parent.fork("learner", SMALL)
    child.channel.receive(SECONDS)
    child.channel.send({"n": 1, "do": "run", "source": "while True: pass"})
    assert busy(child.handle)
    child.send_signal(signal.SIGINT)

    assert child.channel.receive(SECONDS)[0]["outputs"][-1]["ename"] == "KeyboardInterrupt"
    child.end()
    parent.end()


def test_a_library_that_is_missing_is_left_out() -> None:
    """The kernel that imports it will say so itself."""
    parent = WarmParent(("no_such_library",), LEARNER, environment=campus_environment())
    child = parent.fork("learner", SMALL)
    child.channel.receive(SECONDS)

    assert said(child, "import no_such_library") == "ModuleNotFoundError"
    child.end()
    parent.end()


def test_a_parent_takes_everything_with_it() -> None:
    """Its kernels, its own processes and its folder."""
    parent = WarmParent((), LEARNER, environment=campus_environment())
    folder = parent.sockets.parent
    child = parent.fork("learner", SMALL)
    handles = [os.dup(child.handle), *map(os.pidfd_open, mention(str(folder)))]
    parent.end()
    parent.end()

    assert all(gone(handle) for handle in handles)
    assert not folder.exists()
    with pytest.raises(SandboxError, match="gone"):
        parent.fork("learner", SMALL)


def test_a_process_has_one_parent_for_the_same_libraries() -> None:
    """And a new one when that has ended."""
    asked = {"sandbox": True, "environment": campus_environment()}
    first = warm_parent((), LEARNER, **asked)
    assert warm_parent((), LEARNER, **asked) is first
    first.end()
    second = warm_parent((), LEARNER, **asked)

    assert second is not first
    second.end()


def test_what_the_system_refuses_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    """In one sentence, with the remedy."""
    monkeypatch.setattr("pmcampus.kernels.parent.START", "raise SystemExit('no namespaces here')")
    with pytest.raises(SandboxError, match=r"no namespaces here.*pmcampus doctor"):
        WarmParent((), LEARNER, environment={}).ready()


ORDINARY = """
from pmcampus.doctor import isolation, layers
from pmcampus.kernels.parent import WarmParent
from pmcampus.kernels.environment import campus_environment
parent = WarmParent((), {'learner': 'pmcampus.kernels.learner'}, environment=campus_environment())
print(isolation(layers(parent)))
parent.end()
"""


def test_it_works_for_an_ordinary_user(tmp_path: Path) -> None:
    """Every layer holds without any privilege."""
    if os.getuid() != 0:
        pytest.skip("this whole run is an ordinary user's")
    user = pwd.getpwnam("nobody")
    places = {sys.executable, sys.base_prefix, str(Path(__file__).parents[2] / "src"), os.__file__}
    read = subprocess.run(
        ["/bin/sh", "-c", " && ".join(f"test -r '{place}'" for place in places)],
        user=user.pw_uid, group=user.pw_gid, extra_groups=[], timeout=60,
    )  # fmt: skip
    if read.returncode:
        pytest.skip("this Python lies in a folder that ordinary users cannot read")
    tmp_path.chmod(0o777)
    ran = subprocess.run(
        [sys.executable, "-c", ORDINARY], user=user.pw_uid, group=user.pw_gid, extra_groups=[],
        capture_output=True, text=True, timeout=180, cwd="/", env={"PATH": os.environ["PATH"], "TMPDIR": "/tmp"},
    )  # fmt: skip

    assert ran.stdout.strip() == "full", ran.stderr[-2000:]
