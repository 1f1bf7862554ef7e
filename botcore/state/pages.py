"""The jobs of a session, a page at a time."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime

from tortoise.expressions import Q

from botcore.model import Job, Status
from botcore.state.jobs import job_of
from botcore.state.models import JobRow, VideoRow
from botcore.state.records import Video
from botcore.state.videos import video_of


@dataclass(frozen=True, slots=True)
class Bookmark:
    """A job's place in the order of all jobs: by the time of its submission, then by its id."""

    created_at: datetime
    job_id: str


class JobPages:
    """Reads jobs newest first; nothing here writes."""

    async def page(
        self,
        session_id: str | None,
        *,
        limit: int,
        after: Bookmark | None = None,
        status: Status | None = None,
    ) -> tuple[list[Job], Bookmark | None]:
        """At most ``limit`` jobs of a session (None: of all) that follow ``after``, and the place of the last
        one when there are more.

        What is submitted between two pages neither repeats nor hides a job: a page begins at a place, not at
        a number.
        """
        rows = JobRow.all() if session_id is None else JobRow.filter(session_id=session_id)
        if status is not None:
            rows = rows.filter(status=status.value)
        if after is not None:
            rows = rows.filter(
                Q(created_at__lt=after.created_at) | Q(created_at=after.created_at, id__lt=after.job_id),
                created_at__lte=after.created_at,  # where an index can begin
            )
        found = [job_of(row) for row in await rows.order_by("-created_at", "-id").limit(limit + 1)]
        jobs = found[:limit]
        more = len(found) > limit
        return jobs, Bookmark(jobs[-1].created_at, jobs[-1].id) if more else None

    async def videos(self, job_ids: Collection[str]) -> Mapping[str, Video]:
        """The file of each of these jobs that has one, deleted or not."""
        rows = await VideoRow.filter(job_id__in=list(job_ids)).order_by("created_at")
        return {row.job_id: video_of(row) for row in rows}
