"""Any Jupyter program gets warm, sandboxed kernels by the kernel's name alone."""

import asyncio
import json
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import nbformat
import pytest
from jupyter_client.kernelspec import KernelSpecManager
from jupyter_client.manager import KernelManager
from nbclient import NotebookClient

from pmcampus.errors import SandboxError
from pmcampus.kernels.provisioner import UNSAFE
from tests.conftest import REPOSITORY, TWO_MODULES
from tests.kernels.processes import gone, mention
from tests.kernels.running import NAME, SECONDS, Running

pytestmark = pytest.mark.kernel

LESSONS = REPOSITORY / "modules" / "pharmacogenomics-in-prescribing" / "lessons"


@pytest.fixture
def kernel(tmp_path: Path) -> Iterator[Running]:
    """A kernel whose notebook lies in a folder with a little data."""
    folder = tmp_path / "lessons"
    folder.mkdir()
    (folder / "beside.txt").write_text("beside")
    (folder / "other.ipynb").write_text("{}")
    (folder / ".hidden").write_text("hidden")
    (folder / "link.txt").symlink_to("/etc/hostname")
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "numbers.csv").write_text("a\n1\n")
    running = Running(folder)
    yield running
    running.end()


def test_its_kernel_spec_is_found() -> None:
    """Installed with the package, wheel or checkout."""
    listed = subprocess.run(
        [sys.executable, "-m", "jupyter_client.kernelspecapp", "list", "--json"],
        capture_output=True, text=True, check=True, timeout=60,
    )  # fmt: skip

    assert NAME in json.loads(listed.stdout)["kernelspecs"], "install the package again: make test does it"


def test_the_installed_spec_is_the_one_in_the_repository() -> None:
    """An old copy in the environment would make every other test here speak of another kernel."""
    installed = Path(KernelSpecManager().get_kernel_spec(NAME).resource_dir) / "kernel.json"
    ours = REPOSITORY / "share" / "jupyter" / "kernels" / NAME / "kernel.json"

    assert ours.read_text() == installed.read_text()


def test_it_runs_code(kernel: Running) -> None:
    """Prints, values and errors arrive."""
    assert kernel.run("print('hello')") == "hello"
    assert kernel.run("6 * 7") == "42"
    assert kernel.run("1 / 0").startswith("ZeroDivisionError: division by zero")


def test_what_is_preloaded_is_there_at_once(kernel: Running) -> None:
    """A forked kernel holds the lesson libraries before its first cell."""
    assert kernel.run("import sys; print('pandas' in sys.modules, 'pd' in globals())") == "True False"


def test_it_gets_the_data_beside_the_notebook_and_nothing_else(kernel: Running) -> None:
    """A copy, in a folder of the same name: no other notebook, nothing hidden, no link followed."""
    seen = kernel.run(
        """
        import os
        print(os.path.basename(os.getcwd()), sorted(os.listdir('.')), sorted(os.listdir('..')))
        print(open('../data/numbers.csv').read().split())
        """
    )

    assert seen.splitlines() == ["lessons ['beside.txt'] ['data', 'lessons']", "['a', '1']"]


def test_what_it_writes_stays_in_its_copy(kernel: Running, tmp_path: Path) -> None:
    """The notebook's own folder is never written."""
    kernel.run("open('beside.txt', 'w').write('changed'); open('new.txt', 'w').write('new')")

    assert (tmp_path / "lessons" / "beside.txt").read_text() == "beside"
    assert not (tmp_path / "lessons" / "new.txt").exists()


def test_it_can_be_interrupted(kernel: Running) -> None:
    """A cell that loops stops, and the kernel goes on."""
    asked = kernel.client.execute("print('began')\nwhile True: pass", stop_on_error=False)
    while kernel.client.get_iopub_msg(timeout=SECONDS)["msg_type"] != "stream":
        pass
    kernel.manager.interrupt_kernel()

    while (reply := kernel.client.get_shell_msg(timeout=SECONDS))["parent_header"].get("msg_id") != asked:
        pass
    assert reply["content"]["ename"] == "KeyboardInterrupt"
    assert kernel.run("print('alive')") == "alive"


def test_it_can_be_restarted(kernel: Running) -> None:
    """The same client talks to a new process that remembers nothing, at the same address."""
    kernel.run("answer = 42")
    before, address = kernel.handle(), kernel.manager.connection_file
    kernel.manager.restart_kernel()
    kernel.client.wait_for_ready(timeout=SECONDS)

    assert kernel.run("answer").startswith("NameError")
    assert kernel.manager.connection_file == address
    assert gone(before)


def test_it_can_be_killed(kernel: Running) -> None:
    """Nothing of it runs on, and its sockets are gone."""
    handle, sockets = kernel.handle(), Path(kernel.manager.ip).parent
    assert len(list(sockets.iterdir())) == 5
    kernel.manager.shutdown_kernel(now=True)

    assert gone(handle)
    assert not kernel.manager.is_alive()
    assert not sockets.exists()


def test_a_polite_end_is_a_quick_one(kernel: Running) -> None:
    """Everything a kernel made goes with its sandbox, so nobody waits for it."""
    handle = kernel.handle()
    kernel.manager.shutdown_kernel()

    assert gone(handle)


def test_a_dead_kernel_is_noticed(kernel: Running) -> None:
    """The manager sees that the process is gone."""
    handle = kernel.handle()
    kernel.client.execute("import os; os._exit(3)")

    assert gone(handle)
    assert not kernel.manager.is_alive()


def test_nothing_listens_on_the_network(kernel: Running) -> None:
    """Clients come by unix sockets in a folder that only this user can enter."""
    folder = Path(kernel.manager.ip).parent

    assert kernel.manager.transport == "ipc"
    assert folder.stat().st_mode & 0o077 == 0
    assert len(os.fsencode(kernel.manager.ip)) + 2 <= 107


def test_two_kernels_do_not_see_each_other(kernel: Running, tmp_path: Path) -> None:
    """Neither the other's sockets nor its process nor its files."""
    other = Running(tmp_path)
    try:
        kernel.run("open('/tmp/mine', 'w').write('x')")
        seen = other.run(
            f"""
            import os, signal
            print(os.path.exists('/tmp/mine'), os.path.exists({kernel.manager.ip + "-1"!r}))
            print([p for p in os.listdir('/proc') if p.isdigit()])
            names = [line.split()[-1] for line in open('/proc/self/net/unix') if '/' in line]
            print([name for name in names if name.startswith('/')])
            """
        )
    finally:
        other.end()

    assert seen.splitlines() == ["False False", "['1']", "[]"]


HOSTILE = """
import ctypes, os, socket, subprocess
found = {}
def attempt(name, do):
    try:
        found[name] = do()
    except BaseException as problem:
        found[name] = type(problem).__name__
def files():
    for place, folders, names in os.walk('/'):
        folders[:] = [] if place == '/proc' else folders
        yield from (os.path.join(place, name) for name in names)
attempt('files', lambda: [f for f in files() if f.endswith(('.ipynb', 'gradebook.db')) and 'packages' not in f])
attempt('upwards', lambda: sorted(os.listdir('../../..')) == sorted(os.listdir('/')))
attempt('environment', lambda: [name for name in os.environ if 'SECRET' in name])
attempt('tcp', lambda: socket.create_connection(('127.0.0.1', 22), 2))
attempt('dns', lambda: socket.getaddrinfo('example.org', 80))
attempt('udp', lambda: socket.socket(socket.AF_INET, socket.SOCK_DGRAM))
attempt('program', lambda: subprocess.run(['sleep', '1000']))
attempt('fork', os.fork)
attempt('user', os.getuid)
attempt('write', lambda: open('/usr/x', 'w'))
attempt('unshare', lambda: ctypes.CDLL(None).unshare(0x10000000))
print(found)
"""
HELD = {
    "files": [], "upwards": True, "environment": [], "tcp": "PermissionError", "dns": "gaierror",
    "udp": "PermissionError", "program": "PermissionError", "fork": "PermissionError", "user": 1000,
    "write": "OSError", "unshare": -1,
}  # fmt: skip


def test_nbclient_needs_the_name_only(tmp_path: Path) -> None:
    """And gets outputs as from any kernel, figures as SVG."""
    figure = "import matplotlib.pyplot as plt\nplt.plot([1, 2])\nplt.show()"
    cells = [nbformat.v4.new_code_cell(source) for source in ("print('hello')", figure, HOSTILE)]
    notebook = nbformat.v4.new_notebook(cells=cells)
    client = NotebookClient(
        notebook, kernel_name=NAME, timeout=SECONDS, resources={"metadata": {"path": tmp_path}}
    )

    done = client.execute(env=os.environ | {"A_SECRET": "x"})

    assert done.cells[0].outputs[0].text == "hello\n"
    assert "image/svg+xml" in done.cells[1].outputs[0].data
    assert eval(done.cells[2].outputs[0].text) == HELD


def test_nbval_needs_the_name_only() -> None:
    """A lesson's stored outputs, made by an ordinary kernel, are what a forked kernel gives, byte by byte."""
    ran = subprocess.run(
        [
            sys.executable, "-m", "pytest", "--nbval", "--nbval-kernel-name", NAME, "-q", "--no-header",
            "-p", "no:cacheprovider", "-p", "no:xdist", "-c", os.devnull, "--rootdir", str(LESSONS),
            str(LESSONS / "02-activity-scores.ipynb"),
        ],
        capture_output=True, text=True, timeout=300,
    )  # fmt: skip

    assert ran.returncode == 0, ran.stdout[-4000:] + ran.stderr[-2000:]
    assert " passed" in ran.stdout


@pytest.fixture
def course(tmp_path: Path) -> Path:
    """nbgrader's own course folder with the tiny assessment, released."""
    folder = tmp_path / "course"
    (folder / "source" / "counting").mkdir(parents=True)
    shutil.copy(TWO_MODULES / "assessments/counting/counting.ipynb", folder / "source" / "counting")
    (folder / "nbgrader_config.py").write_text("c = get_config()\nc.CourseDirectory.course_id = 'course'\n")
    nbgrader(folder, "generate_assignment", "counting")
    return folder


def nbgrader(folder: Path, *words: str) -> str:
    """What stock nbgrader says."""
    programs = Path(sys.executable).parent
    environment = os.environ | {"PATH": f"{programs}{os.pathsep}{os.environ['PATH']}", "A_SECRET": "x"}
    ran = subprocess.run(
        [sys.executable, "-m", "nbgrader", *words],
        cwd=folder, capture_output=True, text=True, timeout=300, env=environment,
    )  # fmt: skip
    assert ran.returncode == 0, ran.stdout[-2000:] + ran.stderr[-4000:]
    return ran.stderr


def submit(course: Path, learner: str, sources: dict[str, str]) -> None:
    """A learner's copy of the released notebook with these answers."""
    notebook = nbformat.read(course / "release" / "counting" / "counting.ipynb", 4)
    for cell in notebook.cells:
        cell.source = sources.get(cell.metadata.get("nbgrader", {}).get("grade_id", ""), cell.source)
    folder = course / "submitted" / learner / "counting"
    folder.mkdir(parents=True)
    nbformat.write(notebook, folder / "counting.ipynb")


def test_stock_nbgrader_needs_the_name_only(course: Path) -> None:
    """It marks as ever, and a hostile notebook finds no gradebook, no sources, no network, no way to stay."""
    source = nbformat.read(course / "source" / "counting" / "counting.ipynb", 4)
    answers = {
        cell.metadata.nbgrader.grade_id: cell.source
        for cell in source.cells
        if cell.cell_type == "code" and cell.metadata.get("nbgrader", {}).get("solution")
    }
    submit(course, "honest", answers)
    first = next(iter(answers))
    submit(course, "hostile", answers | {first: HOSTILE})

    nbgrader(course, "autograde", "counting", f"--Execute.kernel_name={NAME}")

    assert scores(course) == {"honest": maximum(course), "hostile": scores(course)["hostile"]}
    marked = nbformat.read(course / "autograded" / "hostile" / "counting" / "counting.ipynb", 4)
    texts = [o.text for c in marked.cells for o in c.get("outputs", ()) if o.output_type == "stream"]
    assert HELD == eval(next(text for text in texts if text.startswith("{'files'")))
    assert not mention(str(course)), "a process of the hostile notebook is left"


def scores(course: Path) -> dict[str, float]:
    """Each learner's automatic score in nbgrader's own gradebook."""
    from nbgrader.api import Gradebook

    with Gradebook(f"sqlite:///{course / 'gradebook.db'}") as gradebook:
        return {s.student.id: s.score for s in gradebook.assignment_submissions("counting")}


def maximum(course: Path) -> float:
    """What can be had by machine."""
    from nbgrader.api import Gradebook

    with Gradebook(f"sqlite:///{course / 'gradebook.db'}") as gradebook:
        return float(gradebook.find_assignment("counting").max_code_score)


LEAVER = """
import os, signal, sys
from jupyter_client.manager import KernelManager
manager = KernelManager(kernel_name='pmcampus')
manager.start_kernel()
print(manager.ip, flush=True)
sys.stdin.read()
"""


@pytest.mark.parametrize("end", [signal.SIGTERM, signal.SIGKILL], ids=["terminated", "killed"])
def test_when_the_program_ends_all_of_it_is_gone(end: signal.Signals) -> None:
    """However it ends: no warm parent, no kernel, no folder with sockets."""
    program = subprocess.Popen(
        [sys.executable, "-c", LEAVER], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert program.stdout is not None
    address = Path(program.stdout.readline().strip())
    home = address.parents[2]
    handles = [os.pidfd_open(pid) for pid in mention(str(home))]
    assert handles and home.is_dir()
    program.send_signal(end)
    program.communicate(timeout=SECONDS)

    assert all(gone(handle) for handle in handles)
    assert not home.exists()


def test_without_a_sandbox_it_refuses(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """One sentence says why, and how to start it nevertheless."""

    def refuse(*_: Any, **__: Any) -> None:
        raise SandboxError("the warm parent of the kernels did not start (no namespaces here);")

    monkeypatch.setattr("pmcampus.kernels.provisioner.warm_parent", refuse)
    manager = KernelManager(kernel_name=NAME)

    with pytest.raises(SandboxError, match=f"no namespaces here.*{UNSAFE}=1"):
        manager.start_kernel(cwd=str(tmp_path))


def test_told_to_do_without_it_does_without(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """The kernel works, and ends with its program all the same."""
    monkeypatch.setenv(UNSAFE, "1")
    (tmp_path / "beside.txt").write_text("beside")
    running = Running(tmp_path)
    handle = running.handle()
    try:
        assert running.run("print(open('beside.txt').read())") == "beside"
    finally:
        running.end()
    assert gone(handle)


def test_a_kernel_can_be_started_from_a_running_loop(tmp_path: Path) -> None:
    """As JupyterLab does it."""
    from jupyter_client.manager import AsyncKernelManager

    async def cycle() -> str:
        manager = AsyncKernelManager(kernel_name=NAME)
        await manager.start_kernel(cwd=str(tmp_path))
        client = manager.client()
        client.start_channels()
        await client.wait_for_ready(timeout=SECONDS)
        reply = await client.execute("1", reply=True, timeout=SECONDS)
        client.stop_channels()
        await manager.shutdown_kernel()
        return str(reply["content"]["status"])

    assert asyncio.run(cycle()) == "ok"
