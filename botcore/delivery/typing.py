"""The sign that an answer is being made, on platforms that cannot edit a status message."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from time import monotonic
from typing import Protocol

from botcore.errors import BotcoreError
from botcore.model import Capabilities, Job, Outgoing, OutgoingKind
from botcore.ports import Adapter
from botcore.state import OutboxItem, State, status_key
from botcore.telemetry import get_logger, keep_on

_log = get_logger(__name__)

_EVERY = 20.0
"""Seconds after which the sign is given again: platforms show it for 25 or less."""
_REST = 1.0
"""Seconds between two looks while jobs change."""


class Adapters(Protocol):
    """What this needs of the plugin host."""

    async def adapter(self, name: str) -> Adapter: ...


class Typing:
    """Keeps the sign alive below the "started" message of every job that is being worked on.

    It may fail without harm: nothing is kept, and nobody is told.
    """

    def __init__(
        self, state: State, host: Adapters, platforms: Mapping[str, Capabilities], *, scope: str
    ) -> None:
        self._state = state
        self._host = host
        self._platforms = [name for name, can in platforms.items() if can.typing and not can.edit_text]
        self._scope = scope
        self._given: dict[str, float] = {}

    async def run(self) -> None:
        """Give the sign until cancelled; returns at once where no platform has one."""
        if self._platforms:
            await keep_on(self._round, pause=_EVERY, name="typing")

    async def _round(self) -> None:
        heard = self._state.jobs.changed.rings
        busy = await self._give_due()
        await asyncio.sleep(_REST)
        await self._state.jobs.changed.wait(heard, timeout=_REST if busy else _EVERY)

    async def _give_due(self) -> bool:
        """Give the sign where it is due; whether anything is being worked on."""
        jobs = await self._state.queue.worked_on(self._scope, self._platforms)
        now = monotonic()
        self._given = {job.id: self._given[job.id] for job in jobs if job.id in self._given}
        for job in jobs:
            if now - self._given.get(job.id, -_EVERY) < _EVERY:
                continue
            started = await self._state.outbox.get(status_key(job.id))
            # A message that comes later would end the sign.
            if started is not None and started.message_ids and started.payload.reply_to:
                self._given[job.id] = now
                await self._give(job, started)
        return bool(jobs)

    async def _give(self, job: Job, started: OutboxItem) -> None:
        out = Outgoing(
            id=f"typing:{job.id}",
            platform=job.platform,
            chat_id=job.chat_id,
            kind=OutgoingKind.TYPING,
            text="",
            job_id=job.id,
            status=job.status,
            reply_to=started.payload.reply_to,
            language=job.user_language,
        )
        try:
            adapter = await self._host.adapter(job.platform)
            async with asyncio.timeout(_EVERY):
                await adapter.send(out)
        except (BotcoreError, TimeoutError) as error:
            _log.debug("typing_failed", platform=job.platform, error=type(error).__name__)
        except Exception:  # noqa: BLE001  # an adapter may raise anything; the other chats must not suffer
            _log.exception("typing_broke", platform=job.platform)
