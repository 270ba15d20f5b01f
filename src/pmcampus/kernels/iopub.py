"""ipykernel's outputs, sent by the thread that has them: no message waits until another thread wakes.

ipykernel hands each message to a thread of its own and, at every flush, waits for it; a cell has a handful
of both, and each costs two changes of thread. A ZeroMQ socket may be used by several threads as long as one
alone does so at a time (https://zguide.zeromq.org/docs/chapter2/), so a lock is enough. The thread stays for
what nobody waits for: subscriptions, and output of a cell that goes on running.
"""

from threading import RLock
from typing import Any

import zmq
from ipykernel.iostream import IOPubThread, OutStream
from zmq.eventloop.zmqstream import ZMQStream


class Subscriptions(ZMQStream):
    """Looks at the shared socket only while nobody sends."""

    alone: Any

    def _handle_events(self, fd: Any, events: int) -> None:
        with self.alone:
            super()._handle_events(fd, events)


class IOPub(IOPubThread):
    """Sends at once, whichever thread asks."""

    def __init__(self, socket: Any, **options: Any) -> None:
        self.alone = RLock()
        super().__init__(socket, **options)

    def send_multipart(self, *parts: Any, **named: Any) -> None:
        """Hand the message to ZeroMQ, in the order in which the callers came."""
        with self.alone:
            self._really_send(*parts, **named)
            heard = not self.closed and self.socket.events & zmq.POLLIN
        if heard:  # sending took the sign that somebody subscribed
            self.schedule(self._look)

    def _look(self) -> None:
        self._xpub_stream._handle_events(self.socket, 0)

    def _setup_xpub_listener(self) -> None:
        self._xpub_stream = Subscriptions(self.socket, self.io_loop)
        self._xpub_stream.alone = self.alone
        self._xpub_stream.on_recv(self._handle_subscription)


class Stream(OutStream):
    """stdout or stderr, flushed by whoever flushes it."""

    def __init__(self, *named: Any, **options: Any) -> None:
        self.flushing = RLock()
        super().__init__(*named, **options)

    def flush(self) -> None:
        """All that was written before is sent when this returns."""
        self._flush()

    def _flush(self) -> None:
        with self.flushing:  # or a cell's last words could come after the sign that it is done
            super()._flush()
