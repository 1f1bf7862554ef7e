"""The bot's side of the worker."""

from __future__ import annotations

import asyncio
import itertools
import json
import os
import sys
from types import TracebackType
from typing import Self

from botcore_solver.worker.reply import Reply

_START_S = 60.0
_GRACE_S = 5.0
_MAX_LINE = 4 << 20


class WorkerLost(Exception):
    """The worker process ended before it answered; the next question starts a new one."""


class Worker:
    """One zygote, started with the context and again whenever it is needed and gone."""

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self._process: asyncio.subprocess.Process | None = None
        self._reader: asyncio.Task[None] | None = None
        self._ready = asyncio.Event()
        self._waiting: dict[int, asyncio.Future[Reply]] = {}
        self._numbers = itertools.count(1)
        self._starting = asyncio.Lock()

    async def __aenter__(self) -> Self:
        await self._ensure()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        process, reader = self._process, self._reader
        self._process = None
        if process is None or reader is None:
            return
        if process.stdin is not None:
            process.stdin.close()
        if not self._ready.is_set() and process.returncode is None:
            # Still importing SymPy: it would read the end of its input seconds later.
            process.kill()
        try:
            async with asyncio.timeout(_GRACE_S):
                await process.wait()
        except TimeoutError:
            process.kill()
            await process.wait()
        await reader

    @property
    def pid(self) -> int | None:
        """The process that runs now; None before the first start."""
        return None if self._process is None else self._process.pid

    async def ask(self, text: str, seconds: float | None = None, *, language: str = "en") -> Reply:
        """Solve one text within the limit of this worker, or ``seconds`` where that is less.

        The reply speaks ``language`` (BCP 47).

        Raises :class:`WorkerLost`. Cancelling the call kills the work.
        """
        limit = self._seconds if seconds is None else min(self._seconds, seconds)
        return await self._send(text=text, language=language, seconds=limit)

    async def check(self, text: str, stated: str) -> Reply:
        """Solve one text and compare with the answer that somebody states: ``verdict`` and the exact
        ``answer`` of the reply. Raises :class:`WorkerLost`."""
        return await self._send(text=text, language="en", seconds=self._seconds, stated=stated)

    async def _send(self, **question: object) -> Reply:
        await self._ensure()
        process = self._process
        if process is None or process.stdin is None:
            raise WorkerLost
        number = next(self._numbers)
        answer: asyncio.Future[Reply] = asyncio.get_running_loop().create_future()
        self._waiting[number] = answer
        try:
            try:
                # Not wait_for: on Python 3.11 it drops a cancellation that meets a finished wait.
                async with asyncio.timeout(_START_S):
                    await self._ready.wait()
                process.stdin.write(_line(id=number, **question))
                await process.stdin.drain()
            except (TimeoutError, ConnectionError) as error:
                raise WorkerLost from error
            return await answer
        except asyncio.CancelledError:
            if process.returncode is None and not process.stdin.is_closing():
                process.stdin.write(_line(cancel=number))
            raise
        finally:
            self._waiting.pop(number, None)

    async def _ensure(self) -> None:
        """Start the process unless it runs; does not wait until it is warm."""
        async with self._starting:
            if self._process is not None and self._process.returncode is None:
                return
            self._ready = asyncio.Event()
            self._process = await asyncio.create_subprocess_exec(
                sys.executable,
                "-P",
                "-m",
                "botcore_solver.worker.zygote",
                stdin=asyncio.subprocess.PIPE,
                stdout=asyncio.subprocess.PIPE,
                stderr=asyncio.subprocess.DEVNULL,
                limit=_MAX_LINE,
                env=_environment(),
                start_new_session=True,
            )
            self._reader = asyncio.create_task(self._read(self._process, self._ready))

    async def _read(self, process: asyncio.subprocess.Process, ready: asyncio.Event) -> None:
        """Hand out replies until the process ends; then nobody waits in vain."""
        assert process.stdout is not None  # noqa: S101  # it was opened as a pipe
        while line := await process.stdout.readline():
            message = json.loads(line)
            if "ready" in message:
                ready.set()
                continue
            answer = self._waiting.pop(message["id"], None)
            if answer is not None and not answer.done():
                answer.set_result(Reply.from_json(message["reply"]))
        await process.wait()
        ready.set()
        lost, self._waiting = self._waiting, {}
        for answer in lost.values():
            if not answer.done():
                answer.set_exception(WorkerLost())


def _line(**message: object) -> bytes:
    return json.dumps(message).encode() + b"\n"


def _environment() -> dict[str, str]:
    """What Python needs to start, and no secret of the bot; a fixed hash seed makes answers repeatable."""
    kept = ("PATH", "PYTHONPATH", "PYTHONHOME", "LD_LIBRARY_PATH", "LANG", "LC_ALL")
    return {name: os.environ[name] for name in kept if name in os.environ} | {"PYTHONHASHSEED": "0"}
