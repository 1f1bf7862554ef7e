"""A soft time limit for work that may be left out. The hard limit is the worker's, from outside."""

from __future__ import annotations

import signal
import threading
from collections.abc import Callable
from types import FrameType
from typing import TypeVar

T = TypeVar("T")


class _OutOfTime(BaseException):
    """Not an Exception: SymPy catches those."""


def within(seconds: float, work: Callable[[], T], otherwise: T) -> T:
    """What ``work`` returns, or ``otherwise`` when it takes longer or raises.

    Interrupts pure Python in the main thread; anywhere else it only waits.
    """
    if threading.current_thread() is not threading.main_thread():
        return _or_else(work, otherwise)

    done = False

    def ring(_number: int, _frame: FrameType | None) -> None:
        if not done:  # an alarm that rings as the work ends is heard only in the lines below
            raise _OutOfTime

    before = signal.signal(signal.SIGALRM, ring)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        found = _or_else(work, otherwise)
        done = True
    except _OutOfTime:
        found = otherwise
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)
    return found


def _or_else(work: Callable[[], T], otherwise: T) -> T:
    try:
        return work()
    except Exception:  # noqa: BLE001  # SymPy raises everything there is; what may be left out must not end the rest
        return otherwise
