"""Jobs whose video is drawn while the store does not answer, or does not keep it."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta
from pathlib import Path
from time import monotonic

import pytest
from structlog.testing import capture_logs

from botcore.errors import BotcoreError, StoreFull, StoreMisconfigured, StoreUnavailable
from botcore.model import Job, Status, StoredObject
from botcore.pipeline import PipelineSettings, retrying, uploading
from botcore.state import MAKING
from tests.core.runtime.world import World, open_world, status_message
from tests.core.state.ground import SettableClock

WAITS = PipelineSettings(store_wait_hours=1.0)


@pytest.fixture(autouse=True)
def _impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(retrying, "_FIRST_PAUSE", 0.001)


def break_down(world: World, error: BotcoreError) -> Callable[[], None]:
    """Let the store fail until the answer is called."""
    put = world.store.put

    async def failing(*_: object, **__: object) -> StoredObject:
        raise error

    world.store.put = failing  # type: ignore[method-assign]  # a store that is down

    def mend() -> None:
        world.store.put = put  # type: ignore[method-assign]  # and up again

    return mend


async def again(world: World, clock: SettableClock, seconds: float = 601) -> Job:
    """The resting job, run once more when its time has come."""
    assert await world.state.claims.claim("early", MAKING, "serve", lease=30) is None
    clock.tick(seconds)
    job = await world.state.claims.claim(f"w{seconds}", MAKING, "serve", lease=30)
    assert job is not None
    assert (job.waits_until, job.lost_workers) == (None, 0)
    await world.pipeline.run(job.id)
    return await world.state.jobs.get(job.id)


async def test_a_drawn_video_waits_for_the_store_and_is_not_drawn_again(tmp_path: Path) -> None:
    clock = SettableClock()
    async with open_world(tmp_path, settings=WAITS, clock=clock) as world:
        mend = break_down(world, StoreUnavailable("refused"))
        job = await world.make()
        assert (job.status, job.failure) == (Status.UPLOADING, None)
        assert job.waits_until is not None
        assert "cannot be saved just now" in await status_message(world, job.id)

        job = await again(world, clock)
        assert (job.status, job.failure) == (Status.UPLOADING, None)
        mend()
        job = await again(world, clock)
        assert job.status is Status.READY
        assert len(world.renderer.drawn) == 1
        video = await world.state.videos.get(job.video_id or "")
        assert video is not None
        assert video.etag
        assert (
            timedelta() <= clock() + timedelta(hours=24) - video.expires_at < timedelta(seconds=1)
        )  # all of it


async def test_the_wait_outlives_the_process(tmp_path: Path) -> None:
    clock = SettableClock()
    async with open_world(tmp_path, settings=WAITS, clock=clock) as world:
        break_down(world, StoreUnavailable("refused"))
        job = await world.make()
        await world.tools.reaper.sweep()  # leaves the drawn file alone
    async with open_world(tmp_path, settings=WAITS, clock=clock) as world:
        job = await again(world, clock)
        assert job.status is Status.READY
        assert world.renderer.drawn == []


async def test_a_file_that_is_not_stored_yet_outlives_a_day_in_which_nothing_ran(tmp_path: Path) -> None:
    clock = SettableClock()
    async with open_world(tmp_path, settings=WAITS, clock=clock) as world:
        mend = break_down(world, StoreUnavailable("refused"))
        await world.make()
        mend()
        clock.tick(25 * 3600)
        await world.tools.reaper.sweep()  # before the job's turn

        claimed = await world.state.claims.claim("w", MAKING, "serve", lease=30)
        assert claimed is not None
        await world.pipeline.run(claimed.id)

        job = await world.state.jobs.get(claimed.id)
        assert job.status is Status.READY
        video = await world.state.videos.get(job.video_id or "")
        assert video is not None
        assert (video.ended_at, video.deleted_at) == (None, None)
        assert world.stored_files()


async def test_a_store_that_stays_down_ends_the_job_in_the_end(tmp_path: Path) -> None:
    clock = SettableClock()
    async with open_world(tmp_path, settings=WAITS, clock=clock) as world:
        break_down(world, StoreUnavailable("refused"))
        job, rounds = await world.make(), 0
        while job.status is Status.UPLOADING:
            rounds += 1
            job = await again(world, clock, 601 + rounds)
        assert (job.status, job.failure and job.failure.code) == (Status.FAILED, "store_unavailable")
        assert 4 <= rounds <= 6


async def test_the_time_of_a_silent_store_is_not_the_jobs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    passed = 0.0

    async def silent(*_: object, **__: object) -> StoredObject:
        nonlocal passed
        passed += 1000.0
        await asyncio.Event().wait()
        raise AssertionError

    monkeypatch.setattr(uploading, "LIMIT", 0.3)
    monkeypatch.setattr("botcore.pipeline.clock.monotonic", lambda: monotonic() + passed)
    settings = PipelineSettings(store_wait_hours=1.0, timeout=600.0, reserve=5.0)
    async with open_world(tmp_path, settings=settings, clock=SettableClock()) as world:
        monkeypatch.setattr(world.store, "put", silent)
        job = await world.make()
        assert (job.status, job.failure) == (Status.UPLOADING, None)
        assert job.processing_s < 1000.0


@pytest.mark.parametrize(
    ("error", "settings"),
    [
        (StoreFull("no room"), WAITS),
        (StoreMisconfigured("keys", problem="the keys are wrong", remedy="Mend them."), WAITS),
        (StoreUnavailable("refused"), PipelineSettings()),
    ],
    ids=["full", "misconfigured", "the operator says to fail"],
)
async def test_a_job_fails_where_waiting_is_no_help_and_the_next_one_works(
    tmp_path: Path, error: BotcoreError, settings: PipelineSettings
) -> None:
    async with open_world(tmp_path, settings=settings) as world:
        mend = break_down(world, error)
        job = await world.make()
        assert (job.status, job.failure and job.failure.code) == (Status.FAILED, error.code)
        shown = await status_message(world, job.id)
        assert error.message in shown
        assert "keys are wrong" not in shown
        assert not (tmp_path / "work" / job.id).exists()
        mend()
        assert (await world.make()).status is Status.READY


async def test_a_waiting_job_can_be_cancelled_and_keeps_nobody_from_the_next(tmp_path: Path) -> None:
    async with open_world(tmp_path, settings=WAITS) as world:
        mend = break_down(world, StoreUnavailable("refused"))
        job = await world.make()
        mend()
        assert (await world.make()).status is Status.READY
        assert (await world.control.cancel(job.id, session_id=job.session_id)).status is Status.CANCELLED
        await world.tools.reaper.sweep()
        assert not (tmp_path / "work" / job.id).exists()


async def test_what_a_store_does_not_delete_now_it_deletes_later(tmp_path: Path) -> None:
    async with open_world(tmp_path) as world:
        job = await world.make()
        video = await world.state.videos.get(job.video_id or "")
        assert video is not None
        delete: Callable[[str], Awaitable[None]] = world.store.delete

        async def failing(_: str) -> None:
            raise StoreUnavailable("refused")

        world.store.delete = failing  # type: ignore[method-assign]  # a store that is down
        await world.control.cancel(job.id, session_id=job.session_id)
        await world.tools.reaper.sweep()
        left = await world.state.videos.get(video.id)
        assert left is not None
        assert (left.ended_at is not None, left.deleted_at) == (True, None)
        assert world.stored_files()
        world.store.delete = delete  # type: ignore[method-assign]  # and up again
        await world.tools.reaper.sweep()
        gone = await world.state.videos.get(video.id)
        assert gone is not None
        assert gone.deleted_at is not None
        assert not world.stored_files()


@pytest.mark.parametrize("answer", [None, "an etag", OSError("gone"), TimeoutError()])
async def test_a_store_that_breaks_its_contract_ends_the_job_and_is_named_in_the_log(
    tmp_path: Path, answer: object
) -> None:
    async def careless(*_: object, **__: object) -> object:
        if isinstance(answer, Exception):
            raise answer
        return answer

    async with open_world(tmp_path) as world:
        world.store.put = careless  # type: ignore[method-assign,assignment]  # a plugin's fault
        with capture_logs() as logs:
            job = await world.make()
        assert job.status is Status.FAILED
        assert job.failure is not None
        assert job.failure.code == "plugin_failed"
        broke = [line for line in logs if line["event"] == "store_broke"]
        assert [line["store"] for line in broke] == [world.tools.settings.store]
        assert "stage_broke" not in [line["event"] for line in logs]
