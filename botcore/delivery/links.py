"""Links to videos that a chat does not take: a deliverer, and the addresses that it promises."""

from __future__ import annotations

from collections.abc import Collection

from botcore.delivery.buttons import video_buttons
from botcore.delivery.wording import link_text
from botcore.errors import DeliveryRejected, ObjectMissing
from botcore.model import Delivered, Job, NotMine, Offered, OutgoingKind, StoredObject
from botcore.state import Checkpoint, NewOutgoing, Payload, State, link_key


class LinkDeliverer:
    """Offers the video on a page of this server.

    :param platforms: those to which this process sends.
    :param public_url: how people reach this server; empty: nobody does, and there are no links.
    """

    def __init__(self, state: State, platforms: Collection[str], *, public_url: str) -> None:
        self._state = state
        self._platforms = frozenset(platforms)
        self._public_url = public_url

    async def deliver(self, job: Job, artifact: StoredObject) -> Delivered | Offered | NotMine:  # noqa: ARG002  # the port's
        """Put the message into the outbox and note the offer, in one transaction."""
        video = await self._state.videos.get(job.video_id or "")
        if video is None or not self._public_url or job.platform not in self._platforms:
            return NotMine()
        payload = Payload(
            OutgoingKind.LINK,
            link_text(job, video),
            status=job.status,
            language=job.user_language,
            video_id=video.id,
            buttons=video_buttons(job),
            reply_to=await self._state.outbox.question(job.id),
        )
        scope = await self._state.jobs.scope(job.id)
        message = NewOutgoing(link_key(job.id), job.platform, job.chat_id, payload, scope, job.id)

        async def write() -> None:
            await self._state.outbox.enqueue(message)
            await self._state.jobs.note(job, Checkpoint(offered_at=self._state.db.clock()))

        await self._state.db.transaction(write)
        return Offered()


class Links:
    """Mints the addresses, each at the moment in which it is sent: no row ever holds one.

    :param public_url: as for :class:`LinkDeliverer`.
    """

    def __init__(self, state: State, *, public_url: str) -> None:
        self._state = state
        self._public_url = public_url

    async def address(self, video_id: str) -> str:
        """A new address of the page on which this video can be watched.

        :raises ObjectMissing: nobody can take it any more.
        :raises DeliveryRejected: people cannot reach this server any more.
        """
        video = await self._state.videos.get(video_id)
        if video is None or video.viewer is not None or video.ended_at is not None:
            raise ObjectMissing("the video was taken or deleted before its link was sent")
        if not self._public_url:
            raise DeliveryRejected("web.public_url is empty")
        token = await self._state.access.mint(video.id)
        return f"{self._public_url}/api/v1/video/{video.id}/access?t={token}"
