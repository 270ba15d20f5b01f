"""Inside a forked kernel: ipykernel, on sockets that whoever asked for it has opened.

The kernel sees no folder with sockets, neither its own nor another kernel's: it is handed five of them that
listen already, and a client that connects early simply waits its turn.
"""

import faulthandler  # noqa: F401 - here and below: imported before the fork, not in every kernel
import os
import random
import sys
from pathlib import Path
from typing import Any

import ipykernel.debugger
import IPython.core.debugger  # noqa: F401
import tornado.platform.asyncio  # noqa: F401
import zmq
from ipykernel.displayhook import ZMQShellDisplayHook
from ipykernel.heartbeat import Heartbeat
from ipykernel.kernelapp import IPKernelApp
from ipykernel.zmqshell import ZMQInteractiveShell
from jupyter_client.session import Session
from traitlets.config import Config

from pmcampus.kernels.channel import Channel
from pmcampus.kernels.environment import SETTINGS
from pmcampus.kernels.iopub import IOPub
from pmcampus.kernels.plain import LooksOnce, PlainFirst, QuickNames
from pmcampus.kernels.shell import WARM_UP, clean

MOST_SOCKETS = 8
QUICK = {
    "IPKernelApp": {"outstream_class": "pmcampus.kernels.iopub.Stream"},
    "Kernel": {"_execute_sleep": 0.0},  # it waits for the outputs' thread, which is asked for nothing here
}
SWITCH_SECONDS = 0.0005  # so that a client hears of a cell while it runs, not after it


class Application(IPKernelApp):
    """ipykernel without connection file, TCP and debugger."""

    def __init__(self, connection: Any, listening: dict[int, int], **options: Any) -> None:
        super().__init__(**options)
        self.given, self.listening = connection, listening

    def init_connection_file(self) -> None:
        """The connection was handed over; no file tells of it."""
        self.load_connection_info(self.given)

    def write_connection_file(self, **kwargs: Any) -> None:
        """Nobody needs to be told."""

    def log_connection_info(self) -> None:
        """Nobody reads it."""
        self._ports = {
            name: getattr(self, f"{name}_port") for name in ("shell", "iopub", "stdin", "hb", "control")
        }

    def init_iopub(self, context: Any) -> None:
        """Outputs of this process only: no other program can be started here."""
        self.iopub_socket = context.socket(zmq.XPUB)
        self.iopub_socket.linger = 1000
        self.iopub_port = self._bind_socket(self.iopub_socket, self.iopub_port)
        self.configure_tornado_logger()
        self.iopub_thread = IOPub(self.iopub_socket, pipe=False, session=self.session)
        self.iopub_thread.start()
        self.iopub_socket = self.iopub_thread.background_socket

    def parse_command_line(self, argv: Any = None) -> None:
        """There is none."""

    def load_config_file(self, *_: Any, **__: Any) -> None:
        """Nobody's settings but ours."""

    def init_kernel(self) -> None:
        """The kernel, around the shell that is there already."""
        super().init_kernel()
        shell: Any = ZMQInteractiveShell.instance()
        shell.kernel, shell.profile_dir = self.kernel, self.profile_dir

    def init_control(self, context: Any) -> None:
        """The control channel, and no debugger that looks for the shell's socket."""
        super().init_control(context)
        self.debug_shell_socket.disconnect(self.shell_socket.getsockopt(zmq.LAST_ENDPOINT))

    def init_heartbeat(self) -> None:
        """The heartbeat, on its own socket."""
        self.heartbeat = Beat(zmq.Context(), (self.transport, self.ip, self.hb_port))
        self.heartbeat.listening = self.listening
        self.heartbeat.start()

    def _try_bind_socket(self, s: Any, port: int) -> int:
        s.use_fd = self.listening[port]
        bound: int = super()._try_bind_socket(s, port)
        return bound


class Beat(Heartbeat):
    """A heartbeat on a socket that listens already."""

    listening: dict[int, int]

    def _try_bind_socket(self) -> Any:
        self.socket.use_fd = self.listening[self.port]
        return super()._try_bind_socket()


class Hook(LooksOnce, ZMQShellDisplayHook):
    """ipykernel's own, a little quicker."""


class Unheard(Session):
    """Takes what the first cells say, before there is anybody to hear it."""

    def send(self, *message: Any, **named: Any) -> None:
        """Nowhere."""


def warm_up() -> None:
    """The shell of every kernel to come, its first figure and error behind it, and nothing remembered."""
    ipykernel.debugger._is_debugpy_available = False
    shell: Any = ZMQInteractiveShell.instance(
        config=Config(SETTINGS),
        compiler_class=QuickNames,
        displayhook_class=Hook,
        input_transformer_manager=PlainFirst(),
    )
    shell.displayhook.session = shell.display_pub.session = Unheard()
    shell.extension_manager.load_extension("storemagic")  # as ipykernel does at its start
    for source in WARM_UP:
        shell.run_cell(source, store_history=True)
    clean(shell)
    Application.clear_instance()


def serve(channel: Channel, order: dict[str, Any]) -> None:
    """A Jupyter kernel, until it is told to stop or killed."""
    told, descriptors = channel.receive_descriptors(MOST_SOCKETS)
    listed, contents = channel.receive()
    folder = Path.cwd() / listed["folder"]
    folder.mkdir(exist_ok=True)
    for name, content in zip(listed["files"], contents, strict=True):
        path = Path.cwd() / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    os.chdir(folder)
    os.environ.update(listed["environment"])
    sys.setswitchinterval(SWITCH_SECONDS)
    random.seed()
    if "numpy" in sys.modules:
        sys.modules["numpy"].random.seed()
    listening = dict(zip(told["ports"], descriptors, strict=True))
    app = Application.instance(told["connection"], listening, config=Config(SETTINGS | QUICK))
    app.initialize([])
    app.start()
