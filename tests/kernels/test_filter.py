"""The system-call filter, run step by step as the kernel runs it."""

import errno
import socket
import struct

import pytest
from hypothesis import given
from hypothesis import strategies as some

from pmcampus.kernels import syscalls
from pmcampus.kernels.filter import (
    ALLOW,
    AUDIT,
    CLONE,
    CLONE3,
    ERRNO,
    IOCTL,
    KILL,
    PROGRAMS,
    REFUSED,
    SOCKET,
    program,
)

MACHINES = list(AUDIT)
REFUSAL = ERRNO | errno.EPERM
HARMLESS = {"x86_64": {"read": 0, "mmap": 9, "futex": 202}, "aarch64": {"read": 63, "mmap": 222, "futex": 98}}


def verdict(text: bytes, machine: str, number: int, *arguments: int) -> int:
    """What a classic BPF machine returns for this call."""
    values = [*arguments, 0, 0, 0, 0, 0, 0][:6]
    data = struct.pack("=IIQ6Q", number, AUDIT[machine], 0, *values)
    steps = [struct.unpack_from("=HBBI", text, place) for place in range(0, len(text), 8)]
    place, held = 0, 0
    while True:
        code, yes, no, value = steps[place]
        place += 1
        if code == 0x20:
            (held,) = struct.unpack_from("=I", data, value)
        elif code == 0x06:
            return int(value)
        else:
            true = {0x15: held == value, 0x45: bool(held & value), 0x35: held >= value}[code]
            place += yes if true else no


@pytest.fixture(params=MACHINES)
def machine(request: pytest.FixtureRequest) -> str:
    """Each machine the filter is written for."""
    return str(request.param)


def column(machine: str) -> int:
    """The machine's place in the tables."""
    return MACHINES.index(machine)


def test_what_attackers_need_is_refused(machine: str) -> None:
    """Every call of the list, whether programs may be started or not."""
    for programs in (False, True):
        text = program(machine, programs=programs, network=False)
        for name, numbers in REFUSED.items():
            number = numbers[column(machine)]
            assert number is None or verdict(text, machine, number) == REFUSAL, name


def test_what_libraries_need_is_allowed(machine: str) -> None:
    """Reading, memory and locks."""
    text = program(machine, programs=False, network=False)

    assert {verdict(text, machine, number) for number in HARMLESS[machine].values()} == {ALLOW}


def test_programs_start_only_where_they_may(machine: str) -> None:
    """Neither by exec nor by fork; threads always."""
    without, with_them = (program(machine, programs=p, network=False) for p in (False, True))
    thread, clone = 0x3D0F00, CLONE[column(machine)]
    for numbers in PROGRAMS.values():
        if (number := numbers[column(machine)]) is not None:
            assert (REFUSAL, ALLOW) == (
                verdict(without, machine, number),
                verdict(with_them, machine, number),
            )
    assert (REFUSAL, ALLOW) == (verdict(without, machine, clone, 17), verdict(with_them, machine, clone, 17))
    assert (ALLOW, ALLOW) == (
        verdict(without, machine, clone, thread),
        verdict(with_them, machine, clone, thread),
    )
    assert verdict(without, machine, CLONE3[column(machine)]) == ERRNO | errno.ENOSYS


def test_no_namespace_can_be_made(machine: str) -> None:
    """Not even with the flags of a thread."""
    text = program(machine, programs=True, network=True)
    for kind in (syscalls.NEW_USER, syscalls.NEW_MOUNTS, syscalls.NEW_PIDS, syscalls.NEW_NETWORK):
        assert verdict(text, machine, CLONE[column(machine)], kind | 0x10000) == REFUSAL


@pytest.mark.parametrize(
    ("family", "alone", "inside"),
    [
        (socket.AF_UNIX, True, True),
        (socket.AF_INET, False, True),
        (socket.AF_INET6, False, True),
        (socket.AF_NETLINK, False, True),
        (socket.AF_PACKET, False, False),
        (40, False, False),  # vsock
    ],
)
def test_sockets_by_family(machine: str, family: int, alone: bool, inside: bool) -> None:
    """Unix sockets always, the network's only inside a namespace that leads nowhere."""
    number = SOCKET[column(machine)]
    found = [
        verdict(program(machine, programs=False, network=n), machine, number, family) == ALLOW
        for n in (False, True)
    ]

    assert [alone, inside] == found


def test_nobody_types_into_a_terminal(machine: str) -> None:
    """The two ioctls that push keys into a terminal; the others pass."""
    text, number = program(machine, programs=False, network=False), IOCTL[column(machine)]

    assert [REFUSAL, REFUSAL, ALLOW] == [
        verdict(text, machine, number, 1, c) for c in (0x5412, 0x541C, 0x5413)
    ]


def test_the_other_table_of_calls_is_closed() -> None:
    """A call by another machine's number ends the process; x86's compact table has no calls."""
    text = program("x86_64", programs=False, network=False)

    assert verdict(text, "x86_64", 0x40000000 | 59) == ERRNO | errno.ENOSYS
    assert verdict(text, "aarch64", 0) == KILL


@given(
    number=some.integers(0, 2**32 - 1), first=some.integers(0, 2**64 - 1), second=some.integers(0, 2**64 - 1)
)
def test_every_call_gets_a_verdict(number: int, first: int, second: int) -> None:
    """The steps never run past their end."""
    for machine in MACHINES:
        text = program(machine, programs=False, network=False)
        assert verdict(text, machine, number, first, second) & 0xFFFF0000 in (ALLOW, ERRNO, KILL)
