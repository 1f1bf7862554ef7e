"""What the platforms' servers for tests share: a life on loopback, waiting for them, answers kept back."""

from __future__ import annotations

import asyncio
from abc import ABC, abstractmethod
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from types import TracebackType
from typing import Any, Self

from aiohttp import web


@dataclass(slots=True)
class Hold:
    """An answer that is kept back: the call was carried out, and nobody has been told."""

    kind: str
    reached: asyncio.Event = field(default_factory=asyncio.Event)
    released: asyncio.Event = field(default_factory=asyncio.Event)


class LoopbackServer(ABC):
    """A server on a free port of loopback; ``url`` is its address while it runs."""

    def __init__(self) -> None:
        self.url = ""
        self._looks: set[asyncio.Event] = set()
        self._holds: list[Hold] = []

    @abstractmethod
    def _application(self) -> web.Application:
        """What it answers."""

    @abstractmethod
    async def _push(self) -> None:
        """Send to the bot's webhook what comes, until cancelled."""

    async def __aenter__(self) -> Self:
        self._runner = web.AppRunner(self._application(), shutdown_timeout=0.1)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", 0).start()
        self.url = f"http://127.0.0.1:{self._runner.addresses[0][1]}"
        self._pushing = asyncio.create_task(self._push())
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._pushing.cancel()
        with suppress(asyncio.CancelledError):
            await self._pushing
        for hold in self._holds:
            hold.released.set()
        await self._runner.cleanup()

    async def until(self, look: Callable[[], Any], *, seconds: float = 200.0) -> None:
        """Wait until ``look`` gives something true; it is asked whenever something happened here."""
        changed = asyncio.Event()
        self._looks.add(changed)
        try:
            async with asyncio.timeout(seconds):
                while not look():
                    await changed.wait()
                    changed.clear()
        finally:
            self._looks.discard(changed)

    def _changed(self) -> None:
        for look in self._looks:
            look.set()

    def _hold(self, kind: str) -> Hold:
        hold = Hold(kind)
        self._holds.append(hold)
        return hold

    async def _held(self, kind: str) -> None:
        """Wait as long as the answer to a call of this kind is kept back; each hold keeps one back."""
        for hold in self._holds:
            if hold.kind == kind and not hold.reached.is_set():
                hold.reached.set()
                await hold.released.wait()
                return
