from __future__ import annotations

import asyncio
import contextlib
import signal
import time

import pytest

from botcore.hooks.deadline import Overdue, Stepwise, deadline


def _cling() -> None:
    while True:
        with contextlib.suppress(Exception):
            time.sleep(0.01)


def test_slow_code_is_interrupted_even_where_it_swallows_exceptions() -> None:
    with pytest.raises(Overdue), deadline(0.05):
        _cling()


def test_an_alarm_that_rings_as_the_block_ends_is_not_heard(monkeypatch: pytest.MonkeyPatch) -> None:
    before, set_timer = signal.getsignal(signal.SIGALRM), signal.setitimer

    def at_the_last_moment(which: int, seconds: float, interval: float = 0.0) -> tuple[float, float]:
        if not seconds:
            signal.raise_signal(signal.SIGALRM)
        return set_timer(which, seconds, interval)

    with monkeypatch.context() as patch:
        patch.setattr(signal, "setitimer", at_the_last_moment)
        with deadline(60):
            pass
    assert signal.getsignal(signal.SIGALRM) is before


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
