"""The default engine: jobs run in this process, and the database is the queue."""

from __future__ import annotations

import asyncio
import os
import socket
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial

from botcore.model import Job, new_id
from botcore.ports import Run
from botcore.state import HANDING_OVER, MAKING, ClaimRepository, Lane, utc_now
from botcore.telemetry import ToldAlready, get_logger, keep_on, metrics

_log = get_logger(__name__)

LEASE = 30.0
"""Seconds that a claim lasts without being renewed."""
_LOOK = 2.0
"""Seconds between two looks for jobs that another process submitted."""
_HANDING_OVER = 200
"""Deliveries side by side. They wait for platforms and take no core: so many that one platform which is down
for an hour leaves places for the others."""
_PAUSE = 5.0
"""Seconds before a job is tried again whose run broke, which is the database failing or a fault of ours."""


@dataclass(slots=True)
class _Slots:
    lane: Lane
    size: int
    running: dict[asyncio.Task[None], str] = field(default_factory=dict)
    """The job of each worker; two for a moment, when a job was taken over from a worker that stood still."""


class EmbeddedEngine:
    """Runs the jobs of one scope.

    :param scope: whose jobs: a process takes no other.
    :param workers: how many jobs are made side by side. One session has one job at a time.
    :param lease: seconds that a claim lasts; a lapsed one is taken over by whoever sees it first.
    """

    def __init__(
        self,
        claims: ClaimRepository,
        *,
        scope: str,
        workers: int,
        lease: float = LEASE,
        clock: Callable[[], datetime] = utc_now,
    ) -> None:
        self._claims = claims
        self._scope = scope
        self._lease = lease
        self._clock = clock
        self._name = f"{socket.gethostname()[:40]}:{os.getpid()}"
        self._lanes = (_Slots(MAKING, workers), _Slots(HANDING_OVER, _HANDING_OVER))

    # --------------------------------------------------------------------------------------------- the port

    async def submit(self, job: Job) -> None:
        """Wake the workers; the row is in the queue already. Submitting twice is harmless."""
        _log.debug("job_submitted", job=job.id)
        self._claims.bell.ring()

    async def cancel(self, job_id: str) -> None:
        """End a run of this job in this process and wait for its end.

        A run in another process ends when it renews its claim or writes.
        """
        tasks = [task for lane in self._lanes for task, job in lane.running.items() if job == job_id]
        for task in tasks:
            task.cancel()
        if tasks:
            await asyncio.wait(tasks)

    async def depth(self) -> int:
        """How many jobs wait."""
        return await self._claims.waiting(self._scope)

    async def work(self, run: Run) -> None:
        """Run jobs until cancelled. What still runs then is stopped and given back, not lost."""
        try:
            await keep_on(partial(self._round, run), pause=_LOOK, name="engine")
        finally:
            await asyncio.shield(self._stop())

    # --------------------------------------------------------------------------------------------- the work

    async def _round(self, run: Run) -> None:
        heard = self._claims.bell.rings
        for lane in self._lanes:
            await self._fill(lane, run)
        metrics.queue_depth.set(await self.depth())
        await self._claims.bell.wait(heard, timeout=await self._until_next())

    async def _fill(self, lane: _Slots, run: Run) -> None:
        while len(lane.running) < lane.size:
            owner = f"{self._name}:{new_id()}"
            try:
                job = await self._claims.claim(owner, lane.lane, self._scope, lease=self._lease)
            except asyncio.CancelledError:
                # The claim may be written although nobody is here to work on it.
                await asyncio.shield(self._claims.release_owner(owner))
                raise
            if job is None:
                return
            _log.info("job_claimed", job=job.id, lane=lane.lane.name, lost_workers=job.lost_workers)
            task = asyncio.create_task(self._worker(job.id, owner, run), name=f"job:{job.id}")
            lane.running[task] = job.id
            task.add_done_callback(partial(self._ended, lane))
            metrics.jobs_running.inc()

    def _ended(self, lane: _Slots, task: asyncio.Task[None]) -> None:
        job = lane.running.pop(task)
        metrics.jobs_running.dec()
        self._claims.bell.ring()
        error = None if task.cancelled() else task.exception()
        if error is not None and not isinstance(error, ToldAlready):
            # The database failed: the lease lapses, and the job is claimed again.
            _log.error("job_not_released", job=job, exc_info=error)

    async def _worker(self, job_id: str, owner: str, run: Run) -> None:
        """Run one claimed job, keep its claim alive, and give it back however the run ends."""
        running = asyncio.ensure_future(run(job_id))
        renewing = asyncio.create_task(self._renew(job_id, owner))
        try:
            await asyncio.wait({running, renewing}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            await asyncio.shield(self._end(job_id, owner, running, renewing))

    async def _renew(self, job_id: str, owner: str) -> None:
        """Returns when the claim is no longer ours."""
        while True:
            await asyncio.sleep(self._lease / 3)
            try:
                if not await self._claims.renew(job_id, owner, lease=self._lease):
                    _log.warning("claim_lost", job=job_id)
                    return
            except ToldAlready:  # the database is away, and may be back before the lease lapses
                continue
            except Exception:  # noqa: BLE001  # so may whatever else is wrong with it
                _log.exception("renewal_failed", job=job_id)

    async def _end(
        self, job_id: str, owner: str, running: asyncio.Future[None], renewing: asyncio.Task[None]
    ) -> None:
        """Stop what still runs, then release: never the other way round, or two workers had the job."""
        for task in (running, renewing):
            task.cancel()
        await asyncio.wait({running, renewing})
        broke = None if running.cancelled() else running.exception()
        if broke is not None:
            _log.error("run_broke", job=job_id, exc_info=broke)
        await self._claims.release(
            job_id, owner, pause=_PAUSE if broke is not None else 0.0, lost=broke is not None
        )

    async def _until_next(self) -> float:
        """Seconds until a lease lapses or a pause ends, at most two."""
        times = [await self._claims.next_due(lane.lane, self._scope) for lane in self._lanes]
        waits = [(time - self._clock()).total_seconds() for time in times if time is not None]
        return min(_LOOK, max(0.01, min(waits, default=_LOOK)))

    async def _stop(self) -> None:
        tasks = [task for lane in self._lanes for task in lane.running]
        for task in tasks:
            task.cancel()
        if tasks:
            await asyncio.wait(tasks)
