"""Jupyter's own clients, without the fifth of a second that they wait for silence when a kernel starts."""

import time
from functools import cache
from queue import Empty
from typing import Any

from jupyter_client.asynchronous.client import AsyncKernelClient
from jupyter_client.blocking.client import BlockingKernelClient
from jupyter_client.client import KernelClient
from jupyter_core.utils import ensure_async, run_sync

SECONDS = 60.0


async def until_ready(client: KernelClient, timeout: float | None = None) -> None:
    """The kernel has answered, and its outputs arrive: its own word that it is idle has come.

    Raises:
        RuntimeError: it died, or did not answer in time, in the words of `wait_for_ready`.
    """
    end = time.monotonic() + (SECONDS if timeout is None else timeout)
    asked = {client.kernel_info()}
    reply: dict[str, Any] | None = None
    while reply is None:
        try:
            message = await ensure_async(client.shell_channel.get_msg(timeout=1))
        except Empty:
            await _still(client, end, timeout)
            asked.add(client.kernel_info())
            continue
        if message["msg_type"] == "kernel_info_reply":
            reply = message
    client._handle_kernel_info_reply(reply)
    while True:
        try:
            message = await ensure_async(client.iopub_channel.get_msg(timeout=0.2))
        except Empty:  # it spoke before this client listened
            await _still(client, end, timeout)
            asked.add(client.kernel_info())
            continue
        if (
            message["parent_header"].get("msg_id") in asked
            and message["content"].get("execution_state") == "idle"
        ):
            return


async def _still(client: KernelClient, end: float, timeout: float | None) -> None:
    if not await client._async_is_alive():
        raise RuntimeError("Kernel died before replying to kernel_info")
    if time.monotonic() > end:
        raise RuntimeError(f"Kernel didn't respond in {timeout or SECONDS:g} seconds")


@cache
def quick(kind: type) -> type:
    """This class of client with the quicker `wait_for_ready`; one that is not Jupyter's stays as it is."""
    wait: Any = until_ready if kind is AsyncKernelClient else run_sync(until_ready)
    if kind not in (AsyncKernelClient, BlockingKernelClient):
        return kind
    return type(kind.__name__, (kind,), {"wait_for_ready": wait, "__module__": __name__})
