from __future__ import annotations

import asyncio
import os
from datetime import timedelta
from pathlib import Path
from time import time
from typing import Any

import pytest

from botcore.errors import StoreUnavailable
from botcore.model import Failure, OutgoingKind, Status, StoredObject
from botcore.state import NewOutgoing, Payload, utc_now
from botcore.state.models import JobRow, SessionRow, VideoRow
from botcore.telemetry.metrics import REGISTRY
from tests.core.runtime.world import World, open_world
from tests.core.state.ground import SettableClock

pytestmark = pytest.mark.usefixtures("each_backend")


async def _age(world: World, **by: float) -> None:
    """Make everything older, as if the clock had moved."""
    delta = timedelta(**by)
    for rows, names in (
        (VideoRow, ("created_at", "expires_at")),
        (SessionRow, ("created_at", "expires_at")),
        (JobRow, ("created_at", "updated_at")),
    ):
        for row in await rows.all():
            await rows.filter(pk=row.pk).update(**{name: getattr(row, name) - delta for name in names})


async def test_video_that_nobody_took_expires_after_a_day(tmp_path: Path) -> None:
    async with open_world(tmp_path) as world:
        job = await world.make(platform="web")
        await world.pipeline.run(job.id)
        await _age(world, hours=23)
        await world.tools.reaper.sweep()
        assert world.stored_files()

        await _age(world, hours=2)
        await world.tools.reaper.sweep()

        assert (await world.state.jobs.get(job.id)).status is Status.EXPIRED
        assert world.stored_files() == []
        await world.tools.reaper.sweep()  # a second time changes nothing


async def test_store_that_is_down_is_asked_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async with open_world(tmp_path) as world:
        job = await world.make()
        await world.state.jobs.advance(await world.state.jobs.get(job.id), Status.CANCELLED)
        delete = world.store.delete

        async def down(_: str) -> None:
            raise StoreUnavailable

        monkeypatch.setattr(world.store, "delete", down)
        await world.tools.reaper.sweep()
        assert world.stored_files()
        monkeypatch.setattr(world.store, "delete", delete)
        await world.tools.reaper.sweep()
        assert world.stored_files() == []


async def test_a_file_that_another_process_stores_after_its_job_was_cancelled_goes_too(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock, storing, cancelled = SettableClock(), asyncio.Event(), asyncio.Event()
    async with open_world(tmp_path, clock=clock) as world:
        put = world.store.put

        async def slow(*args: Any, **marks: Any) -> StoredObject:
            storing.set()
            await cancelled.wait()
            return await put(*args, **marks)

        monkeypatch.setattr(world.store, "put", slow)
        job = await world.submit()
        elsewhere = asyncio.create_task(world.pipeline.run(job.id))  # the engine here knows nothing of it
        async with asyncio.timeout(60):
            await storing.wait()
            await world.control.cancel(job.id, session_id=None)
            cancelled.set()
            await elsewhere
        assert world.stored_files()

        await world.tools.reaper.sweep()
        assert world.stored_files() == []

        clock.tick(11 * 60)
        await world.tools.reaper.sweep()
        video = await world.state.videos.of_job(job.id)
        assert video is not None
        assert video.deleted_at is not None
        assert await world.state.videos.unwanted() == []


async def test_session_is_gone_with_everything_a_week_after_its_last_job(tmp_path: Path) -> None:
    async with open_world(tmp_path) as world:
        job = await world.make()
        await _age(world, days=8)

        await world.tools.reaper.sweep()

        assert world.stored_files() == []
        assert await JobRow.filter(id=job.id).count() == 0
        assert await SessionRow.all().count() == 0


async def test_scratch_of_ended_jobs_is_cleared_and_that_of_others_kept(tmp_path: Path) -> None:
    async with open_world(tmp_path) as world:
        waiting, ended = await world.submit(user="ada"), await world.submit(user="bob")
        await world.control.cancel(ended.id, session_id=None)
        for name in (waiting.id, ended.id, "unknown"):
            (tmp_path / "work" / name).mkdir(parents=True)

        await world.tools.reaper.sweep()

        assert [path.name for path in (tmp_path / "work").iterdir()] == [waiting.id]


async def test_files_of_a_process_that_died_while_it_sent_are_cleared(tmp_path: Path) -> None:
    async with open_world(tmp_path) as world:
        for dedupe in ("sending", "waiting"):
            await world.state.outbox.enqueue(
                NewOutgoing(dedupe, "test", dedupe, Payload(OutgoingKind.TEXT, "x"))
            )
        held = await world.state.sends.claim("w", "serve", ["test"], lease=60)
        assert held is not None
        other = 3 - held.id
        for name, minutes in ((held.id, 11), (other, 11), (77, 11), ("strange", 11), (78, 1)):
            folder = tmp_path / "outgoing" / str(name)
            folder.mkdir(parents=True)
            (folder / "video.mp4").write_bytes(b"x")
            os.utime(folder, (time() - minutes * 60,) * 2)

        await world.tools.reaper.sweep()

        left = {path.name for path in (tmp_path / "outgoing").iterdir()}
    assert left == {str(held.id), "78"}


async def test_leftovers_of_a_single_render_are_ended_after_a_while(tmp_path: Path) -> None:
    async with open_world(tmp_path) as world:
        job = await world.submit(scope="render:1")
        mine = await world.submit(user="bob")
        await world.tools.reaper.sweep()
        assert (await world.state.jobs.get(job.id)).status is Status.QUEUED

        await _age(world, minutes=11)
        await world.tools.reaper.sweep()

        job = await world.state.jobs.get(job.id)
        assert (job.status, job.failure and job.failure.code) == (Status.FAILED, "worker_lost")
        assert (await world.state.jobs.get(mine.id)).status is Status.QUEUED


async def test_sweeps_go_on_after_one_that_broke(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async with open_world(tmp_path) as world:
        sweeps = asyncio.Queue[None]()

        async def broken() -> None:
            sweeps.put_nowait(None)
            raise RuntimeError("once")

        monkeypatch.setattr(world.tools.reaper, "sweep", broken)
        running = asyncio.create_task(world.tools.reaper.run())
        async with asyncio.timeout(60):
            await sweeps.get()
            world.tools.reaper.bell.ring()
            await sweeps.get()
        running.cancel()
        await asyncio.wait({running})


async def test_a_pass_counts_what_it_deleted(tmp_path: Path) -> None:
    async with open_world(tmp_path) as world:
        job = await world.make()
        await world.state.jobs.advance(await world.state.jobs.get(job.id), Status.CANCELLED)
        await _age(world, days=31)
        before = REGISTRY.get_sample_value("botcore_reaped_total", {"kind": "session"}) or 0.0

        await world.tools.reaper.sweep()

        assert REGISTRY.get_sample_value("botcore_reaped_total", {"kind": "session"}) == before + 1
        assert await JobRow.all().count() == 0


async def test_a_job_that_nobody_worked_on_for_a_week_is_given_up(tmp_path: Path) -> None:
    async with open_world(tmp_path) as world:
        forsaken, recent = await world.submit(), await world.submit()
        await JobRow.filter(id=forsaken.id).update(updated_at=utc_now() - timedelta(days=7, minutes=1))
        await JobRow.filter(id=recent.id).update(updated_at=utc_now() - timedelta(days=6))

        await world.tools.reaper.sweep()

        assert (await world.state.jobs.get(forsaken.id)).failure == Failure("worker_lost")
        assert (await world.state.jobs.get(recent.id)).status is Status.QUEUED
