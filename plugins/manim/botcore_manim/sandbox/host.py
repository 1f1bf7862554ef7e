"""The bot's side of one zygote: start it, run jobs in it, end it."""

from __future__ import annotations

import asyncio
import json
import os
import shutil
import socket
import subprocess
import sys
from collections.abc import Callable
from contextlib import ExitStack, suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Self

import botcore_manim
from botcore.errors import RendererUnavailable, SandboxUnavailable
from botcore_manim.sandbox.bubblewrap import view
from botcore_manim.sandbox.frames import LEAST_PIECE, Report
from botcore_manim.sandbox.limits import JobLimits
from botcore_manim.sandbox.wire import MAX_DATAGRAM, Ended, Hello, Kind, Request

_START_SECONDS = 90.0
_GRACE_SECONDS = 5.0
"""How much longer than a job's limit its supervisor may take to answer before it counts as stuck."""
_STOP_SECONDS = 1.0
_MAX_OUTPUT = 1 << 20
_KEPT_ERRORS = 4000

NAMESPACE_REMEDY = (
    "Unprivileged user namespaces are needed. Ubuntu: sysctl kernel.apparmor_restrict_unprivileged_userns=0. "
    "Debian before 11: sysctl kernel.unprivileged_userns_clone=1. In a container: allow them in its profile."
)
_PROC_REMEDY = (
    "This container hides parts of /proc, and then no process in it may mount a /proc of its own. Show all "
    "of it (docker run --security-opt systempaths=unconfined), or run botcore outside the container."
)
BWRAP_REMEDY = "Install bubblewrap: apt install bubblewrap"


@dataclass(frozen=True, slots=True)
class Launch:
    """How zygotes are started: ``uid`` is used when the bot is root; ``workload`` is the module that draws,
    None for a zygote that only probes its walls."""

    uid: int
    latex: str = "mathjax"
    workload: str | None = "botcore_manim.inside"


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a job ended (``ended``: trusted) and what it said (``report``: not trusted)."""

    ended: Ended
    report: Report
    output_flooded: bool


class JobNotTaken(RendererUnavailable):
    """The warm process had died before it took the job: nothing of the job has run."""


class Zygote:
    """One warm process. Jobs run side by side in it; it is of no use any more once ``alive`` is false."""

    def __init__(
        self, transport: asyncio.SubprocessTransport, process: _Process, channel: socket.socket
    ) -> None:
        self._transport = transport
        self._process = process
        self._channel = channel
        self.hello = Hello(0, 0.0)
        self.jobs = 0

    @classmethod
    async def start(cls, launch: Launch) -> Self:
        """Start and warm one. Raises SandboxUnavailable, with what it said and how to mend it."""
        bwrap = shutil.which("bwrap")
        if bwrap is None:
            raise SandboxUnavailable("bubblewrap is not installed", problem="bubblewrap", remedy=BWRAP_REMEDY)
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        with theirs:
            ours.setblocking(False)
            try:
                transport, process = await asyncio.get_running_loop().subprocess_exec(
                    _Process,
                    *_launcher(launch, bwrap, theirs.fileno()),
                    stdin=subprocess.DEVNULL,
                    stdout=subprocess.DEVNULL,
                    stderr=subprocess.PIPE,
                    pass_fds=[theirs.fileno()],
                    # nothing of the bot's environment, secrets least of all, in any process on the way
                    env={},
                    cwd="/",
                    # Ctrl-C in a terminal is for the bot, which then ends its zygotes itself
                    start_new_session=True,
                )
            except BaseException:
                ours.close()
                raise
        zygote = cls(transport, process, ours)
        try:
            await zygote._greet()
        except BaseException:
            await zygote.close()
            raise
        return zygote

    async def _greet(self) -> None:
        loop = asyncio.get_running_loop()
        try:
            async with asyncio.timeout(_START_SECONDS):
                datagram = await loop.sock_recv(self._channel, MAX_DATAGRAM)
            self.hello = Hello.decode(datagram)
        except (ValueError, TimeoutError, OSError) as error:
            await self.close()
            said = self._said() or repr(error)
            raise SandboxUnavailable(
                f"the warm process did not start: {said}",
                problem="start",
                remedy=start_remedy(said),
            ) from error

    @property
    def alive(self) -> bool:
        """Whether it can take jobs."""
        return self._transport.get_returncode() is None and self._channel.fileno() >= 0

    @property
    def pid(self) -> int:
        """Process id of its outermost process."""
        return self._transport.get_pid()

    async def run(
        self,
        kind: Kind,
        limits: JobLimits,
        *,
        payload: int,
        result: int,
        heard: Callable[[Report], None] | None = None,
    ) -> Outcome:
        """Run one job to its end. ``payload`` and ``result`` are descriptors of files; ``heard`` is
        called after each piece of its report. Raises RendererUnavailable when the machinery broke.
        Cancelling kills the job."""
        report = Report()
        output = 0
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)

        def take_report(data: bytes) -> None:
            report.feed(data)
            if report.flooded:
                _stop(ours)
            elif heard:
                heard(report)

        def take_output(data: bytes) -> None:
            nonlocal output
            output += max(len(data), LEAST_PIECE)
            if output > _MAX_OUTPUT:
                _stop(ours)

        self.jobs += 1
        try:
            with ExitStack() as stack:
                stack.enter_context(ours)
                ours.setblocking(False)
                reports = stack.enter_context(_Inlet(take_report))
                outputs = stack.enter_context(_Inlet(take_output))
                with theirs:
                    self._send(
                        Request(kind, limits),
                        [theirs.fileno(), payload, reports.far_end, outputs.far_end, result],
                    )
                reports.close_far_end()
                outputs.close_far_end()
                ended = await self._verdict(ours, limits.wall)
                reports.drain()
                outputs.drain()
        finally:
            self.jobs -= 1
        return Outcome(ended, report, output > _MAX_OUTPUT)

    def _send(self, request: Request, fds: list[int]) -> None:
        try:
            socket.send_fds(self._channel, [request.encode()], fds)
        except OSError as error:
            self.kill()
            gone = isinstance(error, ConnectionError)
            raise (JobNotTaken if gone else RendererUnavailable)(
                f"the warm process takes no jobs: {error}"
            ) from error

    async def _verdict(self, control: socket.socket, wall: float) -> Ended:
        loop = asyncio.get_running_loop()
        try:
            async with asyncio.timeout(wall + _GRACE_SECONDS):
                return Ended.decode(await loop.sock_recv(control, MAX_DATAGRAM))
        except asyncio.CancelledError:
            await self._end_job(control)
            raise
        except (ValueError, OSError, TimeoutError) as error:
            # an OSError or an empty datagram: the supervisor is gone without a word
            if isinstance(error, TimeoutError):
                self.kill()
            raise RendererUnavailable(f"a supervisor gave no verdict: {error!r} {self._said()}") from error

    async def _end_job(self, control: socket.socket) -> None:
        """Have the job killed and wait until it is gone; a supervisor that does not answer goes with all."""
        _stop(control)
        try:
            async with asyncio.timeout(_STOP_SECONDS):
                await asyncio.get_running_loop().sock_recv(control, MAX_DATAGRAM)
        except (TimeoutError, OSError, asyncio.CancelledError):
            self.kill()

    def kill(self) -> None:
        """End it and every job in it, now."""
        with suppress(ProcessLookupError):
            self._transport.kill()
        self._channel.close()

    async def closed(self) -> None:
        """Wait until its process has ended."""
        await self._process.exited.wait()

    async def close(self) -> None:
        """End it and wait until nothing of it is left."""
        self.kill()
        try:
            await self._process.exited.wait()
            # its children go with it, and with the last of them the other end of stderr
            with suppress(TimeoutError):
                async with asyncio.timeout(_STOP_SECONDS):
                    await self._process.silent.wait()
        finally:
            self._transport.close()

    def _said(self) -> str:
        """The end of what its own processes wrote to stderr (jobs cannot: they have their own)."""
        return self._process.errors.decode(errors="replace").strip()[-1500:]


class _Process(asyncio.SubprocessProtocol):
    """Hears of a zygote's end, and keeps the last of what it wrote to stderr."""

    def __init__(self) -> None:
        self.errors = bytearray()
        self.exited = asyncio.Event()
        self.silent = asyncio.Event()

    def pipe_data_received(self, fd: int, data: bytes) -> None:  # noqa: ARG002  # only stderr is a pipe
        self.errors += data
        del self.errors[:-_KEPT_ERRORS]

    def process_exited(self) -> None:
        self.exited.set()

    def connection_lost(self, exc: Exception | None) -> None:  # noqa: ARG002  # why is all the same
        self.silent.set()


def _launcher(launch: Launch, bwrap: str, channel: int) -> list[str]:
    shown = view(latex=launch.latex == "system")
    zygote = {
        "channel": channel,
        "readable": shown.readable,
        "workload": launch.workload,
        "latex": launch.latex,
    }
    setup = {"bwrap": bwrap, "uid": launch.uid, "view": asdict(shown), "zygote": json.dumps(zygote)}
    parent = str(Path(botcore_manim.__file__).resolve().parent.parent)
    start = (
        f"import sys; sys.path.append({parent!r}); "
        f"from botcore_manim.sandbox.launcher import main; main({json.dumps(setup)!r})"
    )
    return [sys.executable, "-I", "-S", "-B", "-c", start]


def start_remedy(said: str) -> str:
    """How to mend what kept a zygote from starting, by the last words of its processes."""
    if "mount proc" in said:
        return _PROC_REMEDY
    if "bwrap:" in said or "unshare" in said:
        return NAMESPACE_REMEDY
    return "See the log for details."


def _stop(control: socket.socket) -> None:
    """Ask a supervisor to kill its job: it takes the end of this direction as the word."""
    with suppress(OSError):
        control.shutdown(socket.SHUT_WR)


class _Inlet:
    """A pipe from a job: what arrives is handed to ``take`` as it comes."""

    _CHUNK = 1 << 16

    def __init__(self, take: Callable[[bytes], None]) -> None:
        self._take = take
        self._near, self.far_end = os.pipe2(os.O_CLOEXEC)
        self._far_open = True
        os.set_blocking(self._near, False)

    def __enter__(self) -> Self:
        asyncio.get_running_loop().add_reader(self._near, self._read)
        return self

    def __exit__(self, *_: object) -> None:
        asyncio.get_running_loop().remove_reader(self._near)
        os.close(self._near)
        self.close_far_end()

    def close_far_end(self) -> None:
        """Once the job has it."""
        if self._far_open:
            self._far_open = False
            os.close(self.far_end)

    def drain(self) -> None:
        """Take what is left in the pipe; its writer is dead, so that is at most what a pipe holds."""
        while self._read():
            pass

    def _read(self) -> bool:
        try:
            data = os.read(self._near, self._CHUNK)
        except BlockingIOError:
            return False
        if data:
            self._take(data)
        else:
            asyncio.get_running_loop().remove_reader(self._near)
        return bool(data)
