"""The core's own deliverers: into the chat, and to the owner of a web session."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import replace
from datetime import timedelta

from botcore.delivery.buttons import video_buttons
from botcore.delivery.wording import status_text
from botcore.errors import DeliveryRejected, JobCancelled, MediaRejected, error_classes
from botcore.model import (
    Capabilities,
    Delivered,
    Job,
    NotMine,
    Offered,
    OutgoingKind,
    Status,
    StoredObject,
)
from botcore.state import NewOutgoing, OutboxItem, OutboxStatus, Payload, State, video_key

REFUSED_WITHIN = 30.0
"""Seconds after which a platform that was given a file and said nothing will not refuse it any more."""
_LEFT_TO_OTHERS = frozenset(cls.code for cls in error_classes(MediaRejected))
_LOOK = 1.0
"""Seconds between two looks at a row that another process carries out."""


class NativeDeliverer:
    """Sends the file itself, on platforms that take it.

    :param platforms: what each platform that has an adapter here can do.
    """

    def __init__(self, state: State, platforms: Mapping[str, Capabilities]) -> None:
        self._state = state
        self._platforms = platforms

    async def deliver(self, job: Job, artifact: StoredObject) -> Delivered | Offered | NotMine:
        """Put the video into the outbox and wait until the platform took it: where it gives receipts, until
        one says so, or none has said the contrary for some time.

        A second call for the same job waits for the same row. A file that the platform will not take is left
        to the next deliverer. A video that waits for the person to write is offered: once it is sent, this is
        called again. Raises :class:`DeliveryRejected`.
        """
        capabilities = self._platforms.get(job.platform)
        if capabilities is None or not capabilities.takes(artifact.media_type, artifact.size):
            return NotMine()
        payload = Payload(
            OutgoingKind.VIDEO,
            status_text(replace(job, status=Status.DELIVERED)),
            status=job.status,
            language=job.user_language,
            video_id=job.video_id,
            buttons=video_buttons(job),
            reply_to=await self._state.outbox.question(job.id),
        )
        scope = await self._state.jobs.scope(job.id)
        item = await self._state.outbox.enqueue(
            NewOutgoing(video_key(job.id), job.platform, job.chat_id, payload, scope, job.id)
        )
        settled = await self._settled(item, capabilities)
        if settled.status is OutboxStatus.HELD:
            return Offered()
        if settled.status is OutboxStatus.DEAD:
            if (settled.reason or "").split(" ")[0] in _LEFT_TO_OTHERS:
                return NotMine()  # a link may still reach the person
            raise DeliveryRejected(settled.reason or "")
        return Delivered(settled.message_ids)

    async def _settled(self, item: OutboxItem, capabilities: Capabilities) -> OutboxItem:
        outbox = self._state.outbox
        while True:
            heard = outbox.settled.rings
            now = await outbox.get(item.dedupe)
            if now is None:
                raise JobCancelled("the row is gone")
            sent = now.status is OutboxStatus.SENT
            if now.status is not OutboxStatus.PENDING and not (
                sent and capabilities.receipts and not await self._believed(now)
            ):
                return now
            await outbox.settled.wait(heard, timeout=_LOOK)

    async def _believed(self, item: OutboxItem) -> bool:
        """Whether a sent video may be taken for delivered: platforms refuse files after they took them."""
        settled = item.settled_at or self._state.db.clock()
        patient = self._state.db.clock() - settled < timedelta(seconds=REFUSED_WITHIN)
        return not patient or await self._state.receipts.confirmed(item)


class OwnerDeliverer:
    """Offers the file to the session that owns the job: it sees the job, and so the file, without a link.

    :param platforms: those where a person comes to look (``web``).
    """

    def __init__(self, platforms: Collection[str]) -> None:
        self._platforms = frozenset(platforms)

    async def deliver(self, job: Job, artifact: StoredObject) -> Delivered | Offered | NotMine:  # noqa: ARG002  # the port's
        """Nothing has to be sent."""
        return Offered() if job.platform in self._platforms else NotMine()
