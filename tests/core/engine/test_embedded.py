from __future__ import annotations

import asyncio
import fcntl
from datetime import timedelta
from pathlib import Path

import pytest

from botcore.engine import DataDirLock, EmbeddedEngine
from botcore.engine.embedded import LEASE
from botcore.errors import DataDirInUse, DeliveryUnavailable
from botcore.model import Artifact, JobKind, Outgoing, Source, Status
from botcore.ports import Progress, RenderLimits
from botcore.state import MAKING
from botcore.state.models import JobRow
from tests.core.runtime.world import (
    Script,
    ScriptedAdapter,
    World,
    draw_text,
    failed_attempt,
    locked,
    open_world,
    until,
)
from tests.core.state.ground import SettableClock

pytestmark = pytest.mark.usefixtures("each_backend")


class Gate:
    """A drawing that waits until the test lets it go on."""

    def __init__(self) -> None:
        self.open = asyncio.Event()
        self.entered = 0
        self.cancelled = 0

    async def draw(self, source: Source, limits: RenderLimits, out: Path, progress: Progress) -> Artifact:
        self.entered += 1
        try:
            await self.open.wait()
        except asyncio.CancelledError:
            self.cancelled += 1
            raise
        return await draw_text(source, limits, out, progress)


async def _status(world: World, job_id: str) -> Status:
    return (await world.state.jobs.get(job_id)).status


async def _entered(gate: Gate, count: int) -> None:
    async def met() -> bool:
        return gate.entered >= count

    await until(met)


async def test_jobs_of_many_people_all_end_delivered_once(tmp_path: Path) -> None:
    async with open_world(tmp_path) as world, world.running():
        jobs = [await world.submit(f"solve x = {n}", user=f"user{n}") for n in range(20)]
        ended = [await world.control.wait(job.id, timeout=60) for job in jobs]

    assert {job.status for job in ended} == {Status.DELIVERED}
    assert sorted(world.videos()) == sorted(f"draw solve x = {n}".encode() for n in range(20))
    assert world.renderer.most <= 2


async def test_workers_are_all_used_but_one_person_has_one_at_a_time(tmp_path: Path) -> None:
    gate = Gate()
    async with open_world(tmp_path, Script(draw=gate.draw), workers=3) as world, world.running():
        for _ in range(3):
            await world.submit(user="ada")
        await world.submit(user="bob")
        await _entered(gate, 2)
        await asyncio.sleep(0.1)  # a third drawing would begin now
        assert (gate.entered, await world.engine.depth()) == (2, 2)
        gate.open.set()


async def test_platform_that_is_down_holds_up_no_other(tmp_path: Path) -> None:
    async def down(_: Outgoing) -> None:
        raise DeliveryUnavailable("an outage", retry_after=60)

    adapter = ScriptedAdapter(before=down)
    async with open_world(tmp_path, adapter=adapter) as world, world.running():
        for n in range(12):
            await world.submit(f"solve x = {n}", user=f"user{n}")
        other = await world.submit(user="zoe", platform="web")
        assert (await world.control.wait(other.id, timeout=60)).status is Status.READY


async def test_urgent_job_overtakes_the_queue(tmp_path: Path) -> None:
    async with open_world(tmp_path, workers=1) as world:
        for n in range(3):
            await world.submit(f"solve x = {n}", user=f"user{n}")
        urgent = await world.submit("solve urgent", user="zoe", priority=9)
        async with world.running():
            await world.control.wait(urgent.id, timeout=60)

    assert world.renderer.drawn[0].code == "draw solve urgent"


async def test_cancel_ends_a_running_drawing_before_it_returns(tmp_path: Path) -> None:
    gate = Gate()
    async with open_world(tmp_path, Script(draw=gate.draw)) as world, world.running():
        job = await world.submit()
        await _entered(gate, 1)
        following = await world.submit("solve y = 2")

        async with asyncio.timeout(LEASE / 3):  # sooner than a renewal would notice it
            cancelled = await world.control.cancel(job.id, session_id=job.session_id)

        assert cancelled.status is Status.CANCELLED
        assert (gate.cancelled, world.renderer.running) == (1, 0)
        gate.open.set()
        assert (await world.control.wait(following.id, timeout=60)).status is Status.DELIVERED
        assert await _status(world, job.id) is Status.CANCELLED


async def test_graceful_stop_gives_running_jobs_back(tmp_path: Path) -> None:
    gate = Gate()
    async with open_world(tmp_path, Script(draw=gate.draw)) as world:
        async with world.running():
            job = await world.submit()
            await _entered(gate, 1)
        assert world.renderer.running == 0
        gate.open.set()
        async with world.running():
            job = await world.control.wait(job.id, timeout=60)  # at once: no lease has to lapse

    assert (job.status, job.lost_workers) == (Status.DELIVERED, 0)


@pytest.mark.parametrize("turns", range(0, 60, 4))
async def test_stop_at_any_moment_leaves_no_claim_behind(tmp_path: Path, turns: int) -> None:
    async with open_world(tmp_path) as world:
        job = await world.submit(platform="web")
        work = asyncio.create_task(world.engine.work(world.pipeline.run))
        for _ in range(turns):
            await asyncio.sleep(0.0005)
        work.cancel()
        await asyncio.wait({work})

        async with world.running():
            job = await world.control.wait(job.id, timeout=60)
    assert (job.status, job.lost_workers) == (Status.READY, 0)


async def test_job_that_kills_three_workers_fails(tmp_path: Path) -> None:
    async with open_world(tmp_path) as world:
        job = await world.submit()
        for worker in range(3):
            assert await world.state.claims.claim(f"dead{worker}", MAKING, "serve", lease=0.001)
            await asyncio.sleep(0.01)
        async with world.running():
            job = await world.control.wait(job.id, timeout=60)

    assert job.failure is not None
    assert (job.status, job.failure.code, job.lost_workers) == (Status.FAILED, "worker_lost", 3)
    assert world.renderer.drawn == []


async def test_lapsed_lease_is_noticed_without_anybody_ringing(tmp_path: Path) -> None:
    async with open_world(tmp_path) as world:
        job = await world.submit()
        assert await world.state.claims.claim("dead", MAKING, "serve", lease=0.5)
        async with world.running():
            job = await world.control.wait(job.id, timeout=60)
    assert (job.status, job.lost_workers) == (Status.DELIVERED, 1)


async def test_long_job_keeps_its_claim(tmp_path: Path) -> None:
    """Two engines on one database; the drawing lasts several leases. The clock of leases stands still until a
    claim was renewed, however slow the machine is."""
    gate, clock = Gate(), SettableClock()
    async with open_world(tmp_path, Script(draw=gate.draw), lease=0.6, clock=clock) as world:
        other = EmbeddedEngine(world.state.claims, scope="serve", workers=2, lease=0.6, clock=clock)
        async with world.running():
            second = asyncio.create_task(other.work(world.pipeline.run))
            job = await world.submit()
            await _entered(gate, 1)
            for _ in range(6):
                clock.tick(0.4)

                async def renewed() -> bool:
                    row = await JobRow.get(id=job.id)
                    return row.lease_until is not None and row.lease_until > clock() + timedelta(seconds=0.5)

                await until(renewed)
                world.state.jobs.bell.ring()  # both engines look
            gate.open.set()
            job = await world.control.wait(job.id, timeout=60)
            second.cancel()
            await asyncio.wait({second})

    assert (gate.entered, job.lost_workers) == (1, 0)
    assert len(world.videos()) == 1


async def test_worker_that_lost_its_claim_stops(tmp_path: Path) -> None:
    gate = Gate()
    async with open_world(tmp_path, Script(draw=gate.draw), lease=3.0) as world, world.running():
        job = await world.submit()
        await _entered(gate, 1)
        # another process cancels: nobody tells this engine
        await world.state.jobs.advance(await world.state.jobs.get(job.id), Status.CANCELLED)

        async def met() -> bool:
            return gate.cancelled == 1

        await until(met)
        assert await _status(world, job.id) is Status.CANCELLED


async def test_jobs_of_other_scopes_are_not_touched(tmp_path: Path) -> None:
    async with open_world(tmp_path) as world, world.running():
        alone = await world.submit(scope="render:1", user="ada")
        mine = await world.submit(user="bob")
        await world.control.wait(mine.id, timeout=60)
        assert await _status(world, alone.id) is Status.QUEUED


async def test_run_that_breaks_is_tried_again_after_a_pause(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("botcore.engine.embedded._PAUSE", 0.05)
    async with open_world(tmp_path) as world:
        calls = 0

        async def run(job_id: str) -> None:
            nonlocal calls
            calls += 1
            if calls == 1:
                raise OSError("the database is gone")
            await world.pipeline.run(job_id)

        work = asyncio.create_task(world.engine.work(run))
        job = await world.submit(platform="web", kind=JobKind.CODE)
        job = await world.control.wait(job.id, timeout=60)
        work.cancel()
        await asyncio.wait({work})
    assert (job.status, job.lost_workers) == (Status.READY, 1)


async def test_idle_engine_hardly_asks_the_database(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async with open_world(tmp_path) as world:
        claim, calls = world.state.claims.claim, 0

        async def counted(*args: object, **named: object) -> object:
            nonlocal calls
            calls += 1
            return await claim(*args, **named)  # type: ignore[arg-type]  # passed through

        monkeypatch.setattr(type(world.state.claims), "claim", lambda _, *a, **n: counted(*a, **n))
        async with world.running():
            await asyncio.sleep(1.0)
    assert calls <= 8


# ------------------------------------------------------------------------------------------------- the lock


def test_second_holder_of_a_data_dir_is_refused(tmp_path: Path) -> None:
    with DataDirLock(tmp_path / "data"):
        with pytest.raises(DataDirInUse) as caught, DataDirLock(tmp_path / "data"):
            pass
        assert str(tmp_path / "data") in caught.value.message
    with DataDirLock(tmp_path / "data"):
        pass


def test_lock_is_the_kernels(tmp_path: Path) -> None:
    with DataDirLock(tmp_path), (tmp_path / "serve.lock").open() as file, pytest.raises(BlockingIOError):
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)


@pytest.mark.parametrize("each_backend", ["sqlite"], indirect=True)
async def test_engine_goes_on_once_the_database_is_free_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("botcore.state.sqlite._BUSY_MS", 10)
    monkeypatch.setattr("botcore.engine.embedded._LOOK", 0.05)
    async with open_world(tmp_path) as world:
        job = await world.submit()
        with locked(tmp_path):
            working = asyncio.create_task(world.engine.work(world.pipeline.run))
            await failed_attempt("engine")
        async with world.running():
            assert (await world.control.wait(job.id, timeout=60)).status is Status.DELIVERED
        working.cancel()
        await asyncio.wait({working})
    assert len(world.renderer.drawn) == 1


async def test_run_that_lost_its_claim_does_not_hide_the_one_that_took_over(tmp_path: Path) -> None:
    """The process stood still for longer than a lease, and takes its own job over."""
    gate = Gate()
    async with open_world(tmp_path, Script(draw=gate.draw), lease=6.0) as world, world.running():
        job = await world.submit()
        await _entered(gate, 1)
        await JobRow.filter(id=job.id).update(lease_until=job.created_at)
        world.state.jobs.bell.ring()
        await _entered(gate, 2)

        async def first_is_gone() -> bool:
            return gate.cancelled == 1

        await until(first_is_gone)
        await world.engine.cancel(job.id)
        assert gate.cancelled == 2
