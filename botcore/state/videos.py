"""Stored files: a row exists from before the file is put until after it is deleted."""

from __future__ import annotations

from datetime import timedelta

from tortoise.expressions import Q

from botcore.model import Artifact, Status
from botcore.state.database import Database
from botcore.state.models import VideoRow
from botcore.state.records import Video

_UNWANTED = (Status.DELIVERED, Status.FAILED, Status.CANCELLED, Status.EXPIRED)


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
                "deleted_at": None,
            },
        )
        return _video(row)

    async def stored(self, video_id: str, etag: str) -> None:
        """The file is in the store, and this is the store's name for its content."""
        await VideoRow.filter(id=video_id).update(etag=etag)

    async def get(self, video_id: str) -> Video | None:
        """A file by its id."""
        row = await VideoRow.get_or_none(id=video_id)
        return _video(row) if row is not None else None

    async def of_job(self, job_id: str) -> Video | None:
        """The file of a job, deleted or not."""
        row = await VideoRow.filter(job_id=job_id).order_by("-created_at").first()
        return _video(row) if row is not None else None

    async def unwanted(self, *, limit: int = 100) -> list[Video]:
        """Files to delete: those of ended jobs, and those that were kept long enough."""
        statuses = [status.value for status in _UNWANTED]
        rows = (
            await VideoRow.filter(
                Q(job__status__in=statuses) | Q(expires_at__lte=self._database.clock()),
                deleted_at__isnull=True,
            )
            .order_by("expires_at")
            .limit(limit)
        )
        return [_video(row) for row in rows]

    async def deleted(self, video_id: str) -> None:
        """The file is gone."""
        await VideoRow.filter(id=video_id).update(deleted_at=self._database.clock())


def _video(row: VideoRow) -> Video:
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
        deleted_at=row.deleted_at,
    )
