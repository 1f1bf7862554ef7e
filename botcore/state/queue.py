"""Who waits for a worker, and for whom one is at work."""

from __future__ import annotations

from collections.abc import Collection

from tortoise.expressions import Q

from botcore.model import Job, Status
from botcore.state.database import Database
from botcore.state.jobs import job_of
from botcore.state.limits import UNFINISHED
from botcore.state.models import JobRow

_LONGEST = 10_000
"""Jobs that are looked at, from the head of the queue."""


class QueueView:
    """Reads the queue of jobs; nothing here writes."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def waiting(self, scope: str) -> list[tuple[str, str]]:
        """Id and platform of the jobs that nobody has begun, in the order in which they are taken."""
        now = self._database.clock()
        free = Q(owner__isnull=True) | Q(lease_until__lte=now)
        rested = Q(not_before__isnull=True) | Q(not_before__lte=now)
        rows = JobRow.filter(free, rested, scope=scope, status=Status.QUEUED.value)
        ordered = rows.order_by("-priority", "created_at", "id").limit(_LONGEST)
        return [(row["id"], row["platform"]) for row in await ordered.values("id", "platform")]

    async def worked_on(self, scope: str, platforms: Collection[str]) -> list[Job]:
        """Jobs of these platforms that a worker has begun and is still at."""
        begun = [status.value for status in UNFINISHED if status is not Status.QUEUED]
        rows = JobRow.filter(
            scope=scope,
            platform__in=list(platforms),
            status__in=begun,
            lease_until__gt=self._database.clock(),
        )
        return [job_of(row) for row in await rows]
