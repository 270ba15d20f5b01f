"""A PostgreSQL of this machine, started on loopback in a temporary folder: tests and benchmarks share it."""

import os
import pwd
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

TICKS = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True)
class Server:
    """One running PostgreSQL: its address, and the number of its first process."""

    url: str
    process: int

    def spent(self) -> float:
        """Seconds of the processor that its sessions took so far, those that are over included."""
        over = _times(self.process)[2:]
        children = Path(f"/proc/{self.process}/task/{self.process}/children").read_text("ascii").split()
        return (sum(over) + sum(sum(_times(int(child))[:2]) for child in children)) / TICKS


def _times(process: int) -> tuple[int, int, int, int]:
    """Ticks of the processor for its program and the system, then the same for children that ended."""
    try:
        fields = Path(f"/proc/{process}/stat").read_text("ascii").rpartition(")")[2].split()
    except (FileNotFoundError, ProcessLookupError):  # it ended meanwhile
        return (0, 0, 0, 0)
    user, system, users, systems = map(int, fields[11:15])
    return (user, system, users, systems)


def programs() -> Path | None:
    """The folder of Debian's newest PostgreSQL; None where none is installed."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    return found[-1].parent if found else None


@contextmanager
def postgres(*, hasty: bool = False) -> Iterator[Server | None]:
    """A server with its usual settings, or None where none is installed; gone afterwards.

    Args:
        hasty: nothing waits for the disk; for tests, whose data nobody misses.
    """
    place = programs()
    if place is None:
        yield None
        return
    folder = Path(tempfile.mkdtemp(prefix="pmcampus-postgres-"))
    as_user: list[str] = []
    if os.getuid() == 0:  # PostgreSQL refuses to run as root
        owner = pwd.getpwnam("postgres")
        os.chown(folder, owner.pw_uid, owner.pw_gid)
        as_user = ["runuser", "-u", "postgres", "--"]
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    data = folder / "data"

    def call(program: str, *words: str) -> None:
        command = [*as_user, str(place / program), "-D", str(data), *words]
        subprocess.run(command, check=True, capture_output=True, cwd=folder, timeout=120)

    try:
        call("initdb", "-A", "trust", "-U", "campus", "-E", "UTF8", *(["--no-sync"] if hasty else []))
        options = f"-h 127.0.0.1 -p {port} -k {folder}" + (" -F" if hasty else "")
        call("pg_ctl", "-w", "-l", str(folder / "log"), "-o", options, "start")
        try:
            process = int((data / "postmaster.pid").read_text("utf-8").splitlines()[0])
            yield Server(f"postgresql+psycopg://campus@127.0.0.1:{port}/postgres", process)
        finally:
            call("pg_ctl", "-m", "immediate", "stop")
    finally:
        shutil.rmtree(folder, ignore_errors=True)
