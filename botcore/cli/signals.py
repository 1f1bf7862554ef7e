"""Ctrl-C, SIGTERM and a closed terminal as an event, so that a command can end its work instead of being torn
out of it.
"""

from __future__ import annotations

import asyncio
import signal
from collections.abc import Iterator
from contextlib import contextmanager

SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


@contextmanager
def stop_requested() -> Iterator[asyncio.Event]:
    """An event that is set by the first Ctrl-C, SIGTERM or SIGHUP. The second one ends the process as it
    always does: nobody must be locked in. A signal that the starter ignores (nohup) stays ignored."""
    loop = asyncio.get_running_loop()
    event = asyncio.Event()
    heeded = [number for number in SIGNALS if signal.getsignal(number) is not signal.SIG_IGN]

    def stop() -> None:
        event.set()
        for number in heeded:
            loop.remove_signal_handler(number)

    for number in heeded:
        loop.add_signal_handler(number, stop)
    try:
        yield event
    finally:
        for number in heeded:
            loop.remove_signal_handler(number)
