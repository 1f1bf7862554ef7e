"""Background tasks whose failure is seen."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine
from contextlib import asynccontextmanager
from typing import Any, NoReturn, TypeVar

from botcore.telemetry.logs import ToldAlready, get_logger

_log = get_logger(__name__)
_running: set[asyncio.Task[Any]] = set()

T = TypeVar("T")


def spawn(work: Coroutine[Any, Any, T], *, name: str) -> asyncio.Task[T]:
    """Start a task that is not forgotten: an exception that leaves it is logged and counted.

    :param name: a fixed word, or ``word:detail``; the word labels the metric.
    """
    task = asyncio.create_task(work, name=name)
    _running.add(task)
    task.add_done_callback(_finished)
    return task


@asynccontextmanager
async def repeating(call: Callable[[], Awaitable[object]], *, every: float, name: str) -> AsyncIterator[None]:
    """Call again and again, ``every`` seconds, while the block runs.

    A call that fails is logged and counted, and the next one is made: neither its error nor its end reaches
    the block.
    """

    async def repeat() -> None:
        while True:
            await asyncio.sleep(every)
            await _attempt(call, name)

    task = asyncio.create_task(repeat(), name=name)
    try:
        yield
    finally:
        task.cancel()
        await asyncio.wait({task})  # unlike awaiting the task, this lets our own cancellation through


async def keep_on(step: Callable[[], Awaitable[object]], *, pause: float, name: str) -> NoReturn:
    """Call ``step`` without end, until cancelled.

    A step that fails (the database is locked, say) is logged and counted; the next one begins ``pause``
    seconds later. What the log knows already (:class:`ToldAlready`) is only counted.
    """
    while True:
        if not await _attempt(step, name):
            await asyncio.sleep(pause)


async def _attempt(call: Callable[[], Awaitable[object]], name: str) -> bool:
    try:
        await call()
    except ToldAlready:
        _count(name)
        return False
    except Exception:  # noqa: BLE001  # logged; what is repeated has its next chance
        _count(name)
        _log.exception("attempt_failed", task=name)
        return False
    return True


def watch_loop(loop: asyncio.AbstractEventLoop | None = None) -> None:
    """Log what asyncio itself would print: failures in callbacks, exceptions that nobody fetched."""
    (loop or asyncio.get_running_loop()).set_exception_handler(_unhandled)


def _finished(task: asyncio.Task[Any]) -> None:
    _running.discard(task)
    if task.cancelled() or (error := task.exception()) is None:
        return
    name = task.get_name()
    _count(name.split(":", 1)[0])
    _log.error("task_failed", task=name, exc_info=error)


def _unhandled(_loop: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
    _count("loop")
    _log.error("loop_failed", what=str(context.get("message", "")), exc_info=context.get("exception"))


def _count(task: str) -> None:
    from botcore.telemetry import metrics

    metrics.task_failures.labels(task).inc()
