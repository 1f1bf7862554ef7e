"""The way of a job: every status that it was in, once, in order."""

from __future__ import annotations

import pytest

from botcore.errors import Superseded
from botcore.model import Status
from botcore.state import Checkpoint
from tests.core.state.ground import PATHS, Ground


@pytest.mark.parametrize("status", Status)
async def test_every_move_is_kept_with_the_version_of_the_row(ground: Ground, status: Status) -> None:
    job = await ground.at(status)
    moves = await ground.state.moves.of_job(job.id)
    assert [move.status for move in moves] == [Status.QUEUED, *PATHS[status]]
    assert [move.version for move in moves] == sorted({move.version for move in moves})
    assert (moves[-1].version, moves[-1].at) == (job.version, job.updated_at)
    assert await ground.state.moves.of_job(job.id, after=moves[0].version) == moves[1:]


async def test_what_is_no_move_leaves_none(ground: Ground) -> None:
    await ground.job()
    job = await ground.claim("worker")
    assert job is not None
    noted = await ground.state.jobs.note(job, Checkpoint(generations=1))
    with pytest.raises(Superseded):
        await ground.state.jobs.advance(job, Status.AI_GENERATING)
    assert len(await ground.state.moves.of_job(job.id)) == 1
    moved = await ground.state.jobs.advance(noted, Status.AI_GENERATING)
    last = (await ground.state.moves.of_job(job.id))[-1]
    assert (last.version, last.generation) == (moved.version, 1)


async def test_versions_of_jobs_that_are_there(ground: Ground) -> None:
    jobs = [await ground.at(Status.FAILED), await ground.job()]
    found = await ground.state.moves.versions([*(job.id for job in jobs), "nobody"])
    assert found == {job.id: job.version for job in jobs}
    assert await ground.state.moves.versions([]) == {}
