"""Links to a video and its one access, as rows."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from pathlib import Path

import pytest

from botcore.model import Status, new_id
from botcore.state import Video, hash_secret
from botcore.state.models import AccessLinkRow, VideoRow
from tests.core.state.ground import Ground, artifact

WINDOW = timedelta(minutes=15)


@pytest.fixture
async def video(ground: Ground, tmp_path: Path) -> Video:
    job = await ground.at(Status.READY)
    return await ground.state.videos.plan(new_id(), job.id, artifact(tmp_path))


async def take(ground: Ground, video: Video, viewer: str, seconds: float = 900.0) -> bool:
    until = ground.clock() + timedelta(seconds=seconds)
    return await ground.state.access.take(video.id, viewer, until=until)


async def now_of(ground: Ground, video: Video) -> Video:
    found = await ground.state.videos.get(video.id)
    assert found is not None
    return found


async def test_links_lead_to_their_video_and_no_row_holds_a_token(
    ground: Ground, video: Video, tmp_path: Path
) -> None:
    other = await ground.state.videos.plan(
        new_id(), (await ground.at(Status.READY, "bob")).id, artifact(tmp_path)
    )
    tokens = [await ground.state.access.mint(video.id) for _ in range(2)]

    assert len(set(tokens)) == 2
    assert all(len(token) == 43 for token in tokens)  # 256 bits
    for token in tokens:
        assert await ground.state.access.leads_to(token, video.id)
        assert not await ground.state.access.leads_to(token, other.id)
    kept = {row.hash for row in await AccessLinkRow.all()}
    assert kept == {hash_secret(token) for token in tokens}
    assert not kept & set(tokens)


@pytest.mark.parametrize("token", ["", "short", "a" * 43, "a" * 44, "ü" * 43, "\x00" * 43, "٣" * 43])
async def test_any_other_token_leads_nowhere(ground: Ground, video: Video, token: str) -> None:
    await ground.state.access.mint(video.id)
    assert not await ground.state.access.leads_to(token, video.id)


async def test_of_many_viewers_at_once_one_gets_the_access(ground: Ground, video: Video) -> None:
    won = await asyncio.gather(*(take(ground, video, f"viewer{number}") for number in range(12)))

    assert sum(won) == 1
    after = await now_of(ground, video)
    assert after.viewer == f"viewer{won.index(True)}"
    assert after.open_to({after.viewer}, ground.clock())
    assert not after.open_to({f"viewer{won.index(False)}"}, ground.clock())
    assert not after.open_to((), ground.clock())


@pytest.mark.parametrize("column", ["ended_at", "deleted_at", "expires_at"])
async def test_what_is_over_cannot_be_taken(ground: Ground, video: Video, column: str) -> None:
    await VideoRow.filter(id=video.id).update(**{column: ground.clock()})
    assert not await take(ground, video, "ada")
    assert (await now_of(ground, video)).viewer is None


async def test_the_window_ends_by_itself_and_can_only_be_shortened_by_its_viewer(
    ground: Ground, video: Video
) -> None:
    assert await take(ground, video, "ada")
    soon = ground.clock() + timedelta(minutes=1)
    assert not await ground.state.access.shorten(video.id, "bob", until=soon)
    assert not await ground.state.access.shorten(video.id, "ada", until=soon + timedelta(hours=1))
    assert await ground.state.access.shorten(video.id, "ada", until=soon)
    assert not await ground.state.access.shorten(video.id, "ada", until=soon)

    ground.clock.tick(59)
    assert (await now_of(ground, video)).open_to({"ada"}, ground.clock())
    ground.clock.tick(2)
    assert not (await now_of(ground, video)).open_to({"ada"}, ground.clock())


async def test_a_taken_video_is_wanted_until_its_window_ends_though_its_day_is_over(
    ground: Ground, video: Video
) -> None:
    ground.clock.tick(24 * 3600 - 1)  # the last second
    assert await take(ground, video, "ada")
    job = await ground.state.jobs.get(video.job_id)
    await ground.state.jobs.advance(job, Status.DELIVERED)

    ground.clock.tick(600)
    assert await ground.state.videos.unwanted() == []
    assert await ground.state.videos.next_end() is not None
    ground.clock.tick(301)
    assert [each.id for each in await ground.state.videos.unwanted()] == [video.id]
    assert await ground.state.videos.next_end() is None


@pytest.mark.parametrize("status", [Status.CANCELLED, Status.FAILED, Status.EXPIRED, Status.DELIVERED])
async def test_the_file_of_a_job_that_ended_without_a_viewer_is_unwanted(
    ground: Ground, video: Video, status: Status
) -> None:
    assert await ground.state.videos.unwanted() == []
    await ground.state.jobs.advance(await ground.state.jobs.get(video.job_id), status)
    assert [each.id for each in await ground.state.videos.unwanted()] == [video.id]


async def test_a_tombstone_shuts_everybody_out_until_the_file_is_gone(ground: Ground, video: Video) -> None:
    assert await take(ground, video, "ada")
    await ground.state.videos.end(video.id)
    first = (await now_of(ground, video)).ended_at
    await ground.state.videos.end(video.id)

    after = await now_of(ground, video)
    assert after.ended_at == first
    assert not after.open_to({"ada"}, ground.clock())
    assert [each.id for each in await ground.state.videos.unwanted()] == [video.id]

    assert await ground.state.videos.deleted(video.id)
    assert not await ground.state.videos.deleted(video.id)  # so that it is counted once
    assert await ground.state.videos.unwanted() == []


async def test_forgetting_a_person_takes_the_video_from_whoever_looks_at_it(
    ground: Ground, video: Video
) -> None:
    assert await take(ground, video, "somebody with the link")
    await ground.state.jobs.advance(await ground.state.jobs.get(video.job_id), Status.DELIVERED)
    assert await ground.state.videos.unwanted() == []

    await ground.state.forget(await ground.session())

    assert not (await now_of(ground, video)).open_to({"somebody with the link"}, ground.clock())
    assert [each.id for each in await ground.state.videos.unwanted()] == [video.id]


async def test_a_link_to_a_video_of_somebody_who_was_forgotten_gives_no_access(
    ground: Ground, video: Video
) -> None:
    job = await ground.state.jobs.get(video.job_id)
    await ground.state.forget(job.session_id)
    assert not await take(ground, video, "viewer")
