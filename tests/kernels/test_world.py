"""What a kernel sees of the machine: this Python and its libraries, and nothing else."""

import sys
from pathlib import Path

import pytest

from tests.conftest import REPOSITORY
from tests.kernels.conftest import Ask

pytestmark = pytest.mark.kernel


def test_the_machines_own_folders_are_not_there(ask: Ask) -> None:
    """At the root lie system programs, this Python and the kernel's own folders."""
    known = {"bin", "dev", "etc", "lib", "lib32", "lib64", "libx32", "proc", "sbin", "scratch", "tmp", "usr"}
    pythons = {Path(place).parts[1] for place in (sys.prefix, sys.base_prefix, *sys.path) if len(place) > 1}
    found = set(ask("import os\nprint(*sorted(os.listdir('/')))").split())

    assert found <= known | pythons


def test_our_own_sources_are_not_there(ask: Ask) -> None:
    """Neither curriculum nor assessments nor this library's own files."""
    places = [REPOSITORY / "assessments", REPOSITORY / "src", REPOSITORY / "tests"]
    found = ask(
        f"import os\nprint([p for p in {list(map(str, places))} if os.path.exists(p) and os.listdir(p)])"
    )

    assert found == "[]"


def test_an_installed_package_of_ours_is_empty(ask: Ask) -> None:
    """What it comes with is not for learners."""
    found = ask("import os, sys\nprint([p for p in sys.path if os.path.isdir(p + '/pmcampus') and os.listdir(p + '/pmcampus/kernels')])")  # fmt: skip

    assert found in ("[]", "FileNotFoundError")


def test_nobody_else_lives_there(ask: Ask) -> None:
    """No names of the machine's users, no groups."""
    assert (
        ask("print(open('/etc/passwd').read().count(chr(10)), open('/etc/group').read().count(chr(10)))")
        == "2 2"
    )


@pytest.mark.parametrize("place", ["/", "/usr", "/etc", "/dev", "/proc", sys.base_prefix])
def test_it_can_be_read_and_not_written(ask: Ask, place: str) -> None:
    """By no way of writing."""
    tries = f"""
import os
done = []
for do in (
    lambda: open({place!r} + '/new', 'w'),
    lambda: os.mkdir({place!r} + '/new'),
    lambda: os.symlink('/tmp', {place!r} + '/new'),
    lambda: os.chmod({place!r}, 0o777),
    lambda: os.rename({place!r}, '/tmp/x'),
):
    try:
        do()
        done.append(do)
    except OSError:
        pass
print(len(done), len(os.listdir({place!r})) > 0)
"""

    assert ask(tries) == "0 True"


def test_only_five_devices_are_there(ask: Ask) -> None:
    """None of them a disk."""
    found = ask(
        "import os, stat\nprint(*sorted(n for n in os.listdir('/dev') if not os.path.islink('/dev/' + n)))"
    )

    assert found.split() == ["full", "null", "random", "shm", "urandom", "zero"]


def test_the_scratch_has_an_end(ask: Ask) -> None:
    """In bytes and in files, wherever it may write."""
    fill = """
import os
for place in ('/scratch', '/tmp', '/dev/shm'):
    try:
        for number in range(10**6):
            open(f'{place}/{number}', 'wb').close()
    except OSError as problem:
        print(problem.errno, number < 64)
    os.remove(f'{place}/0')
    try:
        with open(f'{place}/0', 'wb', buffering=0) as file:
            for _ in range(1000):
                file.write(bytes(1 << 20))
    except OSError as problem:
        print(problem.errno)
"""

    assert ask(fill).split() == ["28", "True", "28"] * 3


def test_a_link_leads_nowhere_else(ask: Ask) -> None:
    """There is nothing outside that a link could name."""
    leads = "import os\nos.symlink('/../../../etc/shadow', 'out')\nprint(os.path.exists('out'))"
    gone = "import os\nprint(os.path.exists('/proc/1/root/home'), os.readlink('/proc/self/root'))"

    assert ask(leads) == "False"
    assert ask(gone) == "False /"


def test_the_machine_keeps_its_secrets(ask: Ask) -> None:
    """/proc shows this process alone, and nothing of the machine."""
    found = ask("import os\nprint(*sorted(os.listdir('/proc')))").split()

    assert found == ["1", "self", "thread-self"]
    assert Path("/proc/meminfo").exists()
