"""A warm kernel and a client, as any Jupyter program has them."""

import os
import textwrap
from pathlib import Path
from typing import Any

from jupyter_client.manager import KernelManager

from pmcampus.kernels.provisioner import WarmProvisioner

NAME = "pmcampus"
SECONDS = 60


class Running:
    """A kernel and a client of it."""

    def __init__(self, folder: Path) -> None:
        self.manager = KernelManager(kernel_name=NAME)
        self.manager.start_kernel(cwd=str(folder))
        self.connect()

    def connect(self) -> None:
        """A client that has waited until the kernel is ready."""
        self.client = self.manager.client()
        self.client.start_channels()
        self.client.wait_for_ready(timeout=SECONDS)

    def run(self, source: str) -> str:
        """All that this code printed or showed, or the error's name and sentence."""
        said: list[str] = []

        def hear(message: dict[str, Any]) -> None:
            content = message["content"]
            said.append(content.get("text") or content.get("data", {}).get("text/plain") or "")
            if message["msg_type"] == "error":
                said.append(f"{content['ename']}: {content['evalue']}")

        self.client.execute_interactive(textwrap.dedent(source), timeout=SECONDS, output_hook=hear)
        return "".join(said).strip()

    def handle(self) -> int:
        """A handle of its process that outlives the kernel."""
        provisioner = self.manager.provisioner
        assert isinstance(provisioner, WarmProvisioner) and provisioner.child is not None
        return os.dup(provisioner.child.handle)

    def end(self) -> None:
        """No kernel any more."""
        self.client.stop_channels()
        if self.manager.has_kernel:
            self.manager.shutdown_kernel(now=True)
