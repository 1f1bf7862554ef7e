"""How many are before you: status messages of jobs that wait, kept up to date while the queue moves."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping

from botcore.delivery.buttons import status_buttons
from botcore.delivery.wording import status_text
from botcore.errors import NotFound
from botcore.model import Capabilities, Status
from botcore.state import State, status_key
from botcore.telemetry import keep_on

_REST = 2.0
"""Seconds between two looks: a job that finds a free worker has left the queue by then."""
_LOOK = 30.0
_AT_ONCE = 40
"""Messages that are rewritten in one look, those next in turn first; the others follow."""


def told(ahead: int) -> int:
    """The number that a person reads instead of ``ahead``: exact near the end of the wait, else rounded down.

    So one job that leaves a queue of thousands changes some thirty messages and not thousands.
    """
    if ahead <= 10:
        return ahead
    return ahead - ahead % (10 if ahead < 100 else 100)


class QueueNumbers:
    """Rewrites the status messages of waiting jobs on platforms that can edit."""

    def __init__(self, state: State, platforms: Mapping[str, Capabilities], *, scope: str) -> None:
        self._state = state
        self._platforms = frozenset(name for name, can in platforms.items() if can.edit_text)
        self._scope = scope
        self._told: dict[str, int] = {}

    async def run(self) -> None:
        """Keep the numbers true until cancelled; returns at once where no platform can edit."""
        if self._platforms:
            await keep_on(self._round, pause=_LOOK, name="queue_numbers")

    async def _round(self) -> None:
        heard = self._state.jobs.changed.rings
        await asyncio.sleep(_REST)
        left = await self.tell()
        if not left:
            await self._state.jobs.changed.wait(heard, timeout=_LOOK)

    async def tell(self) -> int:
        """Rewrite what is not true any more, some dozens of messages at most; how many are left."""
        waiting = await self._state.queue.waiting(self._scope)
        numbers = {job_id: told(place) for place, (job_id, _) in enumerate(waiting)}
        self._told = {job_id: number for job_id, number in self._told.items() if job_id in numbers}
        changed = [
            job_id
            for job_id, platform in waiting
            if platform in self._platforms and self._told.get(job_id) != numbers[job_id]
        ]
        for job_id in changed[:_AT_ONCE]:
            await self._rewrite(job_id, numbers[job_id])
            self._told[job_id] = numbers[job_id]
        return len(changed[_AT_ONCE:])

    async def _rewrite(self, job_id: str, number: int) -> None:
        try:
            job = await self._state.jobs.get(job_id)
        except NotFound:  # its person was forgotten just now
            return
        if job.status is not Status.QUEUED:
            return
        words = status_text(job, ahead=number)
        shown = await self._state.outbox.get(status_key(job_id))
        if shown is not None and shown.payload.text != words:
            await self._state.outbox.update_status(job, words, buttons=status_buttons(job))
