"""A learner's kernel as its checker sees it: requests, answers, time limits, and functions to call.

Everything that comes back is the learner's word: read with caps, decoded to exact types, believed by nobody.
"""

import builtins
import inspect
import secrets
import time
from collections.abc import Callable, Iterable
from typing import Any

from pmcampus.errors import ValueRefused
from pmcampus.kernels.channel import Channel, Closed, Malformed, Message, TooLate
from pmcampus.kernels.values import Decoder, Encoder

GRACE = 2.0  # seconds between asking a cell to stop and ending its kernel
START = 60.0
LINES = 500
WARNED = "The function wrote a warning. It is not shown here; call the function yourself to read it.\n"
# What would end more than the call: the cell, or, unseen, a check's `all(map(...))` before it has looked.
NOT_PASSED_ON = (
    *("BaseException", "GeneratorExit", "KeyboardInterrupt", "SystemExit"),
    *("StopAsyncIteration", "StopIteration"),
)
STALE = 50  # answers to earlier requests that are passed over before the kernel counts as broken


class LearnerDied(Exception):
    """The answer ended its kernel, or held it so that it had to be ended."""


class NoKernel(Exception):
    """We could not give the answer a kernel: our failure, and not the learner's."""


class AnswerFailed(Exception):
    """The learner's function failed with an error of their own kind."""


class Remote:
    """One learner's kernel.

    Args:
        channel: to the kernel.
        interrupt: asks the running cell to stop.
        end: ends the kernel.
    """

    def __init__(self, channel: Channel, *, interrupt: Callable[[], None], end: Callable[[], None]) -> None:
        self.channel, self._interrupt, self._end = channel, interrupt, end
        self.alive, self.number = True, 0
        self.stderr: list[str] = []
        self.deadline = float("inf")
        self.late = False
        self.secret = False  # a check with hidden inputs runs: a function must not repeat them to its author
        self.absent: Callable[[], list[str]] = list
        try:
            first, _ = channel.receive(START)  # sent before any of the learner's code is there
        except (Closed, Malformed, TooLate) as problem:
            raise NoKernel(f"it did not begin ({type(problem).__name__})") from problem
        if "failed" in first:
            raise NoKernel(str(first["failed"]))

    def put(self, names: list[str], contents: list[bytes]) -> None:
        """Files into its working folder."""
        if names:
            self._ask({"do": "put", "names": names}, contents, seconds=START)

    def run(self, source: str, *, seconds: float) -> dict[str, Any]:
        """What a cell gave: whether it ended well, its outputs, and whether it was stopped.

        Raises:
            LearnerDied: the kernel is gone.
        """
        answer, stopped = self._ask_or_stop({"do": "run", "source": source}, seconds=seconds)
        outputs = answer.get("outputs")
        return {
            "ok": answer.get("ok") is True and not stopped,
            "outputs": outputs if isinstance(outputs, list) else [],
            "stopped": stopped,
        }

    def fetch(self, names: Iterable[str], *, seconds: float) -> tuple[dict[str, Any], dict[str, str]]:
        """Values of the names that exist, and the reasons for those that cannot cross.

        Raises:
            LearnerDied: the kernel is gone.
        """
        wanted = sorted(names)
        (answer, parts), _ = self._whole({"do": "fetch", "names": wanted}, (), seconds=seconds)
        values: dict[str, Any] = {}
        refused = {str(k): str(v)[:300] for k, v in _mapping(answer.get("refused")).items()}
        decoder = Decoder(parts, self._function)
        given = _mapping(answer.get("values"))
        for name in wanted:
            if name not in given:
                continue
            try:
                values[name] = decoder.decode(given[name])
            except ValueRefused as reason:
                refused[name] = str(reason)
        return values, refused

    def call(self, number: int, given: tuple[Any, ...], named: dict[str, Any]) -> Any:
        """What the learner's function gives for copies of these arguments.

        Raises:
            the builtin kind of what it raised; `LearnerDied`; `TimeoutError`.
        """
        encoder = Encoder()
        try:
            order = {
                "do": "call",
                "id": number,
                "args": [encoder.encode(value) for value in given],
                "named": {name: encoder.encode(value) for name, value in named.items()},
                "absent": self.absent(),
            }
        except ValueRefused as reason:
            raise TypeError(f"a check handed over an argument that cannot cross: {reason}") from None
        left = self.deadline - time.monotonic()
        if left <= 0:
            self.late = True
            raise TimeoutError("The answer took too long.")
        (answer, parts), stopped = self._whole(order, encoder.parts, seconds=left)
        if stopped:
            self.late = True
            raise TimeoutError("The answer took too long.")
        if answer.get("stderr") and not (self.secret and self.stderr):
            self.stderr.append(WARNED if self.secret else str(answer["stderr"])[:2000])
        if "error" in answer:
            raise _raised(_mapping(answer["error"]), secret=self.secret)
        if "refused" in answer:
            why = "it is no plain value" if self.secret else str(answer["refused"])[:300]
            raise ValueRefused(f"the function's result cannot leave the notebook: {why}")
        return Decoder(parts, self._function).decode(answer.get("value"))

    def _function(self, number: int, parameters: Any) -> "Proxy":
        return Proxy(self, number, parameters)

    def _ask(self, message: dict[str, Any], parts: Iterable[bytes], *, seconds: float) -> dict[str, Any]:
        return self._whole(message, tuple(parts), seconds=seconds)[0][0]

    def _ask_or_stop(self, message: dict[str, Any], *, seconds: float) -> tuple[dict[str, Any], bool]:
        (answer, _), stopped = self._whole(message, (), seconds=seconds)
        return answer, stopped

    def _whole(
        self, message: dict[str, Any], parts: Iterable[bytes], *, seconds: float
    ) -> tuple[Message, bool]:
        """The answer to a request, and whether it had to be interrupted for it."""
        if not self.alive:
            raise LearnerDied("the kernel is gone")
        self.number = secrets.randbits(52)  # an answer prepared beforehand cannot know it
        try:
            self.channel.send(message | {"n": self.number}, list(parts))
            try:
                return self._answer(seconds), False
            except TooLate:
                self.late = True  # whatever becomes of the kernel now
                self._interrupt()
                return self._answer(GRACE), True
        except (Closed, Malformed, TooLate) as problem:
            self.end()
            raise LearnerDied(_why(problem)) from problem

    def _answer(self, seconds: float) -> Message:
        deadline = time.monotonic() + seconds
        for _ in range(STALE):
            message, parts = self.channel.receive(max(0.001, deadline - time.monotonic()))
            if message.get("n") == self.number:
                return message, parts
        raise Malformed("the kernel sent answers that nobody asked for")

    def end(self) -> None:
        """The kernel is gone, now."""
        if self.alive:
            self.alive = False
            self._end()


class Proxy:
    """Stands for a learner's function in the checker; calling it calls the function in its kernel."""

    def __init__(self, remote: Remote, number: int, parameters: Any) -> None:
        self._remote, self._number = remote, number
        self.__name__ = self.__qualname__ = "answer"
        self.__doc__ = None
        signature = _signature(parameters)
        if signature is not None:
            self.__signature__ = signature

    def __call__(self, *given: Any, **named: Any) -> Any:
        """The function's result for copies of these arguments."""
        return self._remote.call(self._number, given, named)

    def __deepcopy__(self, memo: Any) -> "Proxy":
        """Itself: there is one function."""
        return self


def _why(problem: Exception) -> str:
    if isinstance(problem, TooLate):
        return "it took too long and would not stop"
    if isinstance(problem, Malformed):
        return "it gave more than can be read, or no answer at all"
    return "it ended the kernel"


def _raised(error: dict[str, Any], *, secret: bool) -> Exception:
    """An exception of the builtin kind that the learner's function raised.

    Args:
        secret: tell where it was raised in place of its own words.
    """
    line = error.get("line")
    place = f" in line {line}" if isinstance(line, int) and 0 < line < LINES else ""
    text = f"the function stopped{place}" if secret else str(error.get("text", ""))[:4000]
    for name in [str(kind) for kind in error.get("kinds", [])][:10]:
        kind = getattr(builtins, name, None)
        if name in NOT_PASSED_ON:
            return AnswerFailed(f"{name}: {text}")
        if isinstance(kind, type) and issubclass(kind, Exception):
            if kind is Exception:
                own = "Exception" if secret else str(error.get("name", "Exception"))[:80]
                return AnswerFailed(f"{own}: {text}")
            try:
                return kind(text)
            except TypeError:  # UnicodeDecodeError and its like want more than a sentence
                return ValueError(text)
    return AnswerFailed(text)


def _signature(parameters: Any) -> inspect.Signature | None:
    try:
        return inspect.Signature(
            [
                inspect.Parameter(
                    str(name),
                    inspect._ParameterKind(kind),
                    default=... if optional else inspect.Parameter.empty,
                )
                for name, kind, optional in parameters
            ]
        )
    except (TypeError, ValueError):
        return None


def _mapping(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}
