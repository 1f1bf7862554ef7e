"""The walls of one job, put up by the job around itself before it sees a byte of the code.

Runs as the first process of fresh namespaces, single-threaded. The order matters: mounts need the
capabilities that are dropped next, Landlock needs the mounts to be in place, and seccomp comes last
because it forbids everything that the others are made with."""

from __future__ import annotations

import os
import resource
from pathlib import Path

from botcore_manim.sandbox import kernel, landlock, seccomp
from botcore_manim.sandbox.limits import JobLimits
from botcore_manim.sandbox.syscall_numbers import machine

SCRATCH = "/tmp"  # noqa: S108  # a private tmpfs of the job, mounted below
_DEVICES = ("/dev/null", "/dev/zero", "/dev/random", "/dev/urandom", "/dev/full")
_NICENESS = 10
_CPU_PER_WALL_SECOND = 4
"""Encoders run on several cores; more than this many seconds of CPU per second of wall is no drawing."""


def cpu_seconds(limits: JobLimits) -> int:
    """Seconds of CPU after which the kernel kills a job."""
    return int(limits.wall * _CPU_PER_WALL_SECOND) + 1


def put_up(limits: JobLimits, readable: tuple[str, ...]) -> None:
    """Put up every wall; raises OSError naming the one that the kernel refused.

    ``readable`` are the folders that hold the interpreter, its libraries and the fonts.
    """
    _last_in_line()
    _private_files(limits)
    _resource_limits(limits)
    kernel.drop_capabilities()
    kernel.forbid_new_privileges()
    kernel.hide_memory()
    landlock.restrict(readable=readable, scratch=(SCRATCH,), devices=_DEVICES)
    seccomp.restrict(seccomp.program(machine(), processes=limits.processes))


def _last_in_line() -> None:
    """When the machine has no memory left, jobs go before the bot; when it has no time, they wait for it."""
    Path("/proc/self/oom_score_adj").write_text("1000")
    os.nice(_NICENESS)


def _private_files(limits: JobLimits) -> None:
    kernel.mount("none", "/", "", kernel.MS_REC | kernel.MS_PRIVATE)
    closed = kernel.MS_NOSUID | kernel.MS_NODEV | kernel.MS_NOEXEC
    options = f"size={limits.scratch_bytes},nr_inodes={limits.inodes},mode=0700"
    kernel.mount("scratch", SCRATCH, "tmpfs", closed, options)
    kernel.mount("empty", "/proc", "tmpfs", closed | kernel.MS_RDONLY, "size=4k,nr_inodes=2,mode=0555")
    os.chdir(SCRATCH)


def _resource_limits(limits: JobLimits) -> None:
    for which, wanted in (
        # soft = hard: the first process of a namespace ignores the signal of the soft limit
        (resource.RLIMIT_CPU, cpu_seconds(limits)),
        (resource.RLIMIT_AS, limits.memory),
        (resource.RLIMIT_FSIZE, limits.file_bytes),
        (resource.RLIMIT_NPROC, limits.threads),
        (resource.RLIMIT_NOFILE, 256),
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_MEMLOCK, 0),
        (resource.RLIMIT_MSGQUEUE, 0),
        (resource.RLIMIT_SIGPENDING, 256),
        (resource.RLIMIT_STACK, 8 << 20),
    ):
        hard = resource.getrlimit(which)[1]
        most = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
        resource.setrlimit(which, (most, most))
