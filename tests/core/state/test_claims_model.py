"""Random workers against a model of what claims, leases and moves mean.

Workers claim, renew, release, die (they just never come back), cancel and write with old snapshots, while the
clock moves. After each step the rows are compared with a model kept in plain Python.
"""

from __future__ import annotations

import asyncio
import shutil
import tempfile
from collections.abc import Coroutine
from contextlib import AsyncExitStack
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, TypeVar

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, initialize, invariant, multiple, rule

from botcore.errors import IllegalMove, Superseded
from botcore.model import TRANSITIONS, Job, Status
from botcore.state import HANDING_OVER, MAKING, Lane, State, open_state, sqlite_url
from tests.core.databases import lay_database
from tests.core.state.ground import NEW, SettableClock

T = TypeVar("T")
LEASE = 30.0


@dataclass
class Expected:
    """What the row of one job must say."""

    place: int
    session: str
    priority: int
    status: Status = Status.QUEUED
    version: int = 0
    owner: str | None = None
    until: datetime | None = None
    lost: int = 0

    def free(self, now: datetime) -> bool:
        return self.owner is None or (self.until is not None and self.until <= now)


class Claims(RuleBasedStateMachine):
    jobs = Bundle("jobs")
    snapshots = Bundle("snapshots")

    def __init__(self) -> None:
        super().__init__()
        self.loop = asyncio.new_event_loop()
        self.clock = SettableClock()
        self.folder = Path(tempfile.mkdtemp())
        self.stack = AsyncExitStack()
        self.expected: dict[str, Expected] = {}
        self.claims = 0

    def run(self, work: Coroutine[Any, Any, T]) -> T:
        return self.loop.run_until_complete(work)

    @initialize(target=jobs)
    def open(self) -> Any:
        url = sqlite_url(lay_database(self.folder / "botcore.db"))
        self.state: State = self.run(self.stack.enter_async_context(open_state(url, clock=self.clock)))
        self.sessions = [self.run(self.state.sessions.of("test", name)).id for name in ("ada", "bob")]
        return multiple(*(self.submit(who, 0) for who in (0, 1)))

    def teardown(self) -> None:
        self.run(self.stack.aclose())
        self.loop.close()
        shutil.rmtree(self.folder)

    # ------------------------------------------------------------------------------------------------ steps

    @rule(target=jobs, who=st.integers(0, 1), priority=st.integers(0, 2))
    def submit(self, who: int, priority: int) -> str:
        new = replace(NEW, session_id=self.sessions[who], priority=priority)
        job, _ = self.run(self.state.jobs.submit(new))
        self.expected[job.id] = Expected(len(self.expected), new.session_id, priority)
        return job.id

    @rule(target=snapshots, lane=st.sampled_from([MAKING, MAKING, HANDING_OVER]))
    def claim(self, lane: Lane) -> Job | None:
        return self._claim(lane)

    def _claim(self, lane: Lane) -> Job | None:
        self.claims += 1
        owner = f"worker{self.claims}"
        now = self.clock()
        job = self.run(self.state.claims.claim(owner, lane, "serve", lease=LEASE))

        in_lane = {key: row for key, row in self.expected.items() if row.status in lane.statuses}
        busy = {row.session for row in in_lane.values() if row.owner and not row.free(now)}
        waiting = [
            (-row.priority, row.lost, row.place, key)
            for key, row in in_lane.items()
            if row.free(now) and not (lane.exclusive and row.session in busy)
        ]
        assert (job.id if job else None) == (min(waiting)[3] if waiting else None)
        if job is not None:
            row = self.expected[job.id]
            row.lost += row.owner is not None
            row.owner, row.until, row.version = owner, self._lease_end(job.id), row.version + 1
        return job

    @rule(target=snapshots)
    def claim_after_a_lapse(self) -> Job | None:
        """Whoever held a job is dead."""
        self.clock.tick(LEASE + 1)
        return self._claim(MAKING)

    @rule(job_id=jobs)
    def renew(self, job_id: str) -> None:
        row = self.expected[job_id]
        if row.owner is not None:
            assert self.run(self.state.claims.renew(job_id, row.owner, lease=LEASE))
            row.until = self._lease_end(job_id)
        assert not self.run(self.state.claims.renew(job_id, "a stranger", lease=LEASE))

    @rule(job_id=jobs)
    def release(self, job_id: str) -> None:
        row = self.expected[job_id]
        self.run(self.state.claims.release(job_id, "a stranger"))
        if row.owner is not None:
            self.run(self.state.claims.release(job_id, row.owner))
            row.owner = row.until = None
            row.version += 1

    @rule(job=snapshots, after=st.sampled_from(list(Status)))
    def write(self, job: Job | None, after: Status) -> None:
        """A worker writes what it thinks is next, knowing only the snapshot that it claimed."""
        if job is not None:
            self._write(job, after)

    @rule(job_id=jobs, after=st.sampled_from(list(Status)))
    def write_fresh(self, job_id: str, after: Status) -> None:
        self._write(self.run(self.state.jobs.get(job_id)), after)

    @rule(seconds=st.sampled_from([1.0, LEASE + 1]))
    def wait(self, seconds: float) -> None:
        self.clock.tick(seconds)

    # --------------------------------------------------------------------------------------- what must hold

    @invariant()
    def rows_are_as_expected(self) -> None:
        for key, row in self.expected.items():
            job = self.run(self.state.jobs.get(key))
            assert (job.status, job.version, job.lost_workers) == (row.status, row.version, row.lost)

    def _write(self, job: Job, after: Status) -> None:
        row = self.expected[job.id]
        try:
            written = self.run(self.state.jobs.advance(job, after))
        except IllegalMove:
            assert after not in TRANSITIONS[job.status]
        except Superseded:
            assert job.version != row.version
        else:
            assert job.version == row.version
            assert after in TRANSITIONS[row.status]
            row.status, row.version = after, row.version + 1
            assert written.status is after
            if after.final or after in {Status.READY, Status.QUEUED}:
                row.owner = row.until = None

    def _lease_end(self, job_id: str) -> datetime:
        from botcore.state.models import JobRow

        until = self.run(_until(JobRow, job_id))
        assert timedelta(seconds=LEASE - 1) < until - self.clock() < timedelta(seconds=LEASE + 1)
        return until


async def _until(rows: Any, job_id: str) -> datetime:
    until: datetime = (await rows.get(id=job_id)).lease_until
    return until


TestClaims = Claims.TestCase
TestClaims.settings = settings(
    max_examples=25,
    stateful_step_count=30,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
)
