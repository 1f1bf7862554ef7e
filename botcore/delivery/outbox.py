"""Carries out the outbox: one message after the other per chat, several chats side by side."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from contextlib import AbstractAsyncContextManager, AsyncExitStack
from pathlib import Path
from typing import Protocol

from botcore.delivery.composing import Surroundings, compose
from botcore.delivery.media import on_disk
from botcore.errors import BotcoreError, Handling, ObjectMissing
from botcore.hooks.runner import HookRunner
from botcore.model import Capabilities, OutgoingKind, new_id
from botcore.ports import Adapter, Store
from botcore.state import OutboxItem, State, status_key
from botcore.telemetry import get_logger, keep_on, log_context, metrics, repeating

_log = get_logger(__name__)

_SIDE_BY_SIDE = 8
LEASE = 30.0
"""Seconds that a claimed row is left to its process without a sign of life."""
_TRIES = 24
_LONGEST_PAUSE = 300.0
"""Together more than an hour: a platform that is down for so long loses nothing."""
_LOOK = 5.0
"""Seconds between two looks for rows that another process wrote."""
_STATUS_REST = 2.0
"""A status message is edited at most once in so many seconds."""
_LAST_SENDS = 10.0
"""Seconds that sends which already began get to finish when the process stops."""


class Platforms(Protocol):
    """What the runner needs of the plugin host."""

    @property
    def hooks(self) -> HookRunner: ...

    async def adapter(self, name: str) -> Adapter: ...

    async def store(self, name: str) -> Store: ...


class OutboxRunner:
    """:param platforms: what each platform that this process sends to can do.
    :param scope: whose rows it carries out.
    :param store: name of the store that holds the videos.
    :param scratch: folder for files while they are sent.
    :param lease: seconds after which the row of a dead process is sent by another one.
    """

    def __init__(
        self,
        state: State,
        host: Platforms,
        platforms: Mapping[str, Capabilities],
        *,
        scope: str,
        store: str,
        scratch: Path,
        lease: float = LEASE,
    ) -> None:
        self._outbox = state.outbox
        self._videos = state.videos
        self._clock = state.db.clock
        self._host = host
        self._platforms = dict(platforms)
        self._scope = scope
        self._store = store
        self._scratch = scratch
        self._lease = lease
        self._sending: set[asyncio.Task[None]] = set()

    async def run(self) -> None:
        """Carry out rows until cancelled."""
        try:
            await keep_on(self._round, pause=_LOOK, name="outbox")
        finally:
            await asyncio.shield(self._stop())

    async def _round(self) -> None:
        heard = self._outbox.bell.rings
        await self._start_due()
        await self._outbox.bell.wait(heard, timeout=await self._until_next())

    async def _start_due(self) -> None:
        while len(self._sending) < _SIDE_BY_SIDE:
            item = await self._outbox.claim(new_id(), self._scope, self._platforms, lease=self._lease)
            if item is None:
                return
            task = asyncio.create_task(self._carry(item), name=f"outbox {item.id}")
            self._sending.add(task)
            task.add_done_callback(self._ended)

    def _ended(self, task: asyncio.Task[None]) -> None:
        self._sending.discard(task)
        self._outbox.bell.ring()
        if not task.cancelled() and task.exception() is not None:
            # The database is down; the row's lease lapses and it is claimed again.
            _log.error("outbox_row_dropped", exc_info=task.exception())

    async def _until_next(self) -> float:
        due = await self._outbox.next_due(self._scope, self._platforms)
        if due is None:
            return _LOOK
        return min(_LOOK, max(0.01, (due - self._clock()).total_seconds()))

    async def _stop(self) -> None:
        if self._sending:
            _, late = await asyncio.wait(self._sending, timeout=_LAST_SENDS)
            for task in late:
                task.cancel()
            if late:
                await asyncio.wait(late)

    # ------------------------------------------------------------------------------------------- one row

    async def _carry(self, item: OutboxItem) -> None:
        outcome = "sent"
        with log_context(job=item.job_id or "", outgoing=str(item.id)):
            try:
                async with self._kept(item):
                    message_ids = await self._send(item)
                rest = _STATUS_REST if item.payload.kind is OutgoingKind.STATUS else 0.0
                await self._outbox.sent(item, message_ids, rest=rest)
            except asyncio.CancelledError:
                await asyncio.shield(self._outbox.release(item))
                raise
            except BotcoreError as error:
                outcome = error.code
                await self._failed(item, error)
            except Exception:  # noqa: BLE001  # an adapter may raise anything; it is logged and tried again
                outcome = "broke"
                _log.exception("adapter_broke", platform=item.platform)
                await self._again(item, "internal", None)
            finally:
                metrics.sends.labels(item.platform, outcome).inc()

    def _kept(self, item: OutboxItem) -> AbstractAsyncContextManager[None]:
        """Renew the claim while a slow platform takes a large file."""
        return repeating(
            lambda: self._outbox.renew(item, lease=self._lease), every=self._lease / 3, name="outbox_renewal"
        )

    async def _send(self, item: OutboxItem) -> tuple[str, ...]:
        """Send what is left of a row; the platform's ids of all its messages."""
        adapter = await self._host.adapter(item.platform)
        status = item.payload.kind is OutgoingKind.STATUS
        message_ids = () if status else item.message_ids
        async with AsyncExitStack() as stack:
            around = await self._surroundings(item, stack)
            parts = compose(item, self._platforms[item.platform], around)
            for number, part in enumerate(parts):
                if number < item.parts_sent:
                    continue
                sent = await adapter.send(await self._host.hooks.outgoing(part))
                message_ids += sent.message_ids
                if number + 1 < len(parts):
                    await self._outbox.part_sent(item, message_ids, number + 1)
        return message_ids or item.message_ids

    async def _surroundings(self, item: OutboxItem, stack: AsyncExitStack) -> Surroundings:
        if item.payload.kind is not OutgoingKind.VIDEO:
            return Surroundings()
        video = await self._videos.get(item.payload.video_id or "")
        if video is None or video.deleted_at is not None:
            raise ObjectMissing("the video was deleted before it was sent")
        store = await self._host.store(self._store)
        media = await stack.enter_async_context(on_disk(video, store, self._scratch / str(item.id)))
        status = await self._outbox.get(status_key(video.job_id))
        first = status.message_ids[0] if status is not None and status.message_ids else None
        return Surroundings(media, first)

    # ------------------------------------------------------------------------------------------- failures

    async def _failed(self, item: OutboxItem, error: BotcoreError) -> None:
        reason = f"{error.code} {error.detail}".rstrip()
        if error.handling is Handling.RETRY:
            await self._again(item, reason, error.retry_after)
        else:
            await self._bury(item, reason)

    async def _again(self, item: OutboxItem, reason: str, retry_after: float | None) -> None:
        if item.tries >= _TRIES:
            await self._bury(item, f"{reason} ({item.tries} tries)")
            return
        pause = retry_after if retry_after is not None else min(_LONGEST_PAUSE, 2.0 ** (item.tries - 1))
        await self._outbox.retry(item, reason, after=pause)

    async def _bury(self, item: OutboxItem, reason: str) -> None:
        _log.warning("dead_letter", platform=item.platform, kind=item.payload.kind.value, reason=reason)
        await self._outbox.bury(item, reason)
