"""Lets one viewer see a video, once, for a while."""

from __future__ import annotations

from collections.abc import Collection
from datetime import timedelta

from botcore.delivery.announcing import Announcer
from botcore.errors import (
    IllegalMove,
    NotFound,
    ObjectMissing,
    Superseded,
    VideoDeleted,
    VideoExpired,
    VideoSeen,
)
from botcore.model import Job, Status
from botcore.state import State, Video

_LENGTHS = 3
"""A video may be looked at for so many times its own length, if that is longer than the window."""


class SingleAccess:
    """:param window: seconds for which a viewer may look, from the moment of taking the access.
    :param grace: seconds that are left of them once the viewer has seen the end.
    :param visited: platforms where people come to look: what is ready there is offered, whether or not
        anybody has written that down yet.
    """

    def __init__(
        self,
        state: State,
        announcer: Announcer,
        *,
        window: float,
        grace: float,
        visited: Collection[str] = (),
    ) -> None:
        self._state = state
        self._announcer = announcer
        self._window = window
        self._grace = timedelta(seconds=grace)
        self._visited = frozenset(visited)

    def offered(self, job: Job) -> bool:
        """Whether the video of a job can be had by a link or by its owner."""
        return job.status is Status.READY and (job.offered_at is not None or job.platform in self._visited)

    def window(self, video: Video) -> float:
        """Seconds for which a video may be looked at."""
        return max(self._window, _LENGTHS * video.duration)

    async def look(self, video_id: str, viewers: Collection[str]) -> Video:
        """The video as it can be had now: untaken, or open to one of ``viewers``. Consumes nothing.

        :raises NotFound: it was never offered to anybody.
        :raises VideoSeen: its access was taken by somebody else, or its time is over.
        :raises VideoExpired: nobody took it in time.
        :raises VideoDeleted: its job was stopped, or it was sent to the chat.
        """
        video = await self._state.videos.get(video_id)
        if video is None:
            raise NotFound("video")
        now = self._state.db.clock()
        if video.open_to(viewers, now):
            return video
        if video.viewer is not None:
            raise VideoSeen
        job = await self._state.jobs.get(video.job_id)
        after = await self._state.videos.get(video_id)
        if after is not None and after.viewer is not None:
            # Taken between the two looks, perhaps by the first half of this one's double click.
            return await self.look(video_id, viewers)
        if job.status is Status.EXPIRED or (job.status is Status.READY and video.expires_at <= now):
            raise VideoExpired
        if job.status.final or video.ended_at is not None:
            raise VideoDeleted
        if not self.offered(job):
            raise NotFound("video")
        return video

    async def take(self, video_id: str, viewer: str, viewers: Collection[str]) -> Video:
        """Give the access to ``viewer`` and end the job as delivered, in one transaction. One of ``viewers``
        who has it already gets the same again.

        Raises as :meth:`look`.
        """
        while True:
            video = await self.look(video_id, viewers)
            if video.viewer is not None:
                return video
            try:
                await self._take(video, viewer)
            except (Superseded, IllegalMove, ObjectMissing):
                continue  # something happened to the job or the video just now: the next look says what

    async def _take(self, video: Video, viewer: str) -> None:
        job = await self._state.jobs.get(video.job_id)
        until = self._state.db.clock() + timedelta(seconds=self.window(video))

        async def also() -> None:
            if not await self._state.access.take(video.id, viewer, until=until):
                raise ObjectMissing  # rolls the move back

        await self._announcer.move(job, Status.DELIVERED, also=also)

    async def end(self, video_id: str, viewer: str) -> bool:
        """The viewer has seen it: what is left is the grace, for one who jumps back to the middle.

        False when this changes nothing: it was said before, too late, or by somebody else.
        """
        until = self._state.db.clock() + self._grace
        return await self._state.access.shorten(video_id, viewer, until=until)
