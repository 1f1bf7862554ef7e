"""Ctrl-C and SIGTERM as an event, so that a command can end its work instead of being torn out of it."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import Iterator
from contextlib import contextmanager

SIGNALS = (signal.SIGINT, signal.SIGTERM)


@contextmanager
def stop_requested() -> Iterator[asyncio.Event]:
    """An event that is set by the first Ctrl-C or SIGTERM. The second one ends the process as it always
    does: nobody must be locked in."""
    loop = asyncio.get_running_loop()
    event = asyncio.Event()

    def stop() -> None:
        event.set()
        for number in SIGNALS:
            loop.remove_signal_handler(number)

    for number in SIGNALS:
        loop.add_signal_handler(number, stop)
    try:
        yield event
    finally:
        for number in SIGNALS:
            loop.remove_signal_handler(number)
