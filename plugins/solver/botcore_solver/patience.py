"""A soft time limit for work that may be left out. The hard limit is the worker's, from outside."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from botcore.hooks.deadline import Overdue, deadline

T = TypeVar("T")


def within(seconds: float, work: Callable[[], T], otherwise: T) -> T:
    """What ``work`` returns, or ``otherwise`` when it takes longer or raises.

    Interrupts pure Python in the main thread; anywhere else it only waits.
    """
    try:
        with deadline(seconds):
            return work()
    except (Exception, Overdue):  # noqa: BLE001  # SymPy raises everything there is; what may be left out must not end the rest
        return otherwise
