"""Stored files: a row exists from before the file is put until after it is deleted."""

from __future__ import annotations

from datetime import datetime, timedelta

from tortoise.expressions import Q

from botcore.model import Artifact, Status
from botcore.state.database import Database
from botcore.state.models import VideoRow
from botcore.state.records import Video

_STOPPED = (Status.FAILED, Status.CANCELLED, Status.EXPIRED)


class VideoRepository:
    """``lifetime`` is how long a file is kept for a person who does not take it."""

    def __init__(self, database: Database, *, lifetime: timedelta) -> None:
        self._database = database
        self._lifetime = lifetime

    async def plan(self, video_id: str, job_id: str, artifact: Artifact) -> Video:
        """Record a file that is about to be put; the same id again replaces what was recorded."""
        now = self._database.clock()
        row, _ = await VideoRow.update_or_create(
            id=video_id,
            defaults={
                "job_id": job_id,
                "key": video_id,
                "etag": "",
                "thumb_key": f"{video_id}-thumb" if artifact.thumbnail is not None else None,
                "media_type": artifact.media_type,
                "size": artifact.size,
                "duration": artifact.duration,
                "width": artifact.width,
                "height": artifact.height,
                "created_at": now,
                "expires_at": now + self._lifetime,
                "ended_at": None,
                "deleted_at": None,
            },
        )
        return video_of(row)

    async def stored(self, video_id: str, etag: str) -> None:
        """The file is in the store, and this is the store's name for its content; its lifetime begins."""
        expires = self._database.clock() + self._lifetime
        await VideoRow.filter(id=video_id).update(etag=etag, expires_at=expires)

    async def get(self, video_id: str) -> Video | None:
        """A file by its id."""
        row = await VideoRow.get_or_none(id=video_id)
        return video_of(row) if row is not None else None

    async def of_job(self, job_id: str) -> Video | None:
        """The file of a job, deleted or not."""
        row = await VideoRow.filter(job_id=job_id).order_by("-created_at").first()
        return video_of(row) if row is not None else None

    async def unwanted(self, *, limit: int = 100) -> list[Video]:
        """Files to delete: of jobs that were stopped, sent ones, those that nobody took in time, and those
        whose viewer had the time to look. The lifetime of one that is not stored yet has not begun."""
        now = self._database.clock()
        left_alone = Q(taken_until__isnull=True) | Q(taken_until__lte=now)
        late = Q(job__status=Status.READY.value, expires_at__lte=now)
        over = Q(job__status=Status.DELIVERED.value) | late
        stopped = Q(job__status__in=[status.value for status in _STOPPED]) | Q(ended_at__isnull=False)
        unwanted = VideoRow.filter(stopped | Q(left_alone, over), deleted_at__isnull=True)
        return [video_of(row) for row in await unwanted.order_by("expires_at").limit(limit)]

    async def next_end(self) -> datetime | None:
        """When the next viewer's time is over, if one is looking now: the time to delete."""
        looking = VideoRow.filter(deleted_at__isnull=True, taken_until__gt=self._database.clock())
        row = await looking.order_by("taken_until").first()
        return None if row is None else row.taken_until

    async def end(self, video_id: str) -> None:
        """Set the tombstone: nobody is given the file from now on, whatever becomes of deleting it."""
        now = self._database.clock()
        await VideoRow.filter(id=video_id, ended_at__isnull=True).update(ended_at=now)

    async def deleted(self, video_id: str) -> bool:
        """The file is gone; False when that was known."""
        kept = VideoRow.filter(id=video_id, deleted_at__isnull=True)
        return bool(await kept.update(deleted_at=self._database.clock()))


def video_of(row: VideoRow) -> Video:
    """The snapshot of a row."""
    return Video(
        id=row.id,
        job_id=row.job_id,
        key=row.key,
        media_type=row.media_type,
        size=row.size,
        duration=row.duration,
        width=row.width,
        height=row.height,
        expires_at=row.expires_at,
        thumb_key=row.thumb_key,
        etag=row.etag,
        viewer=row.viewer,
        taken_at=row.taken_at,
        taken_until=row.taken_until,
        ended_at=row.ended_at,
        deleted_at=row.deleted_at,
    )
