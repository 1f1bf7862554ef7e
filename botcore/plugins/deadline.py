"""A limit for synchronous code of others."""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from time import monotonic
from types import FrameType


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

    def ring(_signal: int, _frame: FrameType | None) -> None:
        raise Overdue(f"took longer than {seconds:g} s")

    started = monotonic()
    handler = signal.signal(signal.SIGALRM, ring)
    remaining, interval = signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, handler)
        if remaining:
            signal.setitimer(signal.ITIMER_REAL, max(remaining - (monotonic() - started), 0.001), interval)
