"""Warm, sandboxed kernels for every Jupyter program: JupyterLab, nbclient, nbval, stock nbgrader.

A kernel spec that names this provisioner (`pmcampus` is one) is all that a program needs to know. The
program's own process starts one warm parent and asks it for each kernel.
"""

import asyncio
import os
import shutil
import socket
import sys
import tempfile
from dataclasses import replace
from pathlib import Path
from signal import SIGKILL
from typing import Any

from jupyter_client.connect import KernelConnectionInfo
from jupyter_client.provisioning.provisioner_base import KernelProvisionerBase
from traitlets import Dict, List, Unicode

from pmcampus.errors import SandboxError
from pmcampus.kernels.channel import Closed, TooLate
from pmcampus.kernels.copies import copied
from pmcampus.kernels.environment import surroundings
from pmcampus.kernels.limits import Limits
from pmcampus.kernels.parent import Child, WarmParent, warm_parent
from pmcampus.kernels.ready import quick

ENTRIES = {"kernel": "pmcampus.kernels.jupyter"}
PORTS = {"shell_port": 1, "iopub_port": 2, "stdin_port": 3, "control_port": 4, "hb_port": 5}
UNSAFE = "PMCAMPUS_UNSAFE"
PASSED_ON = ("NBGRADER_EXECUTION",)
SECONDS = 30.0
ROOM = Limits(memory=2048, scratch=128, file_size=64, processes=64, open_files=1024, cpu_seconds=3600)


class WarmProvisioner(KernelProvisionerBase):
    """Asks a warm parent for a kernel, and holds it by a handle that cannot mean another process."""

    preload: Any = List(Unicode(), help="Modules that every kernel finds imported already.").tag(config=True)
    limits: Any = Dict(help="Caps that differ from the usual ones, by name.").tag(config=True)

    child: Child | None = None
    folder: Path | None = None
    killed = False

    @property
    def has_process(self) -> bool:
        """Whether a kernel was launched and not yet waited for."""
        return self.child is not None

    async def pre_launch(self, **kwargs: Any) -> dict[str, Any]:
        """A client that is ready when the kernel is; everything else is decided at the launch."""
        manager = self.parent
        if manager is not None:
            manager.client_factory = quick(manager.client_factory)
        return await super().pre_launch(cmd=[], **kwargs)

    async def launch_kernel(self, cmd: list[str], **kwargs: Any) -> KernelConnectionInfo:
        """A forked kernel that listens on unix sockets in a folder only this user can reach.

        Raises:
            SandboxError: this machine cannot hold it, and nobody allowed it to be started without.
        """
        parent = await asyncio.get_running_loop().run_in_executor(None, self._warm_parent)
        if self.folder is None:
            self.folder = Path(tempfile.mkdtemp(dir=parent.sockets))
        key = self.parent.session.key if self.parent is not None else os.urandom(16).hex().encode()
        info: Any = {
            **PORTS,
            "ip": str(self.folder / "k"),
            "transport": "ipc",
            "signature_scheme": "hmac-sha256",
            "key": key,
            "kernel_name": "pmcampus",
        }
        self.connection_info = info
        sockets = [_listening(Path(f"{self.folder / 'k'}-{port}")) for port in PORTS.values()]
        self.child, self.killed = parent.fork("kernel", replace(ROOM, **self.limits)), False
        try:
            self._hand_over(sockets, Path(kwargs.get("cwd") or Path.cwd()), kwargs["env"])
        except (Closed, TooLate, SandboxError) as problem:
            self.child.end()
            self.child = None
            raise SandboxError(
                f"the kernel could not be locked in ({problem}); nothing was run."
            ) from problem
        finally:
            for one in sockets:
                one.close()
        return self.connection_info

    async def poll(self) -> int | None:
        """None while it runs; then how it ended, as far as anybody but its own parent can know."""
        if self.child is None:
            return 0
        if self.child.is_alive():
            return None
        return -SIGKILL if self.killed else 1

    async def wait(self) -> int | None:
        """How it ended, once it has."""
        await self._gone()
        ended = await self.poll()
        if self.child is not None:
            self.child.end()
            self.child = None
        return ended

    async def _gone(self) -> None:
        child, loop, gone = self.child, asyncio.get_running_loop(), asyncio.Event()
        if child is not None and child.is_alive():
            loop.add_reader(child.handle, gone.set)
            try:
                await gone.wait()
            finally:
                loop.remove_reader(child.handle)

    async def send_signal(self, signum: int) -> None:
        """Send the kernel a signal; 0 asks nothing of it."""
        if self.child is not None and signum:
            self.child.send_signal(signum)

    async def kill(self, restart: bool = False) -> None:
        """End the kernel and all it started, now."""
        self.killed = True
        await self.send_signal(SIGKILL)
        await self._gone()  # which takes milliseconds; whoever asks later waits a tenth of a second

    async def terminate(self, restart: bool = False) -> None:
        """The same: a kernel keeps nothing that it would have to put away."""
        await self.kill(restart=restart)

    async def shutdown_requested(self, restart: bool = False) -> None:
        """Kill it: a polite end takes 0.6 s, and everything the kernel has made goes with its sandbox."""
        await self.kill(restart=restart)
        await self.wait()

    async def cleanup(self, restart: bool = False) -> None:
        """Nothing of it is left; its address stays for a restart."""
        if self.child is not None:
            self.child.end()
            self.child = None
        if self.folder is not None and not restart:
            shutil.rmtree(self.folder, ignore_errors=True)
            self.folder = None

    def get_shutdown_wait_time(self, recommended: float = 5.0) -> float:
        """A killed process needs no patience."""
        return min(recommended, 2.0)

    def _warm_parent(self) -> WarmParent:
        if not sys.platform.startswith("linux"):
            raise SandboxError(
                "the kernel `pmcampus` needs Linux, whose sandbox it runs in; choose `python3` here."
            )
        unsafe = os.environ.get(UNSAFE) == "1"
        try:
            return warm_parent(tuple(self.preload), ENTRIES, sandbox=not unsafe, environment=surroundings())
        except SandboxError as problem:
            raise SandboxError(
                f"{problem} A kernel without its sandbox starts only with {UNSAFE}=1 in the environment."
            ) from problem

    def _hand_over(self, sockets: list[socket.socket], folder: Path, env: dict[str, str]) -> None:
        """The sockets, the connection and the files beside the notebook."""
        assert self.child is not None
        folder = folder.resolve()
        paths, left_out = copied(folder)
        if left_out:
            self.log.warning(
                "%s: the kernel got %d files; %d more are too many or too large for its sandbox.",
                folder,
                len(paths),
                left_out,
            )
        names = [os.path.relpath(path, folder.parent) for path in paths]
        environment = dict(self.kernel_spec.env) | {name: env[name] for name in PASSED_ON if name in env}
        info: Any = self.connection_info
        told = info | {"key": info["key"].decode()}
        channel = self.child.channel
        channel.send_descriptors(
            {"connection": told, "ports": list(PORTS.values())}, [one.fileno() for one in sockets]
        )
        channel.send(
            {"folder": folder.name or "work", "files": names, "environment": environment},
            [path.read_bytes() for path in paths],
        )
        answer, _ = channel.receive(SECONDS)
        if "failed" in answer:
            raise SandboxError(answer["failed"])


def _listening(path: Path) -> socket.socket:
    """A unix socket that accepts connections already, though nobody answers yet."""
    path.unlink(missing_ok=True)
    made = socket.socket(socket.AF_UNIX)
    made.bind(str(path))
    made.listen(100)
    made.setblocking(False)
    return made
