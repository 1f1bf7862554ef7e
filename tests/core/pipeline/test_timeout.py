"""How long a job may be processed."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

from botcore.delivery.announcing import Announcer
from botcore.model import (
    Artifact,
    Failure,
    Job,
    Source,
    Status,
)
from botcore.pipeline import PipelineSettings
from botcore.ports import Progress, RenderLimits
from tests.core.runtime.world import (
    Script,
    draw_text,
    open_world,
)


async def test_time_of_processing_ends_a_job(tmp_path: Path) -> None:
    async def forever(*_: object) -> Artifact:
        await asyncio.Event().wait()
        raise AssertionError

    settings = PipelineSettings(timeout=0.3, reserve=0.1)
    async with open_world(tmp_path, Script(draw=forever), settings=settings) as world:
        job = await world.make()

        assert job.status is Status.FAILED
        assert job.failure is not None
        assert job.failure.code == "timeout"
        assert world.renderer.running == 0
        assert job.processing_s >= 0.25


async def test_time_spent_by_earlier_workers_counts(tmp_path: Path) -> None:
    async with open_world(tmp_path, settings=PipelineSettings(timeout=300)) as world:
        job = await world.submit()
        await world.state.jobs.spend(job.id, 301)

        await world.pipeline.run(job.id)

        job = await world.state.jobs.get(job.id)
        assert job.failure == Failure("timeout", {"seconds": 300})
        assert world.renderer.drawn == []


async def test_renderer_is_told_to_leave_the_reserve(tmp_path: Path) -> None:
    deadlines = []

    async def draw(source: Source, limits: RenderLimits, out: Path, progress: Progress) -> Artifact:
        deadlines.append(limits.deadline)
        return await draw_text(source, limits, out, progress)

    settings = PipelineSettings(timeout=300, reserve=30)
    async with open_world(tmp_path, Script(draw=draw), settings=settings) as world:
        job = await world.submit()
        await world.state.jobs.spend(job.id, 100)
        await world.pipeline.run(job.id)

    (deadline,) = deadlines
    assert 100 < deadline <= 170, "what is left of 300 s after 100 s, less the reserve"


class _SlowAnnouncer(Announcer):
    """The last write is there, and the time is over before anybody hears of it."""

    async def move(self, job: Job, after: Status, *arguments: Any, **options: Any) -> Job:
        moved = await super().move(job, after, *arguments, **options)
        if after is Status.UPLOADING:
            await asyncio.sleep(60)
        return moved


async def test_video_that_was_drawn_when_the_time_was_over_is_stored(tmp_path: Path) -> None:
    settings = PipelineSettings(timeout=4.0, reserve=0.5)
    async with open_world(tmp_path, settings=settings, announcer=_SlowAnnouncer) as world:
        job = await world.make()
    assert (job.status, job.failure) == (Status.READY, None)
