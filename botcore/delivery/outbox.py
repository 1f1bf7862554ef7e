"""Carries out the outbox: one message after the other per chat, several chats side by side.

How often a message arrives when a process dies, or an answer is lost, in the middle of a send: an edit once,
since it may be repeated. A new message once where the platform gives receipts (the send is repeated only when
none came in time), elsewhere at least once.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Mapping
from contextlib import AbstractAsyncContextManager, AsyncExitStack
from datetime import datetime
from pathlib import Path
from typing import Protocol

from botcore.delivery.composing import Surroundings, compose
from botcore.delivery.links import Links
from botcore.delivery.media import on_disk
from botcore.delivery.queueing import QueueNumbers
from botcore.delivery.typing import Typing
from botcore.errors import BotcoreError, ConversationClosed, DeliveryUncertain, Handling, ObjectMissing
from botcore.hooks.runner import HookRunner
from botcore.model import Capabilities, Outgoing, OutgoingKind, Sent, new_id
from botcore.ports import Adapter, Store
from botcore.state import OutboxItem, State, pause, status_key
from botcore.telemetry import get_logger, keep_on, log_context, metrics, repeating

_log = get_logger(__name__)

_SIDE_BY_SIDE = 8
"""Sends of one platform at the same time: one that hangs takes no places of the others."""
LEASE = 30.0
"""Seconds that a claimed row is left to its process without a sign of life."""
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
    :param public_url: where the links lead that people get; empty: they get none.
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
        public_url: str = "",
        lease: float = LEASE,
    ) -> None:
        self._outbox = state.outbox
        self._sends = state.sends
        self._receipts = state.receipts
        self._videos = state.videos
        self._links = Links(state, public_url=public_url)
        self._clock = state.db.clock
        self._host = host
        self._platforms = dict(platforms)
        self._scope = scope
        self._store = store
        self._scratch = scratch
        self._lease = lease
        self._beside = (
            Typing(state, host, platforms, scope=scope),
            QueueNumbers(state, platforms, scope=scope),
        )
        self._sending: dict[asyncio.Task[None], str] = {}
        self._began = False

    async def run(self) -> None:
        """Carry out rows until cancelled."""
        try:
            async with asyncio.TaskGroup() as group:
                group.create_task(keep_on(self._round, pause=_LOOK, name="outbox"))
                for part in self._beside:
                    group.create_task(part.run())
        finally:
            await asyncio.shield(self.finish())

    async def _round(self) -> None:
        if not self._began:
            await self._sends.await_receipts(self._scope, self._platforms)
            self._began = True
        heard = self._outbox.bell.rings
        await self.start_due()
        await self._outbox.bell.wait(heard, timeout=await self._until_next())

    async def start_due(self) -> None:
        """Begin to send what is due, as far as there are places."""
        while free := self._with_places():
            item = await self._sends.claim(new_id(), self._scope, free, lease=self._lease)
            if item is None:
                return
            task = asyncio.create_task(self._carry(item), name=f"outbox {item.id}")
            self._sending[task] = item.platform
            task.add_done_callback(self._ended)

    def _with_places(self) -> list[str]:
        busy = Counter(self._sending.values())
        return [name for name in self._platforms if busy[name] < _SIDE_BY_SIDE]

    def _ended(self, task: asyncio.Task[None]) -> None:
        del self._sending[task]
        self._outbox.bell.ring()
        if not task.cancelled() and task.exception() is not None:
            # The database is down; the row's lease lapses and it is claimed again.
            _log.error("outbox_row_dropped", exc_info=task.exception())

    async def _until_next(self) -> float:
        due = await self._sends.next_due(self._scope, self._platforms)
        if due is None:
            return _LOOK
        return min(_LOOK, max(0.01, (due - self._clock()).total_seconds()))

    async def finish(self) -> None:
        """Wait for the sends that have begun; those that take too long are given back."""
        if self._sending:
            _, late = await asyncio.wait(list(self._sending), timeout=_LAST_SENDS)
            for task in late:
                task.cancel()
            if late:
                await asyncio.wait(late)

    # ------------------------------------------------------------------------------------------- one row

    async def _carry(self, item: OutboxItem) -> None:
        outcome = "sent"
        began = self._clock()
        with log_context(job=item.job_id or "", outgoing=str(item.id)):
            try:
                async with self._kept(item):
                    await self._send(item)
            except asyncio.CancelledError:
                await asyncio.shield(self._sends.release(item))
                raise
            except BotcoreError as error:
                outcome = error.code
                await self._failed(item, error, began)
            except Exception:  # noqa: BLE001  # an adapter may raise anything; it is logged and tried again
                outcome = "broke"
                _log.exception("adapter_broke", platform=item.platform)
                # After the platform took it, perhaps.
                await self._again(item, DeliveryUncertain("the adapter broke"))
            finally:
                metrics.sends.labels(item.platform, outcome).inc()

    def _kept(self, item: OutboxItem) -> AbstractAsyncContextManager[None]:
        """Renew the claim while a slow platform takes a large file."""
        return repeating(
            lambda: self._sends.renew(item, lease=self._lease), every=self._lease / 3, name="outbox_renewal"
        )

    async def _send(self, item: OutboxItem) -> None:
        """Send what is left of a row."""
        status = item.payload.kind is OutgoingKind.STATUS
        message_ids = () if status else item.message_ids
        new: tuple[str, ...] = ()
        number = 0
        async with AsyncExitStack() as stack:
            around = await self._surroundings(item, stack)
            parts = compose(item, self._platforms[item.platform], around)
            left = await self._left(item, len(parts))
            for number in left:
                sent = await self._give(item, number, parts[number])
                if sent is None:
                    return
                new = sent.message_ids
                message_ids += new
                if number != left[-1] and not await self._sends.part_sent(item, number, new, message_ids):
                    return
        rest = _STATUS_REST if status else 0.0
        await self._sends.sent(
            item, number, new, message_ids or item.message_ids, parts=len(parts), rest=rest
        )
        if item.payload.kind is OutgoingKind.VIDEO:
            await self._sends.hand_over(item.job_id or "")

    async def _left(self, item: OutboxItem, parts: int) -> list[int]:
        """The parts that were not sent yet, and those that failed afterwards."""
        failed = frozenset[int]()
        if self._platforms[item.platform].receipts and item.parts_sent:
            failed = await self._receipts.failed_parts(item)
        return [number for number in range(parts) if number >= item.parts_sent or number in failed]

    async def _give(self, item: OutboxItem, number: int, part: Outgoing) -> Sent | None:
        """Hand one part to the platform; None when the row was taken from this process."""
        adapter = await self._host.adapter(item.platform)
        part = await self._host.hooks.outgoing(part)
        # An edit may be repeated, and without receipts nobody will ever know.
        uncertain = self._platforms[item.platform].receipts and part.edits is None
        if uncertain and not await self._sends.begin(item, number):
            return None
        return await adapter.send(part)

    async def _surroundings(self, item: OutboxItem, stack: AsyncExitStack) -> Surroundings:
        if item.payload.kind is OutgoingKind.LINK:
            return Surroundings(address=await self._links.address(item.payload.video_id or ""))
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

    async def _failed(self, item: OutboxItem, error: BotcoreError, began: datetime) -> None:
        if isinstance(error, ConversationClosed):
            _log.info("send_held", platform=item.platform)
            await self._sends.hold(item, _reason(error), since=began)
        elif error.handling is Handling.RETRY:
            await self._again(item, error)
        else:
            await self._bury(item, _reason(error))

    async def _again(self, item: OutboxItem, error: BotcoreError) -> None:
        after = pause(item.tries, error.retry_after)
        if after is None:
            await self._bury(item, f"{_reason(error)} ({item.tries} tries)")
        elif isinstance(error, DeliveryUncertain) and self._platforms[item.platform].receipts:
            await self._sends.uncertain(item, _reason(error), after=after)
        else:
            await self._sends.retry(item, _reason(error), after=after)

    async def _bury(self, item: OutboxItem, reason: str) -> None:
        _log.warning("dead_letter", platform=item.platform, kind=item.payload.kind.value, reason=reason)
        await self._sends.bury(item, reason)


def _reason(error: BotcoreError) -> str:
    return f"{error.code} {error.detail}".rstrip()
