"""Background tasks whose failure is seen."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from typing import Any, TypeVar

from botcore.telemetry.logs import get_logger

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
