"""What is deleted when, how many at a time, and that two who do it are no trouble to each other."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from pathlib import Path

from botcore.model import Status
from botcore.state.batches import BATCH, delete_some
from botcore.state.models import InboxRow, JobRow
from tests.core.state.ground import Ground, artifact, message

MONTH = timedelta(days=30)


async def test_long_backlogs_go_in_batches_and_each_row_counts_once(ground: Ground) -> None:
    count = BATCH + 100
    await asyncio.gather(*(ground.state.inbox.receive(message(str(n)), "serve") for n in range(count)))
    await InboxRow.all().update(status="done")
    ground.clock.tick(MONTH.total_seconds() + 1)

    async def reap() -> int:
        return await ground.state.inbox.delete_settled(older_than=MONTH)

    assert await reap() == BATCH
    assert sum(await asyncio.gather(*(reap() for _ in range(4)))) == 100
    assert await InboxRow.all().count() == 0


async def test_what_is_wanted_again_at_that_moment_stays(ground: Ground) -> None:
    """A session that is extended while it is being deleted."""
    session = await ground.session()
    ground.clock.tick(8 * 86_400)
    await asyncio.gather(
        *(ground.state.sessions.delete_expired() for _ in range(3)),
        ground.state.sessions.extend(session),
        return_exceptions=True,
    )
    kept = await ground.state.sessions.get(session)
    assert await ground.state.sessions.delete_expired() == 0
    assert await ground.state.sessions.get(session) == kept


async def test_jobs_that_ended_go_a_month_later_and_others_never(ground: Ground, tmp_path: Path) -> None:
    ended = [await ground.at(status, status.value) for status in Status if status.final]
    stored = await ground.at(Status.DELIVERED, "with a file")
    await ground.state.videos.plan("v", stored.id, artifact(tmp_path))
    others = [await ground.at(status, status.value) for status in Status if not status.final]
    ground.clock.tick(MONTH.total_seconds() - 60)
    assert await ground.state.jobs.delete_ended(older_than=MONTH) == 0
    ground.clock.tick(120)
    assert await ground.state.jobs.delete_ended(older_than=MONTH) == len(ended)
    left = set(await JobRow.all().values_list("id", flat=True))
    assert left == {stored.id, *(job.id for job in others)}
    await ground.state.videos.deleted("v")
    assert await ground.state.jobs.delete_ended(older_than=MONTH) == 1


async def test_nothing_to_delete_is_no_error(ground: Ground) -> None:
    assert await delete_some(ground.state.db, JobRow.filter(id="none")) == 0
