"""A soft limit of time, and the moment at which work and limit end together."""

from __future__ import annotations

import signal

import pytest
from botcore_solver.patience import within


def _hang() -> str:
    while True:
        pass


def _break() -> str:
    raise ZeroDivisionError


def test_work_that_takes_too_long_or_breaks_is_left_out() -> None:
    assert within(60, lambda: "found", "nothing") == "found"
    assert within(60, _break, "nothing") == "nothing"
    assert within(0.05, _hang, "nothing") == "nothing"


def test_an_alarm_that_rings_as_the_work_ends_is_not_heard(monkeypatch: pytest.MonkeyPatch) -> None:
    before, set_timer = signal.getsignal(signal.SIGALRM), signal.setitimer

    def at_the_last_moment(which: int, seconds: float, interval: float = 0.0) -> tuple[float, float]:
        if not seconds:
            signal.raise_signal(signal.SIGALRM)
        return set_timer(which, seconds, interval)

    with monkeypatch.context() as patch:
        patch.setattr(signal, "setitimer", at_the_last_moment)
        assert within(60, lambda: "found", "nothing") == "found"
    assert signal.getsignal(signal.SIGALRM) is before
