"""The filter is run here on a small model of the kernel's machine, for every call and both machine types."""

from __future__ import annotations

import re
import struct
from pathlib import Path

import pytest
from botcore_manim.sandbox.seccomp import ALLOWED, program
from botcore_manim.sandbox.syscall_numbers import AUDIT_ARCHITECTURE, TABLES
from hypothesis import given
from hypothesis import strategies as st

ALLOW, EPERM, ENOSYS, KILL = 0x7FFF0000, 0x00050001, 0x00050026, 0x80000000
MACHINES = sorted(TABLES)
HEADERS = {
    "x86_64": Path("/usr/include/x86_64-linux-gnu/asm/unistd_64.h"),
    "aarch64": Path("/usr/include/asm-generic/unistd.h"),
}


def decide(code: bytes, architecture: int, number: int, arguments: tuple[int, ...] = ()) -> int:
    """What the filter returns for a call."""
    padded = [*arguments, *[0] * (6 - len(arguments))]
    data = struct.pack("<IIQ6Q", number, architecture, 0, *padded)
    instructions = list(struct.iter_unpack("HBBI", code))
    accumulator, at = 0, 0
    while True:
        operation, jt, jf, k = instructions[at]
        at += 1
        match operation:
            case 0x20:
                (accumulator,) = struct.unpack_from("<I", data, k)
            case 0x15:
                at += jt if accumulator == k else jf
            case 0x45:
                at += jt if accumulator & k else jf
            case 0x06:
                return int(k)
            case _:
                pytest.fail(f"unknown instruction {operation:#x}")


@pytest.mark.parametrize("machine", MACHINES)
@pytest.mark.parametrize("processes", [False, True])
def test_exactly_the_listed_calls_are_allowed(machine: str, processes: bool) -> None:
    code = program(machine, processes=processes)
    names = {number: name for name, number in TABLES[machine].items()}
    more = {"execve", "fork", "vfork", "setpgid", "setsid"} if processes else set()
    # these look at their arguments; with none they pass or not as here
    more |= {"prlimit64", "fcntl"} | ({"clone"} if processes else set())
    for number in range(600):
        answer = decide(code, AUDIT_ARCHITECTURE[machine], number)
        name = names.get(number, "")
        expected = ENOSYS if name == "clone3" else ALLOW if name in ALLOWED | more else EPERM
        assert answer == expected, name or number


@pytest.mark.parametrize("machine", MACHINES)
@given(number=st.integers(0x40000000, 0xFFFFFFFF))
def test_numbers_of_the_x32_kind_are_refused(machine: str, number: int) -> None:
    assert decide(program(machine, processes=True), AUDIT_ARCHITECTURE[machine], number) == (
        EPERM
        if number & 0x40000000
        else decide(program(machine, processes=True), AUDIT_ARCHITECTURE[machine], number)
    )


@pytest.mark.parametrize("machine", MACHINES)
@given(architecture=st.integers(0, 0xFFFFFFFF), number=st.integers(0, 600))
def test_calls_of_another_machine_type_kill(machine: str, architecture: int, number: int) -> None:
    if architecture != AUDIT_ARCHITECTURE[machine]:
        assert decide(program(machine, processes=True), architecture, number) == KILL


@pytest.mark.parametrize("machine", MACHINES)
@given(flags=st.integers(0, 0xFFFFFFFF))
def test_clone_makes_threads_alone(machine: str, flags: int) -> None:
    architecture, clone = AUDIT_ARCHITECTURE[machine], TABLES[machine]["clone"]
    thread, namespaces = 0x00010000, 0x7E020000
    answer = decide(program(machine, processes=False), architecture, clone, (flags,))
    assert (answer == ALLOW) == (bool(flags & thread) and not flags & namespaces)
    answer = decide(program(machine, processes=True), architecture, clone, (flags,))
    assert (answer == ALLOW) == (not flags & namespaces)


@pytest.mark.parametrize("machine", MACHINES)
@pytest.mark.parametrize(
    ("call", "arguments", "answer"),
    [
        ("prctl", (15,), ALLOW),
        ("prctl", (4, 1), EPERM),
        ("prctl", (38, 1), EPERM),
        ("ioctl", (0, 0x5401), ALLOW),
        ("ioctl", (0, 0x5412), EPERM),
        ("fcntl", (3, 1030), ALLOW),
        ("fcntl", (3, 1033), EPERM),
        ("fcntl", (3, 1031), EPERM),
        ("prlimit64", (0, 7, 0, 4096), ALLOW),
        ("prlimit64", (0, 7, 4096, 0), EPERM),
        ("prlimit64", (0, 7, 1 << 32, 0), EPERM),
    ],
)
def test_calls_that_do_many_things_are_allowed_by_argument(
    machine: str, call: str, arguments: tuple[int, ...], answer: int
) -> None:
    code = program(machine, processes=False)
    assert decide(code, AUDIT_ARCHITECTURE[machine], TABLES[machine][call], arguments) == answer


@pytest.mark.parametrize("machine", MACHINES)
def test_the_filter_fits_into_the_kernel(machine: str) -> None:
    assert len(program(machine, processes=True)) // 8 <= 4096


@pytest.mark.parametrize("machine", MACHINES)
def test_the_numbers_are_those_of_the_kernel(machine: str) -> None:
    header = HEADERS[machine]
    if not header.exists():
        pytest.skip("linux-libc-dev is not installed")
    found = dict(re.findall(r"#define __NR(?:3264)?_(\w+)\s+(\d+)", header.read_text()))
    for name, number in TABLES[machine].items():
        # the generic header calls these by the name of their 32-bit sibling
        sibling = {"newfstatat": "fstatat"}.get(name, name)
        assert int(found.get(name) or found[sibling]) == number, name
