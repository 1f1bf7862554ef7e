"""A limit for synchronous code of others, and for each step of asynchronous code."""

from __future__ import annotations

import signal
import threading
from collections.abc import Awaitable, Generator, Iterator
from contextlib import contextmanager
from functools import partial
from time import monotonic
from types import FrameType
from typing import Any


class Overdue(BaseException):  # not an Exception: ``except Exception`` in the slow code must not swallow it
    """The code took longer than it may."""


@contextmanager
def deadline(seconds: float) -> Iterator[None]:
    """Raise :class:`Overdue` inside the block after ``seconds``.

    A thread cannot be stopped from outside, so this needs the main thread's signals; anywhere else the block
    runs without a limit. An alarm that was set before still rings at its time.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return

    done = False

    def ring(_signal: int, _frame: FrameType | None) -> None:
        if not done:  # an alarm that rings as the block ends is heard only in the lines below
            raise Overdue(f"took longer than {seconds:g} s")

    started = monotonic()
    handler = signal.signal(signal.SIGALRM, ring)
    remaining, interval = signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        try:
            yield
        finally:
            done = True  # if it rings before that, what follows is done nevertheless
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, handler)
        if remaining:
            signal.setitimer(signal.ITIMER_REAL, max(remaining - (monotonic() - started), 0.001), interval)


class Stepwise:
    """Awaits something, with a deadline for each stretch of it between two awaits.

    asyncio can only cancel code that awaits; code that computes or sleeps without awaiting would hold up the
    whole event loop for good. Here it is interrupted: :class:`Overdue` is raised inside it.
    """

    def __init__(self, awaitable: Awaitable[object], seconds: float) -> None:
        self._awaitable = awaitable
        self._seconds = seconds

    def __await__(self) -> Generator[Any, Any, object]:
        steps: Any = self._awaitable.__await__()
        step = partial(next, steps)
        while True:
            try:
                with deadline(self._seconds):
                    waits_for = step()
            except StopIteration as finished:
                return finished.value
            try:
                answer = yield waits_for
            except BaseException as error:  # noqa: BLE001  # a cancellation, on its way to the code inside
                step = partial(steps.throw, error)
            else:
                step = partial(steps.send, answer)
