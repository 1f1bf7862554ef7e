"""One job's keeper: makes the namespaces, starts the job as their first process, watches clock and host.

A fork of the zygote that never reads a byte of the code. The descriptor it answers on is closed in the
job before the code starts, so its verdict cannot be forged."""

from __future__ import annotations

import gc
import os
import select
import signal
import socket
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from botcore_manim.sandbox import kernel
from botcore_manim.sandbox.limits import JobLimits
from botcore_manim.sandbox.walls import cpu_seconds
from botcore_manim.sandbox.wire import End, Ended

_NAMESPACES = (
    kernel.CLONE_NEWUSER
    | kernel.CLONE_NEWNS
    | kernel.CLONE_NEWPID
    | kernel.CLONE_NEWIPC
    | kernel.CLONE_NEWUTS
    | kernel.CLONE_NEWNET
    | kernel.CLONE_NEWCGROUP
)

Start = Callable[[int], None]
"""Becomes the job; writes b"ok" or the problem to the given descriptor and closes it. Does not return."""


def supervise(limits: JobLimits, control: socket.socket, start: Start) -> None:
    """Run one job to its end and tell the host on ``control``. The caller exits afterwards."""
    gc.disable()
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    began = time.monotonic()
    try:
        _new_namespaces()
        walls_up, walls_up_job_end = os.pipe2(os.O_CLOEXEC | os.O_NONBLOCK)
        job = os.fork()
    except OSError as error:
        _tell(control, Ended(End.NOT_STARTED, problem=f"namespaces: {error}"))
        return
    if job == 0:
        control.close()
        os.close(walls_up)
        start(walls_up_job_end)
        os._exit(70)  # a start that returns is a bug of ours
    os.close(walls_up_job_end)
    stopped = _wait(job, control, began + limits.wall)
    _, status, usage = os.wait4(job, 0)
    _tell(
        control,
        _verdict(
            stopped,
            status,
            walls=_read_all(walls_up),
            cpu=usage.ru_utime + usage.ru_stime,
            wall=time.monotonic() - began,
            peak=usage.ru_maxrss * 1024,
            cpu_limit=cpu_seconds(limits),
        ),
    )


def _new_namespaces() -> None:
    uid, gid = os.getuid(), os.getgid()
    kernel.unshare(_NAMESPACES)
    # one's own id alone may be mapped without privileges, and only once groups are given up
    Path("/proc/self/setgroups").write_text("deny")
    Path("/proc/self/uid_map").write_text(f"{uid} {uid} 1")
    Path("/proc/self/gid_map").write_text(f"{gid} {gid} 1")


def _wait(job: int, control: socket.socket, deadline: float) -> End | None:
    """Wait for the job's end; kill it at the deadline or when the host speaks or goes away."""
    pidfd = os.pidfd_open(job)
    poll = select.poll()
    poll.register(pidfd, select.POLLIN)
    poll.register(control.fileno(), select.POLLIN)
    ready = {fd for fd, _ in poll.poll(max(0.0, deadline - time.monotonic()) * 1000)}
    if pidfd in ready:
        return None
    # the first process of a namespace takes all others with it
    signal.pidfd_send_signal(pidfd, signal.SIGKILL)
    return End.STOPPED if ready else End.OUT_OF_TIME


def _verdict(
    stopped: End | None, status: int, *, walls: bytes, cpu: float, wall: float, peak: int, cpu_limit: int
) -> Ended:
    if stopped is not None:
        return Ended(stopped, cpu=cpu, wall=wall, peak=peak)
    if walls != b"ok":
        return Ended(End.NOT_STARTED, problem=walls.decode(errors="replace") or "the job died early")
    if os.WIFEXITED(status):
        return Ended(End.EXITED, os.WEXITSTATUS(status), cpu=cpu, wall=wall, peak=peak)
    if cpu >= cpu_limit and os.WTERMSIG(status) == signal.SIGKILL:
        return Ended(End.OUT_OF_TIME, cpu=cpu, wall=wall, peak=peak)
    return Ended(End.SIGNALED, os.WTERMSIG(status), cpu=cpu, wall=wall, peak=peak)


def _read_all(fd: int) -> bytes:
    with suppress(BlockingIOError):
        return os.read(fd, 400)
    return b""


def _tell(control: socket.socket, ended: Ended) -> None:
    with suppress(OSError):  # the host may be gone: then nobody needs to know
        control.send(ended.encode())
