"""A database that another process holds for a while ends no job."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from botcore.delivery.announcing import Announcer
from botcore.model import (
    Artifact,
    Job,
    Source,
    Status,
)
from botcore.ports import Progress, RenderLimits
from botcore.state import DatabaseFailed
from tests.core.runtime.world import (
    Script,
    draw_text,
    failed_attempt,
    locked,
    open_world,
)


async def test_locked_database_does_not_spoil_a_drawing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("botcore.state.sqlite._BUSY_MS", 10)
    monkeypatch.setattr("botcore.pipeline.run._BEAT", 0.05)

    async def draw(source: Source, limits: RenderLimits, out: Path, progress: Progress) -> Artifact:
        with locked(tmp_path):
            await failed_attempt("processing_time")
        return await draw_text(source, limits, out, progress)

    async with open_world(tmp_path, Script(draw=draw)) as world:
        assert (await world.make()).status is Status.READY
        assert len(world.renderer.drawn) == 1


class _UnluckyAnnouncer(Announcer):
    """Its first write after the drawing meets a database that another process holds."""

    folder: Path
    met = False

    async def move(self, job: Job, after: Status, *arguments: Any, **options: Any) -> Job:
        if after is not Status.UPLOADING or self.met:
            return await super().move(job, after, *arguments, **options)
        self.met = True
        with locked(self.folder):
            return await super().move(job, after, *arguments, **options)


async def test_job_whose_write_met_a_locked_database_goes_on_from_its_checkpoint(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("botcore.state.sqlite._BUSY_MS", 10)
    monkeypatch.setattr(_UnluckyAnnouncer, "folder", tmp_path, raising=False)
    async with open_world(tmp_path, announcer=_UnluckyAnnouncer) as world:
        job = await world.submit()
        with pytest.raises(DatabaseFailed):
            await world.pipeline.run(job.id)  # the engine gives the job back then
        assert (await world.state.jobs.get(job.id)).status is Status.RENDERING
        await world.pipeline.run(job.id)
        assert (await world.state.jobs.get(job.id)).status is Status.READY
