"""Inside a learner's kernel: runs their cells, hands out plain values, calls their functions.

This code shares its process with the learner's and may be changed by it. Nothing here decides about
marks: whoever asks knows that every answer is the learner's own word.
"""

import builtins
import contextlib
import inspect
import io
import os
import random
import sys
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import Any

from pmcampus.errors import ValueRefused
from pmcampus.kernels.channel import Channel, Closed, Message
from pmcampus.kernels.shell import WARM_UP, Shell, warm_shell
from pmcampus.kernels.values import Decoder, Encoder

MAX_STDERR = 2000


class Learner:
    """Answers one checker's requests until it hangs up."""

    def __init__(self, channel: Channel, shell: Shell) -> None:
        self.channel, self.shell = channel, shell
        self.functions: list[Any] = []

    def serve(self) -> None:
        """Until nobody asks any more."""
        while True:
            try:
                message, parts = self.channel.receive()
                self._answer(message, parts)
            except KeyboardInterrupt:
                continue  # it came between two cells
            except Closed:
                return

    def _answer(self, message: dict[str, Any], parts: list[bytes]) -> None:
        do: Callable[[dict[str, Any], list[bytes]], Message] = {
            "put": self._put,
            "run": self._run,
            "fetch": self._fetch,
            "call": self._call,
        }[message["do"]]
        answer, answer_parts = do(message, parts)
        self.channel.send({"n": message["n"]} | answer, answer_parts)

    def _put(self, message: dict[str, Any], parts: list[bytes]) -> Message:
        for name, content in zip(message["names"], parts, strict=True):
            Path(name).write_bytes(content)
        return {}, []

    def _run(self, message: dict[str, Any], parts: list[bytes]) -> Message:
        ended_well, outputs = self.shell.cell(message["source"])
        return {"ok": ended_well, "outputs": outputs}, []

    def _fetch(self, message: dict[str, Any], parts: list[bytes]) -> Message:
        encoder = Encoder(self._number)
        values: dict[str, Any] = {}
        refused: dict[str, str] = {}
        for name in message["names"]:
            if name not in self.shell.user_ns:
                continue
            try:
                values[name] = encoder.encode(self.shell.user_ns[name])
            except ValueRefused as reason:
                refused[name] = str(reason)
            except Exception as problem:  # an object that fails when it is looked at
                refused[name] = f"it cannot be read ({type(problem).__name__})"
        return {"values": values, "refused": refused}, encoder.parts

    def _call(self, message: dict[str, Any], parts: list[bytes]) -> Message:
        decoder, encoder = Decoder(parts), Encoder(self._number)
        given = [decoder.decode(tree) for tree in message["args"]]
        named = {name: decoder.decode(tree) for name, tree in message["named"].items()}
        hidden = {
            name: self.shell.user_ns.pop(name) for name in message["absent"] if name in self.shell.user_ns
        }
        quiet, loud = io.StringIO(), io.StringIO()
        try:
            with contextlib.redirect_stdout(quiet), contextlib.redirect_stderr(loud):
                result = self.functions[message["id"]](*given, **named)
            answer: dict[str, Any] = {"value": encoder.encode(result)}
        except ValueRefused as reason:
            answer = {"refused": str(reason)}
        except (Exception, KeyboardInterrupt, SystemExit) as problem:
            answer = {"error": _error(problem)}
        finally:
            self.shell.user_ns.update(hidden)
        return answer | {"stderr": loud.getvalue()[:MAX_STDERR]}, encoder.parts

    def _number(self, function: Any) -> Any:
        self.functions.append(function)
        return {"t": "call", "v": {"id": len(self.functions) - 1, "parameters": _parameters(function)}}


def warm_up() -> None:
    """What a first cell, a first figure and a first error cost, paid once before any fork."""
    shell = warm_shell()
    for source in WARM_UP:
        shell.cell(source)
    shell.forget()


def serve(channel: Channel, order: dict[str, Any]) -> None:
    """A learner's kernel, until its checker hangs up."""
    random.seed()
    if "numpy" in sys.modules:
        sys.modules["numpy"].random.seed()
    builtins.input = _nobody_to_ask  # type: ignore[assignment]
    os.register_at_fork(after_in_child=channel.close)  # a process of the learner's answers nobody
    Learner(channel, warm_shell()).serve()


def _nobody_to_ask(prompt: str = "") -> str:
    raise RuntimeError("input() was called, but nobody can answer while work is marked.")


def _error(problem: BaseException) -> dict[str, Any]:
    """An exception as its builtin kind, its sentence, and the line of the answer where it arose."""
    kinds = [kind.__name__ for kind in type(problem).__mro__ if kind.__module__ == "builtins"]
    try:
        text = str(problem)
    except Exception:
        text = ""
    frames = traceback.walk_tb(problem.__traceback__)
    lines = [line for frame, line in frames if frame.f_globals.get("__name__") == "__main__"]
    return {"name": type(problem).__name__, "kinds": kinds, "text": text[:4000], "line": (lines or [0])[-1]}


def _parameters(function: Any) -> list[list[Any]] | None:
    """Name, kind and whether it has a default, of each parameter."""
    try:
        signature = inspect.signature(function)
    except (TypeError, ValueError):
        return None
    return [[p.name, p.kind.value, p.default is not p.empty] for p in signature.parameters.values()]
