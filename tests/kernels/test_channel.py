"""Messages between two processes, the other of which may be hostile."""

import json
import os
import socket
import threading
from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some

from pmcampus.kernels.channel import HEAD, SIZES, Channel, Closed, Malformed, TooLate

Pair = tuple[Channel, Channel]


@pytest.fixture
def pair() -> Iterator[Pair]:
    """Both ends of a conversation; the second reads a kilobyte at most."""
    one, other = socket.socketpair()
    ends = Channel(one), Channel(other, most=1000)
    yield ends
    for end in ends:
        end.close()


def test_a_message_arrives_with_its_parts(pair: Pair) -> None:
    """As it was sent."""
    pair[0].send({"a": [1, None, "ü"]}, [b"", b"\x00binary"])

    assert pair[1].receive(1) == ({"a": [1, None, "ü"]}, [b"", b"\x00binary"])


def test_a_large_message_is_refused_before_it_is_read(pair: Pair) -> None:
    """By its text or by its parts, whichever is too large."""
    pair[0].socket.sendall(HEAD.pack(1001, 0))
    with pytest.raises(Malformed, match="too large"):
        pair[1].receive(1)


@pytest.mark.parametrize("sizes", [[999, 2], [2**63], [1] * 1001])
def test_large_parts_are_refused_before_they_are_read(pair: Pair, sizes: list[int]) -> None:
    """However the sizes add up."""
    pair[0].socket.sendall(HEAD.pack(2, len(sizes)) + b"".join(map(SIZES.pack, sizes)))
    with pytest.raises(Malformed, match="too large"):
        pair[1].receive(1)


@pytest.mark.parametrize("text", [b"{", b"[1]", b"\xff", b'"text"', b"[" * 900, b"1e5"])
def test_what_is_no_mapping_is_refused(pair: Pair, text: bytes) -> None:
    """Broken, too deep, or of another form."""
    pair[0].socket.sendall(HEAD.pack(len(text), 0) + text)
    with pytest.raises(Malformed):
        pair[1].receive(1)


def test_silence_ends_in_time(pair: Pair) -> None:
    """Half a message is silence, too."""
    pair[0].socket.sendall(HEAD.pack(10, 0) + b"{")
    with pytest.raises(TooLate):
        pair[1].receive(0.05)


def test_a_deadline_holds_against_drops_of_a_message(pair: Pair) -> None:
    """One byte at a time does not buy more time."""
    stop = threading.Event()

    def drip() -> None:
        while not stop.wait(0.01):
            pair[0].socket.send(b"\x00")

    pair[0].socket.sendall(HEAD.pack(900, 0))
    thread = threading.Thread(target=drip)
    thread.start()
    try:
        with pytest.raises(TooLate):
            pair[1].receive(0.2)
    finally:
        stop.set()
        thread.join()


def test_an_end_that_is_gone_is_noticed(pair: Pair) -> None:
    """By who reads and by who writes."""
    pair[0].close()
    with pytest.raises(Closed):
        pair[1].receive(1)
    with pytest.raises(Closed):
        for _ in range(3):
            pair[1].send({"a": 1})


def test_open_files_travel(pair: Pair) -> None:
    """The other end reads what this one opened."""
    reader, writer = os.pipe()
    pair[0].send_descriptors({"what": "a pipe"}, [reader])
    message, (received,) = pair[1].receive_descriptors()
    os.write(writer, b"hello")

    assert ({"what": "a pipe"}, b"hello") == (message, os.read(received, 5))
    for descriptor in (reader, writer, received):
        os.close(descriptor)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(some.binary(max_size=200))
def test_any_bytes_are_a_message_or_one_of_three_refusals(noise: bytes) -> None:
    """Nothing else is ever raised, and nothing is unpickled."""
    one, other = socket.socketpair()
    one.sendall(noise)
    one.close()
    channel = Channel(other, most=1000)
    try:
        message, parts = channel.receive(1)
    except (Closed, Malformed, TooLate):
        return
    finally:
        channel.close()
    assert isinstance(message, dict) and json.dumps(message) and all(isinstance(p, bytes) for p in parts)
