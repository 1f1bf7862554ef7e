"""Warm zygotes, kept alive: started in the background, probed, handed to jobs, replaced when they die."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Self

from botcore.errors import BotcoreError
from botcore.telemetry import get_logger
from botcore_manim.sandbox.host import Launch, Zygote
from botcore_manim.sandbox.limits import JobLimits
from botcore_manim.sandbox.selfprobe import require_walls

_FIRST_RETRY_SECONDS = 0.5
_LAST_RETRY_SECONDS = 30.0

log = get_logger(__name__)


class ZygotePool:
    """``size`` zygotes. ``limits`` are those the walls are probed with; ``outside`` must be out of reach."""

    def __init__(self, launch: Launch, limits: JobLimits, size: int, outside: tuple[Path, ...]) -> None:
        self._launch = launch
        self._limits = limits
        self._size = size
        self._outside = outside
        self._ready: list[Zygote] = []
        self._trouble: BotcoreError | None = None
        self._changed = asyncio.Condition()
        self._keepers: list[asyncio.Task[None]] = []

    async def __aenter__(self) -> Self:
        """Probe the walls (raises SandboxUnavailable), then let the zygotes warm up in the background."""
        bare = await Zygote.start(Launch(self._launch.uid, self._launch.latex, workload=None))
        try:
            await require_walls(bare, self._limits, self._outside)
        finally:
            await bare.close()
        before: asyncio.Event | None = None
        for index in range(self._size):
            warm = asyncio.Event()
            self._keepers.append(asyncio.create_task(self._keep(before, warm), name=f"zygote-{index}"))
            before = warm
        return self

    async def __aexit__(self, *_: object) -> None:
        for keeper in self._keepers:
            keeper.cancel()
        await asyncio.gather(*self._keepers, return_exceptions=True)

    async def take(self) -> Zygote:
        """The least busy warm zygote; waits while none is warm, as long as the caller has time.

        One that failed to start is tried again, so waiting is the better choice: a busy machine is the usual
        reason. :attr:`trouble` says why it takes so long.
        """
        async with self._changed:
            await self._changed.wait_for(self._alive)
        return min(self._alive(), key=lambda zygote: zygote.jobs)

    @property
    def trouble(self) -> BotcoreError | None:
        """Why the last start failed; None when it did not."""
        return self._trouble

    def _alive(self) -> list[Zygote]:
        return [zygote for zygote in self._ready if zygote.alive]

    async def _keep(self, before: asyncio.Event | None, warm: asyncio.Event) -> None:
        """Keep one place filled. One warms up after the other: the first is ready for a job the sooner."""
        if before is not None:
            await before.wait()
        pause = _FIRST_RETRY_SECONDS
        while True:
            try:
                zygote = await self._start()
            except BotcoreError as error:
                log.error(  # noqa: TRY400  # the detail says what the other process said; a trace would not
                    "zygote_failed", error=error.code, detail=error.detail, retry_in=pause
                )
                await self._announce(trouble=error)
                warm.set()
                await asyncio.sleep(pause)
                pause = min(pause * 2, _LAST_RETRY_SECONDS)
                continue
            pause = _FIRST_RETRY_SECONDS
            log.info(
                "zygote_warm",
                pid=zygote.pid,
                resident_mb=zygote.hello.resident >> 20,
                seconds=round(zygote.hello.seconds, 2),
            )
            await self._announce(added=zygote)
            warm.set()
            try:
                await zygote.closed()
                log.warning("zygote_died", pid=zygote.pid)
            finally:
                self._ready.remove(zygote)
                await zygote.close()

    async def _start(self) -> Zygote:
        zygote = await Zygote.start(self._launch)
        try:
            await require_walls(zygote, self._limits, self._outside)
        except BaseException:
            await zygote.close()
            raise
        return zygote

    async def _announce(self, *, added: Zygote | None = None, trouble: BotcoreError | None = None) -> None:
        async with self._changed:
            if added is not None:
                self._ready.append(added)
            self._trouble = trouble
            self._changed.notify_all()
