"""The core's own deliverers: into the chat, and to the owner of a web session."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import replace

from botcore.delivery.wording import status_text
from botcore.errors import DeliveryRejected, JobCancelled, MediaRejected
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
        """Put the video into the outbox and wait until the platform took it.

        A second call for the same job waits for the same row. A file that the platform will not take is left
        to the next deliverer. Raises :class:`DeliveryRejected`.
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
        )
        scope = await self._state.jobs.scope(job.id)
        item = await self._state.outbox.enqueue(
            NewOutgoing(video_key(job.id), job.platform, job.chat_id, payload, scope, job.id)
        )
        settled = await self._settled(item)
        if settled.status is OutboxStatus.DEAD:
            if (settled.reason or "").startswith(MediaRejected.code):
                return NotMine()  # a link may still reach the person
            raise DeliveryRejected(settled.reason or "")
        return Delivered(settled.message_ids)

    async def _settled(self, item: OutboxItem) -> OutboxItem:
        outbox = self._state.outbox
        while item.status is OutboxStatus.PENDING:
            heard = outbox.settled.rings
            now = await outbox.get(item.dedupe)
            if now is None:
                raise JobCancelled("the row is gone")
            item = now
            if item.status is OutboxStatus.PENDING:
                await outbox.settled.wait(heard, timeout=_LOOK)
        return item


class OwnerDeliverer:
    """Offers the file to the session that owns the job: it sees the job, and so the file, without a link.

    :param platforms: those where a person comes to look (``web``).
    """

    def __init__(self, platforms: Collection[str]) -> None:
        self._platforms = frozenset(platforms)

    async def deliver(self, job: Job, artifact: StoredObject) -> Delivered | Offered | NotMine:  # noqa: ARG002  # the port's
        """Nothing has to be sent."""
        return Offered() if job.platform in self._platforms else NotMine()
