"""Landlock holds whatever user and mounts would allow."""

import subprocess
import sys
from pathlib import Path

import pytest

from pmcampus.kernels import landlock

pytestmark = pytest.mark.skipif(landlock.version() == 0, reason="this kernel has no Landlock")

TRY = """
import os, socket, subprocess, sys
from pmcampus.kernels import landlock
inside, outside = sys.argv[1:3]
landlock.restrict([inside], programs={programs})
def attempt(name, do):
    try:
        do()
    except OSError as problem:
        print(name, type(problem).__name__)
    else:
        print(name, 'done')
attempt('write inside', lambda: open(inside + '/a', 'w').write('x'))
attempt('make a folder inside', lambda: os.mkdir(inside + '/d'))
attempt('write outside', lambda: open(outside + '/a', 'w'))
attempt('change outside', lambda: open(outside + '/known', 'a'))
attempt('shorten outside', lambda: os.truncate(outside + '/known', 0))
attempt('remove outside', lambda: os.remove(outside + '/known'))
attempt('move out', lambda: os.rename(inside + '/a', outside + '/b'))
attempt('link out', lambda: os.link(inside + '/a', outside + '/b'))
attempt('read outside', lambda: open(outside + '/known').read())
attempt('a program', lambda: subprocess.run(['/bin/true']))
attempt('connect', lambda: socket.create_connection(('127.0.0.1', 9), 1))
"""


def tried(tmp_path: Path, *, programs: bool) -> dict[str, str]:
    """What a restricted process could do, by name."""
    inside, outside = tmp_path / "inside", tmp_path / "outside"
    inside.mkdir()
    outside.mkdir()
    (outside / "known").write_text("known")
    ran = subprocess.run(
        [sys.executable, "-c", TRY.format(programs=programs), str(inside), str(outside)],
        capture_output=True, text=True, check=True, timeout=60,
    )  # fmt: skip
    assert (outside / "known").read_text() == "known"
    return dict(line.rsplit(" ", 1) for line in ran.stdout.splitlines())


def test_writing_is_possible_below_the_given_folders_only(tmp_path: Path) -> None:
    """Reading everywhere, changing nothing elsewhere, not even by moving a file out."""
    found = tried(tmp_path, programs=False)
    allowed = {name for name, result in found.items() if result == "done"}

    assert {"write inside", "make a folder inside", "read outside"} == allowed


def test_the_network_is_closed(tmp_path: Path) -> None:
    """Refused before anything is sent, where the kernel can do that."""
    if landlock.version() < 4:
        pytest.skip("this kernel's Landlock knows no network")

    assert tried(tmp_path, programs=False)["connect"] == "PermissionError"


def test_programs_start_where_they_may(tmp_path: Path) -> None:
    """And nothing else changes."""
    assert tried(tmp_path, programs=True)["a program"] == "done"
