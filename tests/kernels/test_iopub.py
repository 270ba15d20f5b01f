"""A warm kernel's outputs are sent by the thread that has them: all of them, in order, in time."""

import textwrap
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from jupyter_client.session import Session

from tests.kernels.running import SECONDS, Running

pytestmark = pytest.mark.kernel


@pytest.fixture(scope="module")
def kernel(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """One kernel for all of them."""
    running = Running(Path(tmp_path_factory.mktemp("work")))
    yield running
    running.end()


def messages(kernel: Running, source: str) -> list[tuple[float, str, dict[str, Any]]]:
    """What a cell sends until it says that it is idle: when, of which kind, with what in it."""
    heard, asked = [], kernel.client.execute(source)
    while True:
        message = kernel.client.get_iopub_msg(timeout=SECONDS)
        if message["parent_header"].get("msg_id") != asked:
            continue
        heard.append((time.monotonic(), message["msg_type"], message["content"]))
        if message["content"].get("execution_state") == "idle":
            kernel.client.get_shell_msg(timeout=SECONDS)
            return heard


def texts(heard: list[tuple[float, str, dict[str, Any]]]) -> list[str]:
    """What was printed or shown, in order, neighbours of one kind joined."""
    said: list[tuple[str, str]] = []
    for _, kind, content in heard:
        text = content.get("text") or content.get("data", {}).get("text/plain") or ""
        name = content.get("name", kind)
        if kind == "stream" and said and said[-1][0] == name:
            said[-1] = (name, said[-1][1] + text)
        elif kind in ("stream", "display_data"):
            said.append((name, text))
    return [f"{name}: {text}" for name, text in said]


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.sampled_from(["stdout", "stderr", "display_data"]), min_size=1, max_size=12))
def test_prints_and_figures_keep_their_order(kernel: Running, kinds: list[str]) -> None:
    """A shown object comes after what was printed before it and before what is printed after it."""
    ways = {
        "stdout": "print({0})",
        "stderr": "print({0}, file=sys.stderr)",
        "display_data": "display(0 + {0})",
    }
    source = ["import sys"] + [ways[kind].format(number) for number, kind in enumerate(kinds)]

    found = texts(messages(kernel, "\n".join(source)))

    shown = [one for one in found if not one.startswith("std")]
    assert shown == [f"display_data: {n}" for n, kind in enumerate(kinds) if kind == "display_data"]
    for stream in ("stdout", "stderr"):
        printed = "".join(one.removeprefix(f"{stream}: ") for one in found if one.startswith(stream))
        assert printed.split() == [str(n) for n, kind in enumerate(kinds) if kind == stream]
    order = [n for one in found for n in map(int, one.split(": ")[1].split())]
    assert all(
        order.index(n) < order.index(m)
        for n in range(len(kinds))
        for m in range(n + 1, len(kinds))
        if "display_data" in (kinds[n], kinds[m])
    )


def test_a_cell_is_idle_only_after_its_last_word(kernel: Running) -> None:
    """The last message of two hundred cells is always the one that says idle, and none has lost its line."""
    for number in range(200):
        heard = messages(kernel, f"print({number})")

        assert [kind for _, kind, _ in heard if kind != "stream"] == ["status", "execute_input", "status"]
        assert heard[-1][1] == "status"
        assert texts(heard) == [f"stdout: {number}\n"]


def test_many_threads_lose_nothing(kernel: Running) -> None:
    """Eight threads print while the cell shows objects; each line arrives once and whole."""
    source = """
        import threading
        def talk(who):
            for n in range(500):
                print(f"<{who} {n}>\\n", end="")
        many = [threading.Thread(target=talk, args=(who,)) for who in range(8)]
        [one.start() for one in many]
        for n in range(50):
            display(n)
        [one.join() for one in many]
    """
    found = texts(messages(kernel, textwrap.dedent(source)))

    lines = "".join(one.removeprefix("stdout: ") for one in found if one.startswith("stdout")).split("\n")
    assert sorted(filter(None, lines)) == sorted(f"<{who} {n}>" for who in range(8) for n in range(500))
    assert [one for one in found if one.startswith("display")] == [f"display_data: {n}" for n in range(50)]


def test_a_long_cell_is_heard_while_it_runs(kernel: Running) -> None:
    """What it prints first arrives seconds before it is done, though nothing flushes it."""
    heard = messages(kernel, "import time\nprint('first')\ntime.sleep(3)")

    printed = next(when for when, kind, _ in heard if kind == "stream")
    assert heard[-1][0] - printed > 2


def test_who_subscribes_later_hears_as_well(kernel: Running) -> None:
    """A second client, as a second browser tab is, while the first goes on."""
    second = kernel.manager.client(session=Session(key=kernel.manager.session.key))
    second.start_channels()
    try:
        second.wait_for_ready(timeout=SECONDS)
        heard = messages(kernel, "print('both')")
        while True:
            message = second.get_iopub_msg(timeout=SECONDS)
            if message["msg_type"] == "stream":
                break
    finally:
        second.stop_channels()

    assert texts(heard) == ["stdout: both\n"] and message["content"]["text"] == "both\n"
