"""Attacks of the sandbox on itself: run in a job before any stranger's code, one group per wall.

Each attack yields what it got hold of; a wall holds when its attacks yield nothing. The numbers and paths to
try come from the host, so that the attacks aim at things that are really there.
"""

from __future__ import annotations

import ctypes
import mmap
import os
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from botcore_manim.sandbox import kernel
from botcore_manim.sandbox.syscall_numbers import numbers

_HARMLESS_ENVIRONMENT = frozenset({"LC_CTYPE", "PWD"})
_X32_GETPID = 0x40000000 + 39


@dataclass(frozen=True, slots=True)
class Target:
    """What to aim at. ``outside``: files and folders of the host; ``pid``: a process of the host;
    ``environment``: the variables that may be there; the rest are the limits that must hold."""

    outside: tuple[str, ...]
    pid: int
    environment: tuple[str, ...]
    memory: int
    file_bytes: int
    scratch_bytes: int
    inodes: int
    threads: int
    processes: bool


Attack = Callable[[Target], Iterator[str]]


def attack(raw: dict[str, Any]) -> dict[str, str]:
    """Try every wall; returns what got through, by the name of the wall."""
    target = Target(**raw)
    broken = {}
    for name, group in WALLS.items():
        got = list(group(target))
        if got:
            broken[name] = "; ".join(got)[:200]
    return broken


def _network(_: Target) -> Iterator[str]:
    for family in (socket.AF_INET, socket.AF_INET6, socket.AF_UNIX, socket.AF_NETLINK):
        with suppress(OSError):
            socket.socket(family, socket.SOCK_DGRAM).close()
            yield f"made a socket of family {family.name}"


def _files_outside(target: Target) -> Iterator[str]:
    for path in (
        "/etc/passwd",
        "/etc/shadow",
        "/etc/hostname",
        "/root",
        "/home",
        "/var/log",
        *target.outside,
    ):
        with suppress(OSError):
            fd = os.open(path, os.O_RDONLY | os.O_NONBLOCK)
            os.close(fd)
            yield f"opened {path}"


def _writes_outside(_: Target) -> Iterator[str]:
    folders = (
        "/",
        "/usr",
        "/etc",
        "/dev",
        "/dev/shm",  # noqa: S108  # an attack on it
        "/var",
        "/run",
        "/proc",
        str(Path(os.__file__).parent),
    )
    for folder in folders:
        path = Path(folder) / "written-by-a-job"
        with suppress(OSError):
            path.write_text("x")
            path.unlink()
            yield f"wrote into {folder}"


def _runs_from_scratch(_: Target) -> Iterator[str]:
    program = Path("/tmp/program")  # noqa: S108  # the job's own tmpfs
    program.write_bytes(Path(os.__file__).read_bytes()[:4096])
    program.chmod(0o755)
    with suppress(OSError), program.open("rb") as file:
        mmap.mmap(file.fileno(), 4096, mmap.MAP_PRIVATE, mmap.PROT_READ | mmap.PROT_EXEC).close()
        yield "mapped a file of its own as a program"
    program.unlink()


def _processes(target: Target) -> Iterator[str]:
    if target.processes:
        return
    with suppress(OSError):
        child = os.fork()
        if child == 0:
            os._exit(0)
        os.waitpid(child, 0)
        yield "forked"
    with suppress(OSError):
        os.posix_spawn("/usr/bin/true", ["true"], {})
        yield "started a program"


def _threads(target: Target) -> Iterator[str]:
    gate = threading.Event()
    started = 0
    try:
        for _ in range(target.threads + 8):
            threading.Thread(target=gate.wait, daemon=True).start()
            started += 1
        yield f"started {started} threads"
    except (RuntimeError, MemoryError):
        pass
    finally:
        gate.set()
    for thread in threading.enumerate():
        if thread is not threading.current_thread():
            thread.join(1)


def _memory(target: Target) -> Iterator[str]:
    with suppress(OSError, ValueError):
        mmap.mmap(-1, target.memory + 4096).close()
        yield f"mapped more than {target.memory} bytes"


def _disk(target: Target) -> Iterator[str]:
    path = Path("/tmp/large")  # noqa: S108  # the job's own tmpfs
    with path.open("wb") as file, suppress(OSError):
        os.pwrite(file.fileno(), b"x", target.file_bytes)
        yield f"wrote a file of more than {target.file_bytes} bytes"
    path.unlink()
    room = os.statvfs("/tmp")  # noqa: S108  # the job's own tmpfs
    if room.f_blocks * room.f_frsize > target.scratch_bytes + (1 << 16) or room.f_files > target.inodes:
        yield "has more room in /tmp than it was given"


def _other_processes(target: Target) -> Iterator[str]:
    table = numbers()
    if os.getpid() != 1:
        yield "shares a process namespace"
    if os.getpgrp() != os.getpid() or os.getsid(0) != os.getpid():
        yield "shares a process group, and could signal all of it"
    for pid in {2, target.pid}:
        with suppress(OSError):
            os.kill(pid, 0)
            yield f"could signal process {pid}"
        for name in ("ptrace", "process_vm_readv", "pidfd_open"):
            # ptrace: 16 is PTRACE_ATTACH; the others take the process first
            arguments = (16, pid, 0, 0) if name == "ptrace" else (pid, 0, 0, 0)
            if not kernel.raw_syscall_error(table[name], *arguments):
                yield f"{name} on process {pid}"


def _environment(target: Target) -> Iterator[str]:
    for name in set(os.environ) - _HARMLESS_ENVIRONMENT - set(target.environment):
        yield f"sees the variable {name}"


def _proc(_: Target) -> Iterator[str]:
    for path in (
        "/proc/self/environ",
        "/proc/1/environ",
        "/proc/2/environ",
        "/proc/self/mem",
        "/proc/cpuinfo",
    ):
        with suppress(OSError):
            os.close(os.open(path, os.O_RDONLY))
            yield f"opened {path}"


def _privileges(_: Target) -> Iterator[str]:
    with suppress(OSError):
        os.setresuid(0, 0, 0)
        yield "became root"
    with suppress(OSError):
        kernel.unshare(kernel.CLONE_NEWUSER)
        yield "made a user namespace"
    with suppress(OSError):
        kernel.unshare(kernel.CLONE_NEWNS)
        yield "made a mount namespace"
    with suppress(OSError):
        kernel.mount("more", "/tmp", "tmpfs", 0)  # noqa: S108  # the job's own tmpfs
        yield "mounted a file system"


_FORBIDDEN_CALLS: dict[str, tuple[int, ...]] = {
    "keyctl": (0, 0xFFFFFFFD, 1),  # the session keyring, made if it is not there
    "shmget": (0, 4096, 0o1600),
    "userfaultfd": (0,),
    "bpf": (0, 0, 0),
    "perf_event_open": (0, 0, 0, 0, 0),
    "setns": (0, 0),
    "add_key": (0, 0, 0, 0, 0),
    "io_uring_setup": (0, 0),
    "seccomp": (2, 0, 0),  # asks what there is; 0 would end this process
}
_EPERM = 1


def _kernel_surface(_: Target) -> Iterator[str]:
    """Any answer but EPERM means that the call reached the kernel's own code."""
    table = numbers()
    name = ctypes.create_string_buffer(b"job")
    if kernel.raw_syscall_error(table["memfd_create"], ctypes.addressof(name), 0) != _EPERM:
        yield "memfd_create"
    for call, arguments in _FORBIDDEN_CALLS.items():
        if kernel.raw_syscall_error(table[call], *arguments) != _EPERM:
            yield call
    if "open" in table and not kernel.raw_syscall_error(_X32_GETPID):
        yield "calls of the x32 kind"


def _landlock(_: Target) -> Iterator[str]:
    """/proc is an empty folder that anybody may list: only Landlock says no."""
    with suppress(OSError):
        os.listdir("/proc")  # noqa: PTH208  # one call, nothing around it
        yield "listed a folder that Landlock closes"


def _descriptors(_: Target) -> Iterator[str]:
    for fd in range(6, 128):
        with suppress(OSError):
            os.fstat(fd)
            yield f"holds descriptor {fd}"


WALLS: dict[str, Attack] = {
    "network": _network,
    "files outside": _files_outside,
    "writes outside": _writes_outside,
    "programs from scratch": _runs_from_scratch,
    "descriptors": _descriptors,
    "environment": _environment,
    "proc": _proc,
    "other processes": _other_processes,
    "new processes": _processes,
    "threads": _threads,
    "memory": _memory,
    "disk": _disk,
    "privileges": _privileges,
    "kernel calls": _kernel_surface,
    "landlock": _landlock,
}
"""In the order tried and shown."""
