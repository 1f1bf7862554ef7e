"""The warm process inside bubblewrap: imports what drawing needs once, then forks a supervisor per job.

It never sees a source. It has one thread, always: a fork copies no other, and a lock that one of them
held would stay locked in the job for ever."""

from __future__ import annotations

import gc
import importlib
import json
import os
import signal
import socket
import sys
import time
import traceback
from contextlib import suppress
from pathlib import Path
from types import FrameType
from typing import NoReturn

from botcore_manim.sandbox import kernel
from botcore_manim.sandbox.job import Job, Workload
from botcore_manim.sandbox.supervisor import supervise
from botcore_manim.sandbox.wire import DESCRIPTORS, MAX_DATAGRAM, Hello, Request

_SETTLE_SECONDS = 5.0


def main(argument: str) -> NoReturn:
    """``argument`` is JSON: channel (descriptor), readable (folders), workload (module or null), latex."""
    began = time.monotonic()
    setup = json.loads(argument)
    kernel.forbid_new_privileges()
    channel = socket.socket(fileno=setup["channel"])
    channel.set_inheritable(False)
    workload = _warm(setup["workload"], setup["latex"])
    _settle()
    gc.collect()
    signal.signal(signal.SIGCHLD, _bury)
    gc.freeze()  # what is there now is never looked at again, so that jobs share its pages
    channel.send(Hello(_resident_bytes(), time.monotonic() - began).encode())
    _serve(channel, tuple(setup["readable"]), workload)
    sys.exit(0)


def _warm(name: str | None, latex: str) -> Workload | None:
    if name is None:
        return None
    workload: Workload = importlib.import_module(name)
    workload.warm(latex)
    return workload


def _settle() -> None:
    """Wait until the threads that warming used are gone; exits when one stays."""
    deadline = time.monotonic() + _SETTLE_SECONDS
    while (threads := len(os.listdir("/proc/self/task"))) > 1:  # noqa: PTH208  # names are only counted
        if time.monotonic() > deadline:
            sys.exit(f"the warm process keeps {threads} threads; forking it would not be safe")
        # a joined thread has left Python, but for a moment not yet the kernel
        time.sleep(0.001)


def _serve(channel: socket.socket, readable: tuple[str, ...], workload: Workload | None) -> None:
    """Until the host closes the channel."""
    while True:
        datagram, fds, _, _ = socket.recv_fds(channel, MAX_DATAGRAM, len(DESCRIPTORS))
        if not datagram:
            return
        if os.fork() == 0:
            channel.close()
            try:
                _be_supervisor(Request.decode(datagram), fds, readable, workload)
            except BaseException:  # noqa: BLE001  # a fork must never get back into the zygote's loop
                traceback.print_exc()
            os._exit(0)
        for fd in fds:
            os.close(fd)


def _bury(_signal: int, _frame: FrameType | None) -> None:
    """Wait for supervisors that have ended. Ignoring them instead would lose what their jobs cost: the kernel
    adds up the times of those that were waited for."""
    with suppress(ChildProcessError):
        while os.waitpid(-1, os.WNOHANG)[0]:
            pass


def _be_supervisor(
    request: Request, fds: list[int], readable: tuple[str, ...], workload: Workload | None
) -> None:
    control_fd, payload, report, output, result = fds
    control = socket.socket(fileno=control_fd)
    job = Job(request, (payload, report, output, result), readable, workload)

    def start(walls_up: int) -> None:
        job.start(walls_up)

    supervise(request.limits, control, start)


def _resident_bytes() -> int:
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE")
