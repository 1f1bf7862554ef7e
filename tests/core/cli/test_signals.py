"""What ends a command politely, and what its starter keeps from it."""

from __future__ import annotations

import asyncio
import os
import signal
from collections.abc import Iterator

import pytest

from botcore.cli.signals import SIGNALS, stop_requested


@pytest.fixture(autouse=True)
def _as_in_a_terminal() -> Iterator[None]:
    """A shell starts what it puts into the background with some of them ignored, and so does nohup."""
    before = {number: signal.signal(number, signal.SIG_DFL) for number in SIGNALS}
    yield
    for number, handler in before.items():
        signal.signal(number, handler)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
async def test_ctrl_c_sigterm_and_a_closed_terminal_ask_to_stop(number: signal.Signals) -> None:
    with stop_requested() as stop:
        os.kill(os.getpid(), number)
        await asyncio.wait_for(stop.wait(), 60)


async def test_the_second_signal_is_not_held_back() -> None:
    with stop_requested() as stop:
        os.kill(os.getpid(), signal.SIGTERM)
        await asyncio.wait_for(stop.wait(), 60)
        assert signal.getsignal(signal.SIGTERM) is signal.SIG_DFL


async def test_what_nohup_ignores_stays_ignored() -> None:
    before = signal.signal(signal.SIGHUP, signal.SIG_IGN)
    try:
        with stop_requested():
            assert signal.getsignal(signal.SIGHUP) is signal.SIG_IGN
        assert signal.getsignal(signal.SIGHUP) is signal.SIG_IGN
    finally:
        signal.signal(signal.SIGHUP, before)
