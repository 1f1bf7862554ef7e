"""Whose turn it is: jobs are claimed for a time, by one worker each."""

from __future__ import annotations

from datetime import datetime, timedelta

from tortoise.expressions import F, Q, Subquery
from tortoise.queryset import QuerySet

from botcore.model import Job
from botcore.state.database import Database
from botcore.state.jobs import JobRepository, job_of
from botcore.state.lanes import MAKING, Lane
from botcore.state.models import JobRow, SessionRow


class ClaimRepository:
    """``bell`` rings whenever a job may have become claimable."""

    def __init__(self, database: Database, jobs: JobRepository) -> None:
        self._database = database
        self._jobs = jobs
        self.bell = jobs.bell

    async def claim(self, owner: str, lane: Lane, scope: str, *, lease: float) -> Job | None:
        """Take the next job of a lane for ``lease`` seconds, or None when there is nothing to do.

        Higher priority first, then the order of submission. A job whose owner let its lease lapse is taken
        over and counts one lost worker more. ``owner`` must be new for each claim.
        """
        while await self._candidate(lane, scope) is not None:
            row = await self._database.transaction(lambda: self._claim(owner, lane, scope, lease))
            if row is not None:  # else another process was first, and there may be a next one
                return job_of(row)
        return None

    async def _claim(self, owner: str, lane: Lane, scope: str, lease: float) -> JobRow | None:
        row = await self._candidate(lane, scope)
        if row is None:
            return None
        if lane.exclusive:
            # Two workers that chose two jobs of one session meet here, and the second looks again.
            await SessionRow.filter(id=row.session_id).select_for_update().first()
            again = await self._candidate(lane, scope)
            if again is None or again.id != row.id:
                return None
        lost = row.lost_workers + (row.owner is not None)
        until = self._database.clock() + timedelta(seconds=lease)
        taken = await JobRow.filter(id=row.id, version=row.version).update(
            owner=owner, lease_until=until, not_before=None, lost_workers=lost, version=F("version") + 1
        )
        return await JobRow.get(id=row.id) if taken else None

    async def _candidate(self, lane: Lane, scope: str) -> JobRow | None:
        query = JobRow.filter(self._free(), scope=scope, status__in=lane.values, offered_at__isnull=True)
        if lane.exclusive:
            busy = JobRow.filter(status__in=lane.values, lease_until__gt=self._database.clock()).values(
                "session_id"
            )
            query = query.exclude(session_id__in=Subquery(busy))
        # One that takes its processes down is tried last: what was only beside it is not blamed again.
        return await query.order_by("-priority", "lost_workers", "created_at", "id").first()

    def _free(self) -> Q:
        now = self._database.clock()
        unowned = Q(owner__isnull=True) | Q(lease_until__lte=now)
        rested = Q(not_before__isnull=True) | Q(not_before__lte=now)
        return Q(unowned, rested)

    async def next_due(self, lane: Lane, scope: str) -> datetime | None:
        """When the next lease of a lane lapses or the next pause ends, if any: the time to look again."""
        rows = JobRow.filter(scope=scope, status__in=lane.values, offered_at__isnull=True)
        now = self._database.clock()
        lapse = await rows.filter(lease_until__gt=now).order_by("lease_until").first()
        pause = await rows.filter(not_before__gt=now).order_by("not_before").first()
        times = [lapse.lease_until if lapse else None, pause.not_before if pause else None]
        return min((time for time in times if time is not None), default=None)

    async def renew(self, job_id: str, owner: str, *, lease: float) -> bool:
        """Prolong a claim by ``lease`` seconds from now; False when it is not this owner's any more."""
        until = self._database.clock() + timedelta(seconds=lease)
        return bool(await JobRow.filter(id=job_id, owner=owner).update(lease_until=until))

    async def release(self, job_id: str, owner: str, *, pause: float = 0.0, lost: bool = False) -> None:
        """Give a claim back; the job may be claimed again after ``pause`` seconds.

        ``lost``: the worker failed in a way that counts as a lost one. Does nothing when the claim is gone.
        """
        await self._release(JobRow.filter(id=job_id, owner=owner), pause=pause, lost=lost)

    async def release_owner(self, owner: str) -> None:
        """Give back whatever this owner holds: after a claim whose answer was not heard."""
        await self._release(JobRow.filter(owner=owner), pause=0.0, lost=False)

    async def _release(self, claimed: QuerySet[JobRow], *, pause: float, lost: bool) -> None:
        not_before = self._database.clock() + timedelta(seconds=pause) if pause else None
        released = await claimed.update(
            owner=None,
            lease_until=None,
            not_before=not_before,
            lost_workers=F("lost_workers") + int(lost),
            version=F("version") + 1,
        )
        if released:
            self._jobs.ring()

    async def waiting(self, scope: str) -> int:
        """How many jobs nobody works on yet."""
        return await JobRow.filter(self._free(), scope=scope, status__in=MAKING.values).count()
