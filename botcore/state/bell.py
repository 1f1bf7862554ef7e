"""Waking up without polling: something changed, look again."""

from __future__ import annotations

import asyncio
from collections.abc import Callable


class Bell:
    """Wakes those who wait in this process, and those in others if somebody carries it there (``carry``).
    Rings between two waits of one listener are not lost.

    A listener keeps the number of the last ring that it heard::

        heard = bell.rings
        look()
        await bell.wait(heard, timeout=2.0)
    """

    def __init__(self) -> None:
        self.rings = 0
        self.carry: Callable[[], None] | None = None
        self._waiters: set[asyncio.Future[None]] = set()

    def ring(self) -> None:
        """Wake everybody who waits now, wherever."""
        self.ring_here()
        if self.carry is not None:
            self.carry()

    def ring_here(self) -> None:
        """Wake those in this process alone."""
        self.rings += 1
        for waiter in self._waiters:
            if not waiter.done():
                waiter.set_result(None)

    async def wait(self, heard: int, *, timeout: float | None = None) -> None:  # noqa: ASYNC109  # not an error here
        """Return when the bell rang more than ``heard`` times, or after ``timeout`` seconds."""
        if self.rings > heard:
            return
        waiter = asyncio.get_running_loop().create_future()
        self._waiters.add(waiter)
        try:
            await asyncio.wait({waiter}, timeout=timeout)
        finally:
            self._waiters.discard(waiter)
