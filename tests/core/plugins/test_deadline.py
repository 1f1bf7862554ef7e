from __future__ import annotations

import contextlib
import signal
import time

import pytest

from botcore.plugins.deadline import Overdue, deadline


def _cling() -> None:
    while True:
        with contextlib.suppress(Exception):
            time.sleep(0.01)


def test_slow_code_is_interrupted_even_where_it_swallows_exceptions() -> None:
    with pytest.raises(Overdue), deadline(0.05):
        _cling()


def test_an_alarm_of_somebody_else_still_rings() -> None:
    rung: list[int] = []
    before = signal.signal(signal.SIGALRM, lambda number, _: rung.append(number))
    old = signal.setitimer(signal.ITIMER_REAL, 0.1)
    try:
        with deadline(30):
            pass
        signal.pause()
    finally:
        signal.setitimer(signal.ITIMER_REAL, *old)
        signal.signal(signal.SIGALRM, before)
    assert rung == [signal.SIGALRM]
