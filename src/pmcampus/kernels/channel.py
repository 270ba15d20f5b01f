"""Messages between two processes over a unix socket: JSON, with binary parts behind it.

The other end may be hostile: sizes are capped before anything is read, and nothing is ever unpickled.
"""

import array
import json
import socket
import struct
import time
from collections.abc import Sequence
from typing import Any

HEAD = struct.Struct("!IH")
SIZES = struct.Struct("!Q")
MOST_PARTS = 4096
MOST_BYTES = 64_000_000

Message = tuple[dict[str, Any], list[bytes]]


class Closed(Exception):
    """The other end is gone."""


class Malformed(Exception):
    """The other end sent something that is no message."""


class TooLate(Exception):
    """No whole message came before the deadline."""


class Channel:
    """One end of a conversation; `most` is the size of the largest message it will read."""

    def __init__(self, connection: socket.socket, *, most: int = MOST_BYTES) -> None:
        self.socket = connection
        self.most = most

    def send(self, message: dict[str, Any], parts: Sequence[bytes] = ()) -> None:
        """One message.

        Raises:
            Closed: nobody listens any more.
        """
        text = json.dumps(message, allow_nan=False, separators=(",", ":")).encode()
        head = HEAD.pack(len(text), len(parts)) + b"".join(SIZES.pack(len(part)) for part in parts)
        try:
            self.socket.settimeout(None)
            self.socket.sendall(b"".join((head, text, *parts)))
        except OSError as problem:
            raise Closed from problem

    def receive(self, seconds: float | None = None) -> Message:
        """The next message, waiting at most so long.

        Raises:
            Closed, Malformed, TooLate.
        """
        deadline = None if seconds is None else time.monotonic() + seconds
        length, count = HEAD.unpack(self._read(HEAD.size, deadline))
        if count > MOST_PARTS or length > self.most:
            raise Malformed("the message is too large")
        sizes = [SIZES.unpack(self._read(SIZES.size, deadline))[0] for _ in range(count)]
        if length + sum(sizes) > self.most:
            raise Malformed("the message is too large")
        try:
            message = json.loads(self._read(length, deadline).decode())
        except (ValueError, RecursionError) as problem:
            raise Malformed(str(problem)) from problem
        if not isinstance(message, dict):
            raise Malformed("the message is no mapping")
        return message, [self._read(size, deadline) for size in sizes]

    def send_descriptors(self, message: dict[str, Any], descriptors: Sequence[int]) -> None:
        """A short message with open files of this process."""
        text = json.dumps(message).encode()
        data = HEAD.pack(len(text), 0)
        rights = array.array("i", descriptors)
        try:
            self.socket.settimeout(None)
            self.socket.sendmsg([data], [(socket.SOL_SOCKET, socket.SCM_RIGHTS, rights)])
            self.socket.sendall(text)
        except OSError as problem:
            raise Closed from problem

    def receive_descriptors(self, most: int = 4) -> tuple[dict[str, Any], list[int]]:
        """A short message with open files, from an end that is trusted."""
        rights = array.array("i")
        self.socket.settimeout(None)
        try:
            data, ancillary, _, _ = self.socket.recvmsg(HEAD.size, socket.CMSG_SPACE(most * rights.itemsize))
        except OSError as problem:
            raise Closed from problem
        for level, kind, content in ancillary:
            if level == socket.SOL_SOCKET and kind == socket.SCM_RIGHTS:
                rights.frombytes(content[: len(content) - len(content) % rights.itemsize])
        if len(data) < HEAD.size:
            raise Closed
        length, _ = HEAD.unpack(data)
        return json.loads(self._read(length, None)), list(rights)

    def close(self) -> None:
        """Nothing more is sent or read."""
        self.socket.close()

    def _read(self, count: int, deadline: float | None) -> bytes:
        pieces = bytearray()
        while len(pieces) < count:
            left = None if deadline is None else deadline - time.monotonic()
            if left is not None and left <= 0:
                raise TooLate
            self.socket.settimeout(left)
            try:
                piece = self.socket.recv(min(count - len(pieces), 1 << 20))
            except TimeoutError:
                raise TooLate from None
            except OSError as problem:
                raise Closed from problem
            if not piece:
                raise Closed
            pieces += piece
        return bytes(pieces)
