"""The door to jobs for the surfaces: submit, cancel, watch, forget."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from botcore.delivery import status_text
from botcore.errors import (
    IllegalMove,
    NotFound,
    ProviderAbstained,
    StoreUnavailable,
    TooManyJobs,
    UnknownPlugin,
)
from botcore.model import (
    JobKind,
    RenderProgress,
    Status,
)
from botcore.pipeline.run import JobRun
from botcore.state import Limits, NewJob, status_key, video_key
from tests.core.runtime.world import (
    Script,
    open_world,
    raising,
    status_message,
    until,
    write_source,
)

pytestmark = pytest.mark.usefixtures("each_backend")


async def test_unknown_renderer_or_provider_is_refused_at_the_door(tmp_path: Path) -> None:
    async with open_world(tmp_path) as world:
        for wrong in ({"renderer": "painter"}, {"provider": "oracle"}):
            with pytest.raises(UnknownPlugin):
                await world.submit(**wrong)


async def test_limits_are_kept_at_the_door(tmp_path: Path) -> None:
    async with open_world(tmp_path) as world:
        job = await world.submit()
        new = NewJob(
            job.session_id, JobKind.PROBLEM, "test", "ada", "drawer", job.options, "solve y = 2", "en"
        )
        with pytest.raises(TooManyJobs):
            await world.control.submit(new, limits=Limits(unfinished=1))


async def test_choice_of_a_provider_is_asked_alone(tmp_path: Path) -> None:
    providers = [("first", False, write_source), ("second", False, raising(ProviderAbstained()))]
    async with open_world(tmp_path, Script(providers)) as world:
        job = await world.make(provider="second")
        assert job.status is Status.FAILED
        assert world.providers["first"].asked == []


async def test_cancelling_a_ready_job_deletes_its_video(tmp_path: Path) -> None:
    async with open_world(tmp_path) as world:
        job = await world.make()
        assert world.stored_files()

        job = await world.control.cancel(job.id, session_id=job.session_id)

        assert job.status is Status.CANCELLED
        video = await world.state.videos.of_job(job.id)
        assert video is not None
        assert video.ended_at is not None
        await world.tools.reaper.sweep()
        assert world.stored_files() == []
        assert await status_message(world, job.id) == status_text(job)
        with pytest.raises(IllegalMove):
            await world.control.cancel(job.id, session_id=None)


async def test_job_of_another_session_cannot_be_cancelled(tmp_path: Path) -> None:
    async with open_world(tmp_path) as world:
        job = await world.submit()
        with pytest.raises(NotFound):
            await world.control.cancel(job.id, session_id="somebody else")


async def test_cancelled_while_it_is_handed_over_is_not_sent_any_more(tmp_path: Path) -> None:
    async with open_world(tmp_path) as world:
        job = await world.make()
        handing_over = asyncio.create_task(world.pipeline.run(job.id))

        async def in_the_outbox() -> bool:
            return await world.state.outbox.get(video_key(job.id)) is not None

        await until(in_the_outbox)  # nobody carries it out
        await world.control.cancel(job.id, session_id=job.session_id)
        await handing_over

        assert await world.state.outbox.get(video_key(job.id)) is None
        assert (await world.state.jobs.get(job.id)).status is Status.CANCELLED


@pytest.mark.parametrize("error", [StoreUnavailable("down"), RuntimeError("a bug of the store")])
async def test_store_that_does_not_delete_spoils_no_cancelling(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, error: Exception
) -> None:
    async def broken(_: str) -> None:
        raise error

    async with open_world(tmp_path) as world:
        job = await world.make()
        with monkeypatch.context() as patched:
            patched.setattr(world.store, "delete", broken)
            cancelled = await world.control.cancel(job.id, session_id=job.session_id)
            await world.tools.reaper.sweep()
        assert cancelled.status is Status.CANCELLED
        await world.tools.reaper.sweep()
        assert world.stored_files() == []


async def test_progress_that_comes_late_does_not_write_over_the_end(tmp_path: Path) -> None:
    async with open_world(tmp_path) as world:
        drawing = await world.submit()
        for status in (Status.AI_GENERATING, Status.CODE_VALIDATING, Status.RENDERING):
            drawing = await world.tools.announcer.move(drawing, status)
        await world.control.cancel(drawing.id, session_id=drawing.session_id)

        await JobRun(world.tools, drawing).report(RenderProgress(3, 12, 0.25))

        told = await world.state.outbox.get(status_key(drawing.id))
        assert told is not None
        assert (told.payload.status, told.payload.progress) == (Status.CANCELLED, None)


async def test_watching_shows_every_change_once_and_ends(tmp_path: Path) -> None:
    async with open_world(tmp_path) as world, world.running():
        job = await world.submit(platform="web")
        seen = [
            (seen.status, seen.offered_at, progress) async for seen, progress in world.control.watch(job.id)
        ]

    assert len(set(seen)) == len(seen)
    status, offered_at, _ = seen[-1]
    assert status is Status.READY
    assert offered_at is not None


async def test_forgetting_a_person_cancels_what_they_have_under_way(tmp_path: Path) -> None:
    async with open_world(tmp_path) as world:
        job = await world.submit("solve my secret")
        ready = await world.make("solve another")

        await world.control.forget(job.session_id)

        for left in (job, ready):
            now = await world.state.jobs.get(left.id)
            assert (now.status, now.text) == (Status.CANCELLED, "")
        await world.tools.reaper.sweep()
        assert world.stored_files() == []
