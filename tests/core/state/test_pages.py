"""Pages of a session's jobs: nothing twice and nothing left out, whatever is submitted meanwhile."""

from __future__ import annotations

from pathlib import Path

from botcore.model import Job, Status
from botcore.state import Bookmark
from botcore.state.models import JobRow
from tests.core.state.ground import START, Ground, artifact


async def read_all(ground: Ground, session_id: str, limit: int, *, submit: bool = False) -> list[str]:
    """The ids of all pages; with ``submit`` a job is added before each next one."""
    found: list[str] = []
    after: Bookmark | None = None
    while True:
        jobs, after = await ground.state.pages.page(session_id, limit=limit, after=after)
        assert len(jobs) <= limit
        found += [job.id for job in jobs]
        if after is None:
            return found
        if submit:
            await ground.job()


async def test_pages_hold_every_job_once_while_jobs_are_added(ground: Ground) -> None:
    jobs = [await ground.job() for _ in range(7)]
    await ground.job("bob")
    newest_first = [job.id for job in reversed(jobs)]
    assert await read_all(ground, jobs[0].session_id, 3, submit=True) == newest_first
    assert (await read_all(ground, jobs[0].session_id, 100))[-7:] == newest_first


async def test_jobs_of_the_same_moment_are_told_apart(ground: Ground) -> None:
    jobs = [await ground.job() for _ in range(6)]
    await JobRow.all().update(created_at=START)
    found = await read_all(ground, jobs[0].session_id, 2)
    assert sorted(found) == sorted(job.id for job in jobs)


async def test_a_full_last_page_has_no_next_one(ground: Ground) -> None:
    jobs = [await ground.job() for _ in range(4)]
    page, more = await ground.state.pages.page(jobs[0].session_id, limit=2)
    assert more is not None
    page, more = await ground.state.pages.page(jobs[0].session_id, limit=2, after=more)
    assert (len(page), more) == (2, None)


async def test_pages_of_one_status(ground: Ground) -> None:
    failed: list[Job] = [await ground.at(Status.FAILED) for _ in range(2)]
    waiting = await ground.job()
    page, _ = await ground.state.pages.page(waiting.session_id, limit=9, status=Status.FAILED)
    assert [job.id for job in page] == [job.id for job in reversed(failed)]


async def test_videos_of_many_jobs_are_asked_for_together(ground: Ground, tmp_path: Path) -> None:
    jobs = [await ground.job() for _ in range(3)]
    for job in jobs[:2]:
        await ground.state.videos.plan(f"v{job.id}"[:16], job.id, artifact(tmp_path))
    found = await ground.state.pages.videos([job.id for job in jobs])
    assert {job_id: video.job_id for job_id, video in found.items()} == {job.id: job.id for job in jobs[:2]}
