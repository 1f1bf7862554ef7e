from __future__ import annotations

import asyncio
import contextlib
import signal
import sys
import time
from collections.abc import Callable
from itertools import count
from types import FrameType
from typing import Any

import pytest

from botcore.hooks.deadline import Overdue, Stepwise, deadline

TraceFunction = Callable[[FrameType, str, Any], Any]


def _cling() -> None:
    while True:
        with contextlib.suppress(Exception):
            time.sleep(0.01)


def test_slow_code_is_interrupted_even_where_it_swallows_exceptions() -> None:
    with pytest.raises(Overdue), deadline(0.05):
        _cling()


@pytest.mark.parametrize("line", range(12))
def test_whenever_an_alarm_rings_as_the_block_ends_nothing_of_it_is_left(line: int) -> None:
    lines = count()

    def mine(_number: int, _frame: FrameType | None) -> None:
        """An alarm of whoever set one before."""

    def ring(_frame: FrameType, event: str, _value: object) -> TraceFunction:
        if event == "line" and next(lines) == line:
            signal.raise_signal(signal.SIGALRM)
        return ring

    def watch(frame: FrameType, _event: str, _value: object) -> TraceFunction | None:
        return ring if frame.f_code is deadline.__wrapped__.__code__ else None  # type: ignore[attr-defined]  # what contextmanager wraps

    tracing, before = sys.gettrace(), signal.signal(signal.SIGALRM, mine)  # pytest has one, too
    timer = signal.setitimer(signal.ITIMER_REAL, 600)
    try:
        with contextlib.suppress(Overdue), deadline(60):
            sys.settrace(watch)
        sys.settrace(tracing)
        assert signal.getsignal(signal.SIGALRM) is mine
        assert 60 < signal.getitimer(signal.ITIMER_REAL)[0] <= 600
    finally:
        sys.settrace(tracing)
        signal.signal(signal.SIGALRM, before)
        signal.setitimer(signal.ITIMER_REAL, *timer)


async def test_stepwise_hands_values_and_errors_through() -> None:
    async def work() -> str:
        future: asyncio.Future[str] = asyncio.get_running_loop().create_future()
        asyncio.get_running_loop().call_soon(future.set_exception, LookupError("inner"))
        try:
            return await future
        except LookupError as error:
            await asyncio.sleep(0)
            return f"caught {error}"

    assert await Stepwise(work(), 30) == "caught inner"


async def test_stepwise_hands_a_cancellation_to_the_code_inside() -> None:
    seen: list[str] = []

    async def work() -> None:
        try:
            await asyncio.Event().wait()
        except asyncio.CancelledError:
            await asyncio.sleep(0)
            seen.append("cleaned up")
            raise

    async def run() -> object:
        return await Stepwise(work(), 30)

    task = asyncio.create_task(run())
    await asyncio.sleep(0)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert seen == ["cleaned up"]


async def test_stepwise_counts_work_and_not_waiting() -> None:
    async def patient() -> str:
        await asyncio.sleep(1.2)
        return "done"

    assert await Stepwise(patient(), 1.0) == "done"


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
